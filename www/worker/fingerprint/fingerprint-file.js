// @ts-check
// Reads and writes fingerprint files. The text is several times larger than its contents, so it is never whole in this
// worker's memory: the core reads and writes it in parts.

import { Fingerprint, Overview } from '../shared/core.js';
import { Failure } from '../shared/failure.js';

/** The type of files that hold a compact code instead of a fingerprint. */
export const CODE_TYPE = 'text/x-cotejo-code';
/** The longest text accepted from others: the contents of much longer ones would not fit into the core's memory. */
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
 * Gives the core the parts of a file that it asks for, one after the other; `see` gets each, too.
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
 * Frees memory at once by transferring it to nowhere: no garbage is collected while the core reads, and ten hours are 182 parts
 * of a megabyte. (Detaching alone, `buffer.transfer(0)`, does not free what Chromium's file reader gave.)
 * @param {ArrayBuffer} buffer
 */
function free(buffer) {
  nowhere.postMessage(null, [buffer]);
}

/** Collects a file from parts, outside this worker's memory. */
export class Parts {
  /** @type {Blob[]} */
  #parts = [];
  take = (/** @type {Uint8Array<ArrayBuffer>} */ part) => { this.#parts.push(new Blob([part])); };
  file = () => new Blob(this.#parts);
}

/** Collects the frames of a fingerprint: their times in memory, the rest in Blobs. */
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

/** The part of a fingerprint that the page shows. @typedef {{ overview: Overview, frames: ReturnType<Frames['whole']> }} Seen */

/**
 * Reads back a file that was just written, as anyone else would read it, so that no file is called done that others refuse.
 * @param {Blob} file of any length
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

/** Reads a file from others, and keeps a copy as it was read, for later. @param {Blob} file */
export function lookAndKeep(file) {
  requireReadable(file);
  const { take, file: kept } = new Parts();
  return { seen: look(file, take), kept: kept() };
}

/** Shows a fingerprint in memory. @param {Fingerprint} fingerprint @returns {Seen} */
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
