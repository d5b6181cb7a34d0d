// @ts-check
// How players turn and mirror the picture of an MP4 or QuickTime file: from the matrices of movie and track (ISO/IEC
// 14496-12, 8.2.2 and 8.3.2), which the core interprets. The demuxer does not report mirroring.

import { findBox, read, wholeFile } from './boxes.js';
import { displayByMatrices } from '../shared/core.js';
import { trackOf } from './editlist.js';

/** First mirrored left to right, then turned clockwise. @typedef {{ mirrored: boolean, rotation: 0 | 90 | 180 | 270 }} Display */

/** @type {Display} */
export const NOT_TURNED = { mirrored: false, rotation: 0 };
const MATRIX_BYTES = 9 * 4;
/** Offsets of the matrices in the headers, and how much further they are in version 1, whose times are longer. */
const TRACK_MATRIX_AT = 40;
const MOVIE_MATRIX_AT = 36;
const LONGER_TIMES_BYTES = 12;

/** @param {File} file @param {number} trackId @returns {Promise<Display>} */
export async function displayOf(file, trackId) {
  const movie = await findBox(file, wholeFile(file), ['moov']);
  const movieHeader = movie && await findBox(file, movie, ['mvhd']);
  const track = movie && await trackOf(file, movie, trackId);
  const trackHeader = track && await findBox(file, track, ['tkhd']);
  if (!movieHeader || !trackHeader) return NOT_TURNED;
  const ofTrack = await matrixIn(file, trackHeader, TRACK_MATRIX_AT);
  const ofMovie = await matrixIn(file, movieHeader, MOVIE_MATRIX_AT);
  return JSON.parse(displayByMatrices(ofTrack, ofMovie));
}

/** @param {File} file @param {import('./boxes.js').Box} header @param {number} at */
async function matrixIn(file, { start, end }, at) {
  const view = await read(file, start, Math.min(end - start, at + LONGER_TIMES_BYTES + MATRIX_BYTES));
  const place = view.byteLength > 0 && view.getUint8(0) === 1 ? at + LONGER_TIMES_BYTES : at;
  const count = Math.min(9, Math.floor((view.byteLength - place) / 4));
  return Int32Array.from({ length: Math.max(0, count) }, (_, i) => view.getInt32(place + 4 * i));
}
