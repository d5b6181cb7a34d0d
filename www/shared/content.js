// @ts-check
// Tells what a file is by its first bytes; its name may be wrong.

/** The first bytes of every fingerprint: docs/format.md, section "Header". */
const FINGERPRINT = [...'{"cotejo":'].map((letter) => letter.charCodeAt(0));
/** PNG, 5.2; JPEG, B.2.1 (start of image and the next marker); RIFF container of WebP. */
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
const RIFF = [...'RIFF'].map((letter) => letter.charCodeAt(0));
const WEBP = [...'WEBP'].map((letter) => letter.charCodeAt(0));

/** Longer than any message with a compact code. */
const MAX_MESSAGE_BYTES = 160_000;
/** The start of a code of any version: docs/compact-code.md. */
const CODE = /cotejo\d+[-.]/i;

/** Whether a text holds a code. No video is mistaken for one: each has zero bytes. @param {string} text */
export const holdsCode = (text) => CODE.test(text) && !text.includes('\0');

/**
 * @param {File} file
 * @returns {Promise<'fingerprint' | 'picture' | 'code' | 'video'>} anything unknown is tried as a video
 */
export async function contentOf(file) {
  const start = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  const holds = (/** @type {number[]} */ bytes, at = 0) => bytes.every((byte, i) => start[at + i] === byte);
  if (holds(FINGERPRINT)) return 'fingerprint';
  if (holds(PNG) || holds(JPEG) || (holds(RIFF) && holds(WEBP, 8))) return 'picture';
  if (file.size <= MAX_MESSAGE_BYTES && holdsCode(await file.text())) return 'code';
  return 'video';
}
