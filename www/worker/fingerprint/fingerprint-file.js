// @ts-check
// Fingerprints from and to files. The text is several times larger than what it says, so it is never whole in this
// worker's memory: the core reads and writes it part by part.

import { Fingerprint, Overview } from '../shared/core.js';
import { Failure } from '../shared/failure.js';

/** The type of files that hold a compact code in place of a fingerprint. */
export const CODE_TYPE = 'text/x-cotejo-code';
/** Of what others wrote: much longer texts would not fit in the core's memory even read. */
const MAX_BYTES = 1 << 30;

/** @param {Blob} file */
export function readFingerprint(file) {
  if (file.type === CODE_TYPE) return Fingerprint.ofCode(new FileReaderSync().readAsText(file));
  requireReadable(file);
  return Fingerprint.read(file.size, partsOf(file));
}

/** @param {Blob} file */
function requireReadable({ size }) {
  if (size > MAX_BYTES) throw new Failure('too-long', { bytes: size });
}

/**
 * For the core, which asks for parts of a file one after the other; `see` is shown each.
 * @param {Blob} file @param {(part: Uint8Array<ArrayBuffer>) => void} [see]
 */
function partsOf(file, see = () => {}) {
  const reader = new FileReaderSync();
  let at = 0;
  let part = new Uint8Array();
  return (/** @type {number} */ length) => {
    free(part.buffer);
    part = new Uint8Array(reader.readAsArrayBuffer(file.slice(at, at + length)));
    at += part.length;
    see(part);
    return part;
  };
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

/** The frames of a fingerprint, which come in pieces: their seconds in memory, the rest where browsers keep it. */
class Frames {
  /** @type {Float64Array[]} */ #times = [];
  #rows = new Parts();

  take = (/** @type {Float64Array} */ times, /** @type {Uint8Array<ArrayBuffer>} */ rows) => {
    this.#times.push(times);
    this.#rows.take(rows);
  };

  whole() {
    const times = new Float64Array(this.#times.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of this.#times) {
      times.set(piece, at);
      at += piece.length;
    }
    return { times, rows: this.#rows.file() };
  }
}

/** @typedef {{ overview: Overview, frames: ReturnType<Frames['whole']> }} Seen what is shown of a fingerprint */

/**
 * What was written here, read back as anyone else reads it, so that nothing is called done that others refuse.
 * @param {Blob} file however long it is
 */
export function lookBack(file) {
  try {
    return look(file);
  } catch (cause) {
    throw new Failure('internal', { message: `the page wrote what it cannot read: ${cause}` });
  }
}

/** @param {Blob} file @param {(part: Uint8Array<ArrayBuffer>) => void} [see] @returns {Seen} */
function look(file, see) {
  const frames = new Frames();
  return { overview: Overview.read(partsOf(file, see), frames.take), frames: frames.whole() };
}

/** The same of what others wrote, and the file as it was when it was read, for later. @param {Blob} file */
export function lookAndKeep(file) {
  requireReadable(file);
  const { take, file: kept } = new Parts();
  return { seen: look(file, take), kept: kept() };
}

/** The same of what is in memory. @param {Fingerprint} fingerprint @returns {Seen} */
export function lookAt(fingerprint) {
  const frames = new Frames();
  return { overview: Overview.of(fingerprint, frames.take), frames: frames.whole() };
}

/** A fingerprint as a file. @param {Fingerprint} fingerprint */
export function fileOf(fingerprint) {
  const { take, file } = new Parts();
  fingerprint.write(take);
  return file();
}
