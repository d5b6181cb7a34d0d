// @ts-check
// Before a browser's decoder is trusted, it decodes a few frames whose hashes are known, in exactly the way
// that the video's own frames go. This reveals a browser, driver or privacy setting that alters pixels, which the video itself
// cannot. Done once for each kind of video and way to decode it; the page remembers the findings.
// docs/decoding.md, section "Self-check".

import { colourOf } from '../read/colour.js';
import { FileScan, FrameHasher, VideoRecorder, inTurn } from '../shared/core.js';
import { NOT_TURNED } from '../read/display.js';
import { Failure } from '../shared/failure.js';
import { Parts } from '../fingerprint/fingerprint-file.js';
import { copyFrame, headerOf } from './frames.js';
import { hashesIn } from '../shared/hashes-in.js';
import { REFERENCE_CLIPS } from './reference-clips.js';
import { createWatch } from '../../shared/watch.js';
import { chooseTier, isConverted } from './webcodecs.js';

/** A check takes milliseconds; a graphics card that wakes up takes a second. */
const PATIENCE_MS = 10_000;
/** The worst that docs/hashes.md promises of the perceptual tier: differing bits of a frame's PDQ, and the share of motion cells. */
const MAX_PDQ_BITS = 24;
const MAX_OTHER_CELLS = 0.055;
const MOTION_CELLS = 256;
/** Ticks of 0.1 s, so that the 0.4 s between frames are whole ticks. */
const TIME_BASE = /** @type {[number, number]} */ ([1, 10]);
const TICK_US = 100_000;

/**
 * faithful: the very samples; altered: others, within the bounds of the perceptual tier; scrambled: beyond them; unverified: no answer.
 * @typedef {'faithful' | 'altered' | 'scrambled' | 'unverified'} Finding
 * @typedef {{ [kind: string]: Finding }} Findings
 * @typedef {import('./webcodecs.js').Tier} Tier
 * @typedef {import('../shared/hashes-in.js').Hashes} Hashes
 *
 * `chunks`: time in microseconds and bytes in base64, in decode order, a key frame first; `description` is in base64, too.
 * @typedef {{
 *   codec: string, pixelFormat: string, config: VideoDecoderConfig, description?: string, chunks: [number, string][],
 * } & Hashes} ReferenceClip
 */

const CLIPS = /** @type {ReferenceClip[]} */ (/** @type {unknown} */ (REFERENCE_CLIPS));

export class SelfCheck {
  /** @param {Findings} known @param {(kind: string, finding: Finding) => void} tell */
  constructor(known, tell) {
    this.known = known;
    this.tell = tell;
  }

  /**
   * The tier that the decoder's finding allows.
   * @param {Tier} tier what a frame of the video allows
   * @param {string} codec
   * @param {VideoDecoderConfig} config the video's
   * @returns {Promise<Tier>} fails if not even perceptual hashes would be right
   */
  async trusted(tier, codec, config) {
    const clip = clipFor(tier, codec, config);
    const finding = clip ? await this.find(clip, config.hardwareAcceleration) : 'unverified';
    if (finding === 'scrambled') throw new Failure('altered-pixels', { codec });
    if (tier.tier === 'perceptual' || finding === 'faithful') return tier;
    return { ...tier, tier: 'perceptual', tierReason: finding === 'altered' ? 'altered-pixels' : 'unverified' };
  }

  /** @param {ReferenceClip} clip @param {HardwareAcceleration} [acceleration] */
  async find(clip, acceleration = 'no-preference') {
    const kind = `${clip.codec} ${clip.pixelFormat} ${acceleration}`;
    if (!this.known[kind]) {
      // After any error, nothing is known of the decoder.
      this.known[kind] = await hashesOf(clip, acceleration).then((found) => judge(found, clip), () => 'unverified');
      this.tell(kind, this.known[kind]);
    }
    return this.known[kind];
  }
}

/**
 * The reference clip with a video's codec and layout. Converted frames no longer show their layout, so for them the name
 * of the profile decides.
 * @param {Tier} tier @param {string} codec @param {VideoDecoderConfig} config
 */
function clipFor(tier, codec, config) {
  const ofCodec = CLIPS.filter((clip) => clip.codec === codec);
  if (isConverted(tier)) return ofCodec.find((clip) => profileOf(clip.config) === profileOf(config)) ?? ofCodec[0];
  // To decoders, red, green and blue are three planes like any other.
  const pixelFormat = tier.pixelFormat === 'nv12' ? 'yuv420p' : tier.pixelFormat.replace('gbrp', 'yuv444p');
  return ofCodec.find((clip) => clip.pixelFormat === pixelFormat);
}

/** Profile and depth in a codec's name: `avc1.PPCCLL`, `vp09.PP.LL.DD`, `av01.P.LLT.DD`, `hvc1.P...`. @param {VideoDecoderConfig} config */
function profileOf({ codec }) {
  const [family, profile = '', , depth = ''] = codec.split('.');
  return family.startsWith('avc') ? profile.slice(0, 2) : `${profile} ${family.startsWith('h') ? '' : depth}`;
}

/** @param {Hashes} found @param {Hashes} expected @returns {Finding} */
export function judge(found, expected) {
  if (found.pdq.length !== expected.pdq.length || found.motion.length !== expected.motion.length) return 'scrambled';
  if (found.sha256.join() === expected.sha256.join()) return 'faithful';
  const bits = found.pdq.map((pdq, i) => differingBits(pdq, expected.pdq[i]));
  const cells = found.motion.map((sample, i) => differingCells(sample, expected.motion[i]));
  const share = cells.reduce((sum, count) => sum + count, 0) / (MOTION_CELLS * cells.length);
  return Math.max(...bits) <= MAX_PDQ_BITS && share <= MAX_OTHER_CELLS ? 'altered' : 'scrambled';
}

/** @param {string} hex @param {string} other */
const differenceOf = (hex, other) => (BigInt(`0x${hex}`) ^ BigInt(`0x${other}`)).toString(2);

/** @param {string} hex @param {string} other */
const differingBits = (hex, other) => differenceOf(hex, other).replaceAll('0', '').length;

/** Differing cells of two bits each. @param {string} hex @param {string} other */
function differingCells(hex, other) {
  const pairs = differenceOf(hex, other).padStart(2 * MOTION_CELLS, '0').match(/../g) ?? [];
  return pairs.filter((pair) => pair !== '00').length;
}

/** This browser's hashes of a reference clip. @param {ReferenceClip} clip @param {HardwareAcceleration} acceleration @returns {Promise<Hashes>} */
async function hashesOf(clip, acceleration) {
  const frames = await decode(clip, acceleration);
  try {
    return await hash(clip, frames);
  } finally {
    for (const frame of frames) frame.close();
  }
}

/** @param {ReferenceClip} clip @param {HardwareAcceleration} hardwareAcceleration */
async function decode({ config, description, chunks }, hardwareAcceleration) {
  /** @type {VideoFrame[]} */
  const frames = [];
  // After an error, flush() rejects, so the wait for frames ends, too.
  const decoder = new VideoDecoder({ output: (frame) => { frames.push(frame); }, error: () => {} });
  /** @type {(cause: Error) => void} */
  let giveUp = () => {};
  const silence = new Promise((_, reject) => { giveUp = reject; });
  const watch = createWatch(() => giveUp(new Error('no answer')), PATIENCE_MS);
  watch.start();
  try {
    decoder.configure({ ...config, ...(description && { description: bytesOf(description) }), hardwareAcceleration });
    for (const [i, [timestamp, data]] of chunks.entries()) {
      decoder.decode(new EncodedVideoChunk({ type: i === 0 ? 'key' : 'delta', timestamp, data: bytesOf(data) }));
    }
    await Promise.race([decoder.flush(), silence]);
    return frames;
  } catch (cause) {
    for (const frame of frames) frame.close();
    throw cause;
  } finally {
    watch.stop();
    if (decoder.state !== 'closed') decoder.close();
  }
}

/** @param {ReferenceClip} clip @param {VideoFrame[]} frames */
async function hash({ codec, config, description, chunks: [[, key]] }, frames) {
  const record = description ? { description: bytesOf(description) } : {};
  const colour = await colourOf({ codec, config: { ...config, ...record } }, bytesOf(key));
  const video = { codec, config, colour, display: NOT_TURNED, timeBase: TIME_BASE, crop: null };
  const tier = chooseTier(frames[0], colour);
  const header = headerOf(video, frames[0], tier);
  const { take, file } = new Parts();
  const [hasher, recorder] = [new FrameHasher(header), new VideoRecorder(header, take)];
  for (const [number, frame] of frames.entries()) {
    await inTurn(async () => {
      await copyFrame(video, frame, hasher, tier);
      const sha256 = tier.tier === 'exact' ? hasher.digestFrame() : null;
      recorder.push(Math.round(frame.timestamp / TICK_US), hasher.hashFrame(number), sha256);
    });
  }
  hasher.free();
  await inTurn(() => recorder.finish(new FileScan().finish()));
  return hashesIn(await file().text());
}

/** @param {string} base64 */
const bytesOf = (base64) => Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
