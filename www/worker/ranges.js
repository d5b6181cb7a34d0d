// @ts-check
// Several decoders share a video: each hashes ranges that begin with a key packet, and the frames come out in the order of
// the video. It is the same as one decoder's, or it is not used: where two ranges meet, both decode the key packet, and
// the two frames must be equal; whatever else is out of order leaves the file to one decoder.

import { coreProgram } from './core.js';
import { isEntryPicture } from './entry.js';
import { Failure, isFileChange } from './failure.js';
import { Queue } from './queue.js';
import { scriptUrl } from './script-url.js';
import { createWatch } from './watch.js';

/**
 * @typedef {import('./demux.js').Video} Video
 * @typedef {import('./frames.js').HashedFrame} HashedFrame
 * @typedef {import('./range.js').Range} Range
 * @typedef {import('./self-check.js').SelfCheck} SelfCheck
 */

/** A range that gives nothing for so long is left to one decoder: less than the page's own patience. */
const PATIENCE_MS = 10_000;

/** The ranges do not fit together, or there is something wrong with one. */
export class Uneven extends Error {}

/**
 * @param {File} file
 * @param {Video} video
 * @param {import('./decoders.js').Decoders} decoders
 * @param {SelfCheck} selfCheck
 * @param {(frames: number) => void} tell how many frames are hashed in all ranges
 * @returns {AsyncGenerator<HashedFrame, void>}
 */
export async function* hashRanges(file, video, { count, rangeS }, selfCheck, tell) {
  const places = rangesOf(video, rangeS);
  /** @type {Queue<Hashing>} */
  const begun = new Queue(count * 2);
  /** @type {Worker[]} */
  const workers = [];
  let frames = 0;
  const onFrame = () => tell(++frames);
  const lane = async () => {
    /** @type {Worker | undefined} */
    let worker;
    for await (const range of places) {
      if (begun.isClosed) return;
      if (!worker) workers.push(worker = startWorker());
      const hashing = new Hashing(worker, file, range, selfCheck, onFrame);
      await begun.push(hashing);
      await hashing.ended;
    }
  };
  try {
    Promise.all(Array.from({ length: count }, lane)).then(() => begun.close(), (cause) => begun.close(isForOne(cause) ? new Uneven(String(cause)) : cause));
    yield* joined(begun);
  } finally {
    for (const worker of workers) worker.terminate();
    begun.close();
  }
}

/** Whether one decoder may get further: it need not find key packets beforehand. @param {unknown} cause */
const isForOne = (cause) => !(cause instanceof Failure) && !isFileChange(cause);

/** Another worker like this one. */
function startWorker() {
  try {
    return new Worker(scriptUrl(self.location.href));
  } catch (cause) {
    throw new Uneven(String(cause));
  }
}

/**
 * The ranges' frames one after the other, each key frame where two meet once.
 * @param {AsyncIterable<Hashing>} begun
 * @returns {AsyncGenerator<HashedFrame, void>}
 */
async function* joined(begun) {
  /** @type {HashedFrame | null} */
  let joint = null;
  let header = '';
  for await (const hashing of begun) {
    const { range } = hashing;
    /** @type {HashedFrame | null} */
    let next = null;
    let isFirst = true;
    for await (const frame of hashing.taken()) {
      header ||= frame.header;
      if (next || frame.header !== header) throw new Uneven('frames after the end, or of another kind');
      if (isFirst && joint && !isSame(frame, joint)) throw new Uneven('another key frame');
      isFirst = false;
      if (frame.packet === range.end?.packet) next = frame;
      else yield frame;
    }
    if (isFirst || (range.end && !next)) throw new Uneven('frames are missing');
    joint = next;
  }
}

/** @param {HashedFrame} a @param {HashedFrame} b */
function isSame(a, b) {
  const bytes = (/** @type {HashedFrame} */ { hashes, sha256 }) => [...hashes, ...sha256 ?? []];
  const [own, other] = [bytes(a), bytes(b)];
  return a.ticks === b.ticks && a.packet === b.packet && own.length === other.length && own.every((byte, i) => byte === other[i]);
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
    if (key && !await isEntry(video, key)) continue;
    yield { start: placeOf(start), end: key && placeOf(key) };
    start = key;
  }
}

/**
 * Whether nothing from a key packet on refers to what was before it, and no frame that follows it is shown before it. Its own
 * frame must be shown, or it could not be compared.
 * @param {Video} video @param {import('./demux.js').Packet} key without its data
 */
async function isEntry(video, key) {
  const { sink, track, shownAt, ticksOf } = video;
  const [packet, next] = await Promise.all([sink.getKeyPacket(key.timestamp), sink.getNextPacket(key, { metadataOnly: true })]);
  if (packet?.sequenceNumber !== key.sequenceNumber || shownAt(ticksOf(key)) === null) return false;
  if (next && next.timestamp < key.timestamp) return false;
  return isEntryPicture(packet.data, video) && await track.determinePacketType(packet) === 'key';
}

/** @param {import('./demux.js').Packet} packet */
const placeOf = ({ sequenceNumber, timestamp }) => ({ packet: sequenceNumber, timestampS: timestamp });

/** One range that a worker is hashing. */
class Hashing {
  /** @type {Queue<HashedFrame>} */
  #frames = new Queue();
  #port;

  /** @param {Worker} worker @param {File} file @param {Range} range @param {SelfCheck} selfCheck @param {() => void} onFrame */
  constructor(worker, file, range, selfCheck, onFrame) {
    this.range = range;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    /** Resolves when the worker is free again. @type {Promise<void>} */
    this.ended = new Promise((resolve) => {
      const end = (/** @type {unknown} */ cause) => { watch.stop(); this.#frames.close(cause); resolve(); };
      // Where frames wait to be taken the worker may be waiting, too.
      const watch = createWatch(() => (this.#frames.values.length > 0 ? watch.start() : end(new Uneven('no progress'))), PATIENCE_MS);
      watch.start();
      port1.onmessage = (/** @type {MessageEvent<import('./range.js').FromRange>} */ { data }) => {
        if ('done' in data) end(null);
        else if ('odd' in data) end(new Uneven(data.odd));
        else { watch.start(); this.#frames.push(data); onFrame(); }
      };
      worker.onerror = () => end(new Uneven('the worker stopped'));
      worker.onmessage = ({ data: { type, code, kind, finding } }) => {
        if (type === 'self-check') selfCheck.learn(kind, finding);
        if (type === 'failed') end(code === 'file-changed' ? new Failure(code) : new Uneven(code));
      };
    });
    worker.postMessage({ op: 'range', file, range, port: port2, findings: selfCheck.known, core: coreProgram() }, [port2]);
  }

  /** The frames in order; the worker waits where they are not taken. */
  async* taken() {
    for await (const frame of this.#frames) {
      this.#port.postMessage(null);
      yield frame;
    }
  }
}
