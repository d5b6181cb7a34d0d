// @ts-check
// Sequences of pictures in AVIF. They are videos in all but the handler's name (ISO/IEC 23008-12, 7.2), for which the demuxer looks.

import { boxes, findBox, read, wholeFile } from './boxes.js';

/** What such a file is, by its first bytes (AV1 Image File Format, 6.3). */
const SEQUENCE = 'ftypavis';
const PICTURES = 'pict';
const VIDEO = 'vide';
/** Where the handler's name is in its box. */
const NAME_AT = 8;

/** The same file with the first sequence called a video; null for all others. @param {File} file @returns {Promise<File | null>} */
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
