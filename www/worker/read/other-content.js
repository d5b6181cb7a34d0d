// @ts-check
// Recognises what people drop by mistake, or without unpacking it, so that the page can say what it is.

import { Failure } from '../shared/failure.js';

/** The first bytes: PDF (ISO 32000-1, 7.5.2); ZIP (APPNOTE, 4.3.7), also of office documents; RAR; 7z; gzip (RFC 1952); xz; zstd (RFC 8878). */
const BEGINNINGS = /** @type {const} */ ([
  ['pdf-file', '%PDF-'],
  ['archive-file', 'PK\x03\x04'],
  ['archive-file', 'PK\x05\x06'],
  ['archive-file', 'Rar!\x1a\x07'],
  ['archive-file', '7z\xbc\xaf\x27\x1c'],
  ['archive-file', '\x1f\x8b\x08'],
  ['archive-file', '\xfd7zXZ\0'],
  ['archive-file', '\x28\xb5\x2f\xfd'],
]);
/** A single AVIF or HEIF picture (ISO/IEC 23008-12, 10.2; AV1 Image File Format, 6.2), which ffmpeg takes for a video. */
const PICTURE = /^....ftyp(heic|mif1|avif)/s;
/** A file that begins with this much text is a text: no video does. */
const TEXT_BYTES = 64 << 10;
/** Control bytes that no text holds; many hold tab, line feed, form feed and carriage return. */
const CONTROL = /[\0-\x08\x0b\x0e-\x1f\x7f]/;
/** YUV4MPEG2 video, which ffmpeg reads, may look like text. */
const RAW_VIDEO = /^YUV4MPEG2 /;

/**
 * @param {File} file
 * @returns {Promise<Failure | null>} what to say of it; null if it may be a video
 */
export async function otherContentOf(file) {
  const start = new Uint8Array(await file.slice(0, TEXT_BYTES).arrayBuffer());
  const letters = String.fromCharCode(...start.subarray(0, 16));
  const known = BEGINNINGS.find(([, beginning]) => letters.startsWith(beginning));
  if (known) return new Failure(known[0]);
  if (PICTURE.test(letters)) return new Failure('unsupported-picture', { container: 'heif' });
  return isText(start) && !RAW_VIDEO.test(letters) ? new Failure('text-file') : null;
}

/** @param {Uint8Array} bytes */
function isText(bytes) {
  try {
    // As a stream, because the last letter may be cut in two.
    return !CONTROL.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }));
  } catch {
    return false;
  }
}
