// @ts-check
// What the ffmpeg route is for. The page asks, too, before it offers it.

/** Failures of the WebCodecs route after which ffmpeg may still read the video. */
const CODES = new Set([
  'altered-pixels', 'browser-decoder-stuck', 'not-a-video', 'unsupported-container', 'unsupported-codec', 'unsupported-copy', 'unsupported-crop',
  'unsupported-pixel-format', 'unsupported-times', 'no-webcodecs', 'no-frames', 'no-index', 'cut-off-nothing-readable',
]);

/** @param {{ code: string }} failure */
export const isForFfmpeg = ({ code }) => CODES.has(code);
