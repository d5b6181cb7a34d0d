// @ts-check
// In: decoded frames. Out: hashed frames, in order: copied into the core, which hashes them, while the browser digests them. The same
// for a whole video and for a range.

import { FrameHasher, frameBuffer, inTurn } from '../shared/core.js';
import { Failure } from '../shared/failure.js';
import { chooseTier, decodeFrames, isConverted, matrixOf, namedMatrix, visibleRect } from './webcodecs.js';

/** How many digests the browser computes at the same time; each holds a copy of a frame. */
const DIGESTS_AT_ONCE = 4;

/**
 * A hashed frame as the core's VideoRecorder takes it: `header` is the same for all frames of a video, `ticks` is when it is
 * shown, `packet` the number of its packet, `number` its own, from 0 for the video's first frame. Or a problem before the next frame.
 * @typedef {{ header: string, ticks: number, packet: number, number: number, hashes: Uint8Array, sha256: Uint8Array | null }} HashedFrame
 * @typedef {{ problem: 'decode-error' | 'frames-missing' | 'size-changes' }} Problem
 *
 * @typedef {import('../read/demux.js').Video} Video
 * The part of a video that the core must know. @typedef {Pick<Video, 'codec' | 'config' | 'display' | 'timeBase' | 'crop' | 'colour'>} Described
 * @typedef {import('./webcodecs.js').Tier} Tier
 * @typedef {import('./self-check.js').SelfCheck} SelfCheck
 */

/**
 * @param {import('./webcodecs.js').Decodable} video
 * @param {VideoDecoderConfig} config
 * @param {SelfCheck} selfCheck
 * @param {import('./webcodecs.js').Packet | null} key where to begin
 * @param {number} first the number of the first frame
 * @returns {AsyncGenerator<HashedFrame | Problem, void>}
 */
export async function* hashFrames(video, config, selfCheck, key, first) {
  /** @type {(Begun | Problem)[]} */
  const waiting = [];
  const note = (/** @type {Problem['problem']} */ problem) => { waiting.push({ problem }); };
  const hashing = new Hashing(video, config, selfCheck, first);
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

/** A frame whose digest is still being computed. @typedef {{ frame: Omit<HashedFrame, 'sha256'>, digest: Promise<Uint8Array> | null }} Begun */

/** @param {Begun | Problem | undefined} one @returns {Promise<HashedFrame | Problem>} */
async function ended(one) {
  const { frame, digest } = /** @type {Begun} */ (one);
  return frame ? { ...frame, sha256: await digest } : /** @type {Problem} */ (/** @type {unknown} */ (one));
}

/** Hashes frames one after the other; the first one sets the tier and the format. */
class Hashing {
  /** @param {Described} video @param {VideoDecoderConfig} config @param {SelfCheck} selfCheck @param {number} first the number of the first frame */
  constructor(video, config, selfCheck, first) {
    this.video = video;
    this.config = config;
    this.selfCheck = selfCheck;
    this.next = first;
    /** @type {FrameHasher | null} */
    this.hasher = null;
    /** @type {Tier | null} */
    this.tier = null;
    this.header = '';
    this.shape = '';
  }

  /** Whether a frame fits into one fingerprint with those before it. @param {VideoFrame} frame */
  fits(frame) {
    return !this.hasher || shapeOf(this.video, frame) === this.shape;
  }

  /** @param {VideoFrame} frame */
  async start(frame) {
    this.tier = await this.selfCheck.trusted(chooseTier(frame, this.video.colour), this.video.codec, this.config);
    // Converted frames can no longer be cropped to the visible part, nor those that WebKit cropped elsewhere: the wrong pixels would be hashed.
    const { crop } = this.video;
    const { width, height } = visibleRect(this.video, frame);
    if (crop && (isConverted(this.tier) || width !== crop.width || height !== crop.height)) throw new Failure('unsupported-crop');
    this.shape = shapeOf(this.video, frame);
    this.header = headerOf(this.video, frame, this.tier);
    this.hasher = new FrameHasher(this.header);
  }

  /**
   * Begins to hash a frame, which may be closed as soon as this returns.
   * @param {VideoFrame} frame @param {number} ticks @param {number} packet
   * @returns {Promise<Begun>}
   */
  async begin(frame, ticks, packet) {
    if (!this.hasher) await this.start(frame);
    return inTurn(async () => {
      const [hasher, tier] = /** @type {[FrameHasher, Tier]} */ ([this.hasher, this.tier]);
      const pixels = await copyFrame(this.video, frame, hasher, tier);
      const digest = tier.tier === 'exact' ? digestOf(pixels, hasher, tier) : null;
      const number = this.next++;
      return { digest, frame: { header: this.header, ticks, packet, number, hashes: hasher.hashFrame(number) } };
    });
  }
}

/**
 * The digest of the frame in the core's buffer, in the recorded order.
 * @param {Uint8Array<ArrayBuffer>} pixels @param {FrameHasher} hasher @param {Tier} tier
 */
async function digestOf(pixels, hasher, tier) {
  // The core reorders NV12 to I420, so the core digests it.
  if (tier.pixelFormat === 'nv12' || !crypto.subtle) return hasher.digestFrame();
  // The browser copies its input before it returns, so the buffer may be reused at once.
  return new Uint8Array(await crypto.subtle.digest('SHA-256', pixels));
}

/** Format and size of a frame: if either changes, the frames of a file are not comparable. @param {Described} video @param {VideoFrame} frame */
export function shapeOf(video, frame) {
  const { width, height } = visibleRect(video, frame);
  return `${frame.format} ${width}x${height}`;
}

/**
 * Writes the visible part of a frame into the core's buffer, planes tightly packed. Fails if the browser decodes the video but
 * does not give its samples.
 * @param {Described} video
 * @param {VideoFrame} frame
 * @param {FrameHasher} hasher
 * @param {Tier} tier
 */
export async function copyFrame(video, frame, hasher, { copyFormat }) {
  const layout = JSON.parse(hasher.frameLayout());
  // Taken after the last call into the core, which may move its memory.
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

/** Whether WebKit 2.50 refuses to copy a frame because it does not know the layout (10 bits), or does not copy it (4:2:2, 4:4:4). @param {unknown} cause */
const isWithheld = (cause) => cause instanceof TypeError || cause instanceof DOMException && cause.name === 'NotSupportedError';

/**
 * The header that the core needs before the first frame.
 * @param {Described} video
 * @param {VideoFrame} frame the first
 * @param {Tier} chosen
 */
export function headerOf(video, frame, chosen) {
  const { tier, tierReason, pixelFormat } = chosen;
  const { codec, config, display, timeBase, colour: { isRgb, isFullRange } } = video;
  const { width, height } = visibleRect(video, frame);
  // A converted frame's colorSpace describes the new colours, so the stream's configuration counts.
  const byBrowser = isConverted(chosen) ? config.colorSpace?.fullRange : frame.colorSpace.fullRange;
  return JSON.stringify({
    codec, pixelFormat, range: isRgb || (isFullRange ?? byBrowser) ? 'full' : 'limited', width, height, ...display, timeBase,
    tier, tierReason, matrix: isRgb ? RGB_MATRIX : matrixFor(chosen, video, height),
  });
}

/** RGB video has no matrix; the command weighs it with this one. */
const RGB_MATRIX = 'bt601';

/** The colour matrix. Planar frames need it only for display; if the stream names none, the core goes by the size. @param {Tier} chosen @param {Described} video @param {number} height */
function matrixFor(chosen, { codec, config: { colorSpace } }, height) {
  return isConverted(chosen) ? matrixOf(codec, height, colorSpace?.matrix) : namedMatrix(colorSpace?.matrix);
}
