// @ts-check
/** From a failure's code to two sentences: what is wrong, and what to do. */
import { properName } from '../shared/names.js';
import { hasWords, t } from '../shared/words.js';
import { PATIENCE_MS } from '../../shared/watch.js';

/** @typedef {import('../shared/types.js').Failure} Failure */

/** Codes that carry their own message share the words of their family. */
const FAMILIES = ['fingerprint', 'picture'];
/** Containers of sound alone: no other program would find a video in them. */
const SOUND = ['wav', 'mp3', 'flac'];

/** The key of the words: the code itself, or one that fits better. @param {Failure} failure */
function wordsFor({ code, details }) {
  const container = String(details.container);
  if (code === 'unsupported-container' && SOUND.includes(container)) return 'no-video-track';
  if (hasWords(`fail.${code}`)) return code;
  return FAMILIES.find((family) => code.startsWith(`${family}-`)) ?? 'other';
}

/** @param {Failure} failure @returns {{what: string, toDo: string}} */
export function failureWords(failure) {
  const { code, details } = failure;
  const values = {
    ...details,
    code,
    seconds: PATIENCE_MS / 1000,
    // The core's message begins with its subject, which the sentence names already.
    message: String(details.message ?? code).replace(/^fingerprint: /, ''),
    codec: properName(String(details.codec ?? '?')),
    container: properName(String(details.container ?? '?')),
  };
  const key = `fail.${wordsFor(failure)}`;
  const toDo = `${key}.do`;
  return { what: hasWords(key) ? t(key, values) : code, toDo: hasWords(toDo) ? t(toDo, values) : '' };
}
