// @ts-check
// Several ffmpegs share a video, each in a worker of its own. The core says where the video is cut, which frames each range
// must give, and whether they fit together: src/ffmpeg/ranges.rs.

import { FfmpegHasher, FfmpegRange, coreProgram } from './core.js';
import { Ffmpeg, runHashing } from './ffmpeg-core.js';
import { Queue } from './queue.js';
import { scriptUrl } from './script-url.js';

/**
 * @typedef {import('./progress.js').Progress} Progress
 * What every range is told; `probed` is what `ffprobe` says of the video.
 * @typedef {{ module: WebAssembly.Module, file: File, probed: string }} Shared
 */

/**
 * @param {Shared} shared
 * @param {string[]} ranges
 * @param {number} count how many workers
 * @param {Progress} progress
 * @returns {Promise<{ hasher: FfmpegHasher, succeeded: true } | null>} null: one ffmpeg is to do the whole video
 */
export async function hashRangesByFfmpeg(shared, ranges, count, progress) {
  if (ranges.length === 0) return null;
  const hasher = new FfmpegHasher(shared.probed);
  progress.expectFrames(hasher.expectedFrames() ?? null);
  /** Ranges that were begun, in order; those that are done wait for those before them. @type {Queue<Promise<Uint8Array | null>>} */
  const begun = new Queue(count * 2);
  const frames = new Array(ranges.length).fill(0);
  const tell = (/** @type {number} */ range, /** @type {number} */ done) => {
    frames[range] = done;
    progress.framesDone(frames.reduce((sum, one) => sum + one));
  };
  let next = 0;
  /** @type {Worker[]} */
  const workers = [];
  const lane = async () => {
    const worker = new Worker(scriptUrl(self.location.href));
    workers.push(worker);
    while (next < ranges.length && !begun.isClosed) {
      const range = next++;
      const decoded = decode(worker, shared, ranges[range], (done) => tell(range, done));
      await begun.push(decoded);
      await decoded;
    }
  };
  try {
    Promise.all(Array.from({ length: count }, lane)).then(() => begun.close(), (cause) => begun.close(cause));
    for await (const decoded of begun) {
      const range = await decoded;
      if (!range || !hasher.takeRange(range)) return null;
    }
    return { hasher, succeeded: true };
  } catch {
    // No worker, or no memory for another ffmpeg.
    return null;
  } finally {
    for (const worker of workers) worker.terminate();
    begun.close();
  }
}

/**
 * @param {Worker} worker @param {Shared} shared @param {string} range @param {(frames: number) => void} tell
 * @returns {Promise<Uint8Array | null>} null where something is wrong with it
 */
function decode(worker, shared, range, tell) {
  return new Promise((resolve) => {
    worker.onerror = () => resolve(null);
    worker.onmessage = ({ data }) => {
      if (data.type === 'progress') tell(data.framesDone);
      if (data.type === 'done') resolve(data.result.bytes ?? null);
      if (data.type === 'failed') resolve(null);
    };
    /** @type {import('./protocol.js').FfmpegRangeJob} */
    const job = { op: 'ffmpeg-range', ...shared, range, core: coreProgram() };
    worker.postMessage(job);
  });
}

/** @type {Promise<Ffmpeg> | undefined} */
let started;

/**
 * Hashes one of the ranges that this worker is given.
 * @param {import('./protocol.js').FfmpegRangeJob} job
 * @param {Progress} progress
 */
export async function hashRangeByFfmpeg({ module, file, probed, range }, progress) {
  const ffmpeg = await (started ??= Ffmpeg.start(module, file, () => {}));
  const hasher = new FfmpegRange(probed, range);
  const succeeded = runHashing(ffmpeg, hasher, (frames) => progress.framesDone(frames));
  progress.lastMs = -Infinity;
  progress.framesDone(hasher.frames);
  return { bytes: hasher.finish(succeeded) };
}
