// @ts-check
// Videos without an index: IVF, and AV1 in a row of its own units (OBU). The demuxer knows neither, but it reads MP4, whose index says
// where in the file each frame is. So an index is made and put before the file, whose frames stay where they are.

import { box, letters, numbers, zeros } from './box-writer.js';
import { FilePieces } from './file-pieces.js';

/** As many as a fingerprint holds: MAX_FRAMES in src/fingerprint.rs. */
const MAX_FRAMES = 48 * 3600 * 60;
/** Of IVF (the WebM Project's description): the file's header, each frame's, and the codecs by their names. */
const IVF_HEADER_BYTES = 32;
const IVF_FRAME_HEADER_BYTES = 12;
const IVF_CODECS = /** @type {{ [name: string]: string }} */ ({ VP80: 'vp08', VP90: 'vp09', AV01: 'av01' });
/** A row of units says nothing of times. ffmpeg takes it for 25 frames a second, in ticks of its own. */
const OBU_RATE = { up: 1, down: 1_200_000, frameTicks: 48_000 };
/** Its frames say how large they are; this is no more than a place in the index. */
const UNKNOWN_SIZE = { width: 640, height: 480 };
/** Kinds of units (AV1, 6.2.2): what a key frame begins with, and what stands between frames. */
const SEQUENCE_HEADER = 1;
const TEMPORAL_DELIMITER = 2;
/** What tells whether a frame is a key frame. */
const FRAME_HEAD_BYTES = 16;
/** A unit's header and its length. */
const UNIT_HEAD_BYTES = 10;

/**
 * Where a frame's bytes are, when it is shown, and whether decoding can begin with it.
 * @typedef {{ start: number, length: number, ticks: number, isKey: boolean }} Frame
 * `up` / `down` are the seconds of a tick; `endTicks` is the length that the file claims, null where it claims none.
 * @typedef {{ codec: string, up: number, down: number, width: number, height: number, endTicks: number | null, frames: Frame[] }} Bare
 */

/**
 * The same video with an index; null for files of any other kind.
 * @param {File} file
 * @returns {Promise<{ file: File, up: number, down: number } | null>}
 */
export async function withIndex(file) {
  const pieces = new FilePieces(file);
  const start = await pieces.read(0, IVF_HEADER_BYTES);
  const bare = await readIvf(pieces, start) ?? await readUnits(pieces, start);
  if (!bare || bare.frames.length === 0 || !isInOrder(bare)) return null;
  // Its length does not depend on where the frames are.
  const index = indexOf(bare, new Blob(indexOf(bare, 0)).size);
  return { file: new File([...index, file], ''), up: bare.up, down: bare.down };
}

/** An index has room for times that do not go back, and steps that are not too long. @param {Bare} bare */
const isInOrder = ({ frames, up }) => frames.every(({ ticks }, i) => i === 0 || (ticks >= frames[i - 1].ticks && (ticks - frames[i - 1].ticks) * up < 2 ** 32));

/** @param {FilePieces} pieces @param {DataView} start @returns {Promise<Bare | null>} */
async function readIvf(pieces, start) {
  if (start.byteLength < IVF_HEADER_BYTES || nameAt(start, 0) !== 'DKIF') return null;
  const codec = IVF_CODECS[nameAt(start, 8)];
  const [down, up, endTicks] = [16, 20, 24].map((at) => start.getUint32(at, true));
  if (!codec || up === 0 || down === 0) return null;
  const frames = [];
  for (let at = IVF_HEADER_BYTES; at + IVF_FRAME_HEADER_BYTES < pieces.file.size && frames.length < MAX_FRAMES;) {
    const view = await pieces.read(at, IVF_FRAME_HEADER_BYTES + FRAME_HEAD_BYTES);
    const [stated, ticks] = [view.getUint32(0, true), Number(view.getBigUint64(4, true))];
    const frame = at + IVF_FRAME_HEADER_BYTES;
    const length = Math.min(stated, pieces.file.size - frame);
    const head = new Uint8Array(view.buffer, view.byteOffset + IVF_FRAME_HEADER_BYTES, Math.min(FRAME_HEAD_BYTES, length, view.byteLength - IVF_FRAME_HEADER_BYTES));
    frames.push({ start: frame, length, ticks, isKey: isKeyFrame(codec, head) });
    at = frame + stated;
  }
  return { codec, up, down, width: start.getUint16(12, true), height: start.getUint16(14, true), endTicks, frames };
}

/** @param {FilePieces} pieces @param {DataView} start @returns {Promise<Bare | null>} */
async function readUnits(pieces, start) {
  if (start.byteLength < UNIT_HEAD_BYTES || start.getUint16(0) !== 0x1200) return null;
  /** @type {Frame[]} */
  const frames = [];
  const { up, down, frameTicks } = OBU_RATE;
  for (let at = 0; at < pieces.file.size;) {
    const unit = unitIn(await pieces.read(at, UNIT_HEAD_BYTES));
    // What is behind it cannot be found.
    if (!unit) return null;
    const end = Math.min(at + unit.length, pieces.file.size);
    if (unit.type === TEMPORAL_DELIMITER) {
      if (frames.length === MAX_FRAMES) return null;
      frames.push({ start: end, length: 0, ticks: frames.length * frameTicks, isKey: false });
    }
    const frame = /** @type {Frame} */ (frames.at(-1));
    if (unit.type === SEQUENCE_HEADER) frame.isKey = true;
    frame.length = end - frame.start;
    at += unit.length;
  }
  return { codec: 'av01', up, down, ...UNKNOWN_SIZE, endTicks: null, frames };
}

/** The unit that begins there (AV1, 5.3.2); `length` is that of all of it, null where it does not say. @param {DataView} view */
function unitIn(view) {
  const first = view.byteLength > 0 ? view.getUint8(0) : 0x80;
  const [isNone, hasMore, hasLength] = [first & 0x80, first & 4, first & 2];
  if (isNone || !hasLength) return null;
  let [at, length] = [hasMore ? 2 : 1, 0];
  for (let shift = 0; at < view.byteLength && shift < 56; shift += 7) {
    const byte = view.getUint8(at++);
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { type: (first >> 3) & 15, length: at + length };
  }
  return null;
}

/** @param {string} codec @param {Uint8Array} head a frame's first bytes */
function isKeyFrame(codec, head) {
  const [first = 1] = head;
  // RFC 6386, 9.1.
  if (codec === 'vp08') return (first & 1) === 0;
  // VP9, 6.2: a marker, two bits of the profile, of which the third has one more; a frame shown again; no key frame.
  if (codec === 'vp09') return ((first & 0x30) === 0x30 ? first & 0x06 : first & 0x0c) === 0;
  const delimiter = unitIn(new DataView(head.buffer, head.byteOffset, head.byteLength));
  const next = delimiter?.type === TEMPORAL_DELIMITER ? delimiter.length : 0;
  return ((head[next] ?? 0) >> 3 & 15) === SEQUENCE_HEADER;
}

/** @param {DataView} view @param {number} at */
const nameAt = (view, at) => String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));

const MATRIX = numbers(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const UNDETERMINED_LANGUAGE = 0x55c40000;
/** The 64-bit versions of headers. */
const LONG = 0x01000000;

/**
 * An index (ISO/IEC 14496-12, 8) of the file's bytes, moved by so many.
 * @param {Bare} bare @param {number} shift
 */
function indexOf({ codec, up, down, width, height, endTicks, frames }, shift) {
  const duration = wide((endTicks ?? frames[frames.length - 1].ticks + OBU_RATE.frameTicks) * up);
  const media = box('mdia',
    box('mdhd', numbers(LONG, 0, 0, 0, 0, down, duration, UNDETERMINED_LANGUAGE)),
    box('hdlr', numbers(0, 0), letters('vide'), zeros(13)),
    box('minf', box('vmhd', numbers(1, 0, 0)), box('dinf', box('dref', numbers(0, 1), box('url ', numbers(1)))), tableOf(codec, width, height, up, frames, shift)));
  const track = box('trak', box('tkhd', numbers(LONG | 3, 0, 0, 0, 0, 1, 0, duration, 0, 0, 0, 0), MATRIX, numbers(width << 16, height << 16)), media);
  const movie = box('mvhd', numbers(LONG, 0, 0, 0, 0, down, duration, 0x10000, 0x01000000, 0, 0), MATRIX, zeros(24), numbers(2));
  return [box('ftyp', letters('isom'), numbers(0)), box('moov', movie, track)];
}

/** Of each frame: when it is shown, whether it is a key frame, how long it is, and where. @param {string} codec @param {number} width @param {number} height @param {number} up @param {Frame[]} frames @param {number} shift */
function tableOf(codec, width, height, up, frames, shift) {
  const dotsAnInch = 0x480000;
  const entry = box(codec, numbers(0), Uint8Array.of(0, 0, 0, 1), zeros(16), numbers((width << 16) | height, dotsAnInch, dotsAnInch, 0), Uint8Array.of(0, 1), zeros(32), Uint8Array.of(0, 24, 255, 255));
  const steps = frames.map(({ ticks }, i) => [1, ((frames[i + 1]?.ticks ?? ticks) - ticks) * up]);
  const keys = frames.flatMap(({ isKey }, i) => (isKey ? [i + 1] : []));
  return box('stbl',
    box('stsd', numbers(0, 1), entry),
    box('stts', numbers(0, frames.length, steps.flat())),
    box('stss', numbers(0, keys.length, keys)),
    box('stsc', numbers(0, 1, 1, 1, 1)),
    box('stsz', numbers(0, 0, frames.length, frames.map(({ length }) => length))),
    box('co64', numbers(0, frames.length, frames.flatMap(({ start }) => wide(start + shift)))));
}

/** A number of 64 bits. @param {number} number */
const wide = (number) => [Math.floor(number / 2 ** 32), number >>> 0];
