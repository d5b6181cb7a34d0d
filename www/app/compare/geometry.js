// @ts-check
/**
 * From pictures as they are stored, which fingerprints speak of, to pictures as players show them, which people see:
 * a player turns the stored picture clockwise by the rotation that the file asks for.
 */

/** @typedef {import('./types.js').View} View */
/** @typedef {{mirrored: boolean, turned: number, subjectView: View, objectView: View}} Geometry */

/** Where a part of a picture lies after the whole is turned clockwise. @param {View} view @param {number} degrees @returns {View} */
export function turnView([x, y, width, height], degrees) {
  if (degrees === 90) return [1 - y - height, x, height, width];
  if (degrees === 180) return [1 - x - width, 1 - y - height, width, height];
  if (degrees === 270) return [y, 1 - x - width, height, width];
  return [x, y, width, height];
}

/**
 * The same geometry between the played pictures. Undoing the object's rotation before a mirror is turning the other way
 * after it, hence the two signs.
 * @param {Geometry} stored
 * @param {number} subjectRotation degrees clockwise
 * @param {number} objectRotation
 * @returns {Geometry}
 */
export function asPlayed({ mirrored, turned, subjectView, objectView }, subjectRotation, objectRotation) {
  const undone = mirrored ? objectRotation : -objectRotation;
  return {
    mirrored,
    turned: (turned + subjectRotation + undone + 360) % 360,
    subjectView: turnView(subjectView, subjectRotation),
    objectView: turnView(objectView, objectRotation),
  };
}

/** @param {number} degrees */
export const isQuarter = (degrees) => degrees % 180 === 90;
