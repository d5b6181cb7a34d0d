// @ts-check
// Several decoders share a video: each hashes ranges that begin with a key packet. This worker reads the file and hands out the
// packets, so the container's index is in memory once, and a few packets for each decoder.

import { coreProgram } from './core.js';
import { isEntryPicture } from './entry.js';
import { Failure, isFileChange } from './failure.js';
import { Uneven, joined } from './joined.js';
import { Queue } from './queue.js';
import { scriptUrl } from './script-url.js';
import { HELPER_PATIENCE_MS, createWatch } from './watch.js';

/**
 * @typedef {import('./demux.js').Video} Video
 * @typedef {import('./demux.js').Packet} Packet
 * @typedef {import('./joined.js').BegunRange} BegunRange
 * @typedef {import('./frames.js').HashedFrame} HashedFrame
 * @typedef {import('./self-check.js').SelfCheck} SelfCheck
 *
 * A range begins with a key packet; `end` is the number of the next range's, null after the last.
 * @typedef {{ start: Packet, end: number | null }} Range
 */

/** Packets on their way to a decoder: as many again as it keeps waiting itself. */
const PACKETS_AHEAD = 16;
/** Ranges that a worker hashes. Browsers are late to collect what its packets and frames leave behind, but it goes with the worker. */
const RANGES_EACH = 4;
/** Frames that may wait to be recorded before their decoder is given no more packets. */
const FRAMES_AHEAD = 512;

/**
 * @param {Video} video
 * @param {VideoDecoderConfig} config
 * @param {import('./decoders.js').Decoders} decoders
 * @param {SelfCheck} selfCheck
 * @param {(frames: number) => void} tell how many frames are hashed in all ranges
 * @returns {AsyncGenerator<HashedFrame, void>}
 */
export async function* hashRanges(video, config, { count, rangeS }, selfCheck, tell) {
  const places = rangesOf(video, rangeS);
  /** @type {Queue<BegunRange>} */
  const begun = new Queue(count * 2);
  /** @type {Set<Worker>} */
  const workers = new Set();
  let frames = 0;
  const onFrame = () => tell(++frames);
  const lane = async () => {
    for (let next = await places.next(); !next.done && !begun.isClosed;) {
      const worker = startWorker();
      workers.add(worker);
      for (let i = 0; i < RANGES_EACH && !next.done && !begun.isClosed; i++) {
        const hashing = new Hashing(worker, video, config, next.value, selfCheck, onFrame);
        await begun.push(hashing);
        await hashing.ended;
        next = await places.next();
      }
      worker.terminate();
      workers.delete(worker);
    }
  };
  try {
    Promise.all(Array.from({ length: count }, lane)).then(() => begun.close(), (cause) => begun.close(unevenOr(cause)));
    yield* joined(begun);
  } finally {
    for (const worker of workers) worker.terminate();
    begun.close();
  }
}

/** What went wrong, or that one decoder may get further: it need not find key packets beforehand. @param {unknown} cause */
const unevenOr = (cause) => (cause instanceof Failure || isFileChange(cause) ? cause : new Uneven(String(cause)));

/** Another worker like this one. */
function startWorker() {
  try {
    return new Worker(scriptUrl(self.location.href));
  } catch (cause) {
    throw new Uneven(String(cause));
  }
}

/**
 * A video in ranges of at least so many seconds.
 * @param {Video} video
 * @param {number} leastS
 * @returns {AsyncGenerator<Range, void>}
 */
async function* rangesOf(video, leastS) {
  const { sink } = video;
  let start = await sink.getFirstKeyPacket();
  for (let key = start; start && key;) {
    key = await sink.getNextKeyPacket(key, { metadataOnly: true });
    if (key && key.timestamp - start.timestamp < leastS) continue;
    const next = key && await entryAt(video, key);
    if (key && !next) continue;
    yield { start, end: next && next.sequenceNumber };
    start = next;
  }
}

/**
 * A key packet with its data, if nothing from it on refers to what was before it, and no frame that follows it is shown before
 * it. Its own frame must be shown, or it could not be compared.
 * @param {Video} video @param {Packet} key without its data
 * @returns {Promise<Packet | null>}
 */
async function entryAt(video, key) {
  const { sink, track, shownAt } = video;
  const [packet, next] = await Promise.all([sink.getKeyPacket(key.timestamp), sink.getNextPacket(key, { metadataOnly: true })]);
  if (packet?.sequenceNumber !== key.sequenceNumber || shownAt(key) === null) return null;
  if (next && next.timestamp < key.timestamp) return null;
  return isEntryPicture(packet.data, video) && await track.determinePacketType(packet) === 'key' ? packet : null;
}

/** One range that a worker is hashing. */
class Hashing {
  /** @type {Queue<HashedFrame>} */
  frames = new Queue(FRAMES_AHEAD);
  /** Resolves when a frame more may come. @type {Promise<void> | undefined} */
  #room;
  /** Memory for packets, as much as may be on its way: it comes back from the worker when the decoder has its copy. @type {Queue<ArrayBuffer>} */
  #buffers = new Queue();
  #port;

  /**
   * @param {Worker} worker @param {Video} video @param {VideoDecoderConfig} config @param {Range} range
   * @param {SelfCheck} selfCheck @param {() => void} onFrame
   */
  constructor(worker, video, config, range, selfCheck, onFrame) {
    this.end = range.end;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    /** Resolves when the worker is free again. @type {Promise<void>} */
    this.ended = new Promise((resolve) => {
      const end = (/** @type {unknown} */ cause) => {
        watch.stop();
        // A port that is open is held, and all that hears it, by the browser.
        port1.close();
        this.#buffers.close();
        this.frames.close(cause);
        resolve();
      };
      // Where frames wait to be taken the worker may be waiting, too.
      const watch = createWatch(() => (this.frames.values.length > 0 ? watch.start() : end(new Uneven('no progress'))), HELPER_PATIENCE_MS);
      watch.start();
      port1.onmessage = (/** @type {MessageEvent<import('./range.js').FromRange>} */ { data }) => {
        if ('done' in data) end(null);
        else if ('odd' in data) end(new Uneven(data.odd));
        else if ('buffer' in data) this.#buffers.push(data.buffer);
        else { watch.start(); this.#room = this.frames.push(data); onFrame(); }
      };
      worker.onerror = () => end(new Uneven('the worker stopped'));
      worker.onmessage = ({ data: { type, code, kind, finding } }) => {
        if (type === 'self-check') selfCheck.learn(kind, finding);
        if (type === 'failed') end(new Uneven(code));
      };
      this.#feed(video, range).catch((cause) => end(unevenOr(cause)));
    });
    const { codec, rotation, timeBase, crop } = video;
    const described = { codec, config: video.config, rotation, timeBase, crop };
    /** @type {import('./protocol.js').RangeJob} */
    const job = { op: 'range', video: described, config, port: port2, findings: selfCheck.known, core: coreProgram() };
    worker.postMessage(job, [port2]);
  }

  /**
   * Gives the worker the range's packets. The next range's key packet is among them: what a decoder does there to the frames
   * before it happens as it would with one decoder, and its frame must come out the same from both.
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

  /** @param {Packet} packet @param {number | null} ticks @param {ArrayBuffer} buffer is used again if it is large enough */
  #send({ data, type, microsecondTimestamp, sequenceNumber }, ticks, buffer) {
    const place = buffer.byteLength < data.length ? new ArrayBuffer(data.length) : buffer;
    const copy = new Uint8Array(place, 0, data.length);
    copy.set(data);
    /** @type {import('./range.js').SentPacket} */
    const sent = { data: copy, type, microsecondTimestamp, sequenceNumber, ticks };
    this.#port.postMessage(sent, [place]);
  }
}
