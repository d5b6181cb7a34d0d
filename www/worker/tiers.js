// @ts-check
// Which tier hashes a video: the browser's own decoder where it can, ffmpeg where it cannot or where the user wants exact
// digests that the browser does not give.

import { asFailure } from './failure.js';
import { hashByFfmpeg } from './ffmpeg.js';
import { isForFfmpeg } from './ffmpeg-may.js';
import { hashVideo } from './pipeline.js';

/**
 * @param {{ file: File, exact: boolean, split: import('./protocol.js').Split, ffmpeg?: WebAssembly.Module }} job
 * @param {Promise<import('./filescan.js').Scan>} scan
 * @param {import('./progress.js').Progress} progress
 * @param {import('./self-check.js').SelfCheck} selfCheck
 */
export async function hashByBestTier({ file, exact, split, ffmpeg }, scan, progress, selfCheck) {
  if (ffmpeg && exact) return hashByFfmpeg(ffmpeg, file, scan, progress);
  try {
    return await hashVideo(file, split, scan, progress, selfCheck);
  } catch (cause) {
    const failure = asFailure(cause);
    if (!ffmpeg || !isForFfmpeg(failure)) throw failure;
    return hashByFfmpeg(ffmpeg, file, scan, progress);
  }
}
