// @ts-check
// The Rust core in this worker: loaded once, used by one piece of work at a time.

import {
  EncryptionLook, FfmpegFrames, FfmpegHasher, FfmpegPackets, FfmpegPictures, FfmpegRange, FileScan, Fingerprint, FrameHasher, Overview, PacketReader, PixelSearch, VideoRecorder, allowedArguments,
  compare, decodersArguments, displayByMatrices, findStill, hashPicture, initSync, isEntry, offsetCrop, picturesIn, probeArguments, qrCode, requireAllowed, streamColour,
} from 'cotejo-wasm';

export {
  EncryptionLook, FfmpegFrames, FfmpegHasher, FfmpegPackets, FfmpegPictures, FfmpegRange, FileScan, Fingerprint, FrameHasher, Overview, PacketReader, PixelSearch, VideoRecorder, allowedArguments,
  compare, decodersArguments, displayByMatrices, findStill, hashPicture, isEntry, offsetCrop, picturesIn, probeArguments, qrCode, requireAllowed, streamColour,
};

/** @type {WebAssembly.Memory | undefined} */
let memory;

/** Starts the core; cheap if it runs already. @param {WebAssembly.Module} compiled by the page */
export function startCore(compiled) {
  if (memory) return;
  ({ memory } = initSync({ module: compiled }));
}

/**
 * The place in the core's memory where the next frame goes.
 * Any call into the core may move its memory, so every frame needs a new view.
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
 * Runs one piece of work after all earlier ones.
 * While the browser writes a frame into the core's memory, nothing else may call the core: a call can
 * grow the memory, and growing detaches the buffer that the browser writes to.
 * @template T
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export function inTurn(work) {
  const turn = lastTurn.then(work);
  lastTurn = turn.catch(() => {});
  return turn;
}
