// @ts-check
// Chooses the decoder that hashes a video: the browser's own if it can, the ffmpeg route if it cannot or if the user wants exact
// digests that the browser does not give. The ffmpeg route is ffmpeg, and for AV1 this project's own decoder.

import { useAv1 } from './decode/av1.js';
import { asFailure } from './shared/failure.js';
import { hashByFfmpeg, lookThroughByFfmpeg, takePicturesByFfmpeg } from './decode/ffmpeg.js';
import { lookThrough } from './decode/look.js';
import { isForFfmpeg } from '../shared/ffmpeg-may.js';
import { takePictures } from './hash/pictures.js';
import { hashVideo } from './hash/pipeline.js';
import { SelfCheck } from './decode/self-check.js';

/**
 * @typedef {import('../shared/protocol.js').FfmpegRoute} FfmpegRoute
 * @typedef {import('./shared/progress.js').Progress} Progress
 */

/** For the ffmpeg route: its file is known byte by byte, so its decoders need no check. */
class NoCheck extends SelfCheck {
  /** @param {import('./decode/webcodecs.js').Tier} tier */
  async trusted(tier) {
    return tier;
  }
}

/**
 * @param {{ file: File, exact: boolean, split: import('../shared/protocol.js').Split, ffmpegRoute?: FfmpegRoute }} job
 * @param {Promise<import('./read/filescan.js').Scan>} scan
 * @param {Progress} progress
 * @param {SelfCheck} selfCheck
 */
export async function hashByBestDecoder({ file, exact, split, ffmpegRoute }, scan, progress, selfCheck) {
  const byFfmpegRoute = (/** @type {FfmpegRoute} */ { ffmpeg, av1 }) =>
    orByAv1(hashByFfmpeg(ffmpeg, file, split, scan, progress), av1, () => hashVideo(file, split, scan, progress, new NoCheck({}, () => {})));
  if (ffmpegRoute && exact) return byFfmpegRoute(ffmpegRoute);
  try {
    // From here on, because the demuxer may loop, too.
    progress.decoder('browser');
    return await hashVideo(file, split, scan, progress, selfCheck);
  } catch (cause) {
    const failure = asFailure(cause);
    if (!ffmpegRoute || !isForFfmpeg(failure)) throw failure;
    return byFfmpegRoute(ffmpegRoute);
  }
}

/**
 * Takes chosen frames as PNG pictures, by the ffmpeg route.
 * @param {FfmpegRoute} ffmpegRoute
 * @param {File} file
 * @param {import('../shared/protocol.js').Wanted[]} wanted
 * @param {Progress} progress
 * @param {Parameters<typeof takePictures>[2]} give
 */
export function takePicturesByFfmpegRoute({ ffmpeg, av1 }, file, wanted, progress, give) {
  return orByAv1(takePicturesByFfmpeg(ffmpeg, file, wanted, progress, give), av1, () => takePictures(file, wanted, give));
}

/**
 * Gives all frames of a video to a search by pixels, once, by the decoder that hashed it.
 * @param {{ file: File, byFfmpeg: boolean }} video
 * @param {FfmpegRoute | undefined} ffmpegRoute
 * @param {import('./shared/core.js').PixelSearch} search
 * @param {Progress} progress
 */
export async function lookThroughByItsDecoder({ file, byFfmpeg }, ffmpegRoute, search, progress) {
  const tell = (/** @type {number} */ frames) => progress.framesDone(frames);
  progress.expectFrames(search.frames);
  progress.decoder(byFfmpeg ? 'ffmpeg' : 'browser');
  if (byFfmpeg && ffmpegRoute) {
    const { ffmpeg, av1 } = ffmpegRoute;
    await orByAv1(lookThroughByFfmpeg(ffmpeg, file, search, tell), av1, () => lookThrough(file, search, tell));
  } else await lookThrough(file, search, tell);
  progress.decoder(null);
}

/**
 * ffmpeg's result; or, if ffmpeg lacks the decoder, that of the WebCodecs pipeline with the AV1 decoder. ffmpeg says which
 * codec it is: it reads more containers than the demuxer, whose failures say less.
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
