// @ts-check
/**
 * Owns what is in the two places, and the answers. The files themselves belong to ../job/state.js. Everything
 * else reads, asks for changes through the functions below, and hears of every change.
 */

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Place} Place */
/** What changed: the files in the places, the state of one, an answer's phase, or an answer's progress.
 * @typedef {'places'|'file'|'answer'|'progress'} Change */
/** @typedef {(change: Change, about: Answer|Job|null) => void} Listener */

/** @type {Record<Place, Job[]>} */
const places = { a: [], b: [] };
/** Answers by B's file, because A holds only one. @type {Map<Job, Answer>} */
const answers = new Map();
/** @type {Listener[]} */
const listeners = [];

/** @param {Change} change @param {Answer|Job|null} about */
export function tell(change, about = null) {
  for (const listener of listeners) listener(change, about);
}

/** @param {Listener} listener */
export function onChange(listener) {
  listeners.push(listener);
}

/** @param {Place} place @returns {readonly Job[]} */
export function filesIn(place) {
  return places[place];
}

/** All answers, in the order of B. @returns {Answer[]} */
export function allAnswers() {
  return places.b.flatMap((job) => answers.get(job) ?? []);
}

/** @param {Job} b */
export function answerOf(b) {
  return answers.get(b);
}

/** @param {Place} place @param {Job[]} jobs */
export function setPlace(place, jobs) {
  places[place] = jobs;
  const isKept = (/** @type {Answer} */ { a, b }) => places.a.includes(a) && places.b.includes(b);
  for (const [b, answer] of answers) if (!isKept(answer)) answers.delete(b);
  tell('places');
}

/** @param {Job} a @param {Job} b @returns {Answer} */
export function addAnswer(a, b) {
  /** @type {Answer} */
  const answer = { a, b, phase: 'working', fraction: 0, result: null, failure: null, part: null, looking: null, lookingOf: null, isLookWanted: false, byHashes: null, unlooked: null };
  answers.set(b, answer);
  tell('answer', answer);
  return answer;
}

/** @param {Answer} answer @param {number} fraction */
export function setFraction(answer, fraction) {
  answer.fraction = fraction;
  tell('progress', answer);
}

/** @param {Answer} answer @param {import('../../shared/protocol.js').Reply & { type: 'looking' }} reply */
export function setLooking(answer, { byHashes, of: lookingOf, isAgain }) {
  Object.assign(answer, { byHashes, lookingOf, looking: isAgain ? 'again' : 'first', fraction: 0 });
  tell('progress', answer);
}

/** @param {Answer} answer @param {Partial<Answer>} end its phase, and what goes with it */
export function endAnswer(answer, end) {
  Object.assign(answer, { looking: null }, end);
  tell('answer', answer);
}
