// @ts-check
// Checks the counts in an index. The demuxer believes what an MP4 or QuickTime file says of its own tables: three kilobytes that claim
// four billion frames would cost it gigabytes, or minutes. So before it sees the file, every count in the index and in each
// fragment is compared with the bytes that are there (ISO/IEC 14496-12). Only headers and a few tables are read.

import { headerIn } from './boxes.js';
import { Failure } from '../shared/failure.js';
import { FilePieces } from './file-pieces.js';

/** As many as a fingerprint holds: MAX_FRAMES in src/fingerprint/model.rs. */
const MAX_FRAMES = 48 * 3600 * 60;
/** The demuxer holds the whole index in memory. An index of MAX_FRAMES frames and their sound takes about half of this. */
const MAX_INDEX_BYTES = 1 << 30;
/** Limits of nesting and number: sound files have ten levels of boxes, and a few hundred boxes in an index. */
const MAX_DEPTH = 20;
const MAX_BOXES = 100_000;

/** Boxes that contain boxes, and the offsets at which these may begin. @type {{ [type: string]: number[] }} */
const HOLDERS = {
  ...Object.fromEntries(['trak', 'edts', 'mdia', 'minf', 'dinf', 'stbl', 'mvex', 'moof', 'traf', 'mfra', 'udta', 'sinf', 'schi', 'wave'].map((type) => [type, [0]])),
  // QuickTime's has no version field.
  meta: [0, 4],
  stsd: [8],
};
/** In a sample entry, boxes begin after the fields of a picture, or of sound in QuickTime's three versions. */
const ENTRY_FIELDS = [78, 28, 44, 64];

/**
 * How to read a table's first numbers, each at an offset in the box: the number of entries, where they begin, and the least bits
 * of one entry.
 * @type {{ [type: string]: (number: (place: number) => number) => { count: number, from: number, bits: number } }}
 */
const TABLES = {
  stsd: (number) => ({ count: number(4), from: 8, bits: 64 }),
  stts: (number) => ({ count: number(4), from: 8, bits: 64 }),
  ctts: (number) => ({ count: number(4), from: 8, bits: 64 }),
  stsc: (number) => ({ count: number(4), from: 8, bits: 96 }),
  stss: (number) => ({ count: number(4), from: 8, bits: 32 }),
  stco: (number) => ({ count: number(4), from: 8, bits: 32 }),
  co64: (number) => ({ count: number(4), from: 8, bits: 64 }),
  // Either one length for all frames, or a table of lengths.
  stsz: (number) => ({ count: number(4) === 0 ? number(8) : 0, from: 12, bits: 32 }),
  stz2: (number) => ({ count: number(8), from: 12, bits: number(4) & 0xff }),
  elst: (number) => ({ count: number(4), from: 8, bits: isVersion1(number(0)) ? 160 : 96 }),
  keys: (number) => ({ count: number(4), from: 8, bits: 64 }),
  pssh: (number) => ({ count: isVersion1(number(0)) ? number(20) : 0, from: 24, bits: 128 }),
  tfra: (number) => ({ count: number(12), from: 16, bits: isVersion1(number(0)) ? 152 : 88 }),
  // Every frame has a number for each of four flags; without them, all frames are alike.
  trun: (number) => ({ count: number(4), from: 8, bits: 32 * [0x100, 0x200, 0x400, 0x800].filter((flag) => number(0) & flag).length }),
};
/** Tables whose entries count frames: numbers in an entry, and which of them is the count. @type {{ [type: string]: { of: number, which: number } }} */
const COUNTING = { stts: { of: 2, which: 0 }, ctts: { of: 2, which: 0 }, stsc: { of: 3, which: 1 } };
const TABLE_PIECE_BYTES = 12 * 1024;

/** @param {number} versionAndFlags */
const isVersion1 = (versionAndFlags) => versionAndFlags >>> 24 > 0;

/** The number of frames that a track or fragment claims, by type of table. @typedef {{ isVideo: boolean, frames: { [type: string]: number } }} Claims */
/** @typedef {import('./boxes.js').Box} Box */

/**
 * Fails if the demuxer must not see the file.
 * @param {File} file of any kind; one that is not MP4 or QuickTime seems to have no boxes
 * @returns {Promise<{ isFragmented: boolean, shortColours: number[] }>} `shortColours`: places of the types of colour boxes that lack
 *   their last byte, as some cameras write them; the demuxer reads on behind them and fails
 */
export async function checkIndex(file) {
  const search = new Search(file);
  let hasIndex = false;
  for await (const box of search.boxes(0, file.size)) {
    if (box.type === 'moov' && !hasIndex) {
      hasIndex = true;
      await search.index(box);
      if (!search.isFragmented) break;
    }
    if (box.type === 'moof' && hasIndex) await search.index(box);
  }
  const { isFragmented, shortColours } = search;
  return { isFragmented, shortColours };
}

class Search {
  /** @param {File} file */
  constructor(file) {
    this.pieces = new FilePieces(file);
    this.fileBytes = file.size;
    this.isFragmented = false;
    /** @type {number[]} */
    this.shortColours = [];
    this.boxesLeft = 0;
  }

  /** The boxes of a part of the file, found as the demuxer finds them. @param {number} start @param {number} end @returns {AsyncGenerator<Box, void>} */
  async* boxes(start, end) {
    while (start + 8 <= end) {
      const { type, headerLength, length } = headerIn(await this.pieces.read(start, 16));
      if (length < headerLength) return;
      yield { type, start: start + headerLength, end: Math.min(start + length, end) };
      start += length;
    }
  }

  /** Checks an index or a fragment, which the demuxer reads at once. @param {Box} box */
  async index(box) {
    if (box.end - box.start > MAX_INDEX_BYTES) throw new Failure('too-long');
    this.boxesLeft = MAX_BOXES;
    const claims = noClaims();
    await this.inside(box.start, box.end, claims, 1);
    this.judge(claims);
  }

  /** @param {number} start @param {number} end @param {Claims} claims @param {number} depth */
  async inside(start, end, claims, depth) {
    if (depth > MAX_DEPTH) throw falseCount('depth');
    for await (const box of this.boxes(start, end)) {
      if (this.boxesLeft-- === 0) throw falseCount('boxes');
      if (box.type === 'mvex') this.isFragmented = true;
      if (box.type === 'colr' && await this.isShortColour(box)) this.shortColours.push(box.start - TYPE_BYTES);
      if (box.type === 'hdlr') await this.handler(box, claims);
      if (Object.hasOwn(TABLES, box.type)) await this.table(box, claims);
      for (const from of placesIn(box)) await this.holder(box, from, claims, depth);
    }
  }

  /** @param {Box} box @param {number} from @param {Claims} claims @param {number} depth */
  async holder({ type, start, end }, from, claims, depth) {
    if (type === 'stsd') return this.entries(start + from, end, claims, depth);
    if (type !== 'trak') return this.inside(start + from, end, claims, depth + 1);
    const ofTrack = noClaims();
    await this.inside(start + from, end, ofTrack, depth + 1);
    this.judge(ofTrack);
  }

  /** Checks sample entries. Where their boxes begin depends on the kind, which may be false; so all places are tried. @param {number} start @param {number} end @param {Claims} claims @param {number} depth */
  async entries(start, end, claims, depth) {
    for await (const entry of this.boxes(start, end)) {
      for (const from of ENTRY_FIELDS) await this.inside(entry.start + from, entry.end, claims, depth + 1);
    }
  }

  /** @param {Box} box */
  async isShortColour({ start, end }) {
    return end - start < NCLX_BYTES && (await this.pieces.read(start, TYPE_BYTES)).getUint32(0) === NCLX;
  }

  /** @param {Box} box @param {Claims} claims */
  async handler({ start }, claims) {
    const view = await this.pieces.read(start + 8, 4);
    if (view.byteLength === 4 && view.getUint32(0) === VIDEO) claims.isVideo = true;
  }

  /** @param {Box} box @param {Claims} claims */
  async table({ type, start, end }, claims) {
    // If a box is too short for its numbers, the demuxer reads on into the next, and so does this.
    const view = await this.pieces.read(start, 24);
    const { count, from, bits } = TABLES[type]((place) => (place + 4 <= view.byteLength ? view.getUint32(place) : 0));
    if (count > 0 && (start + from > end || count * bits > (end - start - from) * 8)) throw falseCount(type);
    if (type === 'stz2' && count > 0 && bits === 0) throw falseCount(type);
    const counting = COUNTING[type];
    if (type === 'trun') claim(claims, type, count);
    if (counting) claim(claims, type, await this.sum(start + from, count, counting));
  }

  /** @param {number} start @param {number} count @param {{ of: number, which: number }} entry */
  async sum(start, count, { of, which }) {
    let sum = 0;
    const end = start + count * of * 4;
    for (let at = start; at < end; at += TABLE_PIECE_BYTES) {
      const view = await this.pieces.read(at, Math.min(TABLE_PIECE_BYTES, end - at));
      for (let place = which * 4; place + 4 <= view.byteLength; place += of * 4) sum += view.getUint32(place);
    }
    return sum;
  }

  /** Fails if more frames are claimed than the file has bytes. @param {Claims} claims */
  judge({ isVideo, frames }) {
    for (const [type, count] of Object.entries(frames)) {
      // Of sound, only fragments are checked: elsewhere a frame may be a single sample.
      if (!isVideo && type !== 'trun') continue;
      if (count > this.fileBytes) throw falseCount(type);
      if (count > MAX_FRAMES) throw new Failure('too-long');
    }
  }
}

/** 'vide' and 'nclx' as numbers. */
const VIDEO = 0x76696465;
const NCLX = 0x6e636c78;
/** Bytes of a box's type, and of a colour box: 'nclx', three numbers, and whether the range is full (ISO/IEC 14496-12, 12.1.5). */
const TYPE_BYTES = 4;
const NCLX_BYTES = 11;

/** @returns {Claims} */
const noClaims = () => ({ isVideo: false, frames: {} });

/** @param {Claims} claims @param {string} type @param {number} count */
function claim({ frames }, type, count) {
  frames[type] = (frames[type] ?? 0) + count;
}

/** @param {Box} box */
const placesIn = ({ type }) => (Object.hasOwn(HOLDERS, type) ? HOLDERS[type] : []);

/** @param {string} where */
const falseCount = (where) => new Failure('no-index', { where });
