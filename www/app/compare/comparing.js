// @ts-check
/**
 * What the user can do with the two places: put files in, take them out, cancel, compare again. In: what the user asks for; out: files
 * hashed as elsewhere on the page, and a comparison of A with each file of B as soon as both are hashed.
 */
import { isFinal } from '../job/failure-kind.js';
import { addFiles, remove } from '../job/hashing.js';
import { run } from '../job/jobs.js';
import { hasFrames, isPicture, soughtPlace } from './reading.js';
import * as state from './state.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Place} Place */
/** @typedef {import('../shared/types.js').HashResult} HashResult */

/** The code of pixels that were not looked through because the user did not want it. */
export const CANCELLED = 'cancelled';

/** Stops an answer's comparison. @type {WeakMap<Answer, () => void>} */
const stops = new WeakMap();

/**
 * Takes new files in. A holds one file; further files go to B, so that none is lost.
 * @param {Place|null} place null if files were dropped beside both: A gets the first file if it is empty, B the rest
 * @param {File[]} files
 */
export function giveFiles(place, files) {
  if (!files.length) return;
  const forA = place === 'a' || (place === null && !state.filesIn('a').length) ? 1 : 0;
  const jobs = addFiles(files);
  if (forA) put('a', jobs.slice(0, 1));
  if (jobs.length > forA) put('b', jobs.slice(forA));
}

/** Puts files of the page into a place. A's file is replaced; B's are added to. @param {Place} place @param {Job[]} jobs */
export function put(place, jobs) {
  if (place === 'a') {
    for (const job of state.filesIn('a')) takeOut('a', job);
    replace('a', jobs.slice(-1));
    return;
  }
  // A file that can never be compared, such as a truncated code, makes room for the next.
  for (const job of state.filesIn('b').filter(({ failure }) => isFinal(failure))) takeOut('b', job);
  replace('b', [...state.filesIn('b'), ...jobs.filter((job) => !state.filesIn('b').includes(job))]);
}

/**
 * Takes a file out of its place. If it is hashed, the page keeps it for later; if not, work on it stops.
 * @param {Place} place @param {Job} job
 */
export function takeOut(place, job) {
  without(place, job);
  const isElsewhere = state.filesIn(place === 'a' ? 'b' : 'a').includes(job);
  if (job.phase !== 'done' && !isElsewhere) remove(job);
}

/** @param {Place} place @param {Job} job */
function without(place, job) {
  replace(
    place,
    state.filesIn(place).filter((other) => other !== job),
  );
}

/** Swaps A and B. */
export function swap() {
  const [a, b] = [state.filesIn('a'), state.filesIn('b')];
  replace('a', []);
  replace('b', [...a]);
  replace('a', [...b]);
}

/** @param {Place} place @param {Job[]} jobs */
function replace(place, jobs) {
  const before = state.allAnswers();
  state.setPlace(place, jobs);
  const kept = new Set(state.allAnswers());
  for (const answer of before) if (!kept.has(answer)) stops.get(answer)?.();
  startReady();
}

/** Follows every change of the page's files. @param {import('../job/state.js').Change} change @param {Job|null} job */
export function noticeJob(change, job) {
  const place = /** @type {Place[]} */ (['a', 'b']).filter((one) => job && state.filesIn(one).includes(job));
  if (!job) return;
  if (change === 'removed') for (const one of place) without(one, job);
  else if (place.length) state.tell('file', job);
  if (change === 'phase' && job.phase === 'done') startReady();
  if (!place.length && (change === 'phase' || change === 'removed')) tellOfKnown();
}

let isToldOfKnown = true;

/** Reports that the choice of hashed files has changed; once, however many files changed at the same time. */
function tellOfKnown() {
  if (!isToldOfKnown) return;
  isToldOfKnown = false;
  queueMicrotask(() => {
    isToldOfKnown = true;
    state.tell('file');
  });
}

/** Starts each comparison whose two files are hashed. */
function startReady() {
  const [a] = state.filesIn('a');
  if (a?.phase !== 'done') return;
  for (const b of state.filesIn('b')) {
    if (b.phase === 'done' && !state.answerOf(b)) start(state.addAnswer(a, b));
  }
}

/** @param {Answer} answer */
function start(answer) {
  const wrong = whyNot(answer.a, answer.b);
  if (wrong) {
    state.endAnswer(answer, { phase: 'failed', failure: { code: wrong, details: {} } });
    return;
  }
  const stop = run(requestFor(answer), (reply) => {
    if (reply.type === 'compared') state.setFraction(answer, reply.fraction);
    if (reply.type === 'looking') state.setLooking(answer, reply);
    if (reply.type === 'progress' && reply.framesExpected) state.setFraction(answer, reply.framesDone / reply.framesExpected);
    if (reply.type === 'failed') endEarly(answer, reply) || state.endAnswer(answer, { phase: 'failed', failure: reply });
    if (reply.type === 'done') state.endAnswer(answer, { phase: 'done', result: /** @type {any} */ (reply.result) });
  });
  stops.set(answer, stop);
}

/** Ends with what hashes told, if pixels are being looked through. @param {Answer} answer @param {import('../shared/types.js').Failure} unlooked why */
function endEarly(answer, unlooked) {
  const { looking, byHashes: result } = answer;
  if (!looking || !result) return false;
  state.endAnswer(answer, { phase: 'done', result, unlooked });
  return true;
}

/** The code of the reason why two files cannot be compared; null if they can. @param {Job} a @param {Job} b */
function whyNot(a, b) {
  return [a, b].some(isPicture) && !soughtPlace(a, b) ? 'picture-needed' : null;
}

/** @param {Answer} answer @returns {import('../shared/types.js').Request} */
function requestFor({ a, b, part, isLookWanted }) {
  const sought = soughtPlace(a, b);
  const atHand = (/** @type {Job} */ { file, byFfmpeg }) => ({ file, byFfmpeg });
  if (!sought) {
    // Of many answers, whose frames would have to be decoded several times each, the user says which are worth it.
    const isLooked = hasFrames(a) && hasFrames(b) && (isLookWanted || state.filesIn('b').length === 1);
    return { op: 'compare', a: fingerprintOf(a), b: fingerprintOf(b), videos: isLooked ? [atHand(a), atHand(b)] : null };
  }
  const [picture, other] = sought === 'a' ? [a, b] : [b, a];
  const video = hasFrames(other) ? atHand(other) : null;
  return { op: 'find', picture: picture.file, part, fingerprint: fingerprintOf(other), video };
}

const fingerprintOf = (/** @type {Job} */ job) => /** @type {HashResult} */ (job.result).fingerprint;

/** @param {Answer} answer */
export function cancelAnswer(answer) {
  stops.get(answer)?.();
  endEarly(answer, { code: CANCELLED, details: {} }) || state.endAnswer(answer, { phase: 'cancelled', fraction: 0 });
}

/** @param {Answer} answer */
export function compareAgain(answer) {
  state.endAnswer(answer, { phase: 'working', fraction: 0, result: null, failure: null, byHashes: null, unlooked: null });
  start(answer);
}

/** Looks through the pixels of both videos. @param {Answer} answer */
export function lookThrough(answer) {
  answer.isLookWanted = true;
  compareAgain(answer);
}

/** Whether the user may want the pixels of both videos looked through: hashes do not tell the same footage, they may, and are at hand. @param {Answer} answer */
export function mayLookThrough({ a, b, result, isLookWanted, unlooked }) {
  const isOpen = result !== null && 'segments' in result && result.verdict !== 'same-footage' && result.isOpen;
  return isOpen && !isLookWanted && !unlooked && state.filesIn('b').length > 1 && hasFrames(a) && hasFrames(b);
}

/** Looks for a part of the picture alone. @param {Answer} answer @param {import('./types.js').View|null} part null: all of it again */
export function lookForPart(answer, part) {
  answer.part = part;
  compareAgain(answer);
}
