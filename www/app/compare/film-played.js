// @ts-check
/** A video that the browser plays. Times count from the first frame, as in the core. */
import { element } from '../shared/element.js';

/** Patience for a browser to open a file, and then to show its first frame. */
const OPEN_MS = 8000;
const FIRST_FRAME_MS = 1500;
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
  const firstS = firstFrameS(video);
  const close = () => {
    video.removeAttribute('src');
    video.load();
    video.remove();
    URL.revokeObjectURL(url);
  };
  video.src = url;
  // Some browsers load only videos that are in the page.
  document.body.append(video);
  if (!(await happens(video, 'loadeddata', OPEN_MS)) || !video.videoWidth) {
    close();
    return null;
  }
  // A container's first frame may start late, and browsers disagree on whether that counts. Only the frame itself tells.
  const startS = (await firstS) ?? 0;
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

/** The time at which the element shows the first frame; null if the browser does not say. @param {HTMLVideoElement} video @returns {Promise<number|null>} */
function firstFrameS(video) {
  if (!video.requestVideoFrameCallback) return Promise.resolve(null);
  return new Promise((resolve) => {
    video.requestVideoFrameCallback((_, { mediaTime }) => resolve(mediaTime));
    video.addEventListener('loadeddata', () => setTimeout(() => resolve(null), FIRST_FRAME_MS), { once: true });
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
    setTimeout(() => resolve(false), withinMs);
    video.addEventListener(name, () => resolve(true), { once: true });
    video.addEventListener('error', () => resolve(false), { once: true });
  });
}
