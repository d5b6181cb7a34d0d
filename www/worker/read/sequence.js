// @ts-check
// AVIF image sequences. They are videos except for the handler's name (ISO/IEC 23008-12, 7.2), which the demuxer looks at.

import { boxes, findBox, read, wholeFile } from './boxes.js';

/** The first bytes of a sequence, after the box's length (AV1 Image File Format, 6.3). */
const SEQUENCE = 'ftypavis';
const PICTURES = 'pict';
const VIDEO = 'vide';
/** Offset of the handler's name in its box. */
const NAME_AT = 8;

/** The file with its first sequence named a video; null for other files. @param {File} file @returns {Promise<File | null>} */
export async function asVideo(file) {
  const start = await file.slice(4, 4 + SEQUENCE.length).text();
  const movie = start === SEQUENCE ? await findBox(file, wholeFile(file), ['moov']) : null;
  if (!movie) return null;
  for await (const track of boxes(file, movie)) {
    const handler = track.type === 'trak' ? await findBox(file, track, ['mdia', 'hdlr']) : null;
    if (!handler || nameIn(await read(file, handler.start + NAME_AT, PICTURES.length)) !== PICTURES) continue;
    const at = handler.start + NAME_AT;
    return new File([file.slice(0, at), VIDEO, file.slice(at + VIDEO.length)], '');
  }
  return null;
}

/** @param {DataView} view */
const nameIn = (view) => String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
