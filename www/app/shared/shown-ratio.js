// @ts-check
/** How a video's picture, as it is stored, is shown upright: mirrored first, and then turned. */

/** Width through height, upright. @param {import('./types.js').Facts} facts */
export function shownRatio({ width, height, rotation }) {
  return rotation === 90 || rotation === 270 ? height / width : width / height;
}

/** @param {import('./types.js').Facts} facts */
export const isShownAsStored = ({ rotation, mirrored }) => !rotation && !mirrored;

/** What turns an image element that shows the stored picture. @param {import('./types.js').Facts} facts */
export const turnClass = ({ rotation, mirrored }) => `turn-${rotation ?? 0}${mirrored ? ' mirrored' : ''}`;
