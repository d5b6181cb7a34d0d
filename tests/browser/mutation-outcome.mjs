// @ts-check
// What page and command made of one damaged video, in one word of a table.

import { readFingerprint } from './command.mjs';

/** @typedef {import('./mutation-run.mjs').Pair} Pair */

/** Every outcome that may be, then those that must not. */
export const ALLOWED = /** @type {const} */ (['identical', 'same frames', 'differs, marked', 'both refuse', 'page refuses', 'command refuses']);
export const FORBIDDEN = /** @type {const} */ (['wrong digest, unmarked', 'page died', 'command died']);
/** @typedef {typeof ALLOWED[number] | typeof FORBIDDEN[number]} Outcome */

/**
 * The outcome, and what of the two fingerprints differs.
 * @param {Pair} pair @returns {{ outcome: Outcome, because: string }}
 */
export function outcomeOf({ page, command }) {
  if (page.died !== undefined) return { outcome: 'page died', because: page.died };
  if (command.died !== undefined) return { outcome: 'command died', because: command.died };
  if (!page.fingerprint && !command.fingerprint) return { outcome: 'both refuse', because: `${page.refused} | ${command.refused}` };
  if (!page.fingerprint) return { outcome: 'page refuses', because: String(page.refused) };
  if (!command.fingerprint) return { outcome: 'command refuses', because: String(command.refused) };
  if (page.fingerprint.equals(command.fingerprint)) return { outcome: 'identical', because: '' };
  return difference(readFingerprint(page.fingerprint), readFingerprint(command.fingerprint));
}

/** @typedef {ReturnType<typeof readFingerprint>} Fingerprint */

/**
 * A frame's digest is wrong where the other decoder, too, shows a frame at that time, another one, and shows this one nowhere.
 * @param {Fingerprint} page @param {Fingerprint} command @returns {{ outcome: Outcome, because: string }}
 */
function difference(page, command) {
  const shown = new Map(command.frames.map((frame) => [frame.t, frame.sha256]));
  const digests = new Set(shown.values());
  const wrong = page.frames.flatMap(({ t, sha256 }, i) => (shown.has(t) && !digests.has(sha256) ? [i] : []));
  const marks = page.trailer.problems.map((/** @type {{ code: string, frame?: number }} */ { code, frame }) => `${code}${frame === undefined ? '' : `@${frame}`}`);
  const theirs = command.trailer.problems.map((/** @type {{ code: string }} */ { code }) => code);
  const because = `${wrong.length} of ${page.frames.length}/${command.frames.length} wrong from ${wrong[0]}; page [${marks}], command [${theirs}]`;
  if (wrong.length === 0) return { outcome: 'same frames', because };
  return { outcome: marks.length > 0 ? 'differs, marked' : 'wrong digest, unmarked', because };
}
