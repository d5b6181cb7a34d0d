// @ts-check
/** A video that the browser plays. Times count from the first frame, as in the core. */
import { element } from '../shared/element.js';

/** Patience for a browser to open a file, and then to show a frame. */
const OPEN_MS = 8000;
const FRAME_MS = 1500;
const SEEK_MS = 5000;
/** Seeks this far into a frame, so that rounding cannot give the one before. */
const INSIDE_S = 0.001;

/** @param {import('./types.js').Job} job @returns {Promise<import('./film.js').Film|null>} null if this browser does not play it */
export async function openPlayed({ file }) {
  const url = URL.createObjectURL(file);
  const video = element('video', {
    class: 'unseen',
    playsinline: true,
    preload: 'auto',
    'aria-hidden': 'true',
    tabindex: '-1',
  });
  video.muted = true;
  const opened = happens(video, 'loadeddata', OPEN_MS);
  const firstS = frameS(video, opened);
  const close = () => {
    video.removeAttribute('src');
    video.load();
    video.remove();
    URL.revokeObjectURL(url);
  };
  video.src = url;
  // Some browsers load only videos that are in the page.
  document.body.append(video);
  if (!(await opened) || !video.videoWidth) {
    close();
    return null;
  }
  const startS = await startOf(video, (await firstS) ?? 0);
  return {
    kind: 'played',
    video,
    picture: () => video,
    size: () => [video.videoWidth, video.videoHeight],
    timeS: () => video.currentTime - startS,
    goTo: (seconds) => seek(video, startS + Math.max(0, seconds) + INSIDE_S),
    close,
  };
}

/**
 * The element's time of its first frame. A container's first frame may start late, and browsers disagree on whether that counts. Only
 * the frame itself tells. But where frames are stored in another order than they are shown in, WebKit reports frames by another clock
 * than the one it seeks by: a frame then seems to begin after the moment at which it is shown.
 * @param {HTMLVideoElement} video @param {number} firstS the time that the first frame reports
 */
async function startOf(video, firstS) {
  if (firstS <= 0) return firstS;
  const [seenS] = await Promise.all([frameS(video), seek(video, firstS + INSIDE_S)]);
  const aheadS = (seenS ?? 0) - video.currentTime;
  return aheadS > 0 ? Math.max(0, firstS - aheadS) : firstS;
}

/**
 * The time that the next frame shown reports; null if the browser does not say.
 * @param {HTMLVideoElement} video @param {Promise<unknown>} [begun] when patience begins
 * @returns {Promise<number|null>}
 */
function frameS(video, begun = Promise.resolve()) {
  if (!video.requestVideoFrameCallback) return Promise.resolve(null);
  return new Promise((resolve) => {
    video.requestVideoFrameCallback((_, { mediaTime }) => resolve(mediaTime));
    begun.then(() => setTimeout(() => resolve(null), FRAME_MS));
  });
}

/** @param {HTMLVideoElement} video @param {number} seconds */
async function seek(video, seconds) {
  const done = happens(video, 'seeked', SEEK_MS);
  video.currentTime = seconds;
  await done;
}

/** Resolves to whether an event comes in time, and before an error. @param {HTMLVideoElement} video @param {string} name @param {number} withinMs @returns {Promise<boolean>} */
function happens(video, name, withinMs) {
  return new Promise((resolve) => {
    // Nothing may be left behind: a stretch shown backwards is many hundred seeks.
    const over = new AbortController();
    const end = (/** @type {boolean} */ came) => {
      clearTimeout(patience);
      over.abort();
      resolve(came);
    };
    const patience = setTimeout(end, withinMs, false);
    video.addEventListener(name, () => end(true), { signal: over.signal });
    video.addEventListener('error', () => end(false), { signal: over.signal });
  });
}
