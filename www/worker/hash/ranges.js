// @ts-check
// Several decoders share a video: each hashes ranges that begin at a key packet. This worker reads the file and hands out the
// packets, so memory holds the container's index once, and a few packets for each decoder.

import { bytesOf } from '../shared/bytes.js';
import { inTurn, isEntry } from '../shared/core.js';
import { Failure, isFileChange } from '../shared/failure.js';
import { Helper } from '../shared/helper.js';
import { Uneven, joined } from './joined.js';
import { Queue } from '../shared/queue.js';

/**
 * @typedef {import('../read/demux.js').Video} Video
 * @typedef {import('../read/demux.js').Packet} Packet
 * @typedef {import('./joined.js').BegunRange} BegunRange
 * @typedef {import('../decode/frames.js').HashedFrame} HashedFrame
 *
 * A range begins at a key packet; `first` is the number of its first frame in the video; `end` is the number of the next range's key packet,
 * null in the last range.
 * @typedef {{ start: Packet, first: number, end: number | null }} Range
 */

/** The most packets on their way to a decoder: twice its own queue. */
const PACKETS_AHEAD = 16;
/** Ranges that a helper hashes before it is replaced: ending it frees the memory of its packets and frames, which browsers are slow to do. */
const RANGES_EACH = 4;
/** The most frames waiting to be recorded; then their decoder gets no more packets. */
const FRAMES_AHEAD = 512;

/**
 * @param {Video} video
 * @param {VideoDecoderConfig} config
 * @param {import('../decode/decoders.js').Decoders} decoders
 * @param {(frames: number) => void} tell called with the number of frames hashed in all ranges
 * @returns {AsyncGenerator<HashedFrame, void>}
 */
export async function* hashRanges(video, config, { count, rangeS }, tell) {
  const places = rangesOf(video, rangeS);
  /** @type {Queue<BegunRange>} */
  const begun = new Queue(count * 2);
  /** @type {Set<Hashing>} */
  const open = new Set();
  let frames = 0;
  const onFrame = () => tell(++frames);
  const lane = async () => {
    for (let next = await places.next(); !next.done && !begun.isClosed;) {
      const helper = new Helper();
      try {
        for (let i = 0; i < RANGES_EACH && !next.done && !begun.isClosed; i++) {
          const hashing = new Hashing(helper, video, config, next.value, onFrame);
          open.add(hashing);
          await begun.push(hashing);
          await hashing.ended;
          open.delete(hashing);
          next = await places.next();
        }
      } finally {
        helper.dismiss();
      }
    }
  };
  try {
    Promise.all(Array.from({ length: count }, lane)).then(() => begun.close(), (cause) => begun.close(unevenOr(cause)));
    yield* joined(begun);
  } finally {
    begun.close();
    for (const hashing of open) hashing.stop(null);
  }
}

/** The cause if the file itself fails; else Uneven, because one decoder, which need not look for key packets ahead, may get further. @param {unknown} cause */
const unevenOr = (cause) => (cause instanceof Failure || isFileChange(cause) ? cause : new Uneven(String(cause)));

/**
 * Divides a video into ranges of at least `leastS` seconds.
 * @param {Video} video
 * @param {number} leastS
 * @returns {AsyncGenerator<Range, void>}
 */
async function* rangesOf(video, leastS) {
  const { sink, shownAt } = video;
  let start = await sink.getFirstKeyPacket();
  let first = 0;
  let frames = 0;
  for (let packet = start; start && packet;) {
    if (shownAt(packet) !== null) frames++;
    packet = await sink.getNextPacket(packet, { metadataOnly: true });
    if (packet && (packet.type !== 'key' || packet.timestamp - start.timestamp < leastS)) continue;
    const next = packet && await entryAt(video, packet);
    if (packet && !next) continue;
    yield { start, first, end: next && next.sequenceNumber };
    start = next;
    first = frames;
  }
}

/**
 * A key packet with its data, if no later packet refers to earlier ones, and no later frame is shown before
 * it; else null. Its own frame must be shown, so that it can be compared.
 * @param {Video} video @param {Packet} key without its data
 * @returns {Promise<Packet | null>}
 */
async function entryAt(video, key) {
  const { sink, track, shownAt } = video;
  const [packet, next] = await Promise.all([sink.getKeyPacket(key.timestamp), sink.getNextPacket(key, { metadataOnly: true })]);
  if (packet?.sequenceNumber !== key.sequenceNumber || shownAt(key) === null) return null;
  if (next && next.timestamp < key.timestamp) return null;
  const { description } = video.config;
  const ends = await inTurn(() => isEntry(video.codec, description && bytesOf(description), packet.data));
  return ends && await track.determinePacketType(packet) === 'key' ? packet : null;
}

/** One range that a helper is hashing. */
class Hashing {
  /** @type {Queue<HashedFrame>} */
  frames = new Queue(FRAMES_AHEAD);
  /** Resolves when there is room for another frame. @type {Promise<void> | undefined} */
  #room;
  /** Memory for packets on their way; the helper returns it when the decoder has its copy. @type {Queue<ArrayBuffer>} */
  #buffers = new Queue();
  #helper;
  #port;
  #free = () => {};
  /** Resolves when the helper is free again. @type {Promise<void>} */
  ended = new Promise((resolve) => { this.#free = resolve; });

  /** @param {Helper} helper @param {Video} video @param {VideoDecoderConfig} config @param {Range} range @param {() => void} onFrame */
  constructor(helper, video, config, range, onFrame) {
    this.end = range.end;
    this.#helper = helper;
    const hear = (/** @type {import('./range.js').FromRange} */ message) => {
      if ('done' in message) this.stop(null);
      else if ('odd' in message) this.stop(new Uneven(message.odd));
      else if ('buffer' in message) this.#buffers.push(message.buffer);
      else { this.#room = this.frames.push(message); onFrame(); }
    };
    // If frames wait to be taken, the helper may be waiting for room.
    const onSilence = () => { if (this.frames.values.length === 0) this.stop(new Uneven('no progress')); };
    const { codec, display, timeBase, crop, colour } = video;
    const described = { codec, config: video.config, display, timeBase, crop, colour };
    this.#port = helper.begin({ op: 'range', video: described, config, first: range.first }, hear, onSilence);
    this.#feed(video, range).catch((cause) => this.stop(unevenOr(cause)));
  }

  /** Ends the range. @param {unknown} cause what is wrong with it; null if nothing is */
  stop(cause) {
    // The helper may already be hashing another range.
    if (this.frames.isClosed) return;
    this.#helper.end();
    this.#buffers.close();
    this.frames.close(cause);
    this.#free();
  }

  /**
   * Gives the helper the range's packets, and the next range's key packet: so the decoder treats the frames
   * before it as a single decoder would, and that packet's frame must be the same from both.
   * @param {Video} video @param {Range} range
   */
  async #feed(video, { start, end }) {
    for (let i = 0; i < PACKETS_AHEAD; i++) this.#buffers.push(new ArrayBuffer(0));
    const buffers = this.#buffers[Symbol.asyncIterator]();
    for await (const packet of video.packetsFrom(start)) {
      const { value: buffer } = await buffers.next();
      await this.#room;
      if (!buffer) return;
      this.#send(packet, video.shownAt(packet), buffer);
      if (packet.sequenceNumber >= (end ?? Infinity)) break;
    }
    this.#port.postMessage(null);
  }

  /** @param {Packet} packet @param {number | null} ticks @param {ArrayBuffer} buffer to reuse if it is large enough */
  #send({ data, type, microsecondTimestamp, sequenceNumber }, ticks, buffer) {
    const place = buffer.byteLength < data.length ? new ArrayBuffer(data.length) : buffer;
    const copy = new Uint8Array(place, 0, data.length);
    copy.set(data);
    /** @type {import('./range.js').SentPacket} */
    const sent = { data: copy, type, microsecondTimestamp, sequenceNumber, ticks };
    this.#port.postMessage(sent, [place]);
  }
}
