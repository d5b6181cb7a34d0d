// @ts-check
/** Codecs and containers, spelt as their makers do; the same in every language. */

/** By the code that the core and the worker use. @type {Record<string, string>} */
const NAMES = {
  h264: 'H.264 (AVC)',
  avc: 'H.264 (AVC)',
  hevc: 'H.265 (HEVC)',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  prores: 'ProRes',
  mjpeg: 'Motion JPEG',
  mpeg4: 'MPEG-4 part 2',
  mpeg2video: 'MPEG-2',
  mpeg1video: 'MPEG-1',
  h263: 'H.263',
  theora: 'Theora',
  vvc: 'H.266 (VVC)',
  mp4: 'MP4',
  'hybrid-mp4': 'hybrid MP4',
  mov: 'QuickTime (MOV)',
  '3gp': '3GP',
  matroska: 'Matroska (MKV)',
  webm: 'WebM',
  mpegts: 'MPEG-TS',
  mpegps: 'MPEG-PS',
  avi: 'AVI',
  flv: 'FLV',
  asf: 'WMV (ASF)',
  ogg: 'Ogg',
  heif: 'HEIF (HEIC, AVIF)',
  gif: 'GIF',
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
};

/** The name of a codec or container; its code if there is no better one. @param {string} code */
export function properName(code) {
  return NAMES[code] ?? code;
}
