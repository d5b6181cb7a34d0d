// @ts-check
// What the third tier is for. Also the page asks, before it offers it.

/** The ends of the fast tiers after which ffmpeg may still read the video. */
const CODES = new Set([
  'altered-pixels', 'browser-decoder-stuck', 'not-a-video', 'unsupported-container', 'unsupported-codec', 'unsupported-crop', 'unsupported-pixel-format',
  'no-webcodecs', 'no-frames', 'no-index', 'cut-off-nothing-readable',
]);
/** Codecs that ffmpeg 5.1 decodes by other libraries only, which @ffmpeg/core was built without. */
const LACKS = new Set(['av1']);

/** @param {string} codec ffmpeg's name */
export const hasDecoder = (codec) => !LACKS.has(codec);

/** @param {{ code: string, details: { [name: string]: string | number } }} failure */
export const isForFfmpeg = ({ code, details }) => CODES.has(code) && hasDecoder(String(details.codec));
