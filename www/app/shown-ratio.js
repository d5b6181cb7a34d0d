// @ts-check

/** Width through height of a video's picture as shown upright. @param {import('./types.js').Facts} facts */
export function shownRatio({ width, height, rotation }) {
  return rotation === 90 || rotation === 270 ? height / width : width / height;
}
