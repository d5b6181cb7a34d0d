// @ts-check
// The ffmpeg route: ffmpeg, compiled to WebAssembly, decodes what the browser cannot, and gives exact samples of what the browser converts.
// It runs in the same worker as the core and blocks it until it is done, so frames pass from one to the other without waiting and
// never pile up. The core knows what to ask it and what its answers mean: src/ffmpeg/.

import { FfmpegFrames, FfmpegHasher, FfmpegPackets, FfmpegPictures } from '../shared/core.js';
import { ffmpegsFor } from './decoders.js';
import { Failure } from '../shared/failure.js';
import { Enough, Ffmpeg, INPUT, runHashing } from './ffmpeg-core.js';
import { hashRangesByFfmpeg } from './ffmpeg-ranges.js';
import { fileOf, lookBack } from '../fingerprint/fingerprint-file.js';
import { resultOf } from '../fingerprint/result.js';

/**
 * @typedef {import('../read/filescan.js').Scan} Scan
 * @typedef {import('../shared/progress.js').Progress} Progress
 */

/** The codec that ffmpeg 5.1 decodes only by another library, which @ffmpeg/core lacks. */
const LACKED = 'av1';

/**
 * @param {WebAssembly.Module} module
 * @param {File} file
 * @param {import('../../shared/protocol.js').Split} split
 * @param {Promise<Scan>} scan
 * @param {Progress} progress
 * @returns {Promise<import('../../shared/protocol.js').Result>}
 */
export async function hashByFfmpeg(module, file, { processors }, scan, progress) {
  // The scan ends first: while ffmpeg decodes, nothing else runs.
  const { json, requireUnchanged } = await scan;
  progress.decoder('ffmpeg');
  const ffmpeg = await Ffmpeg.start(module, file, (position) => progress.bytesRead(position));
  const probed = probe(ffmpeg);
  const { packets, ranges, count } = readPackets(ffmpeg, probed, processors);
  const { hasher, succeeded } = await hashRangesByFfmpeg({ module, file, probed }, ranges, count, progress) ?? hashAlone(ffmpeg, probed, progress);
  progress.decoder(null);
  await requireUnchanged();
  const { firstTicks } = hasher;
  const written = fileOf(hasher.finish(json, succeeded, packets));
  return resultOf(lookBack(written), written, firstTicks);
}

/**
 * Reads the packets: what they tell, and where the video can be cut for several decoders.
 * @param {Ffmpeg} ffmpeg @param {string} probed @param {number} processors
 */
function readPackets(ffmpeg, probed, processors) {
  // If there is no video, the core says so.
  const { width = 0, height = 0 } = JSON.parse(probed).streams?.[0] ?? {};
  const count = ffmpegsFor(width, height, processors);
  const packets = new FfmpegPackets(probed, count);
  if (!packets.areNeeded) return { packets, ranges: [], count };
  const bytes = ffmpeg.device((written) => packets.takePackets(written));
  const lines = ffmpeg.device((written) => packets.takeLines(written));
  // If this fails, decoding fails too, and says why.
  const succeeded = ffmpeg.run(packets.arguments(ffmpeg.allowed, INPUT, bytes, lines));
  return { packets, ranges: packets.ranges(succeeded), count };
}

/** @param {Ffmpeg} ffmpeg @param {string} probed @param {Progress} progress */
function hashAlone(ffmpeg, probed, progress) {
  const hasher = new FfmpegHasher(probed);
  progress.expectFrames(hasher.expectedFrames() ?? null);
  return { hasher, succeeded: runHashing(ffmpeg, hasher, (frames) => progress.framesDone(frames)) };
}

/** ffprobe's description of a video; fails if this ffmpeg cannot decode it. @param {Ffmpeg} ffmpeg */
function probe(ffmpeg) {
  const json = ffmpeg.probe();
  const codec = JSON.parse(json).streams?.[0]?.codec_name;
  if (codec === LACKED) throw new Failure('ffmpeg-lacks-codec', { codec });
  return json;
}

/**
 * Takes chosen frames as PNG pictures; ffmpeg reads from the file's start to the last of them.
 * @param {WebAssembly.Module} module
 * @param {File} file
 * @param {import('../../shared/protocol.js').Wanted[]} wanted
 * @param {Progress} progress
 * @param {(picture: { index: number, png: Uint8Array, width: number, height: number }) => void} give
 */
export async function takePicturesByFfmpeg(module, file, wanted, progress, give) {
  progress.decoder('ffmpeg');
  const ffmpeg = await Ffmpeg.start(module, file, (position) => progress.bytesRead(position));
  const indexes = wanted.map(({ index }) => index).sort((a, b) => a - b);
  const pictures = new FfmpegPictures(probe(ffmpeg), Uint32Array.from(indexes));
  const { width, height } = pictures;
  let taken = 0;
  const frames = ffmpeg.device((bytes) => {
    pictures.takeFrames(bytes, (/** @type {Uint8Array} */ png) => {
      if (taken < indexes.length) give({ index: indexes[taken++], png, width, height });
    });
    if (taken === indexes.length) throw new Enough();
  });
  ffmpeg.run(pictures.arguments(ffmpeg.allowed, INPUT, frames));
  progress.decoder(null);
  return { pictures: taken };
}

/**
 * Gives all frames to a search by pixels, once.
 * @param {WebAssembly.Module} module
 * @param {File} file
 * @param {import('../shared/core.js').PixelSearch} search
 * @param {(frames: number) => void} tell called with the number of frames given
 */
export async function lookThroughByFfmpeg(module, file, search, tell) {
  const ffmpeg = await Ffmpeg.start(module, file, () => {});
  const given = new FfmpegFrames(probe(ffmpeg));
  const { frames } = search;
  const device = ffmpeg.device((bytes) => {
    given.takeFrames(bytes, search);
    tell(search.given);
    if (search.given >= frames) throw new Enough();
  });
  ffmpeg.run(given.arguments(ffmpeg.allowed, INPUT, device));
}
