// @ts-check
/** Keeps a phone's screen on while files are hashed: with the screen off, browsers stop the work. */
import { allJobs } from './state.js';

/** @type {Promise<WakeLockSentinel|null>|null} */
let lock = null;

export function keepAwake() {
  const going = allJobs().some((job) => job.phase === 'working');
  if (going && !lock && document.visibilityState === 'visible') {
    // Refused if the battery is low, and missing in some browsers; neither is worth a message.
    lock = navigator.wakeLock?.request('screen').catch(() => null) ?? null;
  }
  if (going || !lock) return;
  lock.then((held) => held?.release());
  lock = null;
}

// The system takes the lock away whenever the page is hidden.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') lock = null;
  else keepAwake();
});
