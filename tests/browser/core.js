// @ts-check
// The bare core in WebAssembly, as vectors.test.mjs uses it in a browser. Inputs are fetched from the test's
// server, fingerprints are returned as text.

import { FileScan, FrameHasher, VideoRecorder, hashPicture, initSync } from 'cotejo-wasm';
import wasmBytes from 'cotejo-wasm/bytes';

const { memory } = initSync({ module: wasmBytes });

/** @param {string} url */
const bytesOf = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
/** @param {Uint8Array} bytes */
const textOf = (bytes) => new TextDecoder().decode(bytes);

/** @param {Uint8Array} bytes a whole file */
function scan(bytes) {
  const file = new FileScan();
  file.push(bytes);
  return file.finish();
}

/** @param {string} url of a picture */
export async function pictureFingerprint(url) {
  const bytes = await bytesOf(url);
  return textOf(hashPicture(bytes, scan(bytes)));
}

/**
 * @param {string} framesUrl of decoded frames, tightly packed, one after the other
 * @param {string} fileUrl of the file that they are from
 * @param {string} headerJson what `FrameHasher` must know
 * @param {number[]} ticks when each is shown
 */
export async function framesFingerprint(framesUrl, fileUrl, headerJson, ticks) {
  const frames = await bytesOf(framesUrl);
  const hasher = new FrameHasher(headerJson);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const recorder = new VideoRecorder(headerJson, (/** @type {Uint8Array<ArrayBuffer>} */ part) => parts.push(part));
  const length = hasher.frameLength();
  ticks.forEach((when, i) => {
    new Uint8Array(memory.buffer, hasher.framePointer(), length).set(frames.subarray(i * length, (i + 1) * length));
    recorder.push(when, hasher.hashFrame(i), hasher.digestFrame());
  });
  recorder.finish(scan(await bytesOf(fileUrl)), undefined);
  return new Blob(parts).text();
}
