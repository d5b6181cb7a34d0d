// @ts-check
// A file's bytes in order, through the core's FileScan: its SHA-256, its container, whether it is whole.
// Runs beside the decoding, which reads the same file on its own: a chunk at a time keeps memory constant,
// and the core's turns keep the two from starving each other.

import { FileScan, inTurn } from './core.js';
import { Failure } from './failure.js';

const CHUNK_BYTES = 2 << 20;
/** How much is read a second time to notice a file that changed: the first bytes of at most so many chunks. */
const PROBES = 256;
const PROBE_BYTES = 1024;

/**
 * @typedef {{ sha256: string, bytes: number, container: string | null, cutOff: boolean }} FileFacts
 */

/**
 * @param {File} file
 * @param {(bytesRead: number) => void} onProgress
 * @returns {Promise<{ json: string, facts: FileFacts }>} the facts, also as the core wrote them
 */
export async function scanFile(file, onProgress) {
  const scan = await inTurn(() => new FileScan());
  const probes = new Map();
  const probeEvery = Math.ceil(file.size / CHUNK_BYTES / PROBES) * CHUNK_BYTES;
  for (let start = 0; start < file.size; start += CHUNK_BYTES) {
    const bytes = await readExactly(file, start, Math.min(start + CHUNK_BYTES, file.size));
    if (start % probeEvery === 0) probes.set(start, bytes.slice(0, PROBE_BYTES));
    await inTurn(() => scan.push(bytes));
    onProgress(start + bytes.length);
  }
  const json = await inTurn(() => scan.finish());
  await requireUnchanged(file, probes);
  return { json, facts: JSON.parse(json) };
}

/**
 * Chromium refuses to read a file whose size or date have changed since it was chosen; Firefox reads on,
 * so what was read is compared with a second reading.
 * @param {File} file
 * @param {Map<number, Uint8Array>} probes bytes seen before, by their place
 */
async function requireUnchanged(file, probes) {
  for (const [start, before] of probes) {
    const now = await readExactly(file, start, start + before.length);
    if (now.some((byte, at) => byte !== before[at])) throw new Failure('file-changed');
  }
}

/** @param {File} file @param {number} start @param {number} end */
async function readExactly(file, start, end) {
  const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
  if (bytes.length !== end - start) throw new Failure('file-changed');
  return bytes;
}
