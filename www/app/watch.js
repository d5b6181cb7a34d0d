// @ts-check
/** Watches over a decoder that lets its worker hear nothing: one that makes no progress for long is stuck. */

/** Counted in two halves, so that a computer that slept is not blamed. */
const HALF_PATIENCE_MS = 10_000;

/** @param {() => void} onStuck */
export function createWatch(onStuck) {
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);
  const stop = () => clearTimeout(timer);
  /** Begins anew: there was progress. */
  function start() {
    stop();
    timer = setTimeout(() => { timer = setTimeout(onStuck, HALF_PATIENCE_MS); }, HALF_PATIENCE_MS);
  }
  return { start, stop };
}
