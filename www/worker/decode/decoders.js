// @ts-check
// How many decoders share a video. Each is a worker with a decoder, a core, and frames in between.

/** More were never measured, and would take more memory. */
const MOST = 4;
/** Frames that a decoder, its queues and its core hold. */
const FRAMES_HELD = 32;
/** Memory of one ffmpeg besides its frames, with its code. */
const FFMPEG_BYTES = 100 << 20;
/** The share of memory that all decoders may take, and the memory to assume, in GB, if the browser does not tell. */
const SHARE_OF_MEMORY = 0.25;
const UNKNOWN_MEMORY_GB = 2;
/** The longest range: its hashes wait in memory for earlier ranges. */
const LONGEST_RANGE_S = 8;
/** Ranges per decoder, so that all decoders end at about the same time. */
const RANGES_EACH = 3;

/** `rangeS`: the shortest range, in seconds. @typedef {{ count: number, rangeS: number }} Decoders */

/**
 * @param {import('../read/demux.js').Video} video
 * @param {VideoDecoderConfig} config
 * @param {{ endS: number | null }} promise
 * @param {import('../../shared/protocol.js').Split} split
 * @returns {Decoders}
 */
export function decodersFor({ config: { codedWidth = 1920, codedHeight = 1080 } }, config, { endS }, { processors, leastRangeS }) {
  // Chips decode only a few videos at once, and are fast enough alone.
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
