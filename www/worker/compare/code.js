// @ts-check
// Compact codes: from a fingerprint to its code, and from a message's code to the fingerprint.

import { Fingerprint, qrCode } from '../shared/core.js';
import { CODE_TYPE, lookAt, readFingerprint } from '../fingerprint/fingerprint-file.js';

/**
 * @param {Blob} fingerprint
 * @param {string} address the start of a link to the page; empty if there is none
 * @param {import('../../shared/protocol.js').Part | null} part of the video; null: the whole
 * @returns {import('../../shared/protocol.js').Code}
 */
export function codeOf(fingerprint, address, part) {
  const [text, ...parts] = readFingerprint(fingerprint).code(part?.startS ?? 0, part?.endS);
  const { file: { sha256 } } = JSON.parse(lookAt(Fingerprint.ofCode(text)).overview.facts());
  return { text, parts, sha256, qr: qrCode(address, text) };
}

/** @param {Blob} message */
export async function readCode(message) {
  const text = await message.text();
  return { fingerprint: Fingerprint.ofCode(text), kept: new Blob([text], { type: CODE_TYPE }) };
}
