// @ts-check
// Passes a file's bytes in order through the core's FileScan: SHA-256, container, whether it is whole.
// Runs in parallel to decoding, which reads the same file on its own. A chunk at a time keeps memory constant,
// and taking turns with the core keeps the two from starving each other.

import { chunksOf } from './chunks.js';
import { FileScan, inTurn } from '../shared/core.js';
import { Failure } from '../shared/failure.js';

/**
 * `requireUnchanged` reads the file once more and fails if it has changed; called at the end,
 * because the frames were read in between.
 * @typedef {{ file: { sha256: string, bytes: number, container: string | null }, cutOff: boolean, broken: boolean, encrypted: boolean }} FileFacts
 * @typedef {{ json: string, facts: FileFacts, requireUnchanged: () => Promise<void> }} Scan
 */

/**
 * @param {File} file
 * @param {(bytesRead: number) => void} onProgress
 * @returns {Promise<Scan>} the facts, also as the core wrote them
 */
export async function scanFile(file, onProgress) {
  const scan = await inTurn(() => new FileScan());
  /** @type {Uint8Array[]} */
  const seen = [];
  for await (const { bytes, end } of chunksOf(file)) {
    seen.push(await digestOf(bytes));
    await inTurn(() => scan.push(bytes));
    onProgress(end);
  }
  const json = await inTurn(() => scan.finish());
  return { json, facts: JSON.parse(json), requireUnchanged: () => compare(file, seen) };
}

/**
 * Chromium refuses to read a file whose size or date has changed since it was chosen. Firefox reads on, and reports
 * no change, so only a second reading shows it. That takes little time compared to decoding.
 * @param {File} file
 * @param {Uint8Array[]} seen digests of the chunks at the first reading
 */
async function compare(file, seen) {
  let index = 0;
  for await (const { bytes } of chunksOf(file)) {
    const before = seen[index++];
    const now = await digestOf(bytes);
    if (now.some((byte, at) => byte !== before[at])) throw new Failure('file-changed');
  }
}

/** The browser's own digest, several times faster than the core's; empty if the browser has none. @param {Uint8Array<ArrayBuffer>} bytes */
async function digestOf(bytes) {
  return new Uint8Array(await crypto.subtle?.digest('SHA-256', bytes) ?? 0);
}
