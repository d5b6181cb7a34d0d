// @ts-check
/**
 * A run's speed and time left, from its progress over the last seconds. A short memory follows
 * a phone that slows down as it warms up; if it were too short, the numbers would jump.
 */

/** @typedef {import('../shared/types.js').Progress} Progress */

const MEMORY_S = 8;
const FIRST_WORD_S = 0.8;

/** The finished share of the work, 0..1: by frames if their number is known, else by bytes. @param {Progress} progress */
export function fractionDone({ framesDone, framesExpected, bytesRead, bytesTotal }) {
  const fraction = framesExpected ? framesDone / framesExpected : bytesRead / (bytesTotal || 1);
  return Math.min(1, fraction);
}

/** @returns {(progress: Progress, nowS: number) => import('../shared/types.js').Estimate} */
export function createEstimator() {
  /** @type {{atS: number, frames: number, fraction: number}[]} */
  const seen = [];
  return (progress, nowS) => {
    const latest = { atS: nowS, frames: progress.framesDone, fraction: fractionDone(progress) };
    seen.push(latest);
    while (seen.length > 2 && nowS - seen[0].atS > MEMORY_S) seen.shift();
    const spanS = nowS - seen[0].atS;
    if (spanS < FIRST_WORD_S) return { framesPerS: null, secondsLeft: null };
    const framesPerS = (latest.frames - seen[0].frames) / spanS;
    const speed = (latest.fraction - seen[0].fraction) / spanS;
    return { framesPerS, secondsLeft: speed > 0 ? (1 - latest.fraction) / speed : null };
  };
}
