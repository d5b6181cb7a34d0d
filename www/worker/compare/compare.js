// @ts-check
// In: two fingerprints, or a picture and a fingerprint. Out: what the core finds.

import { compare, findStill } from '../shared/core.js';
import { readFingerprint } from '../fingerprint/fingerprint-file.js';

/** @typedef {import('../../shared/protocol.js').Comparison} Comparison */
/** @typedef {import('../../shared/protocol.js').StillSearch} StillSearch */

/** Progress is reported in this many steps: the page draws no more. */
const STEPS = 100;

/**
 * @param {Blob} a @param {Blob} b
 * @param {(fraction: number) => void} report called with the finished share, 0..1
 * @returns {Comparison}
 */
export function compareFingerprints(a, b, report) {
  let reported = 0;
  const reportSteps = (/** @type {number} */ fraction) => {
    const step = Math.floor(fraction * STEPS);
    if (step > reported) report(fraction);
    reported = Math.max(reported, step);
  };
  return JSON.parse(compare(readFingerprint(a), readFingerprint(b), reportSteps));
}

/** @param {Uint8Array} picture the bytes of its file @param {Blob} fingerprint @returns {StillSearch} */
export function findPicture(picture, fingerprint) {
  return JSON.parse(findStill(picture, readFingerprint(fingerprint)));
}
