// @ts-check
// The WebCodecs route: the browser's own decoder, fed packet by packet, gives frames in display order.
// Planar frames are the decoder's own samples, so their digests are exact. RGB frames were converted,
// which is good enough for perceptual hashes only. The browser cannot be asked which it will
// give: only a decoded frame shows it.

import { PacketReader, inTurn } from '../shared/core.js';
import { Failure, isFileChange } from '../shared/failure.js';
import { bytesOf } from '../shared/bytes.js';
import { createWatch } from '../../shared/watch.js';

/** The most packets waiting in the decoder, and frames waiting to be hashed: enough to keep both busy. */
const QUEUE = 8;
/** How many packets to remember. Some frames never come out (hidden, damaged); decoders hold back 16. */
const REMEMBERED_PACKETS = 64;
/** A file with more damaged places than this is given up. */
const RESTARTS = 64;

/** Added to all times that decoders see, because WebKit loses times below 0, which edit lists cause. Longer than any video. */
const TIME_SHIFT_US = 2 ** 40;

/** WebCodecs' planar formats as ffmpeg names them. */
const PLANAR = /** @type {{ [format: string]: string }} */ ({
  I420: 'yuv420p', I420P10: 'yuv420p10le', I420P12: 'yuv420p12le',
  I422: 'yuv422p', I422P10: 'yuv422p10le', I422P12: 'yuv422p12le',
  I444: 'yuv444p', I444P10: 'yuv444p10le', I444P12: 'yuv444p12le',
  NV12: 'nv12',
  // Not in WebCodecs: av1.js gives them.
  I400: 'gray', I400P10: 'gray10le', I400P12: 'gray12le',
});
/** Planar formats whose planes are green, blue and red. */
const PLANAR_RGB = /** @type {{ [format: string]: string }} */ ({ I444: 'gbrp', I444P10: 'gbrp10le', I444P12: 'gbrp12le' });
const RGB = /** @type {{ [format: string]: string }} */ ({ BGRX: 'bgra', BGRA: 'bgra', RGBX: 'rgba', RGBA: 'rgba' });

/**
 * @typedef {import('../read/demux.js').Video} Video
 * The part of a packet that decoding needs. @typedef {Pick<import('../read/demux.js').Packet, 'data' | 'type' | 'microsecondTimestamp' | 'sequenceNumber'>} Packet
 *
 * A video, or a range of one, as decoding needs it; members as in `Video`.
 * @typedef {{
 *   packetsFrom(packet: Packet): AsyncGenerator<Packet, void>, keyAfter(packet: Packet): Promise<Packet | null>,
 *   shownAt(packet: Packet): number | null,
 * } & import('./frames.js').Described} Decodable
 *
 * @typedef {{ tier: 'exact' | 'perceptual', tierReason: string | null, pixelFormat: string, copyFormat?: 'BGRA' }} Tier
 */

/**
 * The tier that a decoded frame allows. If it allows none, or there is no frame, decoder-order.js goes on to the ffmpeg route,
 * ffmpeg in WebAssembly; if it is perceptual, the user may choose the ffmpeg route.
 * @param {VideoFrame} frame
 * @param {import('../read/colour.js').Colour} colour
 * @returns {Tier}
 */
export function chooseTier({ format }, { isRgb, isGrey }) {
  if (format === null) return { tier: 'perceptual', tierReason: 'opaque-frames', pixelFormat: 'bgra', copyFormat: 'BGRA' };
  // The added planes are not in the stream.
  if (isGrey && PLANAR[format] && !PLANAR[format].startsWith('gray')) throw new Failure('unsupported-pixel-format', { message: 'gray' });
  if (PLANAR_RGB[format] && isRgb === null) throw new Failure('unsupported-pixel-format', { message: format });
  const pixelFormat = isRgb && PLANAR_RGB[format] || PLANAR[format];
  if (pixelFormat) return { tier: 'exact', tierReason: null, pixelFormat };
  if (RGB[format]) return { tier: 'perceptual', tierReason: 'rgb-frames', pixelFormat: RGB[format] };
  throw new Failure('unsupported-codec', { codec: format });
}

/** Whether the browser converts frames to red, green and blue. @param {{ pixelFormat: string }} tier */
export const isConverted = ({ pixelFormat }) => Object.values(RGB).includes(pixelFormat);

/** Colour matrices by their names in a decoder's configuration. */
const MATRICES = /** @type {{ [name: string]: 'bt601' | 'bt709' | 'bt2020' }} */ ({
  smpte170m: 'bt601', bt470bg: 'bt601', bt709: 'bt709', 'bt2020-ncl': 'bt2020',
});

/** The matrix that the stream names; null if none, or one not known here. @param {string | null | undefined} name */
export const namedMatrix = (name) => MATRICES[name ?? ''] ?? null;

/**
 * The matrix with which a frame was converted to RGB: the stream's; if it names none, the one that Firefox 153
 * was measured to use (luma made with it differs from the decoder's own by less than one level on average).
 * @param {string} codec @param {number} height @param {string | null | undefined} named
 */
export function matrixOf(codec, height, named) {
  const guessesBySize = codec === 'vp8' || codec === 'av1';
  return namedMatrix(named) ?? (guessesBySize && height < 720 ? 'bt601' : 'bt709');
}

/**
 * A configuration that this browser can decode. Software decoders come first: their frames are in ordinary
 * memory in the stream's own pixel format, while frames of a graphics card may be opaque.
 * @param {Video} video
 * @returns {Promise<VideoDecoderConfig>}
 */
export async function supportedConfig({ config, codec }) {
  if (typeof VideoDecoder === 'undefined' || typeof VideoFrame === 'undefined') throw new Failure('no-webcodecs');
  for (const hardwareAcceleration of /** @type {const} */ (['prefer-software', 'no-preference'])) {
    const candidate = { ...config, hardwareAcceleration };
    const { supported } = await VideoDecoder.isConfigSupported(candidate).catch(() => ({ supported: false }));
    if (supported) return candidate;
  }
  throw new Failure('unsupported-codec', { codec });
}

/**
 * One frame as the decoder gave it. `ticks`: when it is shown; null for a frame that others need but an
 * edit list hides. `packet`: the number of its packet. `broken`: that packet, or an earlier one not shown before, was
 * visibly damaged and yet decoded. `resized`: its packet is at or after one that changes the picture size, which WebKit's
 * frames do not show.
 * @typedef {{ frame: VideoFrame, ticks: number | null, packet: number, broken: boolean, resized: boolean }} Decoded
 */

/**
 * Decodes all frames from a key packet on, in display order. The receiver closes each frame.
 * After damage, decoding continues at the next key packet.
 * @param {Decodable} video
 * @param {VideoDecoderConfig} config
 * @param {Packet | null} key
 * @param {((problem: 'decode-error' | 'frames-missing') => void) | null} onProblem called between the last good frame and the next; null if
 *   problems do not matter
 * @returns {AsyncGenerator<Decoded, void>}
 */
export async function* decodeFrames(video, config, key, onProblem) {
  for (let restarts = 0; key && restarts <= RESTARTS; restarts++) {
    const run = new DecoderRun(video, config, key, onProblem !== null);
    try {
      yield* run.frames();
      if (run.areMissing()) onProblem?.('frames-missing');
      return;
    } catch (cause) {
      if (!(cause instanceof Damage)) throw cause;
      onProblem?.('decode-error');
      if (cause.final) return;
      key = await video.keyAfter(run.furthest);
    } finally {
      run.close();
    }
  }
}

/**
 * The visible part of a frame, in the coordinates of its samples.
 * @param {Pick<Video, 'crop'>} video
 * @param {VideoFrame} frame
 * @returns {{ x: number, y: number, width: number, height: number }}
 */
export function visibleRect({ crop }, { format, codedWidth, codedHeight, visibleRect: own }) {
  const { x = 0, y = 0, width = 0, height = 0 } = crop ?? own ?? {};
  const isInside = PLANAR[format ?? ''] && x + width <= codedWidth && y + height <= codedHeight;
  return crop && !isInside && own ? own : { x, y, width, height };
}

/** The browser took the decoder away, for instance from a sleeping tab: nothing is wrong with the video. */
export class TakenAway extends Error {}

/** How often to start a video if the browser takes the decoder away. */
const BEGINNINGS = 5;

/**
 * Does work with a decoder, from the beginning if it is taken away.
 * @template T @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function fromBeginning(work) {
  for (let beginning = 1; ; beginning++) {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof TakenAway) || beginning === BEGINNINGS) throw cause;
    }
  }
}

/** Whether WebCodecs took the decoder away ("codec reclamation"). @param {Error} error */
const isTakenAway = ({ name }) => name === 'QuotaExceededError';

/** The decoder met data that it cannot decode. */
class Damage extends Error {
  /** @param {string} message @param {boolean} final whether going on is useless */
  constructor(message, final) {
    super(message);
    this.final = final;
  }
}

/** One decoder from a key packet to the end or to the first damage. */
class DecoderRun {
  /**
   * @param {Decodable} video @param {VideoDecoderConfig} config @param {Packet} key
   * @param {boolean} areChecked whether packets are read to find damage, and their frames counted
   */
  constructor(video, config, key, areChecked) {
    this.video = video;
    // Trusts the container on key packets: many recordings have recovery points as their only entry points,
    // which browsers decode although only some of them count these as key packets.
    this.packets = video.packetsFrom(key);
    /** The last packet, in decode order, that is known to be decoded. */
    this.furthest = key;
    /** @type {Map<number, Packet>} */
    this.packetOf = new Map();
    /** @type {VideoFrame[]} */
    this.ready = [];
    /** @type {Error | null} */
    this.error = null;
    const { description } = video.config;
    this.reader = new PacketReader(video.codec, description && bytesOf(description), areChecked);
    this.given = 0;
    /** The first visibly damaged packet whose frame, or another that needs it, has not come out yet. */
    this.brokenFrom = Infinity;
    /** The first packet that changes the picture size. */
    this.resizedFrom = Infinity;
    this.started = false;
    this.ended = false;
    this.cutShort = false;
    this.wake = () => {};
    this.decoder = new VideoDecoder({
      output: (frame) => { this.ready.push(frame); this.wake(); },
      error: (error) => { this.error = error; this.wake(); },
    });
    this.decoder.ondequeue = () => this.wake();
    const { record } = this.reader;
    this.decoder.configure(record ? { ...config, description: record } : config);
  }

  /** Whether the decoder gave fewer frames than the packets show. */
  areMissing() {
    return this.reader.areMissing(this.given);
  }

  async* frames() {
    let fed = false;
    while (!this.ended || this.ready.length > 0) {
      const frame = this.ready.shift();
      if (frame) yield this.timed(frame);
      else if (this.error) throw isTakenAway(this.error) ? new TakenAway(this.error.message) : new Damage(this.error.message, false);
      else if (!fed && this.decoder.decodeQueueSize < QUEUE) fed = !await this.feed();
      else await this.news();
    }
    if (this.cutShort) throw new Damage('the container is damaged', true);
  }

  /** Gives the decoder its next packet, or flushes it after the last. @returns {Promise<boolean>} */
  async feed() {
    while (!this.error && this.decoder.decodeQueueSize + this.ready.length < QUEUE) {
      const packet = await this.nextPacket();
      if (!packet) {
        this.finishDecoding();
        return false;
      }
      const { isDamaged, isResized, data } = await this.read(packet);
      if (isDamaged) this.brokenFrom = Math.min(this.brokenFrom, packet.sequenceNumber);
      if (isResized) this.resizedFrom = Math.min(this.resizedFrom, packet.sequenceNumber);
      if (this.error) break;
      this.decode(packet, data);
    }
    return true;
  }

  /** The next packet in decode order; none after the last, or where the container stops making sense. */
  async nextPacket() {
    try {
      return (await this.packets.next()).value ?? undefined;
    } catch (cause) {
      if (isFileChange(cause)) throw cause;
      this.cutShort = true;
      return undefined;
    }
  }

  /** Reads a packet: whether it is damaged, whether it changes the picture size, and the data for the decoder. @param {Packet} packet */
  read({ data, microsecondTimestamp, type }) {
    return inTurn(() => {
      const isDamaged = this.reader.read(data, microsecondTimestamp, type === 'key');
      return { isDamaged, isResized: this.reader.isResized, data: /** @type {Uint8Array<ArrayBuffer> | undefined} */ (this.reader.takeRewritten()) ?? data };
    });
  }

  /** @param {Packet} packet @param {Packet['data']} data */
  decode(packet, data) {
    // Decoders order frames by these times and return them unchanged, so they must rise with the
    // container's times. A file may repeat a time; a repeated one is moved by a microsecond.
    let timestamp = packet.microsecondTimestamp + TIME_SHIFT_US;
    while (this.packetOf.has(timestamp)) timestamp++;
    this.packetOf.set(timestamp, packet);
    if (this.packetOf.size > REMEMBERED_PACKETS) this.packetOf.delete(this.packetOf.keys().next().value ?? 0);
    const type = this.started ? packet.type : 'key';
    this.started = true;
    try {
      this.decoder.decode(new EncodedVideoChunk({ type, data, timestamp }));
    } catch (cause) {
      // Chromium checks the first packet at once, and throws if it is no key frame.
      this.error ??= /** @type {Error} */ (cause);
    }
  }

  finishDecoding() {
    const end = () => { this.ended = true; this.wake(); };
    this.decoder.flush().then(end, (error) => { this.error ??= error; this.wake(); });
  }

  /** @param {VideoFrame} frame @returns {Decoded} */
  timed(frame) {
    const packet = this.packetOf.get(frame.timestamp);
    if (!packet) {
      frame.close();
      throw new Failure('unsupported-times', { codec: this.video.codec });
    }
    const { width, height } = visibleRect(this.video, frame);
    // WebKit changes the height of pictures whose pixels are not square.
    if (!this.reader.mayBe(width, height)) {
      frame.close();
      throw new Failure('unsupported-crop');
    }
    this.packetOf.delete(frame.timestamp);
    this.given++;
    if (packet.sequenceNumber > this.furthest.sequenceNumber) this.furthest = packet;
    const ticks = this.video.shownAt(packet);
    // Only frames of av1.js have `broken`.
    const isSaid = 'broken' in frame && frame.broken === true;
    const broken = isSaid || packet.sequenceNumber >= this.brokenFrom;
    if (broken) this.brokenFrom = Infinity;
    return { frame, ticks, packet: packet.sequenceNumber, broken, resized: packet.sequenceNumber >= this.resizedFrom };
  }

  /** Resolves at the decoder's next event; rejects if none comes for long. @returns {Promise<void>} */
  news() {
    return new Promise((resolve, reject) => {
      const watch = createWatch(() => reject(new Failure('browser-decoder-stuck', { codec: this.video.codec })));
      watch.start();
      this.wake = () => { watch.stop(); resolve(); };
    });
  }

  close() {
    for (const frame of this.ready) frame.close();
    this.ready = [];
    if (this.decoder.state !== 'closed') this.decoder.close();
    this.packets.return();
    this.reader.free();
  }
}
