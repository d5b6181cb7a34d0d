// @ts-check
// Several ffmpegs share a video, each in a worker of its own. The core says where the video is cut, which frames each range
// must give, and whether they fit together: src/ffmpeg/ranges.rs.

import { FfmpegHasher, FfmpegRange } from '../shared/core.js';
import { Ffmpeg, runHashing } from './ffmpeg-core.js';
import { Helper } from '../shared/helper.js';
import { Queue } from '../shared/queue.js';

/**
 * @typedef {import('../shared/progress.js').Progress} Progress
 * What every range is told: `probed` is what `ffprobe` says of the video, `range` what the core planned.
 * @typedef {{ module: WebAssembly.Module, file: File, probed: string }} Shared
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
  /** @type {Helper[]} */
  const helpers = [];
  const lane = async () => {
    const helper = new Helper();
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
    begun.close();
    for (const helper of helpers) helper.dismiss();
  }
}

/**
 * @param {Helper} helper @param {Shared & { range: string }} job @param {(more: number) => void} tell how many frames more are hashed
 * @returns {Promise<Uint8Array | null>} null where something is wrong with it
 */
function decode(helper, job, tell) {
  return new Promise((resolve) => {
    const end = (/** @type {Uint8Array | null} */ range) => { helper.end(); resolve(range); };
    let frames = 0;
    const hear = (/** @type {FromHelper} */ message) => {
      if ('range' in message) return end(message.range);
      tell(message.frames - frames);
      ({ frames } = message);
    };
    helper.begin({ op: 'range-by-ffmpeg', ...job }, hear, () => end(null));
  });
}

/** In a helper: its ffmpeg, for all of its ranges. @type {Promise<Ffmpeg> | undefined} */
let started;

/** Hashes a range; what comes of it goes through the port. @param {import('../../shared/protocol.js').RangeJob & { op: 'range-by-ffmpeg' }} job */
export async function hashRangeByFfmpeg({ module, file, probed, range, port }) {
  const say = (/** @type {FromHelper} */ message) => port.postMessage(message);
  try {
    const ffmpeg = await (started ??= Ffmpeg.start(module, file, () => {}));
    const hasher = new FfmpegRange(probed, range);
    const succeeded = runHashing(ffmpeg, hasher, (frames) => say({ frames }));
    say({ range: hasher.finish(succeeded) ?? null });
  } catch {
    // The file changed, or ffmpeg broke: whoever decodes alone will say so.
    say({ range: null });
  }
  return { ranges: 1 };
}
