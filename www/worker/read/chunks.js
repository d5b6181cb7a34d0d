// @ts-check
// A file's bytes in order, a chunk at a time: memory stays constant.

import { Failure } from '../shared/failure.js';

const CHUNK_BYTES = 2 << 20;

/** The file's chunks, all in one buffer: new buffers would come faster than garbage collection frees them. @param {File} file */
export async function* chunksOf(file) {
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
