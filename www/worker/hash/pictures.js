// @ts-check
// Takes chosen frames of a video as PNG pictures. For each, decoding starts at the key packet before it.

import { FrameHasher, inTurn } from '../shared/core.js';
import { openVideo } from '../read/demux.js';
import { copyFrame, headerOf } from '../decode/frames.js';
import { chooseTier, decodeFrames, supportedConfig, visibleRect } from '../decode/webcodecs.js';

/**
 * @typedef {import('../../shared/protocol.js').Wanted} Wanted
 * @typedef {import('../read/demux.js').Video} Video
 */

/**
 * @param {File} file
 * @param {Wanted[]} wanted
 * @param {(picture: { index: number, png: Uint8Array, width: number, height: number }) => void} give
 * @returns {Promise<{ pictures: number }>} how many were found
 */
export async function takePictures(file, wanted, give) {
  const video = await openVideo(file);
  try {
    const config = await supportedConfig(video);
    const missing = new Map([...wanted].sort((a, b) => a.ticks - b.ticks).map((one) => [one.ticks, one]));
    for (const { ticks } of [...missing.values()]) {
      if (missing.has(ticks)) await take(video, config, ticks, missing, give);
    }
    return { pictures: wanted.length - missing.size };
  } finally {
    video.input.dispose();
  }
}

/**
 * Takes a frame, and wanted ones decoded on the way. After some key packets, a decoder does not give every frame;
 * so a frame that does not come is asked for once more from the start.
 * @param {Video} video
 * @param {VideoDecoderConfig} config
 * @param {number} ticks
 * @param {Map<number, Wanted>} missing
 * @param {Parameters<typeof takePictures>[2]} give
 */
async function take(video, config, ticks, missing, give) {
  const [up, down] = video.timeBase;
  const near = await video.sink.getKeyPacket(ticks * up / down);
  const first = await video.sink.getFirstKeyPacket() ?? await video.sink.getFirstPacket();
  for (const key of near ? [near, first] : [first]) {
    if (missing.has(ticks)) await takeFrom(key, video, config, ticks, missing, give);
  }
}

/**
 * @param {import('../read/demux.js').Packet | null} key where to begin
 * @param {Video} video
 * @param {VideoDecoderConfig} config
 * @param {number} ticks where to end
 * @param {Map<number, Wanted>} missing
 * @param {Parameters<typeof takePictures>[2]} give
 */
async function takeFrom(key, video, config, ticks, missing, give) {
  for await (const { frame, ticks: shown } of decodeFrames(video, config, key, null)) {
    try {
      if (shown === null) continue;
      const found = missing.get(shown);
      if (found) give({ index: found.index, ...await pictureOf(frame, video) });
      missing.delete(shown);
      if (shown >= ticks) return;
    } finally {
      frame.close();
    }
  }
}

/** @param {VideoFrame} frame @param {Video} video */
function pictureOf(frame, video) {
  const tier = chooseTier(frame, video.colour);
  const { width, height } = visibleRect(video, frame);
  return inTurn(async () => {
    const hasher = new FrameHasher(headerOf(video, frame, tier));
    try {
      await copyFrame(video, frame, hasher, tier);
      return { png: hasher.png(), width, height };
    } finally {
      hasher.free();
    }
  });
}
