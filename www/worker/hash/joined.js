// @ts-check
// Ranges of a video that are hashed beside each other, put together: their frames come out in the order of the video. It is the
// same as from one decoder, or it is not used: where two ranges meet, both decode the key packet, and the two frames must be
// equal; whatever else is out of order leaves the file to one decoder.

/**
 * @typedef {import('../decode/frames.js').HashedFrame} HashedFrame
 *
 * A range that is being hashed: its frames in order, the last one that of the packet `end`, with which the next range begins;
 * null after the last range.
 * @typedef {{ end: number | null, frames: AsyncIterable<HashedFrame> }} BegunRange
 */

/** The ranges do not fit together, or there is something wrong with one. */
export class Uneven extends Error {}

/**
 * The ranges' frames one after the other, each key frame where two meet once.
 * @param {AsyncIterable<BegunRange>} begun
 * @returns {AsyncGenerator<HashedFrame, void>}
 */
export async function* joined(begun) {
  /** @type {HashedFrame | null} */
  let joint = null;
  let header = '';
  for await (const { end, frames } of begun) {
    /** @type {HashedFrame | null} */
    let next = null;
    let isFirst = true;
    for await (const frame of frames) {
      header ||= frame.header;
      if (next || frame.header !== header) throw new Uneven('frames after the end, or of another kind');
      if (isFirst && joint && !isSame(frame, joint)) throw new Uneven('another key frame');
      isFirst = false;
      if (frame.packet === end) next = frame;
      else yield frame;
    }
    if (isFirst || (end !== null && !next)) throw new Uneven('frames are missing');
    joint = next;
  }
}

/** @param {HashedFrame} a @param {HashedFrame} b */
function isSame(a, b) {
  const bytes = (/** @type {HashedFrame} */ { hashes, sha256 }) => [...hashes, ...sha256 ?? []];
  const [own, other] = [bytes(a), bytes(b)];
  return a.ticks === b.ticks && a.packet === b.packet && own.length === other.length && own.every((byte, i) => byte === other[i]);
}
