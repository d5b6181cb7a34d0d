// @ts-check
/**
 * Where two pictures of the same size differ. A copy is often brighter or flatter all over, and
 * compression and scaling disturb every edge; neither matters. So brightness and contrast are equalised first, by
 * the pixels that agree best; then only differences over an area, not along a line, are kept. Colour is treated alike:
 * a banner may be as bright as what it covers.
 */

/** @typedef {{width: number, height: number}} Size */

/** Luma of red, green and blue (ITU-R BT.709). */
const LUMA = [0.2126, 0.7152, 0.0722];
/** Brightness and contrast are judged by this share of the pixels, so that a banner over a third of the picture does no harm. */
const AGREEING_SHARE = 0.6;
const FIT_ROUNDS = 3;
/** Standard deviation in levels of 255 below which a picture is plain: contrast means nothing there. */
const PLAIN_BELOW = 4;
/** How far blue minus luma, and red minus luma, range compared to luma (ITU-R BT.709). */
const [BLUE_SPAN, RED_SPAN] = [1.8556, 1.5748];
/** Differences in levels of 255: marks begin at the first, and are opaque at the second. */
const NOISE = 18;
const STRONG = 70;
/** If more than this share differs in colour, the copy was tinted or lost its colour: visible without marks. */
const TINTED_SHARE = 0.3;
/** A difference must exceed this multiple of the median: what differs everywhere is noise. */
const OVER_MEDIAN = 4;

/** @param {Uint8ClampedArray} rgba @returns {Float32Array} */
export function lumaOf(rgba) {
  const luma = new Float32Array(rgba.length / 4);
  for (let at = 0; at < luma.length; at += 1)
    luma[at] = LUMA[0] * rgba[4 * at] + LUMA[1] * rgba[4 * at + 1] + LUMA[2] * rgba[4 * at + 2];
  return luma;
}

/** How blue and how red each pixel is. @param {Uint8ClampedArray} rgba @param {Float32Array} luma */
function coloursOf(rgba, luma) {
  return [luma.map((level, at) => (rgba[4 * at + 2] - level) / BLUE_SPAN), luma.map((level, at) => (rgba[4 * at] - level) / RED_SPAN)];
}

/**
 * Each pixel's difference after equalising brightness and contrast. Null if a picture is too plain to judge contrast,
 * unless `mayBePlain`: then contrast is taken as equal.
 * @param {Float32Array} one @param {Float32Array} other @param {boolean} [mayBePlain]
 * @returns {Float32Array|null}
 */
export function departures(one, other, mayBePlain = false) {
  let found = mayBePlain ? one.map((level, at) => Math.abs(level - other[at])) : new Float32Array(one.length);
  let limit = quantile(found, AGREEING_SHARE);
  for (let round = 0; round < FIT_ROUNDS; round += 1) {
    const [first, second] = [spread(one, found, limit), spread(other, found, limit)];
    const isPlain = Math.min(first.deviation, second.deviation) < PLAIN_BELOW;
    if (isPlain && !mayBePlain) return null;
    const gain = isPlain ? 1 : second.deviation / first.deviation;
    const offset = second.mean - gain * first.mean;
    found = one.map((level, at) => Math.abs(gain * level + offset - other[at]));
    limit = quantile(found, AGREEING_SHARE);
  }
  return found;
}

/** Mean and spread of the levels whose difference is at most `limit`. @param {Float32Array} levels @param {Float32Array} found @param {number} limit */
function spread(levels, found, limit) {
  let [count, sum, squares] = [0, 0, 0];
  for (let at = 0; at < levels.length; at += 1) {
    if (found[at] > limit) continue;
    count += 1;
    sum += levels[at];
    squares += levels[at] ** 2;
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean ** 2)) };
}

/** Differences are counted in this many steps of a level: sorting them would take longer than all the rest. */
const STEPS = 8;

/** The difference that a `share` of the pixels does not exceed, to an eighth of a level. @param {Float32Array} found @param {number} share */
export function quantile(found, share) {
  const counts = new Uint32Array(256 * STEPS + 1);
  for (const value of found) counts[Math.floor(Math.min(256, value) * STEPS)] += 1;
  let rest = share * found.length;
  return counts.findIndex((count) => (rest -= count) < 0) / STEPS + 1 / STEPS;
}

/** Removes what is thinner than three pixels: takes the smallest value around each pixel, then the largest around those. @param {Float32Array} levels @param {Size} size */
export function withoutLines(levels, { width, height }) {
  const extreme = (/** @type {Float32Array} */ from, /** @type {(...values: number[]) => number} */ pick) => {
    // Along rows, then along columns: the same as over a square of nine pixels.
    const across = from.map((level, at) =>
      pick(level, from[at % width ? at - 1 : at], from[(at + 1) % width ? at + 1 : at]),
    );
    const last = (height - 1) * width;
    return across.map((level, at) =>
      pick(level, across[at >= width ? at - width : at], across[at < last ? at + width : at]),
    );
  };
  return extreme(extreme(levels, Math.min), Math.max);
}

/**
 * How strongly each pixel is marked, 0..1, and the marked share of the picture; null if it is too plain to compare.
 * @param {Uint8ClampedArray} one red, green, blue and opacity of each pixel @param {Uint8ClampedArray} other @param {Size} size
 */
export function marksOf(one, other, size) {
  const [ofOne, ofOther] = [lumaOf(one), lumaOf(other)];
  const found = departures(ofOne, ofOther);
  if (!found) return null;
  const strength = strengthOf(found, size);
  const colours = coloursOf(other, ofOther);
  for (const [i, colour] of coloursOf(one, ofOne).entries()) {
    const found = departures(colour, colours[i], true);
    const coloured = found && strengthOf(found, size);
    if (coloured && shareOf(coloured) <= TINTED_SHARE)
      coloured.forEach((value, at) => (strength[at] = Math.max(strength[at], value)));
  }
  return { strength, share: shareOf(strength) };
}

/** @param {Float32Array} strength */
const shareOf = (strength) => strength.reduce((count, value) => count + Number(value > 0), 0) / strength.length;

/** @param {Float32Array} found @param {Size} size */
function strengthOf(found, size) {
  const noise = Math.max(NOISE, OVER_MEDIAN * quantile(found, 0.5));
  return withoutLines(found, size).map((level) => Math.min(1, Math.max(0, (level - noise) / (STRONG - NOISE))));
}
