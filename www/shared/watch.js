// @ts-check
// Watches a decoder: one that makes no progress for long is stuck. Page and worker each have a watch.

/** Time is counted in steps, so that a sleep shows in the step it falls into. */
const STEP_MS = 5_000;
/** A running decoder gives something within a second; this leaves room for a slow, busy machine. Chosen. */
export const PATIENCE_MS = 20_000;
/** A helper that gives nothing for this long is given up, before the page's own patience ends. */
export const HELPER_PATIENCE_MS = 10_000;
/** A step this late means sleep: timers of hidden pages are up to a second late, of busy pages somewhat more. */
const LATE_MS = 2_000;

/**
 * Counts only time awake. When a frozen tab or a sleeping computer wakes, everything due fires at once:
 * the end of patience before the decoder's next frame. So patience starts again after a sleep.
 * @param {() => void} onStuck
 */
export function createWatch(onStuck, patienceMs = PATIENCE_MS) {
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);

  /** @param {number} leftMs */
  function wait(leftMs) {
    const startMs = performance.now();
    timer = setTimeout(() => {
      const hasSlept = performance.now() - startMs > STEP_MS + LATE_MS;
      const stillMs = hasSlept ? patienceMs : leftMs - STEP_MS;
      if (stillMs > 0) wait(stillMs);
      else onStuck();
    }, STEP_MS);
  }
  const stop = () => clearTimeout(timer);
  /** Starts patience again, after progress. */
  function start() {
    stop();
    wait(patienceMs);
  }
  return { start, stop };
}
