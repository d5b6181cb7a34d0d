// @ts-check
// Judges the results of page and command for one damaged video, as a column of a table.

import { readFingerprint } from './command.mjs';

/**
 * @typedef {import('./mutation-run.mjs').Pair} Pair
 * @typedef {ReturnType<typeof readFingerprint>} Fingerprint
 * @typedef {'identical' | 'marked' | 'fewer' | 'other' | 'refused' | 'one' | 'wrong' | 'died'} Outcome
 */

/** Columns and what they mean. @type {{ [outcome in Outcome]: string }} */
export const OUTCOMES = {
  identical: 'both give the same bytes',
  refused: 'both refuse the file',
  one: 'one gives a fingerprint, the other refuses the file',
  marked: 'they differ, and the page\'s result names a problem',
  fewer: 'the page\'s frames are the command\'s, but some are missing, and no problem is named',
  other: 'all digests are the same; times, problems or facts differ',
  wrong: '**must not be**: a digest in the page is of another frame than the command\'s, and no problem is named',
  died: '**must not be**: a crash, a panic, a trap, an error that nothing foresees, or no end within 30 seconds',
};

/** @param {Pair} pair @returns {{ outcome: Outcome, because: string }} `because`: what differs, for a person */
export function outcomeOf({ page, command }) {
  const died = page.died ?? command.died;
  if (died !== undefined) return { outcome: 'died', because: `${page.died === undefined ? 'command' : 'page'}: ${died}` };
  if (page.fingerprint && command.fingerprint) {
    if (page.fingerprint.equals(command.fingerprint)) return { outcome: 'identical', because: '' };
    return difference(readFingerprint(page.fingerprint), readFingerprint(command.fingerprint));
  }
  const isRefusedByBoth = !page.fingerprint && !command.fingerprint;
  return { outcome: isRefusedByBoth ? 'refused' : 'one', because: `page: ${page.refused ?? 'done'}; command: ${command.refused ?? 'done'}` };
}

/**
 * A frame's digest is wrong where the other decoder shows a frame at that time, too, but another one, and shows this one nowhere.
 * @param {Fingerprint} page @param {Fingerprint} command @returns {{ outcome: Outcome, because: string }}
 */
function difference(page, command) {
  const theirs = new Map(command.frames.map(({ t, sha256 }) => [t, sha256]));
  const digests = new Set(theirs.values());
  const wrong = page.frames.flatMap(({ t, sha256 }, i) => (theirs.has(t) && !digests.has(sha256) ? [i] : []));
  const [marks, others] = [page, command].map(marksOf);
  const because = `${wrong.length} wrong of ${page.frames.length} and ${command.frames.length}${wrong.length > 0 ? `, first ${wrong[0]}` : ''};`
    + ` page [${marks}], command [${others}]`;
  if (marks.length > 0) return { outcome: 'marked', because };
  if (wrong.length > 0) return { outcome: 'wrong', because };
  return { outcome: page.frames.length < command.frames.length ? 'fewer' : 'other', because };
}

/** @param {Fingerprint} fingerprint @returns {string[]} its problems, each with the frame that it begins at */
const marksOf = ({ trailer: { problems } }) => problems
  .map((/** @type {{ code: string, frame?: number }} */ { code, frame }) => (frame === undefined ? code : `${code} at ${frame}`));
