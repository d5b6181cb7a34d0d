// @ts-check
// Several ffmpegs share a video, each in a worker of its own. The core says where the video is cut, which frames each range
// must give, and whether they fit together: src/ffmpeg/ranges.rs.

import { FfmpegHasher, FfmpegRange } from './core.js';
import { Ffmpeg, runHashing } from './ffmpeg-core.js';
import { Queue } from './queue.js';
import { HELPER_PATIENCE_MS, createWatch } from './watch.js';

/**
 * @typedef {import('./progress.js').Progress} Progress
 * What every range is told: `probed` is what `ffprobe` says of the video, `range` what the core planned.
 * @typedef {{ module: WebAssembly.Module, file: File, probed: string }} Shared
 * @typedef {Shared & { range: string }} RangeJob
 *
 * How many frames are hashed, and then the range; null where something is wrong with it.
 * @typedef {{ frames: number } | { range: Uint8Array | null }} FromHelper
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
  let frames = 0;
  const tell = (/** @type {number} */ more) => progress.framesDone(frames += more);
  let next = 0;
  /** @type {MessagePort[]} */
  const helpers = [];
  const lane = async () => {
    const helper = askForHelp();
    helpers.push(helper);
    while (next < ranges.length && !begun.isClosed) {
      const decoded = decode(helper, { ...shared, range: ranges[next++] }, tell);
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
  } finally {
    for (const helper of helpers) dismiss(helper);
    begun.close();
  }
}

/**
 * Another worker with ffmpeg, which the page starts: in Firefox, workers that were started by a worker sometimes wait for ever.
 * @returns {MessagePort} to it
 */
function askForHelp() {
  const { port1, port2 } = new MessageChannel();
  self.postMessage({ type: 'help', port: port2 }, { transfer: [port2] });
  return port1;
}

/** @param {MessagePort} helper */
function dismiss(helper) {
  helper.postMessage(null);
  helper.close();
}

/**
 * @param {MessagePort} helper @param {RangeJob} job @param {(more: number) => void} tell how many frames more are hashed
 * @returns {Promise<Uint8Array | null>} null where something is wrong with it
 */
function decode(helper, job, tell) {
  return new Promise((resolve) => {
    const end = (/** @type {Uint8Array | null} */ range) => { watch.stop(); resolve(range); };
    const watch = createWatch(() => end(null), HELPER_PATIENCE_MS);
    watch.start();
    let frames = 0;
    helper.onmessage = (/** @type {MessageEvent<FromHelper>} */ { data }) => {
      watch.start();
      if ('range' in data) return end(data.range);
      tell(data.frames - frames);
      ({ frames } = data);
    };
    helper.postMessage(job);
  });
}

/**
 * Hashes the ranges that come through the port, until nothing comes any more.
 * @param {MessagePort} port
 * @returns {Promise<{ ranges: number }>}
 */
export function helpFfmpeg(port) {
  /** @type {Promise<Ffmpeg> | undefined} */
  let started;
  let ranges = 0;
  const say = (/** @type {FromHelper} */ message) => port.postMessage(message);
  return new Promise((resolve) => {
    port.onmessage = async (/** @type {MessageEvent<RangeJob | null>} */ { data: job }) => {
      if (!job) return resolve({ ranges });
      try {
        const ffmpeg = await (started ??= Ffmpeg.start(job.module, job.file, () => {}));
        const hasher = new FfmpegRange(job.probed, job.range);
        const succeeded = runHashing(ffmpeg, hasher, (frames) => say({ frames }));
        say({ range: hasher.finish(succeeded) ?? null });
        ranges++;
      } catch {
        // The file changed, or ffmpeg broke: whoever decodes alone will say so.
        say({ range: null });
      }
    };
  });
}
