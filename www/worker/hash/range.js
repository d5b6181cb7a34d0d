// @ts-check
// One of several decoders of a video: hashes given ranges, one after the other, in its own worker.

import { asFailure } from '../shared/failure.js';
import { hashFrames } from '../decode/frames.js';
import { Queue } from '../shared/queue.js';

/**
 * A packet on its way. `ticks`: when its frame is shown; null: never.
 * @typedef {Packet & { data: Uint8Array<ArrayBuffer>, ticks: number | null }} SentPacket
 *
 * `odd`: something is wrong; a single decoder of the whole file will find out what. `buffer`: a packet's memory, to reuse.
 * @typedef {import('../decode/frames.js').HashedFrame | { odd: string } | { buffer: ArrayBuffer } | { done: true }} FromRange
 *
 * @typedef {import('../decode/webcodecs.js').Packet} Packet
 */

/** A placeholder for the first packet, which comes through the port like the others. @type {Packet} */
const START = { data: new Uint8Array(), type: 'key', microsecondTimestamp: 0, sequenceNumber: -Infinity };

/**
 * Hashes a range; its packets come through the port.
 * @param {import('../../shared/protocol.js').RangeJob & { op: 'range' }} job
 * @param {import('../decode/self-check.js').SelfCheck} selfCheck
 */
export async function hashRange({ video, config, first, port }, selfCheck) {
  const sent = { ...video, packetsFrom: () => packetsIn(port), keyAfter: async () => null, shownAt: (/** @type {SentPacket} */ { ticks }) => ticks };
  const send = (/** @type {FromRange} */ message) => port.postMessage(message);
  try {
    for await (const hashed of hashFrames(sent, config, selfCheck, START, first)) send('problem' in hashed ? { odd: hashed.problem } : hashed);
    send({ done: true });
  } catch (cause) {
    send({ odd: asFailure(cause).code });
  }
  return { ranges: 1 };
}

/** @param {MessagePort} port @returns {AsyncGenerator<SentPacket, void>} */
async function* packetsIn(port) {
  /** @type {Queue<SentPacket>} */
  const queue = new Queue();
  port.onmessage = ({ data }) => (data ? queue.push(data) : queue.close());
  for await (const packet of queue) {
    yield packet;
    // When the next packet is asked for, the decoder has a copy of this one.
    const { buffer } = packet.data;
    port.postMessage({ buffer }, [buffer]);
  }
}
