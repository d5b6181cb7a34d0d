// @ts-check
// In: a video file. Out: its frames once more, in order, to a search by pixels: those that hashing recorded, by the browser's decoder.

import { FrameHasher, inTurn } from '../shared/core.js';
import { firstPacket, openVideo } from '../read/demux.js';
import { copyFrame, headerOf, shapeOf } from './frames.js';
import { chooseTier, decodeFrames, supportedConfig } from './webcodecs.js';

/**
 * @param {File} file
 * @param {import('../shared/core.js').PixelSearch} search
 * @param {(frames: number) => void} tell called with the number of frames given
 */
export async function lookThrough(file, search, tell) {
  const video = await openVideo(file);
  /** @type {{ hasher: FrameHasher, tier: import('./webcodecs.js').Tier, shape: string } | null} */
  let begun = null;
  const { frames } = search;
  try {
    // Problems are known from hashing; without the ear, frames would come out that hashing did not get.
    for await (const { frame, ticks, resized } of decodeFrames(video, await supportedConfig(video), await firstPacket(video), () => {})) {
      try {
        if (ticks === null) continue;
        if (begun && (resized || shapeOf(video, frame) !== begun.shape)) break;
        if (!begun) {
          const tier = chooseTier(frame, video.colour);
          begun = { tier, hasher: new FrameHasher(headerOf(video, frame, tier)), shape: shapeOf(video, frame) };
        }
        const { hasher, tier } = begun;
        await inTurn(async () => {
          await copyFrame(video, frame, hasher, tier);
          search.take(hasher);
        });
        tell(search.given);
        if (search.given === frames) break;
      } finally {
        frame.close();
      }
    }
  } finally {
    begun?.hasher.free();
    video.input.dispose();
  }
}
