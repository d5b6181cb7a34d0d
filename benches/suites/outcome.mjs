// @ts-check
// Judges the results for one file: the page's and the command's, against ffmpeg's digests and the container's count.

import { readFingerprint } from '../../tests/browser/command.mjs';
import { contradictions, truthOf } from './truth.mjs';

/**
 * @typedef {import('./native.mjs').WithOutput} WithOutput
 * @typedef {ReturnType<typeof readFingerprint>} Fingerprint
 * @typedef {{ page: WithOutput, command: WithOutput, ffmpeg: WithOutput, container: WithOutput }} Answers
 * @typedef {'identical' | 'perceptual' | 'marked' | 'refused' | 'one' | 'wrong' | 'died' | 'slow'} Outcome
 */

/** Columns and what they mean. @type {{ [outcome in Outcome]: string }} */
export const OUTCOMES = {
  identical: 'both give the same bytes',
  perceptual: 'the page\'s frames are converted, so they have no digests; their number, times and facts are the command\'s',
  marked: 'they differ, from each other or from ffmpeg, and the result that does names a problem',
  refused: 'both refuse the file',
  one: 'one gives a fingerprint, the other refuses the file',
  wrong: '**must not be**: different without a mark: bytes that are not the command\'s, digests that are not ffmpeg\'s, fewer frames than are shown',
  died: '**must not be**: a crash, a panic, a trap, an error that nothing foresees',
  slow: 'no end within three minutes',
};

/** Fields of header and trailer that a conversion in the page must not change. */
const KEPT_BY_CONVERSION = { header: ['kind', 'codec', 'width', 'height', 'rotation', 'time_base'], trailer: ['frames', 'file', 'complete', 'problems'] };

/** @param {Answers} answers @returns {{ outcome: Outcome, because: string }} `because`: what differs, for a person */
export function outcomeOf({ page, command, ffmpeg, container }) {
  const sides = { page, command };
  const ended = (/** @type {'died' | 'slow'} */ how) => /** @type {const} */ (['page', 'command']).find((side) => sides[side].ended === how);
  const died = ended('died');
  if (died) return { outcome: 'died', because: `${died}: ${sides[died].said}` };
  const wrong = wrongIn(sides, truthOf(ffmpeg, container));
  if (wrong.length > 0) return { outcome: 'wrong', because: wrong.join('; ') };
  const slow = ended('slow');
  if (slow) return { outcome: 'slow', because: slow };
  if (page.output && command.output) return together(page.output, command.output);
  return { outcome: page.output || command.output ? 'one' : 'refused', because: `page: ${inWords(page)}; command: ${inWords(command)}` };
}

/** @param {WithOutput} answer */
function inWords({ output, said }) {
  if (!output) return said ?? '';
  const result = readFingerprint(output);
  return `${result.frames.length} frames [${marksOf(result)}]`;
}

/** What is wrong in results that name no problem. @param {{ page: WithOutput, command: WithOutput }} sides @param {import('./truth.mjs').Truth} truth @returns {string[]} */
function wrongIn(sides, truth) {
  const [page, command] = [sides.page.output, sides.command.output].map((output) => output && readFingerprint(output));
  const faults = Object.entries({ page, command }).flatMap(([side, result]) => (
    result && isUnmarked(result) ? contradictions(result, truth).map((what) => `${side}: ${what}`) : []));
  if (sides.page.unreadable) faults.push(`page: a fingerprint that is refused: ${sides.page.unreadable}`);
  return page && command && isUnmarked(page) ? [...faults, ...difference(page, command)] : faults;
}

/** Compares two results, neither of which is wrong. @param {Buffer} page @param {Buffer} command @returns {{ outcome: Outcome, because: string }} */
function together(page, command) {
  if (page.equals(command)) return { outcome: 'identical', because: '' };
  const [ours, theirs] = [page, command].map(readFingerprint);
  const differs = difference(ours, theirs);
  if (differs.length === 0) return { outcome: 'perceptual', because: '' };
  return { outcome: 'marked', because: `page [${marksOf(ours)}], command [${marksOf(theirs)}]: ${differs.join('; ')}` };
}

/** The fields in which the page's result differs from the command's, of those that the page's tier gives. @param {Fingerprint} page @param {Fingerprint} command @returns {string[]} */
function difference(page, command) {
  const isConverted = page.header.tier === 'perceptual' && command.header.tier === 'exact';
  const fields = (/** @type {'header' | 'trailer'} */ part) => (isConverted ? KEPT_BY_CONVERSION[part] : Object.keys({ ...command[part], ...page[part] }));
  const differing = (/** @type {'header' | 'trailer'} */ part) => fields(part)
    .map((field) => [field, ...[page, command].map((one) => JSON.stringify(one[part][field]))])
    .filter(([field, mine, theirs]) => field !== 'digest' && mine !== theirs)
    .map(([field, mine, theirs]) => `${field} ${mine}, command ${theirs}`);
  const values = isConverted ? /** @type {const} */ (['t']) : /** @type {const} */ (['t', 'sha256', 'pdq', 'q']);
  const frames = values.flatMap((value) => {
    const at = page.frames.findIndex((frame, i) => frame[value] !== command.frames[i]?.[value]);
    return at < 0 ? [] : [`${value} of frame ${at}: ${String(page.frames[at][value]).slice(0, 12)}, command ${String(command.frames[at]?.[value]).slice(0, 12)}`];
  });
  return [...differing('header'), ...differing('trailer'), ...frames];
}

/** Whether everything that a result says must be true. Times that repeat or go back leave it complete. @param {Fingerprint} fingerprint */
const isUnmarked = ({ trailer }) => trailer.complete;

/** @param {Fingerprint} fingerprint @returns {string[]} its problems, each with the frame that it begins at */
const marksOf = ({ trailer: { problems } }) => problems
  .map((/** @type {{ code: string, frame?: number }} */ { code, frame }) => (frame === undefined ? code : `${code} at ${frame}`));
