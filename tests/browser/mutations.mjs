// @ts-check
// In: small sound videos. Out: damaged ones, as a bad disk, a broken transfer or an enemy makes them.
// Everything follows from one seed number, so that every mutant can be made again alone.

import { h264, scene } from './clips.mjs';

/**
 * @typedef {import('./clips.mjs').Clip} Clip
 * @typedef {() => number} Random from 0 up to but not 1
 * @typedef {{ index: number, seed: string, kind: string, bytes: Buffer }} Mutant
 */

const YUV = ['-pix_fmt', 'yuv420p'];
/** Few frames, small, so that hashing one takes a fraction of a second. */
const shot = scene({ size: '112x80', rate: '10', seconds: 1.5 });
const short = [...YUV, '-g', '6'];

/** One of every way in which the page decodes, and of every way in which it fails to. @type {Clip[]} */
export const seeds = [
  { name: 'seed-h264.mp4', what: 'H.264 with B-frames, CABAC', args: [...shot, ...h264('bframes=2:keyint=6')], expect: {} },
  { name: 'seed-h264-fragmented.mp4', what: 'fragmented', args: [...shot, ...h264('keyint=6'), '-movflags', '+frag_keyframe+empty_moov+default_base_moof'], expect: {} },
  { name: 'seed-h264-baseline.mov', what: 'H.264 baseline, CAVLC, two slices', args: [...shot, ...h264('keyint=6:slices=2'), '-profile:v', 'baseline'], expect: {} },
  { name: 'seed-h264.mkv', what: 'H.264 in Matroska', args: [...shot, ...h264('keyint=6')], expect: {} },
  { name: 'seed-h264.ts', what: 'H.264 in a transport stream', args: [...shot, ...h264('keyint=6')], expect: {} },
  { name: 'seed-vp8.webm', what: 'VP8', args: [...shot, '-c:v', 'libvpx', '-b:v', '200k', ...short], expect: {} },
  { name: 'seed-vp9.webm', what: 'VP9', args: [...shot, '-c:v', 'libvpx-vp9', '-cpu-used', '6', '-b:v', '200k', ...short], expect: {} },
  { name: 'seed-av1.mp4', what: 'AV1', args: [...shot, '-c:v', 'libaom-av1', '-cpu-used', '8', '-b:v', '200k', ...short], expect: {} },
  { name: 'seed-mpeg4.avi', what: 'MPEG-4 part 2', args: [...shot, '-c:v', 'mpeg4', '-q:v', '6', ...short], expect: {} },
  { name: 'seed-h263.3gp', what: 'H.263', args: [...scene({ size: '128x96', rate: '10', seconds: 1.5 }), '-c:v', 'h263', '-q:v', '6', ...short], expect: {} },
  { name: 'seed-hevc.mp4', what: 'HEVC', args: [...shot, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:keyint=6', ...YUV, '-tag:v', 'hvc1'], expect: {} },
  { name: 'seed-mpeg2.mpg', what: 'MPEG-2 in a program stream', args: [...shot, '-r', '25', '-c:v', 'mpeg2video', '-q:v', '6', ...short], expect: {} },
];

/** The same numbers from the same seed, everywhere (mulberry32). @param {number} seed @returns {Random} */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {Random} random @param {number} below */
const whole = (random, below) => Math.floor(random() * below);

/** A place for a change of `length` bytes: in one of four among the first bytes, where the structure is. @param {Buffer} bytes @param {Random} random @param {number} length */
function place(bytes, random, length) {
  const room = Math.max(1, bytes.length - length);
  return whole(random, random() < 0.25 ? Math.min(room, 1024) : room);
}

/** @param {Buffer} bytes @param {Random} random @param {number} count */
function flipBits(bytes, random, count) {
  for (let i = 0; i < count; i++) bytes[place(bytes, random, 1)] ^= 1 << whole(random, 8);
  return bytes;
}

/** A run of bytes, up to a sixteenth of the file. @param {Buffer} bytes @param {Random} random */
function run(bytes, random) {
  const length = 1 + whole(random, Math.max(1, bytes.length >> 4));
  return { start: place(bytes, random, length), length };
}

/** Where a field that holds a length or a count is likely: before a box's name, or after a Matroska element's id. @param {Buffer} bytes */
function lengthFields(bytes) {
  const places = [];
  for (let at = 4; at + 4 < bytes.length; at++) {
    const isName = bytes.subarray(at, at + 4).every((byte) => byte >= 0x61 && byte <= 0x7a);
    if (isName) places.push(at - 4);
  }
  for (const id of ['18538067', '1f43b675', '1654ae6b', '1549a966', '4dbb', 'ae', 'a3', '000001e0', '000001ba', '47']) {
    const key = Buffer.from(id, 'hex');
    for (let at = bytes.indexOf(key); at !== -1 && places.length < 400; at = bytes.indexOf(key, at + 1)) places.push(at + key.length);
  }
  return places.filter((at) => at + 4 <= bytes.length);
}

const LENGTHS = [0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xffffffff];

/** Every kind of damage. @type {{ [kind: string]: (bytes: Buffer, random: Random) => Buffer }} */
const KINDS = {
  '1 bit flipped': (bytes, random) => flipBits(bytes, random, 1),
  '10 bits flipped': (bytes, random) => flipBits(bytes, random, 10),
  '1,000 bits flipped': (bytes, random) => flipBits(bytes, random, 1000),
  'a run overwritten': (bytes, random) => {
    const { start, length } = run(bytes, random);
    for (let i = start; i < Math.min(start + length, bytes.length); i++) bytes[i] = whole(random, 256);
    return bytes;
  },
  'a run zeroed': (bytes, random) => {
    const { start, length } = run(bytes, random);
    return bytes.fill(0, start, start + length);
  },
  'cut off': (bytes, random) => bytes.subarray(0, 1 + whole(random, bytes.length - 1)),
  'a run removed': (bytes, random) => {
    const { start, length } = run(bytes, random);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)]);
  },
  'a run doubled': (bytes, random) => {
    const { start, length } = run(bytes, random);
    return Buffer.concat([bytes.subarray(0, start + length), bytes.subarray(start)]);
  },
  'two runs swapped': (bytes, random) => {
    const [one, other] = [run(bytes, random), run(bytes, random)].sort((a, b) => a.start - b.start);
    const end = Math.min(one.start + one.length, other.start);
    const parts = [[0, one.start], [other.start, other.start + other.length], [end, other.start], [one.start, end], [other.start + other.length, bytes.length]];
    return Buffer.concat(parts.map(([from, to]) => bytes.subarray(from, to)));
  },
  'a length altered': (bytes, random) => {
    const fields = lengthFields(bytes);
    const at = fields[whole(random, fields.length)] ?? 0;
    const near = bytes.readUInt32BE(at) + whole(random, 9) - 4;
    bytes.writeUInt32BE((random() < 0.5 ? LENGTHS[whole(random, LENGTHS.length)] : near) >>> 0, at);
    return bytes;
  },
};

/** The kinds' names, in a fixed order. */
export const kinds = Object.keys(KINDS);

/**
 * The mutant with a number; seeds and kinds take turns, so that any number of them has some of each.
 * @param {Map<string, Buffer>} videos the seeds' bytes by name @param {number} seed @param {number} index
 * @returns {Mutant}
 */
export function mutant(videos, seed, index) {
  const name = seeds[index % seeds.length].name;
  const kind = kinds[(index + Math.floor(index / seeds.length)) % kinds.length];
  const random = randomFrom(Math.imul(seed, 0x9e3779b1) + index);
  const original = /** @type {Buffer} */ (videos.get(name));
  return { index, seed: name, kind, bytes: KINDS[kind](Buffer.from(original), random) };
}
