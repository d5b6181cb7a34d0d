// @ts-check
// Joins ranges of a video that are hashed in parallel: their frames come out in the order of the video. The result is exactly the
// same as from one decoder, or it is not used: where two ranges meet, both decode the key packet, and both frames must be
// equal. Anything else out of order leaves the file to one decoder.

/**
 * @typedef {import('../decode/frames.js').HashedFrame} HashedFrame
 *
 * A range that is being hashed: its frames in order. The last is that of packet `end`, at which the next range begins;
 * `end` is null in the last range.
 * @typedef {{ end: number | null, frames: AsyncIterable<HashedFrame> }} BegunRange
 */

/** The ranges do not fit together, or something is wrong with one. */
export class Uneven extends Error {}

/**
 * The frames of all ranges in order; the key frame where two ranges meet comes once.
 * @param {AsyncIterable<BegunRange>} begun
 * @returns {AsyncGenerator<HashedFrame, void>}
 */
export async function* joined(begun) {
  /** @type {HashedFrame | null} */
  let joint = null;
  let header = '';
  let frames = 0;
  for await (const { end, frames: range } of begun) {
    /** @type {HashedFrame | null} */
    let next = null;
    let isFirst = true;
    for await (const frame of range) {
      header ||= frame.header;
      if (next || frame.header !== header || frame.number !== frames) throw new Uneven('frames after the end, or of another kind');
      if (isFirst && joint && !isSame(frame, joint)) throw new Uneven('another key frame');
      isFirst = false;
      if (frame.packet === end) next = frame;
      else {
        frames++;
        yield frame;
      }
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
