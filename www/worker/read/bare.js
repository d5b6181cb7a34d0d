// @ts-check
// Videos without an index: IVF, and AV1 as a plain sequence of OBUs. The demuxer knows neither, but reads MP4, whose index says
// where in the file each frame is. So this makes an index and puts it before the file; the frames stay where they are.

import { box, letters, numbers, zeros } from './box-writer.js';
import { FilePieces } from './file-pieces.js';

/** As many as a fingerprint holds: MAX_FRAMES in src/fingerprint/model.rs. */
const MAX_FRAMES = 48 * 3600 * 60;
/** IVF (the WebM Project's description): bytes of the file's header and of each frame's, and codecs by name. */
const IVF_HEADER_BYTES = 32;
const IVF_FRAME_HEADER_BYTES = 12;
const IVF_CODECS = /** @type {{ [name: string]: string }} */ ({ VP80: 'vp08', VP90: 'vp09', AV01: 'av01' });
/** OBUs say nothing of times. ffmpeg assumes 25 frames per second, in ticks of its own. */
const OBU_RATE = { up: 1, down: 1_200_000, frameTicks: 48_000 };
/** A placeholder in the index: the frames themselves say their size. */
const UNKNOWN_SIZE = { width: 640, height: 480 };
/** OBU types (AV1, 6.2.2): the one that key frames begin with, and the one between frames. */
const SEQUENCE_HEADER = 1;
const TEMPORAL_DELIMITER = 2;
/** Bytes of a frame that are enough to tell whether it is a key frame. */
const FRAME_HEAD_BYTES = 16;
/** The most bytes of an OBU's header and length. */
const UNIT_HEAD_BYTES = 10;

/**
 * Where a frame's bytes are, when it is shown, and whether decoding can begin at it.
 * @typedef {{ start: number, length: number, ticks: number, isKey: boolean }} Frame
 * `up` / `down` are the seconds of a tick; `endTicks` is the length that the file claims, null if none.
 * @typedef {{ codec: string, up: number, down: number, width: number, height: number, endTicks: number | null, frames: Frame[] }} Bare
 */

/**
 * The video with an index; null for files of any other kind.
 * @param {File} file
 * @returns {Promise<{ file: File, up: number, down: number } | null>}
 */
export async function withIndex(file) {
  const pieces = new FilePieces(file);
  const start = await pieces.read(0, IVF_HEADER_BYTES);
  const bare = await readIvf(pieces, start) ?? await readUnits(pieces, start);
  if (!bare || bare.frames.length === 0 || !isInOrder(bare)) return null;
  // The index's length does not depend on where the frames are.
  const index = indexOf(bare, new Blob(indexOf(bare, 0)).size);
  return { file: new File([...index, file], ''), up: bare.up, down: bare.down };
}

/** Whether times never go back and steps fit into 32 bits: an index has room only for those. @param {Bare} bare */
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
    // Without a length, the next OBU cannot be found.
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

/** The OBU at the start of `view` (AV1, 5.3.2); `length` is its whole length, null if it does not say. @param {DataView} view */
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
  // VP9, 6.2: a marker, two bits of the profile (one more in profile 3), show_existing_frame, frame_type.
  if (codec === 'vp09') return ((first & 0x30) === 0x30 ? first & 0x06 : first & 0x0c) === 0;
  const delimiter = unitIn(new DataView(head.buffer, head.byteOffset, head.byteLength));
  const next = delimiter?.type === TEMPORAL_DELIMITER ? delimiter.length : 0;
  return ((head[next] ?? 0) >> 3 & 15) === SEQUENCE_HEADER;
}

/** @param {DataView} view @param {number} at */
const nameAt = (view, at) => String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));

const MATRIX = numbers(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const UNDETERMINED_LANGUAGE = 0x55c40000;
/** Version 1 of a header, with 64-bit times; no flags. */
const LONG = 0x01000000;

/**
 * Makes an index (ISO/IEC 14496-12, 8) of the file's frames, which move by `shift` bytes.
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

/** The sample table: each frame's time, whether it is a key frame, its length and place. @param {string} codec @param {number} width @param {number} height @param {number} up @param {Frame[]} frames @param {number} shift */
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

/** A 64-bit number as two of 32 bits. @param {number} number */
const wide = (number) => [Math.floor(number / 2 ** 32), number >>> 0];
