// @ts-check
// The worker's entry. In: one job. Out: progress, and one result or failure. Where WebAssembly is off, without-core.js stands in for it.
//
// The tour, in the direction in which data flows; a folder uses only what stands above it (`cargo xtask test` checks that):
//
// 1. shared/: the core, failures, progress, helpers.
// 2. fingerprint/: the fingerprint file, and what the page shows of it.
// 3. read/: the file's bytes and its container; packets come out.
// 4. decode/: packets -> frames, by the browser, by ffmpeg or by the AV1 decoder; and which of them can be trusted.
// 5. hash/: one video or picture -> its fingerprint, in ranges by several decoders where that is exact.
// 6. compare/: two fingerprints, a picture and a fingerprint, codes.
//
// decoder-order.js beside them is the order in which decoders are tried.

import './shared/no-scripts.js';
import { Fingerprint, hashPicture, startCore } from './shared/core.js';
import { codeOf, readCode } from './compare/code.js';
import { compareVideos } from './compare/compare.js';
import { findPicture } from './compare/picture.js';
import { contentOf } from '../shared/content.js';
import { isEncrypted } from './read/encryption.js';
import { asFailure, Failure, reasonOf } from './shared/failure.js';
import { scanFile } from './read/filescan.js';
import { hashRangeByFfmpeg } from './decode/ffmpeg-ranges.js';
import { lookAndKeep, lookAt, readFingerprint } from './fingerprint/fingerprint-file.js';
import { formOf } from './fingerprint/fingerprint-form.js';
import { otherContentOf } from './read/other-content.js';
import { takePictures } from './hash/pictures.js';
import { Progress } from './shared/progress.js';
import { hashRange } from './hash/range.js';
import { resultOf } from './fingerprint/result.js';
import { SelfCheck } from './decode/self-check.js';
import { hashByBestDecoder, lookThroughByItsDecoder, takePicturesByFfmpegRoute } from './decoder-order.js';

/** @typedef {import('../shared/protocol.js').Message} Message */

/** The type of the file that stands for a folder without files: the one that desktops use for folders. */
const FOLDER = 'inode/directory';
/** The largest picture, which is read whole; the core has the same limit. */
const MAX_WHOLE_BYTES = 512 << 20;

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const send = (/** @type {import('../shared/protocol.js').Reply} */ reply) => scope.postMessage(reply, buffersIn(reply));

scope.onmessage = async (/** @type {MessageEvent<Message>} */ { data: job }) => {
  try {
    startCore(/** @type {WebAssembly.Module} */ (job.core));
    send({ type: 'done', result: await run(job) });
  } catch (cause) {
    const { code, details, file } = await reasonOf(cause);
    send({ type: 'failed', code, details, ...file });
  }
};

/** @param {Message} job */
async function run(job) {
  switch (job.op) {
    case 'hash': return hash(job);
    case 'range': return hashRange(job, selfCheckOf(job));
    case 'range-by-ffmpeg': return hashRangeByFfmpeg(job);
    case 'export': return { bytes: readFingerprint(job.fingerprint).export(job.format, job.name) };
    case 'code': return codeOf(job.fingerprint, job.address, job.part);
    case 'pictures': return pictures(job);
    case 'compare': return compareBoth(job);
    case 'find': return find(job);
  }
}

/** @param {Message & { op: 'hash' }} job */
async function hash(job) {
  const { file } = job;
  if (file.size === 0) throw new Failure(file.type === FOLDER ? 'empty-folder' : 'empty-file');
  const form = await formOf(file);
  if (form) throw new Failure(form);
  const content = await contentOf(file);
  if (content === 'fingerprint') {
    const { seen, kept } = lookAndKeep(file);
    return resultOf(seen, kept, null);
  }
  if (content === 'code') {
    const { fingerprint, kept } = await readCode(file);
    return resultOf(lookAt(fingerprint), kept, null);
  }
  const progress = new Progress(file.size, send);
  const selfCheck = selfCheckOf(job);
  const scan = scanFile(file, (bytesRead) => progress.bytesRead(bytesRead));
  try {
    // Either may fail first; if the file changes, both results are worthless.
    const hashed = content === 'picture' ? hashStill(file, scan) : hashAsVideo(job, scan, progress, selfCheck);
    const result = await Promise.race([hashed, scan.then(() => hashed)]);
    // Some containers show only after the whole file that it is encrypted; the frames were then made of noise.
    if ((await scan).facts.encrypted) throw new Failure('encrypted');
    return result;
  } catch (cause) {
    const { facts, requireUnchanged } = await scan;
    await requireUnchanged();
    throw explain(asFailure(cause), facts);
  }
}

/** Says so if the file is plainly something else, and does not decode it: ffmpeg makes a video of any text. @type {typeof hashByBestDecoder} */
async function hashAsVideo(job, scan, progress, selfCheck) {
  const other = await otherContentOf(job.file);
  if (other) throw other;
  if (await isEncrypted(job.file)) throw new Failure('encrypted');
  return hashByBestDecoder(job, scan, progress, selfCheck);
}

/** @param {{ findings: import('./decode/self-check.js').Findings }} job */
function selfCheckOf({ findings }) {
  return new SelfCheck(findings, (kind, finding) => send({ type: 'self-check', kind, finding }));
}

/**
 * Adds to a failure what the file's bytes say: the digest, and a better reason.
 * @param {Failure} failure
 * @param {import('./read/filescan.js').FileFacts} facts
 */
function explain({ code, details }, { file: { sha256, bytes, container }, cutOff, encrypted }) {
  const unreadable = code === 'not-a-video' || code === 'no-video-track' || code === 'no-index' || code === 'no-frames';
  const explained = encrypted ? new Failure('encrypted')
    : unreadable && cutOff ? new Failure('cut-off-nothing-readable')
    : code === 'not-a-video' && container ? new Failure('unsupported-container', { container })
      : new Failure(code, details);
  return Object.assign(explained, { file: { sha256, bytes } });
}

/** @param {Message & { op: 'compare' }} job */
async function compareBoth({ a, b, videos, ffmpegRoute }) {
  const progress = new Progress(videos ? Math.max(...videos.map(({ file }) => file.size)) : 0, send);
  const give = videos && ((/** @type {import('./shared/core.js').PixelSearch} */ search, /** @type {boolean} */ isB) => lookThroughByItsDecoder(videos[isB ? 1 : 0], ffmpegRoute, search, progress));
  const report = (/** @type {number} */ fraction) => send({ type: 'compared', fraction });
  return compareVideos(a, b, give, report, (byHashes, isB) => send({ type: 'looking', byHashes, of: isB ? 'b' : 'a', isAgain: false }));
}

/** @param {Message & { op: 'find' }} job */
async function find({ picture, part, fingerprint, video, ffmpegRoute }) {
  const progress = new Progress(video?.file.size ?? 0, send);
  const give = video && ((/** @type {import('./shared/core.js').PixelSearch} */ search) => lookThroughByItsDecoder(video, ffmpegRoute, search, progress));
  return findPicture(await readWhole(picture), part, fingerprint, give, (byHashes, isAgain) => send({ type: 'looking', byHashes, of: null, isAgain }));
}

/** @param {Message & { op: 'pictures' }} job */
function pictures({ file, wanted, byFfmpeg, ffmpegRoute }) {
  const give = (/** @type {Parameters<Parameters<typeof takePictures>[2]>[0]} */ picture) => send({ type: 'picture', ...picture });
  if (!ffmpegRoute || !byFfmpeg) return takePictures(file, wanted, give);
  return takePicturesByFfmpegRoute(ffmpegRoute, file, wanted, new Progress(file.size, send), give);
}

/** @param {File} file @param {ReturnType<typeof scanFile>} scan */
async function hashStill(file, scan) {
  const bytes = await readWhole(file);
  const { json } = await scan;
  const fingerprint = /** @type {Uint8Array<ArrayBuffer>} */ (hashPicture(bytes, json));
  return resultOf(lookAt(Fingerprint.parse(fingerprint)), new Blob([fingerprint]), null);
}

/** @param {Blob} file */
async function readWhole(file) {
  if (file.size > MAX_WHOLE_BYTES) throw new Failure('too-long', { bytes: file.size });
  return new Uint8Array(await file.arrayBuffer());
}

/** The buffers in a reply, which are transferred instead of copied. @param {unknown} value @returns {ArrayBuffer[]} */
function buffersIn(value) {
  if (ArrayBuffer.isView(value)) return [/** @type {ArrayBuffer} */ (value.buffer)];
  const isPlain = typeof value === 'object' && value !== null && !(value instanceof Blob);
  return isPlain ? Object.values(value).flatMap(buffersIn) : [];
}
