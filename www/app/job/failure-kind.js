// @ts-check
/** How serious a failure is: most are no fault of the file, and only real damage is worth alarm. */
import { isForFfmpeg } from '../../shared/ffmpeg-may.js';

/** @typedef {import('../shared/types.js').Failure} Failure */

/** Nothing to hash, in any browser. */
const NO_VIDEO = ['not-a-video', 'no-video-track', 'text-file', 'pdf-file', 'archive-file', 'empty-file', 'empty-folder'];
/** The file may be sound, but this browser or page does not read it. */
const NOT_READ = /^(unsupported-.*|no-webcodecs|no-wasm|too-long|altered-pixels|ffmpeg-lacks-codec|encrypted|picture-needed|code-version|unreadable-from-disk)$/;

/** @param {Failure} failure @returns {'no-video'|'not-read'|'failed'} */
export function gravityOf({ code }) {
  if (NO_VIDEO.includes(code)) return 'no-video';
  return NOT_READ.test(code) ? 'not-read' : 'failed';
}

/** Whether no damage was found. @param {Failure|null} failure */
export const isCalm = (failure) => failure !== null && gravityOf(failure) !== 'failed';

/**
 * Whether starting again would fail the same way, because the file does not change. False if ffmpeg may read it.
 * @param {Failure|null} failure
 */
export const isFinal = (failure) =>
  failure !== null && !isForFfmpeg(failure) && (gravityOf(failure) === 'no-video' || /^(code-.*|no-wasm|encrypted|unreadable-from-disk)$/.test(failure.code));
