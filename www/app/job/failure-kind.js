// @ts-check
/** How grave a failure is: most are no fault of the file, and none is worth alarm but real damage. */
import { isForFfmpeg } from '../../shared/ffmpeg-may.js';

/** @typedef {import('../shared/types.js').Failure} Failure */

/** There is nothing to hash, whatever the browser. */
const NO_VIDEO = ['not-a-video', 'no-video-track', 'text-file', 'pdf-file', 'archive-file', 'empty-file', 'empty-folder'];
/** The file may be sound; this browser, or this page, does not read it. */
const NOT_READ = /^(unsupported-.*|no-webcodecs|no-wasm|too-long|altered-pixels|ffmpeg-lacks-codec|encrypted|picture-needed|code-version|unreadable-from-disk)$/;

/** @param {Failure} failure @returns {'no-video'|'not-read'|'failed'} */
export function gravityOf({ code }) {
  if (NO_VIDEO.includes(code)) return 'no-video';
  return NOT_READ.test(code) ? 'not-read' : 'failed';
}

/** Whether nothing says that the file is damaged. @param {Failure|null} failure */
export const isCalm = (failure) => failure !== null && gravityOf(failure) !== 'failed';

/**
 * Whether the same would come of starting again: what a file holds does not change. What ffmpeg may read waits for it.
 * @param {Failure|null} failure
 */
export const isFinal = (failure) =>
  failure !== null && !isForFfmpeg(failure) && (gravityOf(failure) === 'no-video' || /^(code-.*|no-wasm|encrypted|unreadable-from-disk)$/.test(failure.code));
