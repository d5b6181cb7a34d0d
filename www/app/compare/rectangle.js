// @ts-check
/** Rectangles on a picture, in fractions of its sides: drawn, moved, resized, and always within it. */

/** @typedef {import('./types.js').View} View */
/** A place on the picture, 0..1 from the top left. @typedef {[number, number]} Place */

/** The shortest side of a rectangle: a long screenshot may hold a picture hardly larger. Chosen. */
export const LEAST_SIDE = 0.02;

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.min(Math.max(value, low), high);

/** The rectangle between two opposite corners. @param {Place} one @param {Place} other @returns {View} */
export function between(one, other) {
  const [left, right] = ends(one[0], other[0]);
  const [top, bottom] = ends(one[1], other[1]);
  return [left, top, right - left, bottom - top];
}

/** @param {number} one @param {number} other @returns {[number, number]} */
function ends(one, other) {
  const [from, to] = [within(one, 0, 1), within(other, 0, 1)].sort((a, b) => a - b);
  const start = Math.min(from, 1 - LEAST_SIDE);
  return [start, Math.max(to, start + LEAST_SIDE)];
}

/** @param {View} view @param {number} right @param {number} down @returns {View} */
export const moved = ([x, y, width, height], right, down) => [within(x + right, 0, 1 - width), within(y + down, 0, 1 - height), width, height];

/** With its right and lower side elsewhere. @param {View} view @param {number} wider @param {number} higher @returns {View} */
export const resized = ([x, y, width, height], wider, higher) => [x, y, within(width + wider, LEAST_SIDE, 1 - x), within(height + higher, LEAST_SIDE, 1 - y)];

/** @param {View} view @param {Place} place */
const holds = ([x, y, width, height], [across, down]) => across >= x && across <= x + width && down >= y && down <= y + height;

/** The corner of a rectangle that is within `reach` of a place, as the corner opposite to it; null if none is. @param {View} view @param {Place} place @param {Place} reach @returns {Place|null} */
export function oppositeOfCorner([x, y, width, height], [across, down], reach) {
  const near = (/** @type {number} */ place, /** @type {number} */ side, /** @type {number} */ axis) => Math.abs(place - side) <= reach[axis];
  for (const [corner, opposite] of [[x, x + width], [x + width, x]]) {
    if (!near(across, corner, 0)) continue;
    if (near(down, y, 1)) return [opposite, y + height];
    if (near(down, y + height, 1)) return [opposite, y];
  }
  return null;
}

/** The smallest of those that hold a place; null if none does. @param {View[]} views @param {Place} place */
export function smallestAt(views, place) {
  const area = (/** @type {View} */ [, , width, height]) => width * height;
  return views.filter((view) => holds(view, place)).sort((one, other) => area(one) - area(other))[0] ?? null;
}
