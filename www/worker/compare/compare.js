// @ts-check
// In: two fingerprints. Out: what the core finds.

import { compare } from '../shared/core.js';
import { readFingerprint } from '../fingerprint/fingerprint-file.js';

/** @typedef {import('../../shared/protocol.js').Comparison} Comparison */

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
