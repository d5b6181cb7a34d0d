// @ts-check
/** How the subject's picture differs from the object's, in words: mirrored, turned, cropped, bordered, inverted, sped up, backwards. */
import { number, percent } from '../shared/format.js';
import { t } from '../shared/words.js';
import { asOne, changeOf } from './runs.js';

/** @typedef {import('./types.js').Match} Match */
/** @typedef {import('./types.js').View} View */
/** @typedef {import('../shared/words.js').Key} Key */

/** Crops below the first share of a side are left out, and shares are given in steps of the second: the core knows them no better. */
const LEAST_SHARE = 0.055;
const STEP = 0.05;
/** Crops of opposite sides that differ by less than this are described as one. */
const ALIKE = 0.06;
/** A subject's picture below this share of both sides is an inset; above it, it has borders. */
const INSET_BELOW = 0.6;
/** A speed this close to 1 is normal. */
const SAME_SPEED = 0.005;

/** @param {Match} match */
export const pictureWords = (match) => pictureWordsOfRun([match]);

/** The words of stretches that go on from one another: what changes on the way is said to. @param {Match[]} run @returns {string[]} */
export function pictureWordsOfRun(run) {
  const { mirrored, turned, tilted, negative, subjectView, objectView } = asOne(run);
  const words = [];
  if (mirrored) words.push(t('how.mirrored'));
  if (turned) words.push(t(/** @type {Key} */ (`how.turned.${turned}`)));
  if (tilted) words.push(t(tilted > 0 ? 'how.tilted.right' : 'how.tilted.left', { degrees: number(Math.abs(tilted), 0) }));
  const [crop, place] = [changeOf(run.map((match) => match.objectView)), changeOf(run.map((match) => match.subjectView))];
  words.push(...(crop ? [t(`how.cropped.${crop}`)] : cropWords(objectView)));
  words.push(...(place ? [t(`how.placed.${place}`)] : borderWords(subjectView)));
  return negative ? [...words, t('how.negative')] : words;
}

/** @param {Match} match */
export function speedWords({ speed, backwards }) {
  if (Math.abs(speed - 1) < SAME_SPEED) return t(backwards ? 'how.backwards.normal' : 'how.speed.normal');
  return t(backwards ? 'how.backwards' : 'how.speed', { speed: number(speed, 2) });
}

/** @param {number} share of a side */
const roughly = (share) => percent(Math.round(share / STEP) * STEP);

/** Which part of the object the subject shows. @param {View} view of the object */
function cropWords([x, y, width, height]) {
  const [across, down] = [placeOn(x, width), placeOn(y, height)];
  const [cropsWidth, cropsHeight] = [1 - width >= LEAST_SHARE, 1 - height >= LEAST_SHARE];
  const sizes = { width: roughly(width), height: roughly(height) };
  if (!cropsWidth && !cropsHeight) return [];
  if (!cropsHeight) return [t(`how.cropped.${across === 'middle' ? 'width' : across}`, { size: sizes.width })];
  if (!cropsWidth) return [t(`how.cropped.${DOWN[down]}`, { size: sizes.height })];
  const isEven = across === 'middle' && down === 'middle' && Math.abs(width - height) < ALIKE;
  if (isEven) return [t('how.cropped.side', { size: roughly((width + height) / 2) })];
  return [t('how.cropped.both', { where: whereWords(across, down), ...sizes })];
}

/** What surrounds the shared part in the subject. @param {View} view of the subject */
function borderWords([x, y, width, height]) {
  const [left, right, top, bottom] = [x, 1 - x - width, y, 1 - y - height].map((side) => side >= LEAST_SHARE);
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

/** Which end of a side a part is near; for heights, `left` is the upper end. @param {number} start @param {number} length @returns {Across} */
function placeOn(start, length) {
  const rest = 1 - length;
  if (rest < LEAST_SHARE) return 'middle';
  if (start / rest < 0.25) return 'left';
  return start / rest > 0.75 ? 'right' : 'middle';
}

/** @param {Across} across @param {Across} down */
const whereWords = (across, down) => t(`where.${ROWS[down]}.${across}`);
