// @ts-check
/**
 * The page's state and its only owner: the files, the outcome of each, and the one option. Everything else reads
 * it, asks for changes through the functions below, and hears of every change.
 */

/** @typedef {import('../shared/types.js').Job} Job */
/** What changed: a job was added, its phase, its progress, its other parts, it was removed; or the option.
 * @typedef {'added'|'phase'|'progress'|'parts'|'removed'|'option'} Change */
/** @typedef {(change: Change, job: Job|null) => void} Listener */

/** @type {Job[]} */
let jobs = [];
let nextId = 1;
let useFileName = false;
/** @type {Listener[]} */
const listeners = [];

/** @param {Change} change @param {Job|null} job */
function tell(change, job) {
  for (const listener of listeners) listener(change, job);
}

/** @param {Listener} listener */
export function onChange(listener) {
  listeners.push(listener);
}

/** All jobs, in the order they were added. @returns {readonly Job[]} */
export function allJobs() {
  return jobs;
}

/** Whether saved files may carry the original's name. */
export function usesFileName() {
  return useFileName;
}

/** @param {boolean} use */
export function setUseFileName(use) {
  useFileName = use;
  tell('option', null);
}

/** @param {File} file @param {boolean} open whether its result shows all parts at once @returns {Job} */
export function addJob(file, open) {
  /** @type {Job} */
  const job = {
    id: nextId++,
    file,
    phase: 'waiting',
    progress: null,
    estimate: { framesPerS: null, secondsLeft: null },
    result: null,
    failure: null,
    pictures: new Map(),
    picturesFailed: false,
    exact: false,
    byFfmpeg: false,
    open,
  };
  jobs = [...jobs, job];
  tell('added', job);
  return job;
}

/** Resets a job, for 'start again'. @param {Job} job @param {boolean} [exact] whether ffmpeg is to decode it */
export function setWaiting(job, exact = false) {
  for (const picture of job.pictures.values()) URL.revokeObjectURL(picture.url);
  const none = { progress: null, result: null, failure: null, pictures: new Map(), picturesFailed: false, byFfmpeg: false };
  Object.assign(job, none, { exact, phase: 'waiting' });
  tell('phase', job);
}

/** @param {Job} job */
export function setWorking(job) {
  job.phase = 'working';
  tell('phase', job);
}

/** @param {Job} job */
export function setByFfmpeg(job) {
  job.byFfmpeg = true;
  tell('progress', job);
}

/** @param {Job} job @param {import('../shared/types.js').Progress} progress @param {import('../shared/types.js').Estimate} estimate */
export function setProgress(job, progress, estimate) {
  job.progress = progress;
  job.estimate = estimate;
  tell('progress', job);
}

/** @param {Job} job @param {import('../shared/types.js').HashResult} result */
export function setDone(job, result) {
  Object.assign(job, { result, phase: 'done' });
  tell('phase', job);
}

/** @param {Job} job @param {import('../shared/types.js').Failure} failure */
export function setFailed(job, failure) {
  Object.assign(job, { failure, phase: 'failed' });
  tell('phase', job);
}

/** @param {Job} job */
export function setCancelled(job) {
  job.phase = 'cancelled';
  tell('phase', job);
}

/** @param {Job} job @param {import('../shared/types.js').Picture} picture */
export function addPicture(job, picture) {
  job.pictures.set(picture.index, picture);
  tell('parts', job);
}

/** @param {Job} job */
export function setPicturesFailed(job) {
  job.picturesFailed = true;
  tell('parts', job);
}

/** @param {Job} job @param {boolean} open */
export function setOpen(job, open) {
  job.open = open;
  tell('parts', job);
}

/** Forgets the job and releases its pictures' memory. @param {Job} job */
export function removeJob(job) {
  jobs = jobs.filter((other) => other !== job);
  for (const picture of job.pictures.values()) URL.revokeObjectURL(picture.url);
  tell('removed', job);
}
