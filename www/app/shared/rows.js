// @ts-check
/** A frame's values besides its time. src/wasm/overview.rs defines the bytes of a row. */
import { bytesToHex } from '@noble/hashes/utils.js';

/** @typedef {import('./types.js').HashResult} HashResult */
/** Hashes in 64 lower-case hex digits; the digest is empty in the perceptual tier. @typedef {{quality: number, pdq: string, digest: string}} Row */

const HASH_BYTES = 32;

/** @param {HashResult} result */
export const hasDigests = ({ rows, times }) => rows.size > times.length * (1 + HASH_BYTES);

/** The row of a representative frame. @param {HashResult} result @param {number} place among the representative frames */
export function chosenRow({ chosen, chosenRows }, place) {
  return rowsIn(chosenRows, chosenRows.length / chosen.length)[place];
}

/** The rows of the frames from `first` up to, not including, `end`. @param {HashResult} result @param {number} first @param {number} end @returns {Promise<Row[]>} */
export async function readRows({ rows, times }, first, end) {
  const rowBytes = rows.size / times.length;
  return rowsIn(new Uint8Array(await rows.slice(first * rowBytes, end * rowBytes).arrayBuffer()), rowBytes);
}

/** @param {Uint8Array} bytes @param {number} rowBytes */
function rowsIn(bytes, rowBytes) {
  return Array.from({ length: bytes.length / rowBytes }, (_, index) => {
    const row = bytes.subarray(index * rowBytes, (index + 1) * rowBytes);
    return { quality: row[0], pdq: bytesToHex(row.subarray(1, 1 + HASH_BYTES)), digest: bytesToHex(row.subarray(1 + HASH_BYTES)) };
  });
}
