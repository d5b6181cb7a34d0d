// @ts-check
// Decoded frames in, hashed frames out, in order: copy into the core -> perceptual hashes, and digests beside them. The same
// for a whole video and for a range of it.

import { FrameHasher, frameBuffer, inTurn } from '../shared/core.js';
import { Failure } from '../shared/failure.js';
import { chooseTier, decodeFrames, isConverted, matrixOf, namedMatrix, visibleRect } from './webcodecs.js';

/** Digests computed by the browser at the same time; each holds a copy of a frame. */
const DIGESTS_AT_ONCE = 4;

/**
 * A hashed frame as the core's VideoRecorder takes it: `header` is the same for all frames of a video, `ticks` when it is
 * shown, `packet` the number of its packet. Or what goes wrong from the next frame on.
 * @typedef {{ header: string, ticks: number, packet: number, hashes: Uint8Array, sha256: Uint8Array | null }} HashedFrame
 * @typedef {{ problem: 'decode-error' | 'frames-missing' | 'size-changes' }} Problem
 *
 * @typedef {import('../read/demux.js').Video} Video
 * What the core must be told of a video. @typedef {Pick<Video, 'codec' | 'config' | 'display' | 'timeBase' | 'crop' | 'colour'>} Described
 * @typedef {import('./webcodecs.js').Tier} Tier
 * @typedef {import('./self-check.js').SelfCheck} SelfCheck
 */

/**
 * @param {import('./webcodecs.js').Decodable} video
 * @param {VideoDecoderConfig} config
 * @param {SelfCheck} selfCheck
 * @param {import('./webcodecs.js').Packet | null} key where to begin
 * @returns {AsyncGenerator<HashedFrame | Problem, void>}
 */
export async function* hashFrames(video, config, selfCheck, key) {
  /** @type {(Begun | Problem)[]} */
  const waiting = [];
  const note = (/** @type {Problem['problem']} */ problem) => { waiting.push({ problem }); };
  const hashing = new Hashing(video, config, selfCheck);
  try {
    for await (const { frame, ticks, packet, broken, resized } of decodeFrames(video, config, key, note)) {
      try {
        if (broken) note('decode-error');
        if (ticks === null) continue;
        if (hashing.hasher && resized || !hashing.fits(frame)) {
          note('size-changes');
          break;
        }
        waiting.push(await hashing.begin(frame, ticks, packet));
      } finally {
        frame.close();
      }
      while (waiting.length > DIGESTS_AT_ONCE) yield await ended(waiting.shift());
    }
    while (waiting.length > 0) yield await ended(waiting.shift());
  } finally {
    hashing.hasher?.free();
  }
}

/** A frame whose digest is still being made. @typedef {{ frame: Omit<HashedFrame, 'sha256'>, digest: Promise<Uint8Array> | null }} Begun */

/** @param {Begun | Problem | undefined} one @returns {Promise<HashedFrame | Problem>} */
async function ended(one) {
  const { frame, digest } = /** @type {Begun} */ (one);
  return frame ? { ...frame, sha256: await digest } : /** @type {Problem} */ (/** @type {unknown} */ (one));
}

/** Hashes frames one after the other; the first tells the tier and the format. */
class Hashing {
  /** @param {Described} video @param {VideoDecoderConfig} config @param {SelfCheck} selfCheck */
  constructor(video, config, selfCheck) {
    this.video = video;
    this.config = config;
    this.selfCheck = selfCheck;
    /** @type {FrameHasher | null} */
    this.hasher = null;
    /** @type {Tier | null} */
    this.tier = null;
    this.header = '';
    this.shape = '';
  }

  /** Whether a frame may stand in one fingerprint with those before. @param {VideoFrame} frame */
  fits(frame) {
    return !this.hasher || shapeOf(this.video, frame) === this.shape;
  }

  /** @param {VideoFrame} frame */
  async start(frame) {
    this.tier = await this.selfCheck.trusted(chooseTier(frame, this.video.colour), this.video.codec, this.config);
    // Converted frames cannot be cut to the visible part any more, nor those that WebKit cut elsewhere; other pixels would be hashed.
    const { crop } = this.video;
    const { width, height } = visibleRect(this.video, frame);
    if (crop && (isConverted(this.tier) || width !== crop.width || height !== crop.height)) throw new Failure('unsupported-crop');
    this.shape = shapeOf(this.video, frame);
    this.header = headerOf(this.video, frame, this.tier);
    this.hasher = new FrameHasher(this.header);
  }

  /**
   * The frame may be closed as soon as this has ended.
   * @param {VideoFrame} frame @param {number} ticks @param {number} packet
   * @returns {Promise<Begun>}
   */
  async begin(frame, ticks, packet) {
    if (!this.hasher) await this.start(frame);
    return inTurn(async () => {
      const [hasher, tier] = /** @type {[FrameHasher, Tier]} */ ([this.hasher, this.tier]);
      const pixels = await copyFrame(this.video, frame, hasher, tier);
      const digest = tier.tier === 'exact' ? digestOf(pixels, hasher, tier) : null;
      return { digest, frame: { header: this.header, ticks, packet, hashes: hasher.hashFrame() } };
    });
  }
}

/**
 * The digest of the frame in the core's buffer, in the recorded order.
 * @param {Uint8Array<ArrayBuffer>} pixels @param {FrameHasher} hasher @param {Tier} tier
 */
async function digestOf(pixels, hasher, tier) {
  // NV12 is brought into I420 order by the core, so the core digests it.
  if (tier.pixelFormat === 'nv12' || !crypto.subtle) return hasher.digestFrame();
  // The browser copies its input before it returns, so the buffer is free at once.
  return new Uint8Array(await crypto.subtle.digest('SHA-256', pixels));
}

/** A change of either makes the frames of one file incomparable. @param {Described} video @param {VideoFrame} frame */
function shapeOf(video, frame) {
  const { width, height } = visibleRect(video, frame);
  return `${frame.format} ${width}x${height}`;
}

/**
 * Writes the visible part of a frame into the core's buffer, planes tightly packed. Fails where the browser decodes a video and
 * keeps its frames to itself.
 * @param {Described} video
 * @param {VideoFrame} frame
 * @param {FrameHasher} hasher
 * @param {Tier} tier
 */
export async function copyFrame(video, frame, hasher, { copyFormat }) {
  const layout = JSON.parse(hasher.frameLayout());
  // After the last call into the core, which may move its memory.
  const pixels = frameBuffer(hasher);
  try {
    await frame.copyTo(pixels, {
      rect: visibleRect(video, frame), layout,
      ...(copyFormat && { format: copyFormat, colorSpace: 'srgb' }),
    });
  } catch (cause) {
    throw isWithheld(cause) ? new Failure('unsupported-copy', { codec: video.codec }) : cause;
  }
  return pixels;
}

/** How WebKit 2.50 refuses to copy a frame whose layout it does not know (10 bits), or does not copy (4:2:2, 4:4:4). @param {unknown} cause */
const isWithheld = (cause) => cause instanceof TypeError || cause instanceof DOMException && cause.name === 'NotSupportedError';

/**
 * What the core must know before the first frame.
 * @param {Described} video
 * @param {VideoFrame} frame the first
 * @param {Tier} chosen
 */
export function headerOf(video, frame, chosen) {
  const { tier, tierReason, pixelFormat } = chosen;
  const { codec, config, display, timeBase, colour: { isRgb, isFullRange } } = video;
  const { width, height } = visibleRect(video, frame);
  // Frames that were made RGB are described by the new colours.
  const byBrowser = isConverted(chosen) ? config.colorSpace?.fullRange : frame.colorSpace.fullRange;
  return JSON.stringify({
    codec, pixelFormat, range: isRgb || (isFullRange ?? byBrowser) ? 'full' : 'limited', width, height, ...display, timeBase,
    tier, tierReason, matrix: isRgb ? RGB_MATRIX : matrixFor(chosen, video, height),
  });
}

/** Red, green and blue have no matrix of their own; the command weighs them with this one. */
const RGB_MATRIX = 'bt601';

/** Planar frames need one only to be shown; where the stream names none, the core goes by the size. @param {Tier} chosen @param {Described} video @param {number} height */
function matrixFor(chosen, { codec, config: { colorSpace } }, height) {
  return isConverted(chosen) ? matrixOf(codec, height, colorSpace?.matrix) : namedMatrix(colorSpace?.matrix);
}
