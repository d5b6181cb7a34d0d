// @ts-check
/**
 * What the user can do with files: add, cancel, start again, remove. In: what the user asks for; out: requests to the workers and
 * changes of the state. After a video is hashed, a second run takes pictures of its representative frames.
 */
import { isCode } from '../shared/code.js';
import { createEstimator } from './estimate.js';
import { ffmpeg, isFfmpegFile, loadFromFile, onFfmpeg } from './ffmpeg-file.js';
import { isForFfmpeg } from '../../shared/ffmpeg-may.js';
import { run } from './jobs.js';
import * as state from './state.js';

/** @typedef {import('../shared/types.js').Job} Job */
/** @typedef {import('../shared/types.js').HashResult} HashResult */

/** Stops a job's run. @type {WeakMap<Job, () => void>} */
const stops = new WeakMap();

/** @param {File[]} files @returns {Job[]} */
export function addFiles(files) {
  files.filter(isFfmpegFile).forEach(takeFfmpeg);
  // Of several files, only the first shows all its parts; the others are folded.
  const jobs = files.filter((file) => !isFfmpegFile(file)).map((file, place) => state.addJob(file, place === 0));
  jobs.forEach(startHash);
  return jobs;
}

/** Loads a file of ffmpeg's length as ffmpeg; if it is not, hashes it like any other. @param {File} file */
function takeFfmpeg(file) {
  loadFromFile(file).catch(() => startHash(state.addJob(file, true)));
}

/** Whether a failed file may be read once ffmpeg is loaded. @param {Job} job */
export function waitsForFfmpeg(job) {
  return job.phase === 'failed' && job.failure !== null && isForFfmpeg(job.failure) && !ffmpeg();
}

/** Starts files again that failed for lack of ffmpeg. */
onFfmpeg(() => {
  const failed = state.allJobs().filter(({ phase, failure }) => phase === 'failed' && failure && isForFfmpeg(failure));
  failed.forEach(restart);
});

/** Has ffmpeg hash a file for which the browser gave perceptual hashes. @param {Job} job */
export function hashExactly(job) {
  stops.get(job)?.();
  state.setWaiting(job, true);
  startHash(job);
}

/** @param {Job} job */
export function cancel(job) {
  stops.get(job)?.();
  state.setCancelled(job);
}

/** @param {Job} job */
export function restart(job) {
  // The browser's decoder would get stuck again.
  state.setWaiting(job, isStuckInBrowser(job.failure));
  startHash(job);
}

/** @param {import('../shared/types.js').Failure|null} failure */
const isStuckInBrowser = (failure) => failure?.code === 'browser-decoder-stuck' && isForFfmpeg(failure) && ffmpeg() !== null;

/** @param {Job} job */
export function remove(job) {
  stops.get(job)?.();
  state.removeJob(job);
}

/**
 * Whether the file is a saved fingerprint or a code: it describes another file.
 * @param {Job} job
 */
export function isOpenedFingerprint(job) {
  return job.result !== null && (isCode(job) || job.result.facts.file.bytes !== job.file.size);
}

/** @param {Job} job */
function startHash(job) {
  const estimate = createEstimator();
  const stop = run(
    { op: 'hash', file: job.file, exact: job.exact },
    (reply) => {
      if (reply.type === 'decoder' && reply.runs === 'ffmpeg') state.setByFfmpeg(job);
      if (reply.type === 'progress') state.setProgress(job, reply, estimate(reply, performance.now() / 1000));
      if (reply.type === 'failed') fail(job, { ...reply, details: reply.details ?? {} });
      if (reply.type === 'done') finish(job, /** @type {HashResult} */ (reply.result));
    },
    () => state.setWorking(job),
  );
  stops.set(job, stop);
}

/** @param {Job} job @param {import('../shared/types.js').Failure} failure */
function fail(job, failure) {
  if (isStuckInBrowser(failure)) hashExactly(job);
  else state.setFailed(job, failure);
}

/** @param {Job} job @param {HashResult} result */
function finish(job, result) {
  state.setDone(job, result);
  if (result.kind === 'video' && !isOpenedFingerprint(job)) startPictures(job, result);
}

/** @param {Job} job @param {HashResult} result */
function startPictures(job, result) {
  const wanted = Array.from(result.chosen, (index, place) => ({ index, ticks: result.chosenTicks[place] }));
  const stop = run({ op: 'pictures', file: job.file, wanted, byFfmpeg: job.byFfmpeg }, (reply) => {
    if (reply.type === 'picture') {
      const blob = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (reply.png)], { type: 'image/png' });
      state.addPicture(job, {
        index: reply.index,
        blob,
        url: URL.createObjectURL(blob),
        width: reply.width,
        height: reply.height,
      });
    }
    if (reply.type === 'failed') state.setPicturesFailed(job);
    if (reply.type === 'done' && job.pictures.size < wanted.length) state.setPicturesFailed(job);
  });
  stops.set(job, stop);
}
