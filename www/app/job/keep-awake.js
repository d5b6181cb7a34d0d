// @ts-check
/** Asks a phone not to fall asleep while files are being hashed: with the screen off, browsers stop the work. */
import { allJobs } from './state.js';

/** @type {Promise<WakeLockSentinel|null>|null} */
let lock = null;

export function keepAwake() {
  const going = allJobs().some((job) => job.phase === 'working');
  if (going && !lock && document.visibilityState === 'visible') {
    // Refused when the battery is low, and unknown to some browsers; neither matters enough to say.
    lock = navigator.wakeLock?.request('screen').catch(() => null) ?? null;
  }
  if (going || !lock) return;
  lock.then((held) => held?.release());
  lock = null;
}

// The system takes the lock back whenever the page is hidden.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') lock = null;
  else keepAwake();
});
