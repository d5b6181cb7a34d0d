// @ts-check
// In: a fingerprint's text. Out: its hashes as hex, with the motion signature reduced to one sample per step that it looks back.

/** How many samples the motion signature looks back, and the bytes of one: docs/format.md, section "Motion". */
const STEP = 4;
const SAMPLE_BYTES = 64;

/** `sha256` is empty in the perceptual tier. @typedef {{ sha256: string[], pdq: string[], motion: string[] }} Hashes */

/** @param {string} fingerprint @returns {Hashes} */
export function hashesIn(fingerprint) {
  const lines = fingerprint.trimEnd().split('\n').map((line) => JSON.parse(line));
  const frames = lines.filter((line) => line.pdq);
  const cells = lines.filter((line) => line.cells).map((line) => atob(line.cells)).join('');
  const motion = [];
  for (let at = STEP * SAMPLE_BYTES; at < cells.length; at += STEP * SAMPLE_BYTES) motion.push(hexOf(cells.slice(at, at + SAMPLE_BYTES)));
  return { sha256: frames.flatMap(({ sha256 }) => sha256 ?? []), pdq: frames.map(({ pdq }) => pdq), motion };
}

/** @param {string} bytes */
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
