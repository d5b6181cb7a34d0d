// @ts-check
// One of several decoders of a video: hashes the ranges that it is given, one after the other, in a worker of its own.

import { openVideo } from './demux.js';
import { hashFrames } from './frames.js';
import { supportedConfig } from './webcodecs.js';

/** Frames that may wait to be recorded before this decoder waits. */
const FRAMES_AHEAD = 512;

/**
 * A range begins with a key packet; `end` is the next range's, null after the last.
 * @typedef {{ packet: number, timestampS: number }} Place
 * @typedef {{ start: Place, end: Place | null }} Range
 *
 * What goes wrong in a range is for one decoder of the whole file to tell.
 * @typedef {import('./frames.js').HashedFrame | { odd: string } | { done: true }} FromRange
 */

/** A demuxer that went straight to a packet finds another one than a demuxer that came by all before it. */
const LOST = { problem: 'another key packet' };

/** @type {Promise<{ video: import('./demux.js').Video, config: VideoDecoderConfig }> | undefined} */
let opened;

/** @param {File} file */
async function open(file) {
  const video = await openVideo(file);
  return { video, config: await supportedConfig(video) };
}

/**
 * Hashes a range. The next range's key packet is decoded, too: what a decoder does there to the frames before it happens
 * as it would with one decoder, and its frame must come out the same from both.
 * @param {import('./protocol.js').RangeJob} job
 * @param {import('./self-check.js').SelfCheck} selfCheck
 */
export async function hashRange({ file, range: { start, end }, port }, selfCheck) {
  const { video, config } = await (opened ??= open(file));
  const key = await video.sink.getKeyPacket(start.timestampS);
  const send = sender(port);
  const isFound = key?.sequenceNumber === start.packet;
  for await (const hashed of isFound ? hashFrames(video, config, selfCheck, key, end?.packet) : [LOST]) {
    await send('problem' in hashed ? { odd: hashed.problem } : hashed);
  }
  await send({ done: true });
  return { ranges: 1 };
}

/** The other side answers each message when it is taken. @param {MessagePort} port */
function sender(port) {
  let ahead = 0;
  let wake = () => {};
  port.onmessage = () => { ahead--; wake(); };
  return async (/** @type {FromRange} */ message) => {
    port.postMessage(message);
    ahead++;
    while (ahead >= FRAMES_AHEAD) await new Promise((/** @type {(_: void) => void} */ resolve) => { wake = resolve; });
  };
}
