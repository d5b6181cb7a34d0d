// @ts-check
/** Compact codes on the page: text that holds one becomes a file, and goes the way of all files. */

/** @typedef {import('./types.js').Job} Job */

export { holdsCode } from '../worker/content.js';

/** @param {string} text which holds a code */
export const fileOfCode = (text) => new File([text], 'code.txt', { type: 'text/plain' });

/** Whether only a code is known of the video. @param {Job} job */
export const isCode = (job) => job.result?.facts.tierReason === 'compact-code';

/** Tells codes apart in few letters: both sides see the same. @param {string} sha256 */
export const referenceOf = (sha256) => sha256.slice(0, 8);
