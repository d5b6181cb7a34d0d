// @ts-check
/** What is told of each frame beside its time. src/wasm/overview.rs says what the bytes of a row are. */
import { bytesToHex } from '@noble/hashes/utils.js';

/** @typedef {import('./types.js').HashResult} HashResult */
/** Hashes as 64 lower-case digits; no digest in the perceptual tier. @typedef {{quality: number, pdq: string, digest: string}} Row */

const HASH_BYTES = 32;

/** @param {HashResult} result */
export const hasDigests = ({ rows, times }) => rows.size > times.length * (1 + HASH_BYTES);

/** A representative frame's. @param {HashResult} result @param {number} place among the representative frames */
export function chosenRow({ chosen, chosenRows }, place) {
  return rowsIn(chosenRows, chosenRows.length / chosen.length)[place];
}

/** From one frame to before another. @param {HashResult} result @param {number} first @param {number} end @returns {Promise<Row[]>} */
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
