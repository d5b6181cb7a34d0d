// @ts-check
/** What was done to the subject's picture, seen from the object's, in words: mirrored, turned, cropped, bordered, sped up. */
import { number, percent } from '../shared/format.js';
import { t } from '../shared/words.js';

/** @typedef {import('./types.js').Match} Match */
/** @typedef {import('./types.js').View} View */
/** @typedef {import('../shared/words.js').Key} Key */

/** Less than this share of a side is not told, and shares are told in steps of this: the core knows them no better. */
const UNTOLD = 0.055;
const STEP = 0.05;
/** Sides that differ by less are told as one. */
const ALIKE = 0.06;
/** A subject's picture that is smaller than this, on both sides, is an inset rather than bordered. */
const INSET_BELOW = 0.6;
/** Speeds that differ by less from 1 are normal. */
const SAME_SPEED = 0.005;

/** @param {Match} match @returns {string[]} */
export function pictureWords({ mirrored, turned, subjectView, objectView }) {
  const words = [];
  if (mirrored) words.push(t('how.mirrored'));
  if (turned) words.push(t(/** @type {Key} */ (`how.turned.${turned}`)));
  return [...words, ...cropWords(objectView), ...borderWords(subjectView)];
}

/** @param {number} speed */
export function speedWords(speed) {
  return Math.abs(speed - 1) < SAME_SPEED ? t('how.speed.normal') : t('how.speed', { speed: number(speed, 2) });
}

/** @param {number} share of a side */
const roughly = (share) => percent(Math.round(share / STEP) * STEP);

/** What the subject leaves out of the object. @param {View} view of the object */
function cropWords([x, y, width, height]) {
  const [across, down] = [placeOn(x, width), placeOn(y, height)];
  const [cropsWidth, cropsHeight] = [1 - width >= UNTOLD, 1 - height >= UNTOLD];
  const sizes = { width: roughly(width), height: roughly(height) };
  if (!cropsWidth && !cropsHeight) return [];
  if (!cropsHeight) return [t(`how.cropped.${across === 'middle' ? 'width' : across}`, { size: sizes.width })];
  if (!cropsWidth) return [t(`how.cropped.${DOWN[down]}`, { size: sizes.height })];
  const isEven = across === 'middle' && down === 'middle' && Math.abs(width - height) < ALIKE;
  if (isEven) return [t('how.cropped.side', { size: roughly((width + height) / 2) })];
  return [t('how.cropped.both', { where: whereWords(across, down), ...sizes })];
}

/** What the subject has around what it shares. @param {View} view of the subject */
function borderWords([x, y, width, height]) {
  const [left, right, top, bottom] = [x, 1 - x - width, y, 1 - y - height].map((side) => side >= UNTOLD);
  if (width < INSET_BELOW && height < INSET_BELOW)
    return [t('how.inset', { where: whereWords(placeOn(x, width), placeOn(y, height)) })];
  if ((left || right) && (top || bottom)) return [t('how.borders.all')];
  if (left || right) return [t(`how.borders.${left && right ? 'width' : left ? 'left' : 'right'}`)];
  if (top || bottom) return [t(`how.borders.${top && bottom ? 'height' : top ? 'top' : 'bottom'}`)];
  return [];
}

/** @typedef {'left'|'middle'|'right'} Across */
const DOWN = /** @type {const} */ ({ left: 'top', middle: 'height', right: 'bottom' });
const ROWS = /** @type {const} */ ({ left: 'top', middle: 'middle', right: 'bottom' });

/** To which end of a side a part keeps; for heights left is the upper end. @param {number} start @param {number} length @returns {Across} */
function placeOn(start, length) {
  const rest = 1 - length;
  if (rest < UNTOLD) return 'middle';
  if (start / rest < 0.25) return 'left';
  return start / rest > 0.75 ? 'right' : 'middle';
}

/** @param {Across} across @param {Across} down */
const whereWords = (across, down) => t(`where.${ROWS[down]}.${across}`);
