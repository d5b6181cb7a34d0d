// @ts-check
// One of several decoders of a video: hashes the ranges that it is given, one after the other, in a worker of its own.

import { asFailure } from '../shared/failure.js';
import { hashFrames } from '../decode/frames.js';
import { Queue } from '../shared/queue.js';

/**
 * A packet on its way; `ticks`: when its frame is shown, null: never.
 * @typedef {Packet & { data: Uint8Array<ArrayBuffer>, ticks: number | null }} SentPacket
 *
 * What goes wrong in a range is for one decoder of the whole file to tell. `buffer` is a packet's memory, for another one.
 * @typedef {import('../decode/frames.js').HashedFrame | { odd: string } | { buffer: ArrayBuffer } | { done: true }} FromRange
 *
 * @typedef {import('../decode/webcodecs.js').Packet} Packet
 */

/** Stands for the first packet, which comes like the others. @type {Packet} */
const START = { data: new Uint8Array(), type: 'key', microsecondTimestamp: 0, sequenceNumber: -Infinity };

/**
 * Hashes a range, whose packets come through the port.
 * @param {import('../../shared/protocol.js').RangeJob & { op: 'range' }} job
 * @param {import('../decode/self-check.js').SelfCheck} selfCheck
 */
export async function hashRange({ video, config, port }, selfCheck) {
  const sent = { ...video, packetsFrom: () => packetsIn(port), keyAfter: async () => null, shownAt: (/** @type {SentPacket} */ { ticks }) => ticks };
  const send = (/** @type {FromRange} */ message) => port.postMessage(message);
  try {
    for await (const hashed of hashFrames(sent, config, selfCheck, START)) send('problem' in hashed ? { odd: hashed.problem } : hashed);
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
    // Whoever asks for the next one has given this one to the decoder, which has a copy.
    const { buffer } = packet.data;
    port.postMessage({ buffer }, [buffer]);
  }
}
