// @ts-check
// Recipes of files with one fault each, and what page and command must make of them.

import { h264, scene, svt } from './clips.mjs';

/**
 * `frames`: how many the page hashes; their digests equal the command's up to the first one that it calls unreliable. Or `failed`: how it
 * ends. `problems`: what the page says. `command`: what the command says, if that differs; `null`: it hashes nothing.
 * `firefox`, `webkit`: what differs there.
 * @typedef {{ frames?: number, failed?: string, problems?: string[], command?: string[] | null, firefox?: { frames: number },
 *   webkit?: { frames?: number, failed?: string } }} Broken
 * @typedef {import('./clips.mjs').Clip & { wrong?: Broken }} BrokenClip
 */

const small = { size: '160x120', seconds: 1.2 };
const large = { size: '240x180', seconds: 1.2 };
const x264 = h264('bframes=0:keyint=10:scenecut=0');
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '6', '-b:v', '200k', '-g', '10', '-keyint_min', '10'];
const av1 = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-b:v', '150k', '-g', '10'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '6', '-b:v', '200k', '-g', '10'];
/** Drops packets. @param {string} which */
const without = (which) => ['-i', 'FROM', '-c', 'copy', '-bsf:v', `noise=amount=0:drop='${which}'`];
/** Moves packets in time. @param {string} when */
const at = (when) => ['-i', 'FROM', '-c', 'copy', '-bsf:v', `setts=ts='${when}'`];
const joined = ['-f', 'concat', '-i', 'FROM', '-c', 'copy'];

/** Sound ones, of 30 frames, a key frame every ten: they are cut and their bits turned, and the others are made of them. @type {BrokenClip[]} */
export const sound = [
  { name: 'small.mp4', what: 'index at the end', args: [...scene(small), ...x264], expect: {} },
  { name: 'small-fast.mp4', what: 'index first', args: [...scene(small), ...h264('bframes=2:keyint=10:scenecut=0'), '-movflags', '+faststart'], expect: {} },
  { name: 'small-fragmented.mp4', what: 'in fragments', args: [...scene(small), ...x264, '-movflags', '+frag_keyframe+empty_moov+default_base_moof'], expect: {} },
  { name: 'small.mkv', what: 'Matroska', args: [...scene(small), ...x264], expect: {} },
  { name: 'small-vp8.webm', what: 'VP8', args: [...scene(small), ...vp8, '-pix_fmt', 'yuv420p'], expect: {} },
  { name: 'small.webm', what: 'VP9', args: [...scene(small), ...vp9, '-pix_fmt', 'yuv420p'], expect: {} },
  { name: 'small-av1.mp4', what: 'AV1', args: [...scene(small), ...av1, '-pix_fmt', 'yuv420p', '-movflags', '+faststart'], expect: {} },
  { name: 'small-h264.ts', what: 'transport stream', args: [...scene(small), ...x264], expect: {} },
];

/** @type {BrokenClip[]} */
export const ingredients = [
  { name: 'large.webm', what: '', args: [...scene(large), ...vp9, '-pix_fmt', 'yuv420p'], expect: {} },
  { name: 'large.mp4', what: '', args: [...scene(large), ...x264], expect: {} },
  { name: 'two-sizes-mp4.txt', what: '', change: () => Buffer.from('file small.mp4\nfile large.mp4\n'), expect: {} },
  { name: 'two-sizes-webm.txt', what: '', change: () => Buffer.from('file small.webm\nfile large.webm\n'), expect: {} },
];

/** @type {(BrokenClip & { wrong: Broken })[]} */
export const wrong = [
  { name: 'key-lost.mkv', what: 'begins in the middle of a group', from: 'small.mkv', args: without('lt(n,5)'), expect: {}, wrong: { frames: 20, problems: ['frames-missing'] } },
  { name: 'key-lost.ts', what: 'begins in the middle of a group', from: 'small-h264.ts', args: without('lt(n,5)'), expect: {}, wrong: { frames: 20, problems: ['frames-missing'] } },
  { name: 'key-lost.webm', what: 'begins in the middle of a group; ffmpeg finds fault with that', from: 'small.webm', args: without('lt(n,5)'), expect: {}, wrong: { frames: 20, problems: ['frames-missing'], command: ['decode-error', 'frames-missing'] } },
  { name: 'all-keys-lost.mp4', what: 'no key frame anywhere', from: 'small.mp4', args: without('not(mod(n,10))'), expect: {}, wrong: { failed: 'no-frames', command: null } },
  { name: 'no-frames.mp4', what: 'an index of nothing', from: 'small.mp4', args: ['-i', 'FROM', '-c', 'copy', '-frames:v', '0'], expect: {}, wrong: { failed: 'no-index', command: null } },
  { name: 'no-frames.mkv', what: 'a track without a frame', from: 'small.mkv', args: ['-i', 'FROM', '-c', 'copy', '-frames:v', '0'], expect: {}, wrong: { failed: 'no-frames', command: null } },
  { name: 'long-duration.mp4', what: 'claims to be ten times as long', from: 'small.mp4', change: (bytes) => stretch(bytes), expect: {}, wrong: { frames: 30 } },
  { name: 'long-duration.mkv', what: 'claims to be 20 s long', from: 'small.mkv', change: (bytes) => setDuration(bytes, 20_000), expect: {}, wrong: { frames: 30 } },
  { name: 'short-duration.mkv', what: 'claims to be half a second long', from: 'small.mkv', change: (bytes) => setDuration(bytes, 500), expect: {}, wrong: { frames: 30 } },
  { name: 'jump.webm', what: 'times jump by 100 s', from: 'small.webm', args: at('if(gte(N,15),TS+100000,TS)'), expect: {}, wrong: { frames: 30 } },
  { name: 'far-jump.webm', what: 'times jump by more than two days; ffmpeg takes the jump out', from: 'small.webm', args: at('if(gte(N,15),TS+200000000,TS)'), expect: {}, wrong: { failed: 'too-long', command: [] } },
  { name: 'back.ts', what: 'times begin anew; ffmpeg makes them go on', from: 'small-h264.ts', change: (bytes) => Buffer.concat([bytes, bytes]), expect: {}, wrong: { frames: 60, problems: ['timestamps-go-back'], command: [], webkit: { failed: 'unsupported-times' } } },
  { name: 'sample-length.mp4', what: 'one frame is said to be longer than it is', from: 'small.mp4', change: (bytes) => change32(bytes, 'stsz', 12 + 4 * 12, 400), expect: {}, wrong: { frames: 10, problems: ['decode-error'], firefox: { frames: 11 }, webkit: { frames: 11 } } },
  { name: 'huge-length.mp4', what: 'one frame is said to be 2 GB long', from: 'small.mp4', change: (bytes) => change32(bytes, 'stsz', 12 + 4 * 12, 0x7fff0000), expect: {}, wrong: { frames: 11 } },
  { name: 'chunk-table.mp4', what: 'a table of the index is said to be longer than the file', from: 'small.mp4', change: (bytes) => change32(bytes, 'stsc', 8, 0xffffff), expect: {}, wrong: { failed: 'no-index', command: null } },
  { name: 'box-length.mp4', what: 'the box of the frames is said to be longer, so the index is not found', from: 'small.mp4', change: (bytes) => change32(bytes, 'mdat', -4, 1000), expect: {}, wrong: { failed: 'cut-off-nothing-readable', command: null } },
  { name: 'box-short.mp4', what: 'the box of the frames is said to be shorter, so the index is not found', from: 'small.mp4', change: (bytes) => change32(bytes, 'mdat', -4, -1000), expect: {}, wrong: { failed: 'no-index', command: null } },
  { name: 'two-sizes.mp4', what: 'the size changes', from: 'two-sizes-mp4.txt', args: joined, expect: {}, wrong: { frames: 30, problems: ['size-changes'] } },
  { name: 'two-sizes.mkv', what: 'the size changes', from: 'two-sizes-mp4.txt', args: joined, expect: {}, wrong: { frames: 30, problems: ['size-changes'] } },
  { name: 'two-sizes.webm', what: 'the size changes, as in recorded calls', from: 'two-sizes-webm.txt', args: joined, expect: {}, wrong: { frames: 30, problems: ['size-changes'] } },
  { name: 'av1-sizes.mp4', what: 'the size changes, and only headers of frames say so', args: [...scene(large), ...svt(), '-svtav1-params', 'resize-mode=2'], expect: {}, wrong: { frames: 1, problems: ['size-changes'] } },
];

/** Adds to a number in a box of the given type. @param {Buffer} bytes @param {string} type @param {number} place after the type @param {number} more */
function change32(bytes, type, place, more) {
  const where = bytes.indexOf(type) + place;
  bytes.writeUInt32BE(bytes.readUInt32BE(where) + more, where);
  return bytes;
}

/** All durations of an MP4 ten times as long (ISO/IEC 14496-12, 8.2.2, 8.3.2, 8.4.2, 8.6.6). @param {Buffer} bytes */
function stretch(bytes) {
  for (const [type, place] of /** @type {[string, number][]} */ ([['mvhd', 20], ['tkhd', 24], ['mdhd', 20], ['elst', 12]])) {
    const where = bytes.indexOf(type) + place;
    bytes.writeUInt32BE(bytes.readUInt32BE(where) * 10, where);
  }
  return bytes;
}

/** The Duration element of Matroska, a float of 8 bytes. @param {Buffer} bytes @param {number} milliseconds */
function setDuration(bytes, milliseconds) {
  bytes.writeDoubleBE(milliseconds, bytes.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3);
  return bytes;
}
