// @ts-check
// Whether a video's planes are red, green and blue, and the range of their samples: from the stream, or else from the
// container, like ffmpeg's decoders. Browsers cannot be asked: Chromium 156 says `matrix: null` for red, green and blue,
// and follows the container for VP9, and for H.264 without named primaries. Firefox follows the container, too.

import { inTurn, streamColour } from '../shared/core.js';
import { bytesOf } from '../shared/bytes.js';

/**
 * `isRgb` is true only in 4:4:4, and null if not known: then no plane can be called luma.
 * `isGrey`: there is luma alone. Known only of AV1, to which Chromium adds two planes.
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
