// @ts-check
/**
 * Brings two films to correspond at the moment that they show: in the picture to the pixel, and in time to the frame,
 * since a comparison knows both only roughly. The frames beside the subject's are tried as long as they fit better.
 */
import { alignParts, alignedMatch } from './align.js';
import { planesOf } from './stage.js';

/** @typedef {import('./film.js').Film} Film */
/** @typedef {import('./types.js').Match} Match */

/** How many frames off the subject may be. */
const MOST_FRAMES = 8;
/** Better by less is chance: between frames that hardly differ there is nothing to choose. */
const CLEARLY = 0.97;
/** Pictures that differ by more levels of 255 than this were not brought to correspond; the core's word stands. */
const TOO_FAR = 25;

/**
 * @param {Match} match
 * @param {{subject: Film, object: Film}} films
 * @param {{stepS: number, shift: (byS: number) => Promise<void>, isWanted: () => boolean}} time `stepS`: a frame of the subject, 0 where time must not be searched; `isWanted`: false once the user has gone on
 * @returns {Promise<Match>} the same match where nothing better is found
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
    // Where one way was better the other is not.
    if (frames) break;
  }
  return best;
}
