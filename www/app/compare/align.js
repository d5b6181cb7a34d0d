// @ts-check
/**
 * Aligns two pictures of the same thing to the pixel. A comparison of fingerprints knows their overlap only
 * to a few per cent of a side; so every edge would show as a difference. The search starts from that overlap and
 * goes downhill: it moves and stretches the subject's part in ever smaller steps.
 */
import { turnView } from './geometry.js';

/** @typedef {import('./types.js').View} View */
/** A picture's luma; NaN where there is no picture. @typedef {{luma: Float32Array, width: number, height: number}} Plane */

/** The search looks this far beyond the subject's part, in shares of its sides. */
export const MARGIN = 0.12;
/** Steps in shares of a side. */
const FIRST_STEP = 0.04;
const LAST_STEP = 0.002;
/** The most that one pixel's difference counts, in levels of 255: a logo must not pull the pictures aside. */
const MOST = 30;
/** The pictures must share this many of the pixels, or the fit says nothing. */
const LEAST_COMMON = 0.6;
/** A fit is better only if its cost is below this share of the best one's. */
const CLEARLY = 0.995;

/**
 * @param {Plane} subject the subject's part with MARGIN around it, mirrored, turned and inverted back
 * @param {Plane} object the object's part
 * @returns {{part: View, cost: number}} `part`: the object's place in the subject's part; `cost`: their difference in levels of 255, both softened
 */
export function alignParts(subject, object) {
  let best = { part: /** @type {View} */ ([0, 0, 1, 1]), cost: costOf(subject, object, [0, 0, 1, 1]) };
  for (let step = FIRST_STEP; step >= LAST_STEP; step /= 2) {
    for (;;) {
      const better = neighbours(best.part, step)
        .map((part) => ({ part, cost: costOf(subject, object, part) }))
        .reduce((one, other) => (other.cost < one.cost ? other : one), { ...best, cost: best.cost * CLEARLY });
      if (better.part === best.part) break;
      best = better;
    }
  }
  return { part: best.part, cost: costOf(softened(subject), softened(object), best.part) };
}

/**
 * Each pixel's mean with its neighbours. Levels between pixels are softer than those at pixels; in foliage that would outweigh
 * what moves in a few frames.
 * @param {Plane} plane @returns {Plane}
 */
function softened({ luma, width, height }) {
  const around = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => down * width + right));
  const isEdge = (/** @type {number} */ at) => at % width === 0 || at % width === width - 1 || at < width || at >= (height - 1) * width;
  const soft = luma.map((_, at) => (isEdge(at) ? NaN : around.reduce((sum, by) => sum + luma[at + by], 0) / around.length));
  return { luma: soft, width, height };
}

/** The part moved and stretched by a step each way, within the known part of the subject. @param {View} part @param {number} step @returns {View[]} */
function neighbours([x, y, width, height], step) {
  const all = /** @type {View[]} */ (
    [step, -step].flatMap((by) => [
      [x + by, y, width, height],
      [x, y + by, width, height],
      [x - by / 2, y, width + by, height],
      [x, y - by / 2, width, height + by],
      [x - by / 2, y - by / 2, width + by, height + by],
    ])
  );
  const isKnown = (/** @type {View} */ [left, top, wide, high]) =>
    Math.min(left, top) >= -MARGIN && Math.max(left + wide, top + high) <= 1 + MARGIN;
  return all.filter(isKnown);
}

/** The mean difference after equalising brightness and contrast. @param {Plane} subject @param {Plane} object @param {View} part */
function costOf(subject, object, part) {
  const sampled = sample(subject, object, part);
  let [count, sumOne, sumOther, squareOne, squareOther] = [0, 0, 0, 0, 0];
  sampled.forEach((one, at) => {
    const other = object.luma[at];
    if (Number.isNaN(one) || Number.isNaN(other)) return;
    count += 1;
    sumOne += one;
    sumOther += other;
    squareOne += one * one;
    squareOther += other * other;
  });
  if (count < LEAST_COMMON * sampled.length) return Infinity;
  const [meanOne, meanOther] = [sumOne / count, sumOther / count];
  const [spreadOne, spreadOther] = [squareOne / count - meanOne ** 2, squareOther / count - meanOther ** 2];
  const gain = Math.sqrt(Math.max(1, spreadOther) / Math.max(1, spreadOne));
  let cost = 0;
  sampled.forEach((one, at) => {
    const apart = Math.abs(gain * (one - meanOne) - (object.luma[at] - meanOther));
    if (!Number.isNaN(apart)) cost += Math.min(MOST, apart);
  });
  return cost / count;
}

/** The subject's levels at the object's pixels. @param {Plane} subject @param {Plane} object @param {View} part */
function sample({ luma, width, height }, object, [left, top, wide, high]) {
  const sampled = new Float32Array(object.width * object.height);
  const toPixel = (/** @type {number} */ share, /** @type {number} */ side) =>
    ((share + MARGIN) / (1 + 2 * MARGIN)) * side - 0.5;
  for (let row = 0; row < object.height; row += 1) {
    const y = toPixel(top + ((row + 0.5) / object.height) * high, height);
    for (let column = 0; column < object.width; column += 1) {
      const x = toPixel(left + ((column + 0.5) / object.width) * wide, width);
      sampled[row * object.width + column] = between(luma, width, height, x, y);
    }
  }
  return sampled;
}

/** The level at a point between four pixels. @param {Float32Array} luma @param {number} width @param {number} height @param {number} x @param {number} y */
function between(luma, width, height, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) return NaN;
  const at = top * width + left;
  const [right, down] = [x - left, y - top];
  const upper = luma[at] * (1 - right) + luma[at + 1] * right;
  const lower = luma[at + width] * (1 - right) + luma[at + width + 1] * right;
  return upper * (1 - down) + lower * down;
}

/** @param {View} view @returns {View} */
const mirror = ([x, y, width, height]) => [1 - x - width, y, width, height];

/** A part of a part, as a part of the whole. @param {View} part @param {View} whole @returns {View} */
const within = ([x, y, width, height], [left, top, wide, high]) => [
  left + x * wide,
  top + y * high,
  width * wide,
  height * high,
];

/**
 * The match with aligned views; both leave out what would lie outside the subject.
 * @template {{mirrored: boolean, turned: number, subjectView: View, objectView: View}} T
 * @param {T} match @param {View} part from alignParts @returns {T}
 */
export function alignedMatch(match, part) {
  const { mirrored, turned, subjectView, objectView } = match;
  const [x, y, width, height] = within(turnView(mirrored ? mirror(part) : part, turned), subjectView);
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [wide, high] = [Math.min(1, x + width) - left, Math.min(1, y + height) - top];
  const kept = turnView([(left - x) / width, (top - y) / height, wide / width, high / height], (360 - turned) % 360);
  return {
    ...match,
    subjectView: [left, top, wide, high],
    objectView: within(mirrored ? mirror(kept) : kept, objectView),
  };
}
