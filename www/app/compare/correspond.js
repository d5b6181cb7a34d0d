// @ts-check
/**
 * Aligns two films at the moment they show, to the pixel and to the frame: a comparison knows both only roughly.
 * Tries the frames next to the subject's as long as they fit better.
 */
import { alignParts, alignedMatch } from './align.js';
import { planesOf } from './stage.js';

/** @typedef {import('./film.js').Film} Film */
/** @typedef {import('./types.js').Match} Match */

/** The most frames that the subject may be off. */
const MOST_FRAMES = 8;
/** A fit is better only if its cost is below this share of the best one's: frames that hardly differ are equally good. */
const CLEARLY = 0.97;
/** Above this difference, in levels of 255, the pictures are not aligned: the core's match stays. */
const TOO_FAR = 25;

/**
 * @param {Match} match
 * @param {{subject: Film, object: Film}} films
 * @param {{stepS: number, shift: (byS: number) => Promise<void>, isWanted: () => boolean}} time `stepS`: a frame of the subject, 0 if time must not be searched; `isWanted`: false once the user has moved on
 * @returns {Promise<Match>} the same match if none is better
 */
export async function correspond(match, films, { stepS, shift, isWanted }) {
  const fit = () => {
    const { subject, object } = planesOf(match, films.subject, films.object);
    return alignParts(subject, object);
  };
  let best = fit();
  if (stepS) best = await searchTime(best, fit, { stepS, shift, isWanted });
  return best.cost > TOO_FAR ? match : alignedMatch(match, best.part);
}

/** @typedef {ReturnType<typeof alignParts>} Fit */

/** @param {Fit} first @param {() => Fit} fit @param {{stepS: number, shift: (byS: number) => Promise<void>, isWanted: () => boolean}} time */
async function searchTime(first, fit, { stepS, shift, isWanted }) {
  let best = first;
  for (const direction of [1, -1]) {
    let frames = 0;
    for (; frames < MOST_FRAMES && isWanted(); frames += 1) {
      await shift(direction * stepS);
      const next = fit();
      if (next.cost >= best.cost * CLEARLY) {
        await shift(-direction * stepS);
        break;
      }
      best = next;
    }
    // If one direction was better, the other is not.
    if (frames) break;
  }
  return best;
}
