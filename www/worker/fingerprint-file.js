// @ts-check
// Fingerprints from and to files. The text is several times larger than what it says, so it is never whole in this
// worker's memory: the core reads and writes it part by part.

import { Fingerprint } from './core.js';
import { Failure } from './failure.js';

/** The type of files that hold a compact code in place of a fingerprint. */
export const CODE_TYPE = 'text/x-cotejo-code';
/** Of what others wrote: much longer texts would not fit in the core's memory even read. */
const MAX_BYTES = 1 << 30;

/**
 * @param {Blob} file
 * @param {(part: Uint8Array<ArrayBuffer>) => void} [see] is shown each part that is read
 */
export function readFingerprint(file, see = () => {}) {
  if (file.size > MAX_BYTES) throw new Failure('too-long', { bytes: file.size });
  return file.type === CODE_TYPE ? Fingerprint.ofCode(new FileReaderSync().readAsText(file)) : readText(file, see);
}

/** The same of what was written here, however long it is. @param {Blob} file @param {(part: Uint8Array<ArrayBuffer>) => void} [see] */
export function readText(file, see = () => {}) {
  const reader = new FileReaderSync();
  let at = 0;
  let part = new Uint8Array();
  return Fingerprint.read(file.size, (/** @type {number} */ length) => {
    free(part.buffer);
    part = new Uint8Array(reader.readAsArrayBuffer(file.slice(at, at + length)));
    at += part.length;
    see(part);
    return part;
  });
}

const { port1: nowhere } = new MessageChannel();
nowhere.close();

/**
 * Gives memory back at once by sending it nowhere: nothing is collected while the core reads, and ten hours are 182 parts
 * of a megabyte. (Detaching alone, `buffer.transfer(0)`, does not free what Chromium's file reader gave.)
 * @param {ArrayBuffer} buffer
 */
function free(buffer) {
  nowhere.postMessage(null, [buffer]);
}

/** A file that comes in parts; browsers keep them elsewhere. */
export class Parts {
  /** @type {Blob[]} */
  #parts = [];
  take = (/** @type {Uint8Array<ArrayBuffer>} */ part) => { this.#parts.push(new Blob([part])); };
  file = () => new Blob(this.#parts);
}

/** A fingerprint, and its file as it was when it was read, for later. @param {Blob} file */
export function readAndKeep(file) {
  const { take, file: kept } = new Parts();
  return { fingerprint: readFingerprint(file, take), kept: kept() };
}

/** A fingerprint as a file. @param {Fingerprint} fingerprint */
export function fileOf(fingerprint) {
  const { take, file } = new Parts();
  fingerprint.write(take);
  return file();
}
