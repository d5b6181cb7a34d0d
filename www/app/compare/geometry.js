// @ts-check
/**
 * From stored pictures, which fingerprints describe, to pictures as players show them:
 * a player mirrors the stored picture if the file asks for that, and then turns it clockwise.
 */

/** @typedef {import('./types.js').View} View */
/** @typedef {{mirrored: boolean, turned: number, tilted: number, subjectView: View, objectView: View}} Geometry */

/** The place of a part after the whole picture is turned clockwise. @param {View} view @param {number} degrees @returns {View} */
export function turnView([x, y, width, height], degrees) {
  if (degrees === 90) return [1 - y - height, x, height, width];
  if (degrees === 180) return [1 - x - width, 1 - y - height, width, height];
  if (degrees === 270) return [y, 1 - x - width, height, width];
  return [x, y, width, height];
}

/** Mirrored left to right first, then turned clockwise. @typedef {{mirrored: boolean, turned: number}} Orientation */

/** @param {import('../shared/types.js').Facts} facts @returns {Orientation} */
export const shownBy = ({ rotation, mirrored = false }) => ({ mirrored, turned: rotation });

/** Two orientations, one after the other. Mirroring reverses the turn before it. @param {Orientation} first @param {Orientation} then @returns {Orientation} */
const after = (first, then) => ({
  mirrored: first.mirrored !== then.mirrored,
  turned: (then.turned + (then.mirrored ? 360 - first.turned : first.turned)) % 360,
});

/** The inverse. @param {Orientation} orientation @returns {Orientation} */
const undone = ({ mirrored, turned }) => ({ mirrored, turned: mirrored ? turned : (360 - turned) % 360 });

/** @param {View} view @param {Orientation} shown @returns {View} */
function shownView([x, y, width, height], { mirrored, turned }) {
  return turnView([mirrored ? 1 - x - width : x, y, width, height], turned);
}

/**
 * The geometry between the pictures as players show them.
 * @param {Geometry} stored
 * @param {Orientation} subjectShown
 * @param {Orientation} objectShown
 * @returns {Geometry}
 */
export function asPlayed({ tilted, subjectView, objectView, ...stored }, subjectShown, objectShown) {
  return {
    ...after(after(undone(objectShown), stored), subjectShown),
    tilted: subjectShown.mirrored ? -tilted : tilted,
    subjectView: shownView(subjectView, subjectShown),
    objectView: shownView(objectView, objectShown),
  };
}

/** @param {number} degrees */
export const isQuarter = (degrees) => degrees % 180 === 90;
