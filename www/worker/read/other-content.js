// @ts-check
// What people drop by mistake, or for want of unpacking: told apart so that the page can say what it is, not only what it is not.

import { Failure } from '../shared/failure.js';

/** How such files begin: PDF (ISO 32000-1, 7.5.2); ZIP (APPNOTE, 4.3.7), which office documents are, too; RAR; 7z; gzip (RFC 1952); xz; zstd (RFC 8878). */
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
/** A single picture in AVIF or HEIF (ISO/IEC 23008-12, 10.2; AV1 Image File Format, 6.2), which ffmpeg takes for a video. */
const PICTURE = /^....ftyp(heic|mif1|avif)/s;
/** So much text at its beginning makes a file a text: no video has so much. */
const TEXT_BYTES = 64 << 10;
/** Bytes of control that no text holds; tab, line feed, form feed and carriage return are in many. */
const CONTROL = /[\0-\x08\x0b\x0e-\x1f\x7f]/;
/** A video whose pictures are text-like still says what it is: `YUV4MPEG2`, which ffmpeg reads. */
const RAW_VIDEO = /^YUV4MPEG2 /;

/**
 * @param {File} file
 * @returns {Promise<Failure | null>} what to say of it; null for all that may be a video
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
    // As a stream, because a letter may be cut in two where the beginning ends.
    return !CONTROL.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }));
  } catch {
    return false;
  }
}
