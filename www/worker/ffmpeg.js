// @ts-check
// The third tier: ffmpeg, compiled to WebAssembly, decodes what the browser cannot, and exactly what the browser converts.
// It runs in this worker beside the core and holds it until the video is done, so frames go from one to the other without
// waiting and never pile up. What it is asked, and what its answers mean, the core knows: src/ffmpeg.rs.

import { FfmpegHasher, FfmpegPictures, probeArguments } from './core.js';
import { Failure } from './failure.js';
import { Enough, Ffmpeg, INPUT } from './ffmpeg-core.js';
import { fileOf } from './fingerprint-file.js';
import { resultOf } from './result.js';

/**
 * @typedef {import('./filescan.js').Scan} Scan
 * @typedef {import('./progress.js').Progress} Progress
 */

/**
 * @param {WebAssembly.Module} module
 * @param {File} file
 * @param {Promise<Scan>} scan
 * @param {Progress} progress
 * @returns {Promise<import('./protocol.js').Result>}
 */
export async function hashByFfmpeg(module, file, scan, progress) {
  // Not beside the decoding: ffmpeg lets nothing else run.
  const { json, requireUnchanged } = await scan;
  progress.decoder('ffmpeg');
  const ffmpeg = await Ffmpeg.start(module, file, (position) => progress.bytesRead(position));
  const hasher = new FfmpegHasher(probe(ffmpeg));
  progress.expectFrames(hasher.expectedFrames() ?? null);
  if (hasher.needsPackets) {
    const packets = ffmpeg.device('/packets', (bytes) => hasher.takePackets(bytes));
    const lines = ffmpeg.device('/packet-lines', (bytes) => hasher.takePacketLines(bytes));
    // Where this fails, so does what follows, and says why.
    ffmpeg.run(hasher.packetArguments(INPUT, packets, lines));
  }
  const frames = ffmpeg.device('/frames', (bytes) => {
    hasher.takeFrames(bytes);
    progress.framesDone(hasher.frames);
  });
  const lines = ffmpeg.device('/lines', (bytes) => {
    hasher.takeLines(bytes);
    if (hasher.isOver) throw new Enough();
  });
  ffmpeg.onComplaint = (line) => hasher.complain(line);
  const succeeded = ffmpeg.run(hasher.arguments(INPUT, frames, lines));
  progress.decoder(null);
  await requireUnchanged();
  const { firstTicks } = hasher;
  const fingerprint = hasher.finish(json, succeeded);
  return resultOf(fingerprint, fileOf(fingerprint), firstTicks);
}

/** What ffmpeg 5.1 decodes by another library only, which @ffmpeg/core was built without. */
const LACKED = 'av1';

/** What `ffprobe` says of a video that this ffmpeg can decode. @param {Ffmpeg} ffmpeg */
function probe(ffmpeg) {
  const json = ffmpeg.probe(probeArguments(INPUT));
  const codec = JSON.parse(json || '{}').streams?.[0]?.codec_name;
  if (codec === LACKED) throw new Failure('ffmpeg-lacks-codec', { codec });
  return json;
}

/**
 * Chosen frames as PNG pictures; ffmpeg reads from the file's start to the last of them.
 * @param {WebAssembly.Module} module
 * @param {File} file
 * @param {import('./protocol.js').Wanted[]} wanted
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
  const frames = ffmpeg.device('/frames', (bytes) => {
    pictures.takeFrames(bytes, (/** @type {Uint8Array} */ png) => {
      if (taken < indexes.length) give({ index: indexes[taken++], png, width, height });
    });
    if (taken === indexes.length) throw new Enough();
  });
  ffmpeg.run(pictures.arguments(INPUT, frames));
  progress.decoder(null);
  return { pictures: taken };
}
