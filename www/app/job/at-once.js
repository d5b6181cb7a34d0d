// @ts-check
/** How many files are decoded at once. */

/** More would only share the same processors and double the memory. */
const MOST = 2;
/** In GB. With less, what decoders hold of two large videos may be more than a phone lets a tab have. */
const ENOUGH_FOR_TWO_GB = 4;

/**
 * One file alone has all processors, where its ranges can be hashed beside each other; so one at a time costs little.
 * @param {{ deviceMemory?: number, hardwareConcurrency?: number }} machine a `navigator`
 * @param {boolean} isHandheld whether a finger points; tells where the browser does not tell the memory
 */
export function filesAtOnce({ deviceMemory, hardwareConcurrency = 1 }, isHandheld) {
  const isTight = deviceMemory === undefined ? isHandheld : deviceMemory <= ENOUGH_FOR_TWO_GB;
  return isTight ? 1 : Math.max(1, Math.min(MOST, hardwareConcurrency));
}
