// @ts-check
// The Rust core as this worker sees it: loaded once, its memory lent to one piece of work at a time.

import {
  EncryptionLook, FfmpegHasher, FfmpegPackets, FfmpegPictures, FfmpegRange, FileScan, Fingerprint, FrameHasher, Overview, PacketReader, VideoRecorder, allowedArguments,
  compare, decodersArguments, displayByMatrices, findStill, hashPicture, initSync, isEntry, offsetCrop, probeArguments, qrCode, requireAllowed, streamColour,
} from 'cotejo-wasm';

export {
  EncryptionLook, FfmpegHasher, FfmpegPackets, FfmpegPictures, FfmpegRange, FileScan, Fingerprint, FrameHasher, Overview, PacketReader, VideoRecorder, allowedArguments,
  compare, decodersArguments, displayByMatrices, findStill, hashPicture, isEntry, offsetCrop, probeArguments, qrCode, requireAllowed, streamColour,
};

/** @type {WebAssembly.Memory | undefined} */
let memory;

/** Starts the core. Cheap when it runs already. @param {WebAssembly.Module} compiled what the page lends */
export function startCore(compiled) {
  if (memory) return;
  ({ memory } = initSync({ module: compiled }));
}

/**
 * The place in the core's memory where the next frame goes.
 * Any call into the core may move its memory, so a view is taken anew for every frame.
 * @param {FrameHasher} hasher
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function frameBuffer(hasher) {
  const { buffer } = /** @type {WebAssembly.Memory} */ (memory);
  return new Uint8Array(/** @type {ArrayBuffer} */ (buffer), hasher.framePointer(), hasher.frameLength());
}

/** @type {Promise<unknown>} */
let lastTurn = Promise.resolve();

/**
 * Runs one piece of work after all that were asked for before it.
 * While the browser writes a frame into the core's memory nothing else may call the core: a call can
 * make the memory grow, and growing takes the buffer away from under the browser.
 * @template T
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export function inTurn(work) {
  const turn = lastTurn.then(work);
  lastTurn = turn.catch(() => {});
  return turn;
}
