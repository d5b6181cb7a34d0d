// @ts-check
// A video file in, its fingerprint out: demux -> decode -> copy into the core -> digest and hash -> finish.
// However long the video, memory holds a few frames, one chunk of the file, and the hashes.

import { FrameHasher, frameBuffer, inTurn } from './core.js';
import { firstPacket, openVideo, promiseOf } from './demux.js';
import { Failure } from './failure.js';
import { fileOf } from './fingerprint-file.js';
import { chooseTier, decodeFrames, matrixOf, namedMatrix, supportedConfig, visibleRect } from './webcodecs.js';
import { resultOf } from './result.js';

/** Digests computed by the browser at the same time; each holds a copy of a frame. */
const DIGESTS_AT_ONCE = 4;
/** The first ones tell enough of a file that is damaged all over. */
const MAX_PROBLEMS = 32;

/**
 * @typedef {import('./demux.js').Video} Video
 * @typedef {import('./webcodecs.js').Tier} Tier
 * @typedef {import('./filescan.js').Scan} Scan
 */

/**
 * @param {File} file
 * @param {Promise<Scan>} scan the reading of the file's bytes, going on beside this
 * @param {import('./progress.js').Progress} progress
 * @returns {Promise<import('./protocol.js').Result>}
 */
export async function hashVideo(file, scan, progress) {
  const video = await openVideo(file);
  try {
    const config = await supportedConfig(video);
    const promise = await promiseOf(video);
    progress.expectFrames(promise.frames);
    const hashing = new Hashing(video, progress);
    await hashing.run(config);
    const { json, requireUnchanged } = await scan;
    await requireUnchanged();
    return await hashing.finish(json, promise.endS);
  } finally {
    video.input.dispose();
  }
}

/** The hashing of one video; made with the first frame, which tells the tier and the format. */
class Hashing {
  /** @param {Video} video @param {import('./progress.js').Progress} progress */
  constructor(video, progress) {
    this.video = video;
    this.progress = progress;
    /** @type {FrameHasher | null} */
    this.hasher = null;
    /** @type {Tier | null} */
    this.tier = null;
    this.shape = '';
    this.firstTicks = 0;
    this.framesDone = 0;
    /** @type {{ code: string, frame: number }[]} */
    this.problems = [];
    /** Digests being computed, and those that wait to be given to the core. */
    this.pending = /** @type {Set<Promise<void>>} */ (new Set());
    this.digests = /** @type {{ index: number, sha256: Uint8Array }[]} */ ([]);
  }

  /** @param {VideoDecoderConfig} config */
  async run(config) {
    const key = await firstPacket(this.video);
    const noteDamage = () => this.note('decode-error');
    for await (const { frame, ticks, broken } of decodeFrames(this.video, config, key, noteDamage)) {
      try {
        if (broken) noteDamage();
        if (ticks === null) continue;
        if (!this.hasher) this.start(frame, ticks);
        if (shapeOf(this.video, frame) !== this.shape) {
          this.note('size-changes');
          break;
        }
        await this.hash(frame, ticks);
      } finally {
        frame.close();
      }
    }
    await Promise.all(this.pending);
  }

  /** Notes a problem that begins with the next frame. @param {string} code */
  note(code) {
    const frame = this.framesDone;
    const isKnown = this.problems.some((problem) => problem.code === code && problem.frame === frame);
    if (!isKnown && this.problems.length < MAX_PROBLEMS) this.problems.push({ code, frame });
  }

  /** @param {VideoFrame} frame @param {number} ticks */
  start(frame, ticks) {
    this.tier = chooseTier(frame);
    // Converted frames cannot be cut to the visible part any more; other pixels would be hashed.
    if (this.video.crop && this.tier.tier !== 'exact') throw new Failure('unsupported-crop');
    this.shape = shapeOf(this.video, frame);
    this.firstTicks = ticks;
    this.hasher = new FrameHasher(headerOf(this.video, frame, this.tier));
  }

  /** @param {VideoFrame} frame @param {number} ticks */
  async hash(frame, ticks) {
    const hasher = /** @type {FrameHasher} */ (this.hasher);
    const tier = /** @type {Tier} */ (this.tier);
    while (this.pending.size >= DIGESTS_AT_ONCE) await Promise.race(this.pending);
    await inTurn(async () => {
      this.deliverDigests();
      const pixels = await copyFrame(this.video, frame, hasher, tier);
      const index = this.framesDone;
      if (tier.tier === 'exact') this.digest(index, pixels, tier);
      if (hasher.pushFrame(ticks) !== index) throw new Failure('internal', { message: 'a frame was counted twice' });
      // NV12 is brought into I420 order by the core, so the core digests it.
      if (tier.pixelFormat === 'nv12' || !crypto.subtle) hasher.setDigest(index, hasher.digestFrame());
    });
    this.framesDone++;
    this.progress.framesDone(this.framesDone);
  }

  /** Starts the digest of the frame that lies in the buffer. @param {number} index @param {Uint8Array<ArrayBuffer>} pixels @param {Tier} tier */
  digest(index, pixels, tier) {
    if (tier.pixelFormat === 'nv12' || !crypto.subtle) return;
    // The browser copies its input before it returns, so the buffer is free at once.
    const job = crypto.subtle.digest('SHA-256', pixels).then((sha256) => {
      this.digests.push({ index, sha256: new Uint8Array(sha256) });
      this.pending.delete(job);
    });
    this.pending.add(job);
  }

  deliverDigests() {
    for (const { index, sha256 } of this.digests) this.hasher?.setDigest(index, sha256);
    this.digests = [];
  }

  /** @param {string} scanJson @param {number | null} promisedEndS */
  async finish(scanJson, promisedEndS) {
    const { hasher, video: { timeBase: [ticksUp, ticksDown] } } = this;
    /** @type {import('./filescan.js').FileFacts} */
    const facts = JSON.parse(scanJson);
    if (!hasher) throw new Failure(facts.cutOff ? 'cut-off-nothing-readable' : 'no-frames');
    const promisedS = promisedEndS === null ? undefined : promisedEndS - this.firstTicks * ticksUp / ticksDown;
    return inTurn(() => {
      this.deliverDigests();
      for (const { code, frame } of this.problems) hasher.noteProblem(code, frame);
      // A transport stream has no lengths: what is left of the packet at the cut is decoded like a whole one.
      if (facts.cutOff && facts.container === 'mpegts') hasher.noteProblem('decode-error');
      const fingerprint = hasher.finish(scanJson, promisedS);
      return resultOf(fingerprint, fileOf(fingerprint), this.firstTicks);
    });
  }
}

/** A change of either makes the frames of one file incomparable. @param {Video} video @param {VideoFrame} frame */
function shapeOf(video, frame) {
  const { width, height } = visibleRect(video, frame);
  return `${frame.format} ${width}x${height}`;
}

/**
 * Writes the visible part of a frame into the core's buffer, planes tightly packed.
 * @param {Video} video
 * @param {VideoFrame} frame
 * @param {FrameHasher} hasher
 * @param {Tier} tier
 */
export async function copyFrame(video, frame, hasher, { copyFormat }) {
  const pixels = frameBuffer(hasher);
  await frame.copyTo(pixels, {
    rect: visibleRect(video, frame),
    layout: JSON.parse(hasher.frameLayout()),
    ...(copyFormat && { format: copyFormat, colorSpace: 'srgb' }),
  });
  return pixels;
}

/**
 * What the core must know before the first frame.
 * @param {Video} video
 * @param {VideoFrame} frame the first
 * @param {Tier} tier
 */
export function headerOf(video, frame, { tier, tierReason, pixelFormat }) {
  const { codec, config, rotation, timeBase } = video;
  const { width, height } = visibleRect(video, frame);
  // Frames that were made RGB are described by the new colours, so the stream's own range comes from its headers.
  const fullRange = tier === 'exact' ? frame.colorSpace.fullRange : config.colorSpace?.fullRange;
  return JSON.stringify({
    codec, pixelFormat, range: fullRange ? 'full' : 'limited', width, height, rotation, timeBase,
    tier, tierReason,
    // Planar frames need one only to be shown; where the stream names none, the core goes by the size.
    matrix: tier === 'exact' ? namedMatrix(config.colorSpace?.matrix) : matrixOf(codec, height, config.colorSpace?.matrix),
  });
}
