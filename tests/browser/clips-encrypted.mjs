// @ts-check
// Recipes of videos whose container says that they are encrypted, and of videos that only look so.

import { h264, scene } from './clips.mjs';
import { box, inBox, numbers } from './clips-hostile.mjs';

/** @typedef {import('./clips.mjs').Clip} Clip */

const small = scene({ size: '160x120', seconds: 1.2 });
const x264 = h264('bframes=0:keyint=10:scenecut=0');
const TONE = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1.2', '-map', '0:a'];
const AAC = ['-c:a', 'aac', '-b:a', '64k', '-shortest'];
/** Without tables of places and checksums, which would all be others. */
const LIVE = ['-live', '1', '-write_crc32', '0'];
const CENC = ['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', '76a6c65c5ea762046bd749a2e632ccbb', '-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8'];

/** What a sample entry says of encryption by default (ISO/IEC 23001-7, 8.2). @param {string} name the entry's if it were not encrypted */
const scheme = (name) => box('sinf', box('frma', Buffer.from(name)), box('schm', numbers(0), Buffer.from('cenc'), numbers(0x10000)),
  box('schi', box('tenc', numbers(0, 0x00000108), Buffer.alloc(16, 7))));
const DESCRIPTIONS = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'];

/** Encrypted: the page and the command say so and nothing else. @type {Clip[]} */
export const encrypted = [
  { name: 'encrypted.mp4', what: 'Common Encryption, the index at the end', args: [...small, ...x264, ...CENC], expect: {} },
  { name: 'encrypted-first.mp4', what: 'Common Encryption, the index first', args: [...small, ...x264, ...CENC, '-movflags', '+faststart'], expect: {} },
  { name: 'encrypted-fragmented.mp4', what: 'Common Encryption in fragments', args: [...small, ...x264, ...CENC, '-movflags', '+frag_keyframe+empty_moov+default_base_moof'], expect: {} },
  { name: 'encrypted-hevc.mp4', what: 'Common Encryption of HEVC', args: [...small, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p', '-tag:v', 'hvc1', ...CENC], expect: {} },
  { name: 'encrypted.webm', what: 'WebM Encryption', args: [...small, '-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '200k', '-pix_fmt', 'yuv420p', ...LIVE], change: (bytes) => encryptTrack(bytes, 0), expect: {} },
  { name: 'encrypted.mkv', what: 'encrypted in Matroska, beside sound that is not', args: [...TONE, ...small, ...AAC, ...x264, ...LIVE], change: (bytes) => encryptTrack(bytes, 1), expect: {} },
  { name: 'encrypted.ts', what: 'scrambled packets', args: [...TONE, ...small, ...AAC, ...x264], change: (bytes) => scramble(bytes, 0x101), expect: {} },
  { name: 'encrypted.wmv', what: 'a stream that is marked as encrypted', args: [...small, '-c:v', 'wmv2', '-q:v', '5', '-pix_fmt', 'yuv420p'], change: markStream, expect: {} },
  { name: 'encrypted.flv', what: 'tags that are filtered', args: [...small, ...x264], change: (bytes) => filterTags(bytes, 9), expect: {} },
];

/** Not encrypted, whatever else is in the file: hashed like any other. @type {Clip[]} */
export const clear = [
  { name: 'decrypted.mp4', what: 'what encryption needed was left behind', args: [...small, ...x264], change: leaveBehind, expect: {} },
  { name: 'encrypted-sound.mp4', what: 'sound that is encrypted', args: [...TONE, ...small, ...AAC, ...x264], change: encryptSound, expect: {} },
  { name: 'encrypted-sound.mkv', what: 'sound that is encrypted', args: [...TONE, ...small, ...AAC, ...x264, ...LIVE], change: (bytes) => encryptTrack(bytes, 0), expect: {} },
  { name: 'encrypted-sound.ts', what: 'sound that is scrambled', args: [...TONE, ...small, ...AAC, ...x264], change: (bytes) => scramble(bytes, 0x100), expect: {} },
];

/** Boxes of encryption round a video that is not. @param {Buffer} bytes */
function leaveBehind(bytes) {
  const withScheme = inBox([...DESCRIPTIONS, 'avc1'], (entry) => box('avc1', entry, scheme('avc1')))(bytes);
  return inBox(['moov', 'mvhd'], (header) => Buffer.concat([box('mvhd', header), box('pssh', numbers(0), Buffer.alloc(16, 9), numbers(0))]))(withScheme);
}

/** The first track's, which is sound. @param {Buffer} bytes */
function encryptSound(bytes) {
  return inBox([...DESCRIPTIONS, 'mp4a'], (entry) => box('enca', entry, scheme('mp4a')))(bytes);
}

/** A track's ContentEncodings: encryption by AES (RFC 9559, 5.1.4.1.31). */
const ENCODINGS = Buffer.from('6d808e62408b5033810150358447e18105', 'hex');
const TRACKS = Buffer.from('1654ae6b', 'hex');

/** Encrypts a track, by its own word. Nothing in the file may refer to places behind it. @param {Buffer} bytes @param {number} which counted from 0 */
function encryptTrack(bytes, which) {
  // The seek head names them first.
  const tracks = bytes.indexOf(TRACKS, bytes.indexOf(TRACKS) + 1);
  let { start, length } = lengthOf(bytes, tracks + TRACKS.length);
  let entry = start;
  for (let left = which; ; left--, entry = start + length) {
    ({ start, length } = lengthOf(bytes, entry + 1));
    if (left === 0) break;
  }
  addLength(bytes, tracks + TRACKS.length, ENCODINGS.length);
  addLength(bytes, entry + 1, ENCODINGS.length);
  return Buffer.concat([bytes.subarray(0, start + length), ENCODINGS, bytes.subarray(start + length)]);
}

/** A length of EBML (RFC 8794, 4), and where begins what has it. @param {Buffer} bytes @param {number} at */
function lengthOf(bytes, at) {
  const width = Math.clz32(bytes[at]) - 23;
  const length = bytes.subarray(at + 1, at + width).reduce((sum, byte) => sum * 256 + byte, bytes[at] & (0xff >> width));
  return { start: at + width, length, width };
}

/** @param {Buffer} bytes @param {number} at @param {number} more */
function addLength(bytes, at, more) {
  const { length, width } = lengthOf(bytes, at);
  if (length + more >= 2 ** (7 * width) - 1) throw new Error('no room for the length');
  const marked = BigInt(length + more) | (1n << BigInt(7 * width));
  for (let i = 0; i < width; i++) bytes[at + i] = Number((marked >> BigInt(8 * (width - 1 - i))) & 0xffn);
}

/** Says that packets are scrambled (ISO/IEC 13818-1, 2.4.3.2). @param {Buffer} bytes @param {number} which their number */
function scramble(bytes, which) {
  for (let at = 0; at < bytes.length; at += 188) {
    if ((bytes.readUInt16BE(at + 1) & 0x1fff) === which && bytes[at + 3] & 0x10) bytes[at + 3] |= 0x80;
  }
  return bytes;
}

/** The flag of encrypted content in a stream's properties (Microsoft's ASF specification, 3.3). @param {Buffer} bytes */
function markStream(bytes) {
  bytes[bytes.indexOf(Buffer.from('9107dcb7b7a9cf118ee600c00c205365', 'hex')) + 24 + 49] |= 0x80;
  return bytes;
}

/** The flag of filtered tags (Adobe's FLV specification, E.4.1). @param {Buffer} bytes @param {number} type */
function filterTags(bytes, type) {
  for (let at = 13; at + 11 <= bytes.length; at += 15 + bytes.readUIntBE(at + 1, 3)) if (bytes[at] === type) bytes[at] |= 0x20;
  return bytes;
}
