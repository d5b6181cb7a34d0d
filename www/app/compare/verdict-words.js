// @ts-check
/** A verdict as sentences: what was found, and why. */
import { clock, duration } from '../shared/format.js';
import { hasWords, plural, t } from '../shared/words.js';
import { pictureWords, pictureWordsOfRun, speedWords } from './how.js';
import { hasFrames, mainMatch, sharedSeconds } from './reading.js';
import { SAME_SPEED, asOne, lengthOf, runsOf } from './runs.js';

/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('./types.js').Match} Match */

/** If less than this is missing at either end, in seconds, the whole subject is shared. */
const WHOLE_BUT_S = 0.5;

/** Of more stretches than this, how each is played is left to the numbers. */
const MOST_PACES = 3;

/** Times to a tenth of a second, as finely as they are known. @param {number} seconds */
export const moment = (seconds) => clock(seconds, 1);

/** The first sentence of the answer. @param {Reading} reading @returns {string} */
export function sentence(reading) {
  const { verdict, subject: one, object: other } = reading;
  switch (verdict) {
    case 'same-footage':
      return sameFootage(reading);
    case 'found':
      return found(reading);
    case 'same-scene':
      return t('told.scene', { one, other });
    case 'no-match':
      return t('told.none', { one, other });
    case 'not-found':
      return t('told.not-found', { one, other });
    default:
      return t(reading.isStill ? 'told.found.cant' : 'told.cant', { one, other });
  }
}

/** @param {Reading} reading */
function sameFootage(reading) {
  const { subject: one, object: other, matches } = reading;
  const runs = runsOf(matches).sort((first, second) => lengthOf(asOne(second)) - lengthOf(asOne(first)));
  const match = runs.length ? asOne(runs[0]) : null;
  if (!match?.subject) return t('told.cant', { one, other });
  const values = { one, other, ...spans(match), how: howWords([...pictureWordsOfRun(runs[0]), speedWords(match)]) };
  const by = reading.reason === 'pixels-agree' ? ` ${t('told.by-pixels')}` : '';
  if (runs.length === 1) return t(isWhole(reading, match.subject) ? 'told.same.whole' : 'told.same.part', values) + by;
  const total = duration(sharedSeconds(reading));
  return `${plural('told.same.several', runs.length, { one, other, total })} ${t('told.same.longest', values)}${by}`;
}

/** What else the stretches tell: which are played in another way than the longest, and what is shown more than once. @param {Reading} reading @returns {string} empty if nothing */
export function courseWords(reading) {
  const longest = mainMatch(reading);
  if (reading.verdict !== 'same-footage' || !longest) return '';
  return [...paceWords(longest, reading), ...repeatWords(reading)].join(' ');
}

/** @param {Match} longest @param {Reading} reading */
function paceWords(longest, { subject: one, matches }) {
  const unlike = matches.filter((match) => match.backwards !== longest.backwards || Math.abs(match.speed / longest.speed - 1) > SAME_SPEED);
  return unlike.slice(0, MOST_PACES).map((match) => t('told.pace', { one, ...spans(match), how: speedWords(match) }));
}

/** @param {Reading} reading */
function repeatWords({ repeats, subject, object }) {
  return repeats.map(({ of, span, times }) => {
    const [one, other] = of === 'b' ? [subject, object] : [object, subject];
    return plural('told.repeat', times, { one, other, start: moment(span[0]), end: moment(span[1]) });
  });
}

/** @param {Match} match */
function spans({ subject, object }) {
  const [from, to] = subject ?? [0, 0];
  return { from: moment(from), to: moment(to), start: moment(object[0]), end: moment(object[1]) };
}

/** @param {Reading} reading @param {[number, number]} span */
function isWhole({ subjectJob }, [start, end]) {
  const lengthS = subjectJob.result?.facts.durationS ?? Infinity;
  return start <= WHOLE_BUT_S && end >= lengthS - WHOLE_BUT_S;
}

/** @param {Reading} reading */
function found({ subject: one, object: other, reason, matches, isInStill }) {
  const [match] = matches;
  if (!match) return t('told.found.cant', { one, other });
  const values = { one, other, time: moment(match.best), ...spans(match), how: howWords(pictureWords(match)) };
  if (isInStill) return t('told.found.picture', values);
  const where = t(reason === 'stretch-looks-same' ? 'told.found.stretch' : 'told.found', values);
  const first = match.distanceBits === null ? `${where} ${t('told.by-pixels')}` : where;
  return matches.length === 1 ? first : `${first} ${plural('told.found.more', matches.length - 1)}`;
}

/** @param {string[]} words */
const howWords = (words) => words.map((word) => `, ${word}`).join('');

/** Why the verdict was given, and what to do about it. @param {Reading} reading */
export function reasonWords(reading) {
  const { reason, object: other } = reading;
  const key = `reason.${variantOf(reading)}`;
  const words = hasWords(key) ? t(key, { other }) : reason;
  return isNothingByPixels(reading) ? `${words} ${t('reason.pixels-no-more')}` : words;
}

/** Verdicts for which pixels, if they were looked through, are the reason. */
const FOUND = new Set(['found', 'same-footage']);

/** Whether the answer is that of hashes although pixels were looked through, too. @param {Reading} reading */
const isNothingByPixels = ({ isByPixels, verdict, reason }) => isByPixels && !FOUND.has(verdict) && reason !== 'no-pixels-agree';

/** The reason, or the variant of it that has words of its own. @param {Reading} reading */
function variantOf({ reason, isStill, matches, objectJob }) {
  if (isStill && reason === 'weak-evidence') return 'weak-picture';
  // What is at hand has not to be asked for.
  if (reason === 'may-be-part' && objectJob.result && hasFrames(objectJob)) return 'may-be-part.here';
  const isBackwards = matches.length > 0 && matches.every(({ backwards }) => backwards);
  return isBackwards && reason === 'motion-agrees' ? 'motion-agrees-backwards' : reason;
}

/** Says if only a part of the picture was looked for. @param {Reading} reading @returns {string} empty if not */
export const partWords = ({ part, subject: one }) => (part ? t('told.part', { one }) : '');

/** Says if both are the same file. @param {Reading} reading @returns {string} empty if they are not */
export function identityWords({ subjectJob, objectJob }) {
  const [one, other] = [subjectJob, objectJob].map((job) => job.result?.facts.file.sha256);
  return one && one === other ? t('told.identical') : '';
}
