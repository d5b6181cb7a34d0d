// @ts-check
// Recipes of videos that no browser decodes, at least not in this container: work for the ffmpeg route.

import { FROM, h264, scene } from './clips.mjs';

/** @typedef {import('./clips.mjs').Clip} Clip */

const YUV = ['-pix_fmt', 'yuv420p'];
const hevc = (/** @type {string} */ pixels) => ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-pix_fmt', pixels];

/** Clips by their layout in ffmpeg's names: the clip, and its codec. @type {{ [pixels: string]: [string, string] }} */
const LAYOUTS = {
  gbrp: ['utvideo-rgb.avi', 'utvideo'],
  gbrp10le: ['ffv1-rgb-10.mkv', 'ffv1'],
  gbrp16le: ['ffv1-rgb-16.mkv', 'ffv1'],
  bgr0: ['ffv1-rgb.mkv', 'ffv1'],
  gbrap12le: ['ffv1-rgb-alpha-12.mkv', 'ffv1'],
  rgb24: ['qtrle.mov', 'qtrle'],
  argb: ['qtrle-alpha.mov', 'qtrle'],
  rgb555le: ['msvideo1.avi', 'msvideo1'],
  rgb48be: ['png-48.mov', 'png'],
  gray16be: ['png-grey-16.mov', 'png'],
  monob: ['png-black-and-white.mov', 'png'],
  bgr24: ['flashsv.flv', 'flashsv'],
  yuyv422: ['raw-yuyv.avi', 'rawvideo'],
  uyvy422: ['raw-uyvy.avi', 'rawvideo'],
  yuv422p16le: ['ffv1-422-16.mkv', 'ffv1'],
};
const LIMITED = ['yuyv422', 'uyvy422', 'yuv422p16le'];

/** @param {string} pixels @param {string} name @param {string} codec @returns {Clip} */
function layoutClip(pixels, name, codec) {
  const range = LIMITED.includes(pixels) ? 'limited' : 'full';
  return { name, what: `frames in the layout ${pixels}`, args: [...scene({ seconds: 0.6 }), '-c:v', codec, '-pix_fmt', pixels], expect: { codec, pixelFormat: pixels, range } };
}

/** @type {Clip[]} */
export const ffmpegClips = [
  { name: 'mjpeg.avi', what: 'Motion JPEG of full range in AVI', args: [...scene(), '-c:v', 'mjpeg', '-q:v', '5', '-pix_fmt', 'yuvj420p'], expect: { codec: 'mjpeg', range: 'full', frames: 75 } },
  { name: 'mpeg4-bframes.avi', what: 'MPEG-4 part 2 with B-frames in AVI, as DivX', args: [...scene(), '-c:v', 'mpeg4', '-bf', '2', '-q:v', '5', '-vtag', 'DX50', ...YUV], expect: { codec: 'mpeg4' } },
  { name: 'h264.avi', what: 'H.264 in AVI, as recorders of cameras write', args: [...scene(), ...h264('bframes=0')], expect: { codec: 'h264' } },
  { name: 'mpeg2.mpg', what: 'MPEG-2 in a program stream', args: [...scene(), '-c:v', 'mpeg2video', '-bf', '2', '-q:v', '5', ...YUV], expect: { codec: 'mpeg2video' } },
  { name: 'h264.mpg', what: 'H.264 in a program stream', args: [...scene(), ...h264('bframes=2'), '-f', 'vob'], expect: { codec: 'h264' } },
  { name: 'mpeg2-interlaced.ts', what: 'MPEG-2 in a transport stream, two fields per frame', args: [...scene({ rate: '50', then: 'interlace' }), '-c:v', 'mpeg2video', '-flags', '+ilme+ildct', '-q:v', '5', ...YUV], expect: { codec: 'mpeg2video' } },
  { name: 'hevc-8.mp4', what: 'HEVC in MP4', args: [...scene(), ...hevc('yuv420p'), '-tag:v', 'hvc1'], expect: { codec: 'hevc', frames: 75 } },
  { name: 'hevc-10.mp4', what: 'HEVC, 10 bits, in MP4', args: [...scene(), ...hevc('yuv420p10le'), '-tag:v', 'hvc1'], expect: { codec: 'hevc', pixelFormat: 'yuv420p10le' } },
  { name: 'hevc-8.mkv', what: 'HEVC in Matroska', from: 'hevc-8.mp4', args: ['-i', FROM, '-c', 'copy'], expect: { codec: 'hevc', frames: 75 } },
  { name: 'hevc-10.mkv', what: 'HEVC, 10 bits, in Matroska', args: [...scene(), ...hevc('yuv420p10le')], expect: { codec: 'hevc', pixelFormat: 'yuv420p10le' } },
  { name: 'hevc.ts', what: 'HEVC in a transport stream', args: [...scene(), ...hevc('yuv420p')], expect: { codec: 'hevc' } },
  { name: 'hevc-10.ts', what: 'HEVC, 10 bits, in a transport stream', args: [...scene(), ...hevc('yuv420p10le')], expect: { codec: 'hevc', pixelFormat: 'yuv420p10le' } },
  { name: 'prores.mov', what: 'ProRes, 4:2:2, 10 bits', args: [...scene({ seconds: 1.2 }), '-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'], expect: { codec: 'prores', pixelFormat: 'yuv422p10le' } },
  { name: 'h263.3gp', what: 'H.263, as old phones record', args: [...scene({ size: '352x288' }), '-c:v', 'h263', '-q:v', '5', ...YUV], expect: { codec: 'h263' } },
  { name: 'flv1.flv', what: 'Sorenson Spark in FLV', args: [...scene(), '-c:v', 'flv1', '-q:v', '5', ...YUV], expect: { codec: 'flv1' } },
  { name: 'h264.flv', what: 'H.264 in FLV', args: [...scene(), ...h264('bframes=2')], expect: { codec: 'h264' } },
  { name: 'wmv2.wmv', what: 'Windows Media Video 8', args: [...scene(), '-c:v', 'wmv2', '-q:v', '5', ...YUV], expect: { codec: 'wmv2' } },
  { name: 'bare.h264', what: 'H.264 without a container', args: [...scene(), ...h264('bframes=2')], expect: { codec: 'h264' } },
  { name: 'theora.ogv', what: 'Theora in Ogg', args: [...scene(), '-c:v', 'libtheora', '-q:v', '6', ...YUV], expect: { codec: 'theora' } },
  { name: 'animated.gif', what: 'GIF', args: scene({ seconds: 1.2 }), expect: { codec: 'gif', pixelFormat: 'bgra', range: 'full' } },
  { name: 'hevc-rgb.mp4', what: 'HEVC, red, green and blue', args: [...scene({ seconds: 1.2 }), ...hevc('gbrp'), '-tag:v', 'hvc1'], expect: { codec: 'hevc', pixelFormat: 'gbrp', range: 'full' } },
  ...Object.entries(LAYOUTS).map(([pixels, [name, codec]]) => layoutClip(pixels, name, codec)),
  { name: 'pal8.avi', what: 'a palette', args: [...scene({ seconds: 0.6, then: 'split[s][t];[s]palettegen[p];[t][p]paletteuse' }), '-c:v', 'rawvideo', '-pix_fmt', 'pal8'], expect: { codec: 'rawvideo', pixelFormat: 'pal8', range: 'full' } },
  { name: 'mjpeg-1x1.avi', what: 'one pixel', args: [...scene({ size: '2x2', then: 'scale=1:1' }), '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'], expect: { codec: 'mjpeg', range: 'full', frames: 75 } },
  { name: 'damaged-vp8.avi', what: 'VP8 in AVI, a frame damaged, of which ffmpeg says nothing', args: [...scene(), '-c:v', 'libvpx', '-b:v', '400k', ...YUV], change: (bytes) => damage(bytes), expect: { codec: 'vp8', problem: 'decode-error', sameAsFfmpeg: false, soundFrames: 33 } },
  { name: 'cut.avi', what: 'half an AVI file', from: 'h264.avi', change: (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6)), expect: { codec: 'h264', problem: 'decode-error', sameAsFfmpeg: false, soundFrames: 40 } },
];

/** Four bytes in the middle are others. @param {Buffer} bytes */
function damage(bytes) {
  const middle = Math.floor(bytes.length / 2);
  for (let i = 0; i < 4; i++) bytes[middle + i] ^= 0x5a;
  return bytes;
}

/** What nobody here decodes whole, and what is said of it. @type {Clip[]} */
export const animations = [
  { name: 'animated.webp', what: 'animated WebP', args: [...scene({ seconds: 1.2 }), '-c:v', 'libwebp_anim', '-lossless', '1'], expect: { failed: 'picture-animated' } },
];

/** What is too small for the ffmpeg in the page: no frame comes, or a wrong one. @type {Clip[]} */
export const tiny = [
  { name: 'h264-8x8.avi', what: 'H.264, 8 x 8', args: [...scene({ size: '8x8' }), ...h264('bframes=2')], expect: { failed: 'unsupported-tiny' } },
  { name: 'mpeg4-16x16.avi', what: 'MPEG-4 part 2, 16 x 16', args: [...scene({ size: '16x16' }), '-c:v', 'mpeg4', ...YUV], expect: { failed: 'unsupported-tiny' } },
  { name: 'flv1-8x8.flv', what: 'Sorenson Spark, 8 x 8', args: [...scene({ size: '8x8' }), '-c:v', 'flv1', ...YUV], expect: { failed: 'unsupported-tiny' } },
];
