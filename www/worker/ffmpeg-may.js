// @ts-check
// What the third tier is for: the ends of the fast tiers after which ffmpeg may still read the video. Also the page asks,
// before it offers to load it.

const CODES = new Set([
  'not-a-video', 'unsupported-container', 'unsupported-codec', 'unsupported-crop', 'unsupported-pixel-format',
  'no-webcodecs', 'no-frames', 'cut-off-nothing-readable',
]);

/** @param {string} code of a failure */
export const isForFfmpeg = (code) => CODES.has(code);
