// @ts-check
/** How many files are decoded at once. */

/** More files at once would share the same processors and take more memory. */
const MOST = 2;
/** With less memory, the decoders of two large videos may exceed what a phone gives a tab. */
const ENOUGH_FOR_TWO_GB = 4;

/**
 * How many files to decode at once. One at a time costs little: a file whose ranges can be hashed in parallel uses all processors.
 * @param {{ deviceMemory?: number, hardwareConcurrency?: number }} machine a `navigator`
 * @param {boolean} isHandheld whether a finger points; decides if the browser does not tell the memory
 */
export function filesAtOnce({ deviceMemory, hardwareConcurrency = 1 }, isHandheld) {
  const isTight = deviceMemory === undefined ? isHandheld : deviceMemory <= ENOUGH_FOR_TWO_GB;
  return isTight ? 1 : Math.max(1, Math.min(MOST, hardwareConcurrency));
}
