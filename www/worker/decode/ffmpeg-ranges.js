// @ts-check
// Several ffmpegs share a video, each in its own worker. The core says where to cut the video, which frames each range
// must give, and whether they fit together: src/ffmpeg/ranges.rs.

import { FfmpegHasher, FfmpegRange } from '../shared/core.js';
import { Ffmpeg, runHashing } from './ffmpeg-core.js';
import { Helper } from '../shared/helper.js';
import { Queue } from '../shared/queue.js';

/**
 * @typedef {import('../shared/progress.js').Progress} Progress
 * What every range gets: `probed` is ffprobe's description of the video.
 * @typedef {{ module: WebAssembly.Module, file: File, probed: string }} Shared
 *
 * The number of frames hashed so far, and at the end the range; null if something is wrong with it.
 * @typedef {{ frames: number } | { range: Uint8Array | null }} FromHelper
 */

/**
 * @param {Shared} shared
 * @param {string[]} ranges
 * @param {number} count how many workers
 * @param {Progress} progress
 * @returns {Promise<{ hasher: FfmpegHasher, succeeded: true } | null>} null if one ffmpeg must do the whole video
 */
export async function hashRangesByFfmpeg(shared, ranges, count, progress) {
  if (ranges.length === 0) return null;
  const hasher = new FfmpegHasher(shared.probed);
  progress.expectFrames(hasher.expectedFrames() ?? null);
  /** Ranges that have begun, in order; finished ones wait for earlier ones. @type {Queue<Promise<Uint8Array | null>>} */
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
 * @param {Helper} helper @param {Shared & { range: string }} job @param {(more: number) => void} tell called with the number of frames added
 * @returns {Promise<Uint8Array | null>} null if something is wrong with the range
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

/** A helper's ffmpeg, for all its ranges. @type {Promise<Ffmpeg> | undefined} */
let started;

/** Hashes a range, in a helper; results go through the port. @param {import('../../shared/protocol.js').RangeJob & { op: 'range-by-ffmpeg' }} job */
export async function hashRangeByFfmpeg({ module, file, probed, range, port }) {
  const say = (/** @type {FromHelper} */ message) => port.postMessage(message);
  try {
    const ffmpeg = await (started ??= Ffmpeg.start(module, file, () => {}));
    const hasher = new FfmpegRange(probed, range);
    const succeeded = runHashing(ffmpeg, hasher, (frames) => say({ frames }));
    say({ range: hasher.finish(succeeded) ?? null });
  } catch {
    // The file changed, or ffmpeg broke: the single ffmpeg that tries next will say so.
    say({ range: null });
  }
  return { ranges: 1 };
}
