// @ts-check
// In: two fingerprints, and if they are at hand the videos themselves. Out: what they have in common, by hashes, and where they leave
// much open by the pixels of the frames, as the command does it (src/cli/compare.rs).

import { PixelSearch, compare, inTurn } from '../shared/core.js';
import { fromBeginning } from '../decode/webcodecs.js';
import { readFingerprint } from '../fingerprint/fingerprint-file.js';
import { Failure } from '../shared/failure.js';

/** @typedef {import('../../shared/protocol.js').Comparison} Comparison */

/** Progress is reported in this many steps: the page draws no more. */
const STEPS = 100;

/** Gives all frames of A, or of B, to a search, once. @typedef {(search: PixelSearch, isB: boolean) => Promise<void>} GiveFrames */

/**
 * @param {Blob} a @param {Blob} b
 * @param {GiveFrames | null} giveFrames null if one of the videos is not at hand
 * @param {(fraction: number) => void} report called with the finished share, 0..1
 * @param {(byHashes: Comparison, isB: boolean) => void} tell called before frames are given
 * @returns {Promise<Comparison>}
 */
export async function compareVideos(a, b, giveFrames, report, tell) {
  const [one, other] = [readFingerprint(a), readFingerprint(b)];
  const found = compareFingerprints(one, other, report);
  const isOpen = found.isOpen(one, other);
  const byHashes = { ...JSON.parse(found.json()), searched: 'hashes', isOpen };
  if (!giveFrames || !isOpen) return byHashes;
  const search = await fromBeginning(async () => {
    const begun = PixelSearch.ofVideos(one, other);
    for (let goesOn = Boolean(begun); begun && goesOn;) {
      tell(byHashes, begun.wantsB);
      await giveFrames(begun, begun.wantsB);
      if (begun.given < begun.frames) throw new Failure('file-changed');
      goesOn = await inTurn(() => begun.again());
    }
    return begun;
  });
  if (!search) return byHashes;
  return { ...JSON.parse(search.finishVideos(found).json()), searched: 'pixels', isOpen: false };
}

/**
 * @param {import('../shared/core.js').Fingerprint} a @param {import('../shared/core.js').Fingerprint} b
 * @param {(fraction: number) => void} report
 */
function compareFingerprints(a, b, report) {
  let reported = 0;
  const reportSteps = (/** @type {number} */ fraction) => {
    const step = Math.floor(fraction * STEPS);
    if (step > reported) report(fraction);
    reported = Math.max(reported, step);
  };
  return compare(a, b, reportSteps);
}
