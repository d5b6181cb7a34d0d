// @ts-check
// Fingerprints from and to files. The text is several times larger than what it says, so it is never whole in this
// worker's memory: the core reads and writes it part by part.

import { Fingerprint, Overview } from './core.js';
import { Failure } from './failure.js';

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

/** The columns of a table of frames, which come in pieces. */
class Columns {
  /** @type {Float64Array[]} */ #times = [];
  /** @type {Uint8Array[]} */ #qualities = [];
  /** @type {Uint8Array[]} */ #pdqs = [];
  /** @type {Uint8Array[]} */ #digests = [];

  take = (/** @type {Float64Array} */ times, /** @type {Uint8Array} */ qualities, /** @type {Uint8Array} */ pdqs, /** @type {Uint8Array} */ digests) => {
    this.#times.push(times);
    this.#qualities.push(qualities);
    this.#pdqs.push(pdqs);
    this.#digests.push(digests);
  };

  whole() {
    const digests = whole(this.#digests);
    return {
      times: new Float64Array(whole(this.#times).buffer),
      qualities: whole(this.#qualities),
      pdqs: whole(this.#pdqs),
      digests: digests.length > 0 ? digests : null,
    };
  }
}

/** Takes the pieces away, so that they are gone before the next column. @param {(Uint8Array | Float64Array)[]} pieces */
function whole(pieces) {
  const bytes = pieces.splice(0).map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  const joined = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of bytes) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** @typedef {{ overview: Overview, columns: ReturnType<Columns['whole']> }} Seen what is shown of a fingerprint */

/** What was written here, however long it is. @param {Blob} file @param {(part: Uint8Array<ArrayBuffer>) => void} [see] @returns {Seen} */
export function look(file, see) {
  const columns = new Columns();
  return { overview: Overview.read(partsOf(file, see), columns.take), columns: columns.whole() };
}

/** The same of what others wrote, and the file as it was when it was read, for later. @param {Blob} file */
export function lookAndKeep(file) {
  requireReadable(file);
  const { take, file: kept } = new Parts();
  return { seen: look(file, take), kept: kept() };
}

/** The same of what is in memory. @param {Fingerprint} fingerprint @returns {Seen} */
export function lookAt(fingerprint) {
  const columns = new Columns();
  return { overview: Overview.of(fingerprint, columns.take), columns: columns.whole() };
}

/** A fingerprint as a file. @param {Fingerprint} fingerprint */
export function fileOf(fingerprint) {
  const { take, file } = new Parts();
  fingerprint.write(take);
  return file();
}
