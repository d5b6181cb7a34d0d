// @ts-check
// In: recipes. Out: short video files, of every kind on which page and command must agree,
// made by ffmpeg from its own test sources so that nothing has to be downloaded or stored.
// A clip is data: what it shows, the ffmpeg arguments that make it, and what hashing it must give.
// Run as a program it makes all clips: node tests/browser/clips.mjs [FOLDER]

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { contentOf, place } from './kept.mjs';
import { tellReordering } from './reorder.mjs';

/**
 * What the Chromium page must say of a clip. `failed` is the code of the sentence it ends in;
 * without it the clip must be hashed exactly, digest for digest as ffmpeg does; of those where no two decoders agree, on the ffmpeg
 * route, only the first `soundFrames`.
 * @typedef {{
 *   codec?: string, pixelFormat?: string, range?: 'limited' | 'full', rotation?: 0 | 90 | 180 | 270, mirrored?: true,
 *   frames?: number, constantRate?: boolean, failed?: string, problem?: string,
 *   sameAsFfmpeg?: false, soundFrames?: number,
 * }} Expectation
 *
 * `from` names an earlier clip, put in the place of FROM in the arguments; `change` edits its bytes afterwards.
 * @typedef {{
 *   name: string, what: string, args?: string[], from?: string,
 *   change?: (bytes: Buffer) => Buffer, expect: Expectation,
 * }} Clip
 */

const run = promisify(execFile);
export const FROM = 'FROM';

/**
 * Three shots with motion, detail and hard cuts: a test card, a zoom into a fractal, and a game of life
 * with a ball passing over it.
 * @param {{ size?: string, rate?: string, seconds?: number, then?: string }} [shape] `then`: a last filter
 */
export function scene({ size = '320x240', rate = '25', seconds = 3, then = 'null' } = {}) {
  const shot = `s=${size}:r=${rate}`;
  const part = (seconds / 3).toFixed(3);
  return ['-filter_complex', [
    `testsrc2=${shot}:d=${part},format=yuv444p,setsar=1[card]`,
    `mandelbrot=${shot}:start_scale=0.6:end_scale=0.05:end_pts=60,trim=duration=${part},format=yuv444p,setsar=1[fractal]`,
    `life=${shot}:seed=7:ratio=0.3:mold=20:life_color=#e0d060:death_color=#803020:mold_color=#102040,trim=duration=${part},format=yuv444p,setsar=1[cells]`,
    `color=c=#30b0f0:s=48x48:r=${rate},format=yuv444p[ball]`,
    `[cells][ball]overlay=x='20+mod(n*7,200)':y='30+60*abs(sin(n/5))':shortest=1,format=yuv444p,setsar=1[moving]`,
    '[card][fractal][moving]concat=n=3:v=1[whole]',
    `[whole]${then}[shown]`,
  ].join(';'), '-map', '[shown]'];
}

const QUIET = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-y'];
const SAME_EVERY_TIME = ['-bitexact', '-threads', '1'];
const TONE = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3'];

/** @param {string} extra x264 parameters @param {string} pixels */
export const h264 = (extra = '', pixels = 'yuv420p') => [
  '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-g', '25', '-pix_fmt', pixels,
  ...(extra ? ['-x264-params', extra] : []),
];
const h264Rgb = ['-c:v', 'libx264rgb', '-preset', 'veryfast', '-crf', '26', '-g', '25'];
/** Names the colours, so that the container has a box for them; red, green and blue have their own matrix. */
const RGB_BT709 = ['-color_primaries', 'bt709', '-color_trc', 'bt709'];
const BT709 = [...RGB_BT709, '-colorspace', 'bt709'];
/** @param {string} pixels */
const vp9 = (pixels = 'yuv420p') => ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '6', '-b:v', '300k', '-g', '30', '-pix_fmt', pixels];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '6', '-b:v', '400k', '-g', '30', '-pix_fmt', 'yuv420p'];
/** @param {string} pixels */
const aom = (pixels = 'yuv420p') => ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-b:v', '300k', '-g', '30', '-pix_fmt', pixels];
/** @param {string} pixels */
export const svt = (pixels = 'yuv420p') => ['-c:v', 'libsvtav1', '-preset', '12', '-crf', '40', '-g', '30', '-pix_fmt', pixels];

/** @type {Clip[]} */
export const clips = [
  { name: 'h264-bframes.mp4', what: 'three B-frames in a pyramid', args: [...scene(), ...h264('bframes=3:b-pyramid=normal:b-adapt=0'), '-movflags', '+faststart'], expect: { codec: 'h264', pixelFormat: 'yuv420p', frames: 75, constantRate: true } },
  { name: 'h264-open-gop.mp4', what: 'frames shown before a key frame that depend on the group before it', args: [...scene(), ...h264('open-gop=1:keyint=12:bframes=3:b-adapt=0')], expect: { codec: 'h264', frames: 75 } },
  { name: 'h264-recovery-point.mkv', what: 'starts at a recovery point, as recordings of broadcasts do', from: 'h264-open-gop.mp4', args: ['-ss', '1.1', '-i', FROM, '-c', 'copy'], expect: { codec: 'h264' } },
  { name: 'h264-closed-gop.mp4', what: 'short closed groups, one slice per row of blocks', args: [...scene(), ...h264('open-gop=0:keyint=10:slices=8')], expect: { codec: 'h264', frames: 75 } },
  { name: 'h264-no-bframes.mp4', what: 'decode order is display order', args: [...scene(), ...h264('bframes=0')], expect: { codec: 'h264', frames: 75 } },
  { name: 'h264-untold-reordering.mp4', what: 'B-frames of B-frames from the start, and not a word on reordering nor on the encoder, as Apple’s writes', args: [...scene(), ...h264('bframes=3:b-pyramid=normal:b-adapt=0'), '-bsf:v', 'filter_units=remove_types=6'], change: (bytes) => tellReordering(bytes, null), expect: { codec: 'h264', frames: 75 } },
  { name: 'h264-false-reordering.mp4', what: 'says that no frame is reordered, and has B-frames from the third second on', args: [...scene({ seconds: 4 }), ...h264('bframes=3:b-adapt=0:scenecut=0:keyint=300'), '-force_key_frames', 'expr:lt(t,2)'], change: (bytes) => tellReordering(bytes, 0), expect: { codec: 'h264', frames: 100 } },
  { name: 'h264-variable-rate.mp4', what: 'frames left out at random, as phones do', args: [...scene({ then: "select='lt(n,20)+eq(mod(n*n,7),2)+eq(mod(n,5),0)'" }), ...h264(), '-fps_mode', 'vfr'], expect: { codec: 'h264', constantRate: false } },
  { name: 'h264-variable-rate.mkv', what: 'the same in milliseconds', from: 'h264-variable-rate.mp4', args: ['-i', FROM, '-c', 'copy'], expect: { codec: 'h264', constantRate: false } },
  { name: 'h264-rotate-90.mp4', what: 'display matrix: a quarter turn clockwise', args: [...scene({ size: '320x180' }), ...h264()], change: (bytes) => turnTrack(bytes, 90), expect: { codec: 'h264', rotation: 90 } },
  { name: 'h264-rotate-180.mp4', what: 'display matrix: upside down', args: [...scene({ size: '320x180' }), ...h264()], change: (bytes) => turnTrack(bytes, 180), expect: { codec: 'h264', rotation: 180 } },
  { name: 'h264-rotate-270.mov', what: 'display matrix: a quarter turn the other way', args: [...scene({ size: '320x180' }), ...h264()], change: (bytes) => turnTrack(bytes, 270), expect: { codec: 'h264', rotation: 270 } },
  { name: 'h264-mirrored.mp4', what: 'display matrix: mirrored', args: [...scene({ size: '320x180' }), ...h264()], change: (bytes) => turnTrack(bytes, 0, true), expect: { codec: 'h264', mirrored: true } },
  { name: 'h264-mirrored-90.mov', what: 'display matrix: mirrored, then a quarter turn clockwise', args: [...scene({ size: '320x180' }), ...h264()], change: (bytes) => turnTrack(bytes, 90, true), expect: { codec: 'h264', rotation: 90, mirrored: true } },
  { name: 'h264-mirrored-180.mp4', what: 'display matrix: upside down in a mirror', args: [...scene({ size: '320x180' }), ...h264()], change: (bytes) => turnTrack(bytes, 180, true), expect: { codec: 'h264', rotation: 180, mirrored: true } },
  { name: 'h264-mirrored-270.mp4', what: 'display matrix: mirrored, then a quarter turn the other way', args: [...scene({ size: '320x180' }), ...h264()], change: (bytes) => turnTrack(bytes, 270, true), expect: { codec: 'h264', rotation: 270, mirrored: true } },
  { name: 'h264-rotate-movie.mp4', what: 'a matrix of the movie turns a track that is mirrored', args: [...scene({ size: '320x180' }), ...h264()], change: (bytes) => turnTrack(turnTrack(bytes, 90, false, 'mvhd'), 0, true), expect: { codec: 'h264', rotation: 90, mirrored: true } },
  { name: 'h264-rotate-45.mp4', what: 'display matrix: half a quarter turn, which players do not do', args: [...scene({ size: '320x180' }), ...h264()], change: (bytes) => writeMatrix(bytes, 'tkhd', [46341, 46341, -46341, 46341]), expect: { codec: 'h264' } },
  { name: 'h264-full-range.mp4', what: 'levels 0 to 255, flagged in the stream', args: [...scene(), ...h264('', 'yuvj420p'), '-color_range', 'pc'], expect: { codec: 'h264', range: 'full' } },
  { name: 'h264-full-range.mkv', what: 'levels 0 to 255, flagged in stream and container', from: 'h264-full-range.mp4', args: ['-i', FROM, '-c', 'copy'], expect: { codec: 'h264', range: 'full' } },
  { name: 'h264-bt709.mp4', what: 'tagged BT.709 at a small size', args: [...scene({ then: 'scale=out_color_matrix=bt709,format=yuv420p' }), ...h264(), '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'], expect: { codec: 'h264' } },
  { name: 'h264-720p-untagged.mp4', what: 'high definition without a colour tag', args: [...scene({ size: '1280x720', seconds: 0.6 }), ...h264()], expect: { codec: 'h264' } },
  { name: 'h264-10-bit.mp4', what: '4:2:0, 10 bits', args: [...scene(), ...h264('', 'yuv420p10le')], expect: { codec: 'h264', pixelFormat: 'yuv420p10le' } },
  { name: 'h264-422.mp4', what: '4:2:2', args: [...scene(), ...h264('', 'yuv422p')], expect: { codec: 'h264', pixelFormat: 'yuv422p' } },
  { name: 'h264-422-10-bit.mov', what: '4:2:2, 10 bits, as cameras record', args: [...scene(), ...h264('', 'yuv422p10le')], expect: { codec: 'h264', pixelFormat: 'yuv422p10le' } },
  { name: 'h264-444.mp4', what: '4:4:4', args: [...scene(), ...h264('', 'yuv444p')], expect: { codec: 'h264', pixelFormat: 'yuv444p' } },
  { name: 'h264-444-odd.mp4', what: '4:4:4, 321 x 241', args: [...scene({ size: '321x241' }), ...h264('', 'yuv444p')], expect: { codec: 'h264', pixelFormat: 'yuv444p' } },
  { name: 'h264-rgb.mp4', what: 'red, green and blue', args: [...scene(), ...h264Rgb], expect: { codec: 'h264', pixelFormat: 'gbrp', range: 'full' } },
  { name: 'h264-rgb-called-bt709.mp4', what: 'red, green and blue that the container calls BT.709 of limited range', args: [...scene(), ...h264Rgb, ...RGB_BT709], change: (bytes) => recolour(bytes, 1, false), expect: { codec: 'h264', pixelFormat: 'gbrp', range: 'full' } },
  { name: 'h264-444-called-rgb.mp4', what: '4:4:4 that the container calls red, green and blue', args: [...scene(), ...h264('', 'yuv444p'), ...BT709], change: (bytes) => recolour(bytes, 0, true), expect: { codec: 'h264', pixelFormat: 'yuv444p', range: 'limited' } },
  { name: 'h264-interlaced.mp4', what: 'two fields per frame', args: [...scene({ rate: '50', then: 'interlace' }), ...h264('tff=1'), '-flags', '+ilme+ildct'], expect: { codec: 'h264' } },
  { name: 'h264-crop-bottom.mp4', what: '180 rows coded as 192, as 1080 is coded as 1088', args: [...scene({ size: '320x180' }), ...h264()], expect: { codec: 'h264' } },
  { name: 'h264-crop-right.mp4', what: '426 columns coded as 432', args: [...scene({ size: '426x240' }), ...h264()], expect: { codec: 'h264' } },
  { name: 'h264-wide-pixels.mp4', what: 'pixels 4:3 wide, as in HDV and AVCHD', args: [...scene(), ...h264(), '-bsf:v', 'h264_metadata=sample_aspect_ratio=4/3'], expect: { codec: 'h264' } },
  { name: 'h264-crop-left-top.mp4', what: 'the visible picture starts inside the coded one (ffmpeg needs -flags unaligned)', args: [...scene(), ...h264(), '-bsf:v', 'h264_metadata=crop_left=16:crop_top=8'], expect: { codec: 'h264' } },
  { name: 'h264-baseline.3gp', what: 'baseline profile, CAVLC', args: [...scene(), ...h264(), '-profile:v', 'baseline'], expect: { codec: 'h264' } },
  { name: 'h264-many-references.mkv', what: '16 reference frames and weighted prediction', args: [...scene(), ...h264('ref=16:bframes=8:weightp=2:weightb=1:b-adapt=0')], expect: { codec: 'h264' } },
  { name: 'h264.mov', what: 'QuickTime', args: [...scene(), ...h264()], expect: { codec: 'h264' } },
  { name: 'h264-fragmented.mp4', what: 'fragmented, as streaming sites and recorders write', args: [...scene(), ...h264(), '-movflags', '+frag_keyframe+empty_moov+default_base_moof'], expect: { codec: 'h264' } },
  { name: 'h264.ts', what: 'transport stream with sound', args: [...TONE, ...scene(), '-map', '0:a', ...h264(), '-c:a', 'aac', '-b:a', '64k', '-shortest'], expect: { codec: 'h264' } },
  { name: 'h264-audio-first.mp4', what: 'the sound is track 1', args: [...TONE, '-map', '0:a', ...scene(), ...h264(), '-c:a', 'aac', '-b:a', '64k', '-shortest'], expect: { codec: 'h264' } },
  { name: 'h264-edit-list.mp4', what: 'cut without re-encoding: frames before the cut are kept but not shown', from: 'h264-bframes.mp4', args: ['-ss', '0.5', '-i', FROM, '-c', 'copy'], expect: { codec: 'h264', frames: 62 } },
  { name: 'h264-edit-list-end.mp4', what: 'trimmed at both ends by its edit list, as phones do', from: 'h264-bframes.mp4', args: ['-i', FROM, '-c', 'copy'], change: (bytes) => editTrack(bytes, [[1310, 0.708]]), expect: { codec: 'h264', frames: 33 } },
  { name: 'h264-two-edits.mp4', what: 'a piece in the middle is hidden by the edit list', from: 'h264-bframes.mp4', args: ['-i', FROM, '-c', 'copy'], change: (bytes) => editTrack(bytes, [[800, 0], [1000, 1.52]]), expect: { codec: 'h264', frames: 45 } },
  { name: 'h264-end-of-sequence.mp4', what: 'the last unit goes on with a start code and an end of sequence, as some recorders write', from: 'h264-no-bframes.mp4', args: ['-i', FROM, '-c', 'copy'], change: endSequence, expect: { codec: 'h264', frames: 75 } },
  { name: 'h264-mpeg2-end.mp4', what: 'behind the last unit stands the end of an MPEG-2 sequence, as an old example of ffmpeg\'s did it', from: 'h264-no-bframes.mp4', args: ['-i', FROM, '-c', 'copy'], change: endAsMpeg2, expect: { codec: 'h264', frames: 75 } },
  { name: 'h264-8x8.mp4', what: '8 x 8 pixels', args: [...scene({ size: '8x8' }), ...h264('bframes=3:b-adapt=0')], expect: { codec: 'h264', frames: 75 } },
  { name: 'h264-start-offset.mp4', what: 'the first frame is shown 1.5 s after the start', from: 'h264-bframes.mp4', args: ['-itsoffset', '1.5', '-i', FROM, '-c', 'copy'], expect: { codec: 'h264', frames: 75 } },
  { name: 'h264-start-offset.mkv', what: 'the same in Matroska', from: 'h264-bframes.mp4', args: ['-itsoffset', '1.5', '-i', FROM, '-c', 'copy'], expect: { codec: 'h264', frames: 75 } },
  { name: 'h264-2997.mp4', what: '30000/1001 frames per second', args: [...scene({ rate: '30000/1001' }), ...h264()], expect: { codec: 'h264', constantRate: true } },
  { name: 'h264-2997.mkv', what: 'the same rounded to milliseconds', from: 'h264-2997.mp4', args: ['-i', FROM, '-c', 'copy'], expect: { codec: 'h264' } },
  { name: 'h264-60fps.mp4', what: '60 frames per second', args: [...scene({ rate: '60' }), ...h264()], expect: { codec: 'h264', constantRate: true } },
  { name: 'h264-one-frame.mp4', what: 'one single frame', args: [...scene(), ...h264(), '-frames:v', '1'], expect: { codec: 'h264', frames: 1 } },
  { name: 'vp8.webm', what: 'VP8 with frames that are never shown', args: [...scene(), ...vp8, '-auto-alt-ref', '1', '-lag-in-frames', '10', '-deadline', 'good'], expect: { codec: 'vp8' } },
  { name: 'vp8-odd.webm', what: 'VP8, 321 x 241', args: [...scene({ size: '321x241' }), ...vp8], expect: { codec: 'vp8' } },
  { name: 'vp9.webm', what: 'VP9 with frames that are never shown', args: [...scene(), ...vp9(), '-deadline', 'good', '-auto-alt-ref', '1', '-lag-in-frames', '12'], expect: { codec: 'vp9' } },
  { name: 'vp9-odd.webm', what: 'VP9, 321 x 241', args: [...scene({ size: '321x241' }), ...vp9()], expect: { codec: 'vp9' } },
  { name: 'vp9-444.webm', what: 'VP9, 4:4:4', args: [...scene(), ...vp9('yuv444p')], expect: { codec: 'vp9', pixelFormat: 'yuv444p' } },
  { name: 'vp9-rgb.webm', what: 'VP9, red, green and blue', args: [...scene(), ...vp9('gbrp')], expect: { codec: 'vp9', pixelFormat: 'gbrp', range: 'full' } },
  { name: 'vp9-rgb-10-bit.mkv', what: 'VP9, red, green and blue, 10 bits', args: [...scene(), ...vp9('gbrp10le')], expect: { codec: 'vp9', pixelFormat: 'gbrp10le', range: 'full' } },
  { name: 'vp9-rgb-called-bt709.mp4', what: 'red, green and blue that the container calls BT.709 of limited range', args: [...scene(), ...vp9('gbrp'), ...RGB_BT709], change: (bytes) => recolour(bytes, 1, false), expect: { codec: 'vp9', pixelFormat: 'gbrp', range: 'full' } },
  { name: 'vp9-444-called-rgb.mp4', what: '4:4:4 that the container calls red, green and blue', args: [...scene(), ...vp9('yuv444p'), ...BT709], change: (bytes) => recolour(bytes, 0, true), expect: { codec: 'vp9', pixelFormat: 'yuv444p', range: 'limited' } },
  { name: 'vp9-called-full.mp4', what: 'limited range that the container calls full', args: [...scene(), ...vp9(), ...BT709], change: (bytes) => recolour(bytes, 1, true), expect: { codec: 'vp9', range: 'limited' } },
  { name: 'vp9-10-bit.mkv', what: 'VP9, 10 bits', args: [...scene(), ...vp9('yuv420p10le')], expect: { codec: 'vp9', pixelFormat: 'yuv420p10le' } },
  { name: 'vp9.mp4', what: 'VP9 in MP4', args: [...scene(), ...vp9()], expect: { codec: 'vp9' } },
  { name: 'av1.mp4', what: 'AV1 by libaom', args: [...scene(), ...aom()], expect: { codec: 'av1' } },
  { name: 'av1.webm', what: 'AV1 by SVT, with frames that are never shown', args: [...scene(), ...svt()], expect: { codec: 'av1' } },
  { name: 'av1-odd.mkv', what: 'AV1, 321 x 241', args: [...scene({ size: '321x241' }), ...aom()], expect: { codec: 'av1' } },
  { name: 'av1-rgb.mp4', what: 'AV1, red, green and blue', args: [...scene(), ...aom('gbrp')], expect: { codec: 'av1', pixelFormat: 'gbrp', range: 'full' } },
  { name: 'av1-identity.mp4', what: 'the same without primaries, which ffmpeg calls 4:4:4', from: 'av1-rgb.mp4', args: ['-i', FROM, '-c', 'copy', '-bsf:v', 'av1_metadata=color_primaries=2:transfer_characteristics=2:matrix_coefficients=0'], expect: { codec: 'av1', pixelFormat: 'gbrp', range: 'full' } },
  { name: 'av1-10-bit.mp4', what: 'AV1, 10 bits', args: [...scene(), ...svt('yuv420p10le')], expect: { codec: 'av1', pixelFormat: 'yuv420p10le' } },
  { name: 'vp8.ivf', what: 'VP8 without an index', args: [...scene(), ...vp8, '-auto-alt-ref', '1', '-lag-in-frames', '10', '-deadline', 'good'], expect: { codec: 'vp8', frames: 75 } },
  { name: 'vp9-2997.ivf', what: 'VP9 without an index, 30000/1001 frames per second', args: [...scene({ rate: '30000/1001' }), ...vp9()], expect: { codec: 'vp9', constantRate: true } },
  { name: 'av1.ivf', what: 'AV1 without an index', args: [...scene(), ...aom()], expect: { codec: 'av1', frames: 75 } },
  { name: 'av1.obu', what: 'AV1 in a row of its own units', args: [...scene(), ...svt()], expect: { codec: 'av1', frames: 75 } },
  { name: 'av1.avif', what: 'AV1 as a sequence of pictures', args: [...scene({ seconds: 0.6 }), ...aom()], expect: { codec: 'av1', frames: 15 } },
];

/** Files that end in a sentence, or in a result that says what is wrong with them. @type {Clip[]} */
export const broken = [
  { name: 'empty.mp4', what: 'no bytes', change: () => Buffer.alloc(0), expect: { failed: 'empty-file' } },
  { name: 'garbage.mp4', what: 'bytes that are no video', change: () => noise(50_000), expect: { failed: 'not-a-video' } },
  { name: 'text.txt', what: 'a text', change: () => Buffer.from('This is not a video.\n'.repeat(50)), expect: { failed: 'text-file' } },
  { name: 'audio-only.mp4', what: 'sound without a picture', args: [...TONE, '-c:a', 'aac', '-b:a', '64k'], expect: { failed: 'no-video-track' } },
  { name: 'audio-only.mkv', what: 'sound without a picture', args: [...TONE, '-c:a', 'aac', '-b:a', '64k'], expect: { failed: 'no-video-track' } },
  { name: 'cut-faststart.mp4', what: 'a download that stopped: the index is whole, the frames are not', from: 'h264-bframes.mp4', change: (bytes) => firstPart(bytes, 0.6), expect: { codec: 'h264', problem: 'cut-off', sameAsFfmpeg: false } },
  { name: 'cut-index-lost.mp4', what: 'the index was at the end and is gone', from: 'h264-no-bframes.mp4', change: (bytes) => firstPart(bytes, 0.6), expect: { failed: 'cut-off-nothing-readable' } },
  { name: 'cut.mkv', what: 'half a Matroska file', from: 'h264-many-references.mkv', change: (bytes) => firstPart(bytes, 0.6), expect: { codec: 'h264', problem: 'cut-off', sameAsFfmpeg: false } },
  { name: 'cut.webm', what: 'half a WebM file', from: 'vp9.webm', change: (bytes) => firstPart(bytes, 0.6), expect: { codec: 'vp9', problem: 'cut-off', sameAsFfmpeg: false } },
  { name: 'cut-fragmented.mp4', what: 'a recording that stopped', from: 'h264-fragmented.mp4', change: (bytes) => firstPart(bytes, 0.6), expect: { codec: 'h264', problem: 'cut-off', sameAsFfmpeg: false } },
  { name: 'cut.ivf', what: 'half a file without an index', from: 'vp9-2997.ivf', change: (bytes) => firstPart(bytes, 0.6), expect: { codec: 'vp9', problem: 'cut-off', sameAsFfmpeg: false } },
  { name: 'picture.avif', what: 'a single picture', args: [...scene({ seconds: 0.6 }), ...aom(), '-frames:v', '1'], expect: { failed: 'unsupported-picture' } },
  { name: 'cut.ts', what: 'half a transport stream, ending inside a packet', from: 'h264.ts', change: (bytes) => firstPart(bytes, 0.6003), expect: { codec: 'h264', problem: 'cut-off', sameAsFfmpeg: false } },
  { name: 'damaged.mp4', what: 'zeros over several frames', from: 'h264-closed-gop.mp4', change: (bytes) => zeroPart(bytes, 0.3, 40_000), expect: { codec: 'h264', problem: 'decode-error', sameAsFfmpeg: false } },
  { name: 'hevc.mp4', what: 'HEVC', args: [...scene(), '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p', '-tag:v', 'hvc1'], expect: { failed: 'unsupported-codec' } },
  { name: 'mpeg4.mp4', what: 'MPEG-4 part 2', args: [...scene(), '-c:v', 'mpeg4', '-q:v', '5'], expect: { failed: 'unsupported-codec' } },
  { name: 'mpeg2.ts', what: 'MPEG-2', args: [...scene(), '-c:v', 'mpeg2video', '-q:v', '5'], expect: { failed: 'unsupported-codec' } },
  { name: 'mpeg4.avi', what: 'AVI', args: [...scene(), '-c:v', 'mpeg4', '-q:v', '5'], expect: { failed: 'unsupported-container' } },
  { name: 'size-changes.ts', what: 'the size changes after a second', from: 'small.ts', args: ['-i', `concat:${FROM}|TO`, '-c', 'copy'], expect: { codec: 'h264', problem: 'size-changes' } },
  { name: 'hybrid.mp4', what: 'the first second in the index, the others in fragments', args: [...scene(), ...h264(), '-movflags', '+frag_keyframe'], expect: { failed: 'unsupported-container' } },
  { name: 'repeated-times.mkv', what: 'pairs of frames with one timestamp', from: 'h264-no-bframes.mp4', args: ['-i', FROM, '-c', 'copy', '-bsf:v', "setts=ts='2*floor(N/2)*512'"], expect: { codec: 'h264', problem: 'timestamps-repeat' } },
];

/** Parts of other clips, hashed by no test. @type {Clip[]} */
const ingredients = [
  { name: 'small.ts', what: '', args: [...scene({ seconds: 1 }), ...h264()], expect: {} },
  { name: 'large.ts', what: '', args: [...scene({ seconds: 1, size: '480x270' }), ...h264()], expect: {} },
];

/**
 * Makes clips, those that were not made before, and gives the path of each by name.
 * @param {string} folder
 * @param {{ only?: (clip: Clip) => boolean, say?: (line: string) => void, more?: Clip[] }} [options] `more`: clips of other modules
 * @returns {Promise<Map<string, string>>}
 */
export async function makeClips(folder, { only = () => true, say = () => {}, more = [] } = {}) {
  await mkdir(folder, { recursive: true });
  const all = [...ingredients, ...clips, ...broken, ...more];
  const paths = new Map(all.map((clip) => [clip.name, join(folder, clip.name)]));
  const wanted = new Set(all.filter((clip) => ingredients.includes(clip) || only(clip)).map((clip) => clip.name));
  for (const clip of all) if (wanted.has(clip.name) && clip.from) wanted.add(clip.from);
  for (const clip of all.filter((clip) => wanted.has(clip.name))) {
    const path = /** @type {string} */ (paths.get(clip.name));
    const source = clip.from && await contentOf(join(folder, clip.from));
    // The text of a change does not hold that of what it calls: `cargo xtask test` begins with nothing kept.
    await place(path, [clip.args, String(clip.change), SAME_EVERY_TIME, source], (unfinished) => {
      say(`making ${clip.name}: ${clip.what}`);
      return makeClip(clip, unfinished, folder);
    });
  }
  return paths;
}

/** @param {Clip} clip @param {string} path @param {string} folder of the clips that it comes from */
async function makeClip(clip, path, folder) {
  const source = clip.from ? join(folder, clip.from) : '';
  if (clip.args) {
    const args = clip.args.map((arg) => arg.replaceAll(FROM, source).replace('|TO', `|${join(folder, 'large.ts')}`));
    await run('ffmpeg', [...QUIET, ...args, ...SAME_EVERY_TIME, path]);
  }
  if (clip.change) {
    const bytes = clip.args ? await readFile(path) : source ? await readFile(source) : Buffer.alloc(0);
    await writeFile(path, clip.change(bytes));
  }
}

/**
 * Turns every track, or the movie, after it is mirrored.
 * @param {Buffer} bytes @param {0 | 90 | 180 | 270} degrees @param {boolean} [mirrored] @param {'tkhd' | 'mvhd'} [type]
 */
function turnTrack(bytes, degrees, mirrored = false, type = 'tkhd') {
  const one = 0x10000;
  const [a, b, c, d] = { 0: [one, 0, 0, one], 90: [0, one, -one, 0], 180: [-one, 0, 0, -one], 270: [0, -one, one, 0] }[degrees];
  return writeMatrix(bytes, type, mirrored ? [-a, -b, c, d] : [a, b, c, d]);
}

/** Writes a display matrix into every header of a type (ISO/IEC 14496-12, 8.2.2, 8.3.2). @param {Buffer} bytes @param {'tkhd' | 'mvhd'} type @param {number[]} numbers */
function writeMatrix(bytes, type, [a, b, c, d]) {
  for (let at = bytes.indexOf(type); at !== -1; at = bytes.indexOf(type, at + 4)) {
    const matrix = at + 4 + (type === 'tkhd' ? 40 : 36) + (bytes[at + 4] === 1 ? 12 : 0);
    for (const [place, value] of [[0, a], [4, b], [12, c], [16, d]]) bytes.writeInt32BE(value, matrix + place);
  }
  return bytes;
}

/**
 * Gives the track another edit list (8.6.6). The index must be at the file's end: its own length may change.
 * @param {Buffer} bytes @param {[number, number][]} edits length in ms, start in seconds after the first frame
 */
function editTrack(bytes, edits) {
  const list = bytes.indexOf('elst');
  const firstTicks = bytes.readInt32BE(list + 16);
  const ticksPerSecond = bytes.readUInt32BE(bytes.indexOf('mdhd') + 16);
  const entries = Buffer.alloc(12 * edits.length);
  for (const [i, [lengthMs, startS]] of edits.entries()) {
    entries.writeUInt32BE(lengthMs, 12 * i);
    entries.writeInt32BE(firstTicks + Math.round(startS * ticksPerSecond), 12 * i + 4);
    entries.writeUInt32BE(0x10000, 12 * i + 8);
  }
  const before = bytes.subarray(0, list + 12);
  const after = bytes.subarray(list + 12 + 12 * bytes.readUInt32BE(list + 8));
  before.writeUInt32BE(edits.length, list + 8);
  const changed = Buffer.concat([before, entries, after]);
  for (const type of ['elst', 'edts', 'trak', 'moov']) {
    const box = changed.lastIndexOf(type, list) - 4;
    changed.writeUInt32BE(changed.readUInt32BE(box) + changed.length - bytes.length, box);
  }
  return changed;
}

/** Puts an end of sequence (ITU-T H.264, 7.3.2.5) into the last unit. @param {Buffer} bytes */
function endSequence(bytes) {
  return addAtEnd(bytes, [0, 0, 0, 1, 10], true);
}

/** Puts the end of an MPEG-2 sequence (ISO/IEC 13818-2, 6.2.1) behind the last unit, as if it were one. @param {Buffer} bytes */
function endAsMpeg2(bytes) {
  return addAtEnd(bytes, [0, 0, 0, 1, 0xb7], false);
}

/**
 * Adds to the last frame. The index must be at the file's end, and nothing else move.
 * @param {Buffer} bytes @param {number[]} addition @param {boolean} isInUnit whether its last unit gets longer, too
 */
function addAtEnd(bytes, addition, isInUnit) {
  const end = bytes.lastIndexOf('moov') - 4;
  const sizes = bytes.lastIndexOf('stsz') + 12;
  const lastSize = sizes + 4 * bytes.readUInt32BE(sizes);
  let unit = end - bytes.readUInt32BE(lastSize);
  for (let next = unit; next < end; next += 4 + bytes.readUInt32BE(next)) unit = next;
  for (const length of [bytes.indexOf('mdat') - 4, lastSize, ...(isInUnit ? [unit] : [])]) {
    bytes.writeUInt32BE(bytes.readUInt32BE(length) + addition.length, length);
  }
  return Buffer.concat([bytes.subarray(0, end), Buffer.from(addition), bytes.subarray(end)]);
}

/** Has the container say other colours than the stream (ISO/IEC 14496-12, 12.1.5). @param {Buffer} bytes @param {number} matrix @param {boolean} isFullRange */
function recolour(bytes, matrix, isFullRange) {
  const box = bytes.lastIndexOf('nclx');
  if (box === -1) throw new Error('no colours in the container');
  bytes.writeUInt16BE(matrix, box + 8);
  bytes[box + 10] = isFullRange ? 0x80 : 0;
  return bytes;
}

/** @param {Buffer} bytes @param {number} share */
const firstPart = (bytes, share) => bytes.subarray(0, Math.floor(bytes.length * share));

/** @param {Buffer} bytes @param {number} share where @param {number} count how many bytes */
const zeroPart = (bytes, share, count) => {
  const start = Math.floor(bytes.length * share);
  return Buffer.from(bytes.fill(0, start, start + count));
};

/** The same pseudo-random bytes on every run. @param {number} count */
function noise(count) {
  const bytes = Buffer.alloc(count);
  let state = 1;
  for (let i = 0; i < count; i++) bytes[i] = (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;
  return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../../target/clips');
  const paths = await makeClips(folder, { say: console.log });
  console.log(`${paths.size} clips in ${folder}`);
}
