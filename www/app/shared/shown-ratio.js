// @ts-check
/** How to show a stored picture upright: mirror first, then turn. */

/** Width divided by height, upright. @param {import('./types.js').Facts} facts */
export function shownRatio({ width, height, rotation }) {
  return rotation === 90 || rotation === 270 ? height / width : width / height;
}

/** @param {import('./types.js').Facts} facts */
export const isShownAsStored = ({ rotation, mirrored }) => !rotation && !mirrored;

/** The classes that turn an image element with the stored picture upright. @param {import('./types.js').Facts} facts */
export const turnClass = ({ rotation, mirrored }) => `turn-${rotation ?? 0}${mirrored ? ' mirrored' : ''}`;
