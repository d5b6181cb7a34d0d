// @ts-check
// Whether a video's planes are red, green and blue, and the range of their samples, by the stream's own word and else by the
// container's: as ffmpeg's decoders have it. The browser is not asked: Chromium 156 says `matrix: null` of red, green and blue,
// and takes the container's word for VP9's, and for H.264's where its primaries are not named. Firefox takes the container's, too.

import { inTurn, streamColour } from '../shared/core.js';
import { bytesOf } from '../shared/bytes.js';

/**
 * `isRgb`, of 4:4:4 only, is null where it is not known: then no plane can be called luma.
 * `isGrey`: there is luma alone; known of AV1, of which Chromium gives such pictures two planes more.
 * @typedef {{ isRgb: boolean | null, isFullRange: boolean | null, isGrey: boolean }} Colour
 */

/** @type {Colour} */
export const UNKNOWN = { isRgb: null, isFullRange: null, isGrey: false };


/**
 * @param {{ codec: string, config: VideoDecoderConfig }} video
 * @param {Uint8Array} data a key packet
 * @returns {Promise<Colour>}
 */
export async function colourOf({ codec, config: { description, colorSpace } }, data) {
  /** @type {Colour | null} */
  const stream = JSON.parse(await inTurn(() => streamColour(codec, description && bytesOf(description), data)));
  if (!stream) return UNKNOWN;
  return {
    isRgb: stream.isRgb ?? colorSpace?.matrix === 'rgb',
    isFullRange: stream.isFullRange ?? colorSpace?.fullRange ?? false,
    isGrey: stream.isGrey,
  };
}
