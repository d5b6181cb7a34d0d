// @ts-check
/** From the core's answer to what the page says and shows: who is compared with whom, and where. */
import { isOpenedFingerprint } from '../job/hashing.js';
import { asPlayed, shownBy } from './geometry.js';
import { lengthOf } from './runs.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Match} Match */
/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('../shared/types.js').HashResult} HashResult */

/** Whether a file is a picture, or a picture's fingerprint. @param {import('./types.js').Job} job */
export const isPicture = (job) => job.result?.kind === 'picture';

/** Whether a file is a video itself: a fingerprint or a code holds no frames. @param {import('./types.js').Job} job */
export const hasFrames = (job) => job.result?.kind === 'video' && !isOpenedFingerprint(job);

/** @param {import('./types.js').Job} job */
const shownOf = (job) => shownBy(/** @type {HashResult} */ (job.result).facts);

/** @param {Answer} answer which is done @returns {Reading} */
export function readingOf({ a, b, result }) {
  if (!result) throw new Error('there is no result yet');
  const isSwapped = 'at' in result && soughtPlace(a, b) === 'b';
  const [subjectJob, objectJob] = isSwapped ? [b, a] : [a, b];
  const [subject, object] = /** @type {['A'|'B', 'A'|'B']} */ (isSwapped ? ['B', 'A'] : ['A', 'B']);
  const { verdict, reason } = result;
  const common = { subject, object, subjectJob, objectJob, verdict, reason };
  if ('at' in result) {
    const [isInStill, matches] = [isPicture(objectJob), result.at.map(matchOfStill)];
    const { e_value: eValue, part, pictures, searched } = result;
    return { ...common, isStill: true, isInStill, matches, repeats: [], eValue, isByPixels: searched === 'pixels', part, pictures };
  }
  const shown = /** @type {const} */ ([shownOf(subjectJob), shownOf(objectJob)]);
  const matches = result.segments.map(matchOfSegment).map((match) => ({ ...match, ...asPlayed(match, ...shown) }));
  const { repeats, e_value: eValue, searched } = result;
  return { ...common, isStill: false, isInStill: false, matches, repeats, eValue, isByPixels: searched === 'pixels', part: null, pictures: [] };
}

/**
 * The place of the picture to look for in the other file: a picture file before a video, A before B; null if two
 * videos are compared.
 * @param {import('./types.js').Job} a @param {import('./types.js').Job} b @returns {'a'|'b'|null}
 */
export function soughtPlace(a, b) {
  const canBeSought = (/** @type {import('./types.js').Job} */ job) => isPicture(job) && !isOpenedFingerprint(job);
  if (canBeSought(a)) return 'a';
  return canBeSought(b) ? 'b' : null;
}

/** @param {import('../../shared/protocol.js').Segment} segment @returns {Match} */
function matchOfSegment({ a, b, a_view, b_view, speed, score, mirrored, turned, tilted, backwards, negative }) {
  const shared = { speed, score, distanceBits: null, mirrored, turned, tilted, backwards, negative };
  return { subject: a, object: b, best: (b[0] + b[1]) / 2, subjectView: a_view, objectView: b_view, ...shared };
}

/** The core's occurrences are of pictures as shown, not as stored. @param {import('../../shared/protocol.js').Occurrence} occurrence @returns {Match} */
function matchOfStill({ time, stretch, distance_bits, view, still_view, mirrored, turned }) {
  const shared = { speed: 1, score: null, distanceBits: distance_bits ?? null, mirrored, turned, tilted: 0, backwards: false, negative: false };
  return { subject: null, object: stretch, best: time, subjectView: still_view, objectView: view, ...shared };
}

/** How many seconds of the subject both share. @param {Reading} reading */
export function sharedSeconds({ matches }) {
  return matches.reduce((sum, { subject }) => sum + (subject ? subject[1] - subject[0] : 0), 0);
}

/** The longest stretch; for a picture, the first place, which is the best. @param {Reading} reading @returns {Match|undefined} */
export function mainMatch({ isStill, matches }) {
  return isStill ? matches[0] : [...matches].sort((one, other) => lengthOf(other) - lengthOf(one))[0];
}

/** Whether something in common was found, or is possible. @param {Reading} reading */
export const isTelling = ({ verdict }) => verdict !== 'no-match' && verdict !== 'not-found';

/** @param {Reading} reading */
const doubt = ({ eValue }) => eValue ?? 1;

/** From the most to the least telling. @type {Reading['verdict'][]} */
const RANKS = ['same-footage', 'found', 'same-scene', 'cant-tell', 'no-match', 'not-found'];

/** For sorting: the most telling answer first. @param {Answer} one @param {Answer} other */
export function byRank(one, other) {
  if (!one.result || !other.result) return Number(!one.result) - Number(!other.result);
  const [first, second] = [readingOf(one), readingOf(other)];
  const byVerdict = RANKS.indexOf(first.verdict) - RANKS.indexOf(second.verdict);
  return byVerdict || sharedSeconds(second) - sharedSeconds(first) || doubt(first) - doubt(second);
}
