// @ts-check
// Which tier hashes a video: the browser's own decoder where it can, the third tier where it cannot or where the user wants exact
// digests that the browser does not give. The third tier is ffmpeg, and for AV1 a decoder of its own.

import { useAv1 } from './decode/av1.js';
import { asFailure } from './shared/failure.js';
import { hashByFfmpeg, takePicturesByFfmpeg } from './decode/ffmpeg.js';
import { isForFfmpeg } from '../shared/ffmpeg-may.js';
import { takePictures } from './hash/pictures.js';
import { hashVideo } from './hash/pipeline.js';
import { SelfCheck } from './decode/self-check.js';

/**
 * @typedef {import('../shared/protocol.js').ThirdTier} ThirdTier
 * @typedef {import('./shared/progress.js').Progress} Progress
 */

/** The third tier's file is known byte by byte: nothing is to be found out about its decoders. */
class NoCheck extends SelfCheck {
  /** @param {import('./decode/webcodecs.js').Tier} tier */
  async trusted(tier) {
    return tier;
  }
}

/**
 * @param {{ file: File, exact: boolean, split: import('../shared/protocol.js').Split, third?: ThirdTier }} job
 * @param {Promise<import('./read/filescan.js').Scan>} scan
 * @param {Progress} progress
 * @param {SelfCheck} selfCheck
 */
export async function hashByBestTier({ file, exact, split, third }, scan, progress, selfCheck) {
  const byThird = (/** @type {ThirdTier} */ { ffmpeg, av1 }) =>
    orByAv1(hashByFfmpeg(ffmpeg, file, split, scan, progress), av1, () => hashVideo(file, split, scan, progress, new NoCheck({}, () => {})));
  if (third && exact) return byThird(third);
  try {
    // The demuxer, too, may be led into a loop.
    progress.decoder('browser');
    return await hashVideo(file, split, scan, progress, selfCheck);
  } catch (cause) {
    const failure = asFailure(cause);
    if (!third || !isForFfmpeg(failure)) throw failure;
    return byThird(third);
  }
}

/**
 * Chosen frames as PNG pictures, by the third tier.
 * @param {ThirdTier} third
 * @param {File} file
 * @param {import('../shared/protocol.js').Wanted[]} wanted
 * @param {Progress} progress
 * @param {Parameters<typeof takePictures>[2]} give
 */
export function takePicturesByThird({ ffmpeg, av1 }, file, wanted, progress, give) {
  return orByAv1(takePicturesByFfmpeg(ffmpeg, file, wanted, progress, give), av1, () => takePictures(file, wanted, give));
}

/**
 * What ffmpeg gives, or the fast tiers' way with the AV1 decoder where ffmpeg has none. Which codec it is, ffmpeg says: it
 * reads more containers than the demuxer, whose failure on such a file says less.
 * @template T
 * @param {Promise<T>} byFfmpeg
 * @param {WebAssembly.Module} av1
 * @param {() => Promise<T>} byWebCodecs
 * @returns {Promise<T>}
 */
async function orByAv1(byFfmpeg, av1, byWebCodecs) {
  try {
    return await byFfmpeg;
  } catch (lacking) {
    if (asFailure(lacking).code !== 'ffmpeg-lacks-codec') throw lacking;
    useAv1(av1);
    return byWebCodecs().catch((cause) => { throw isForFfmpeg(asFailure(cause)) ? lacking : cause; });
  }
}
