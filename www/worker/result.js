// @ts-check
// A fingerprint in, what the page shows of it out.

/** The page shows this many frames at first (the first frame is always among them). */
const CHOSEN_FRAMES = 7;

/**
 * @param {import('./fingerprint-file.js').Seen} seen
 * @param {Blob} file the fingerprint as a file
 * @param {number | null} firstTicks the container's time of the first frame; null when no video is at hand
 * @returns {import('./protocol.js').Result}
 */
export function resultOf({ overview, columns }, file, firstTicks) {
  /** @type {import('./protocol.js').Facts} */
  const facts = JSON.parse(overview.facts());
  const chosen = overview.choose(CHOSEN_FRAMES);
  return {
    kind: facts.kind,
    facts,
    columns,
    timeline: { change: overview.change(), cuts: overview.cuts(), plain: overview.plain() },
    chosen,
    chosenTicks: firstTicks === null ? [] : Array.from(chosen, (index) => firstTicks + ticksAt(columns.times[index], facts.timeBase)),
    fingerprint: file,
  };
}

/** @param {number} timeS @param {[number, number]} timeBase */
const ticksAt = (timeS, [up, down]) => Math.round(timeS * down / up);
