// @ts-check
// In: a fingerprint. Out: what the page shows of it.

/** How many representative frames the page shows (the first frame is always one). */
const CHOSEN_FRAMES = 7;

/**
 * @param {import('./fingerprint-file.js').Seen} seen
 * @param {Blob} file the fingerprint as a file
 * @param {number | null} firstTicks the container's time of the first frame; null if there is no video at hand
 * @returns {import('../../shared/protocol.js').Result}
 */
export function resultOf({ overview, frames: { times, rows } }, file, firstTicks) {
  /** @type {import('../../shared/protocol.js').Facts} */
  const facts = JSON.parse(overview.facts());
  const chosen = overview.choose(CHOSEN_FRAMES);
  return {
    kind: facts.kind,
    facts,
    times,
    rows,
    timeline: { change: overview.change(), cuts: overview.cuts(), plain: overview.plain() },
    chosen,
    chosenRows: rowsOf(rows, rows.size / times.length, chosen),
    chosenTicks: firstTicks === null ? [] : Array.from(chosen, (index) => firstTicks + ticksAt(times[index], facts.timeBase)),
    fingerprint: file,
  };
}

/** @param {Blob} rows @param {number} rowBytes @param {Uint32Array} indexes */
function rowsOf(rows, rowBytes, indexes) {
  const chosen = Array.from(indexes, (index) => rows.slice(index * rowBytes, (index + 1) * rowBytes));
  return new Uint8Array(new FileReaderSync().readAsArrayBuffer(new Blob(chosen)));
}

/** @param {number} timeS @param {[number, number]} timeBase */
const ticksAt = (timeS, [up, down]) => Math.round(timeS * down / up);
