// @ts-check
/** Compact codes on the page: text that holds one becomes a file, and is handled like any file. */

import { t } from './words.js';

/** @typedef {import('./types.js').Job} Job */

export { holdsCode } from '../../shared/content.js';

/** @param {string} text which holds a code */
export const fileOfCode = (text) => new File([text], t('code.received'), { type: 'text/plain' });

/** The start of each part of a code in several messages: docs/compact-code.md. */
const PART = /cotejo1\.(\d{1,2})\.(\d{1,2})-/gi;

/** The first missing part in a text with parts of a code; null if none is missing. @param {string} text @returns {{part: number, parts: number}|null} */
export function missingPart(text) {
  const found = [...text.matchAll(PART)].map(([, part, parts]) => ({ part: Number(part), parts: Number(parts) }));
  const parts = found[0]?.parts ?? 0;
  const missing = Array.from({ length: parts }, (_, i) => i + 1).find((part) => !found.some((one) => one.part === part));
  return missing ? { part: missing, parts } : null;
}

/** Whether the job is a compact code, without the video. @param {Job} job */
export const isCode = (job) => job.result?.facts.tierReason === 'compact-code';

/** A short reference to a code, the same on both sides. @param {string} sha256 */
export const referenceOf = (sha256) => sha256.slice(0, 8);
