// @ts-check
// How many decoders share a video. Each is a worker of its own with a decoder, a core and the frames between them.

/** More were measured nowhere, and take memory all the same. */
const MOST = 4;
/** Frames in a decoder, in its queues and in the core. */
const FRAMES_HELD = 32;
/** What ffmpeg takes beside its frames, and its code in each worker. */
const FFMPEG_BYTES = 100 << 20;
/** What all decoders may take of the memory; in GB where the browser does not tell how much there is. */
const SHARE_OF_MEMORY = 0.25;
const UNKNOWN_MEMORY_GB = 2;
/** A range at most: its hashes wait in memory for those before it. */
const LONGEST_RANGE_S = 8;
/** Each decoder gets a few ranges, so that all end at about the same time. */
const RANGES_EACH = 3;

/** `rangeS`: how long a range is at least, in seconds. @typedef {{ count: number, rangeS: number }} Decoders */

/**
 * @param {import('../read/demux.js').Video} video
 * @param {VideoDecoderConfig} config
 * @param {{ endS: number | null }} promise
 * @param {import('../../shared/protocol.js').Split} split
 * @returns {Decoders}
 */
export function decodersFor({ config: { codedWidth = 1920, codedHeight = 1080 } }, config, { endS }, { processors, leastRangeS }) {
  // Chips decode a few videos at once at most, and are fast enough.
  const isSoftware = config.hardwareAcceleration === 'prefer-software';
  const most = isSoftware ? atOnce(codedWidth * codedHeight * 1.5 * FRAMES_HELD, processors) : 1;
  const rangeS = Math.max(leastRangeS, Math.min(LONGEST_RANGE_S, (endS ?? Infinity) / (RANGES_EACH * most)));
  const ranges = endS === null ? most : Math.floor(endS / rangeS);
  return { count: Math.max(1, Math.min(most, ranges)), rangeS };
}

/** How many ffmpegs share a video. @param {number} width @param {number} height @param {number} processors */
export const ffmpegsFor = (width, height, processors) => Math.max(1, atOnce(FFMPEG_BYTES + width * height * 1.5 * FRAMES_HELD, processors));

/** @param {number} bytesEach @param {number} processors */
function atOnce(bytesEach, processors) {
  const { deviceMemory = UNKNOWN_MEMORY_GB } = /** @type {{ deviceMemory?: number }} */ (/** @type {unknown} */ (navigator));
  return Math.min(MOST, processors, Math.floor(deviceMemory * 2 ** 30 * SHARE_OF_MEMORY / bytesEach));
}
