// @ts-check
// A fingerprint in, what the page shows of it out.

/** The page shows this many frames at first (the first frame is always among them). */
const CHOSEN_FRAMES = 7;

/**
 * @param {import('./core.js').Fingerprint} fingerprint
 * @param {Blob} file the same as a file
 * @param {number | null} firstTicks the container's time of the first frame; null when no video is at hand
 * @returns {import('./protocol.js').Result}
 */
export function resultOf(fingerprint, file, firstTicks) {
  /** @type {import('./protocol.js').Facts} */
  const facts = JSON.parse(fingerprint.facts());
  const times = fingerprint.times();
  const digests = fingerprint.digests();
  const chosen = fingerprint.choose(CHOSEN_FRAMES);
  return {
    kind: facts.kind,
    facts,
    columns: { times, qualities: fingerprint.qualities(), pdqs: fingerprint.pdqs(), digests: digests.length > 0 ? digests : null },
    timeline: { change: fingerprint.change(), cuts: fingerprint.cuts(), plain: fingerprint.plain() },
    chosen,
    chosenTicks: firstTicks === null ? [] : Array.from(chosen, (index) => firstTicks + ticksAt(times[index], facts.timeBase)),
    fingerprint: file,
  };
}

/** @param {number} timeS @param {[number, number]} timeBase */
const ticksAt = (timeS, [up, down]) => Math.round(timeS * down / up);
