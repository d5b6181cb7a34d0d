// @ts-check
// Passes a file's bytes in order through the core's FileScan: SHA-256, container, whether it is whole.
// Runs in parallel to decoding, which reads the same file on its own. A chunk at a time keeps memory constant,
// and taking turns with the core keeps the two from starving each other.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { FileScan, inTurn } from '../shared/core.js';
import { Failure } from '../shared/failure.js';

const CHUNK_BYTES = 2 << 20;

/**
 * `requireUnchanged` reads the file once more and fails if it has changed; called at the end,
 * because the frames were read in between.
 * @typedef {{ sha256: string, bytes: number, container: string | null, cutOff: boolean, broken: boolean, encrypted: boolean }} FileFacts
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
 * A file's digest without the core. The browser's own digest cannot take a file in parts.
 * @param {File} file
 * @param {(bytesRead: number) => void} onProgress
 */
export async function plainDigest(file, onProgress) {
  const digest = sha256.create();
  for await (const { bytes, end } of chunksOf(file)) {
    digest.update(bytes);
    onProgress(end);
  }
  return { sha256: bytesToHex(digest.digest()), bytes: file.size };
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

/** The file's chunks, all in one buffer: new buffers would come faster than garbage collection frees them. @param {File} file */
async function* chunksOf(file) {
  let buffer = new ArrayBuffer(Math.min(CHUNK_BYTES, file.size));
  for (let start = 0; start < file.size; start += CHUNK_BYTES) {
    const end = Math.min(start + CHUNK_BYTES, file.size);
    buffer = await fill(buffer, file.slice(start, end));
    if (buffer.byteLength < end - start) throw new Failure('file-changed');
    yield { bytes: new Uint8Array(buffer, 0, end - start), end };
  }
}

/**
 * The reader of the current chunk. Held here, because Chromium 156 may collect a stream that only its own pending read refers to, and
 * that read then never ends.
 * @type {ReadableStreamBYOBReader}
 */
let reader;

const ENDED = { value: undefined };

/** @param {ArrayBuffer} buffer detached while the browser writes into it @param {Blob} part @returns {Promise<ArrayBuffer>} the same memory */
async function fill(buffer, part) {
  try {
    reader = part.stream().getReader({ mode: 'byob' });
  } catch {
    // This browser's file streams take no buffer.
    return part.arrayBuffer();
  }
  for (let filled = 0; filled < part.size;) {
    // If the file has changed since it was chosen, streams end early or fail, without a reason.
    const { value } = await reader.read(new Uint8Array(buffer, filled, part.size - filled)).catch(() => ENDED);
    if (!value?.length) throw new Failure('file-changed');
    filled += value.length;
    buffer = value.buffer;
  }
  return buffer;
}
