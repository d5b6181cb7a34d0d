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

/**
 * A fingerprint as a file. Its text is several times larger than what it says, so it is never whole in this
 * worker's memory: browsers keep Blobs elsewhere.
 * @param {import('./core.js').Fingerprint} fingerprint
 */
export function fileOf(fingerprint) {
  /** @type {Blob[]} */
  const parts = [];
  fingerprint.write((/** @type {Uint8Array<ArrayBuffer>} */ part) => { parts.push(new Blob([part])); });
  return new Blob(parts);
}

/** @param {number} timeS @param {[number, number]} timeBase */
const ticksAt = (timeS, [up, down]) => Math.round(timeS * down / up);
