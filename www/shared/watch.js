// @ts-check
// Watches over a decoder: one that makes no progress for long is stuck. Page and worker each have such a watch.

/** Counted in steps, so that a sleep is seen by the step it falls into. */
const STEP_MS = 5_000;
const PATIENCE_MS = 20_000;
/** A worker that helps another, and gives nothing for so long, is left: before the page loses its patience. */
export const HELPER_PATIENCE_MS = 10_000;
/** Hidden pages hear of time once a second, busy ones later; what comes later than this was asleep. */
const LATE_MS = 2_000;

/**
 * Only time awake counts: a tab that the browser froze, or a computer that slept, finds on waking all that was due at once,
 * the end of patience before the decoder's next frame. So after a sleep patience begins anew.
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
  /** Begins anew: there was progress. */
  function start() {
    stop();
    wait(patienceMs);
  }
  return { start, stop };
}
