// @ts-check
/**
 * A file's picture at any moment, upright as players show it: played by the browser if possible, else as single frames
 * that the worker decodes. Before a browser's playing is trusted, it is checked against frames of known times:
 * browsers differ in whether edit lists and late starts count.
 */
import { isOpenedFingerprint } from '../job/hashing.js';
import { departures, lumaOf, quantile } from './difference.js';
import { openPicture, openStills, uprightCanvas } from './film-stills.js';
import { openPlayed } from './film-played.js';
import { isPicture } from './reading.js';

/** @typedef {import('./types.js').Job} Job */

/**
 * @typedef {object} Film
 * @property {'played'|'stills'|'picture'} kind
 * @property {() => CanvasImageSource} picture  the picture shown now
 * @property {() => [number, number]} size  its width and height
 * @property {() => number} timeS  the moment shown, in seconds after the first frame
 * @property {(seconds: number) => Promise<void>} goTo
 * @property {HTMLVideoElement|null} video  the element that plays it; null for stills and pictures
 * @property {() => void} close
 */

/** Longer sides at which pictures are drawn, then averaged and checked: browsers shrink roughly, each in its own way. */
const DRAWN_PX = 256;
const CHECKED_PX = 32;
/** A median difference above this many levels of 255 is another picture. Measured: right frames stay below 0.6, frames two off reach 4. */
const OTHER_PICTURE = 2.5;
const CHECKS = 3;
/** How long to wait for the pictures to check against, which are taken after hashing. */
const PICTURES_MS = 6000;
const POLL_MS = 100;

/** @param {Job} job @returns {Promise<Film|null>} null if no picture can be had */
export async function openFilm(job) {
  if (isOpenedFingerprint(job)) return null;
  if (isPicture(job)) return openPicture(job);
  const played = await openPlayed(job);
  if (played && (await isTrue(played, job))) return played;
  played?.close();
  return openStills(job);
}

/** Whether a film shows the frames that were decoded for the fingerprint, at their times. @param {Film} film @param {Job} job */
async function isTrue(film, job) {
  const { facts, times, chosen } = /** @type {import('../shared/types.js').HashResult} */ (job.result);
  const patience = performance.now() + PICTURES_MS;
  while (job.pictures.size < chosen.length && !job.picturesFailed && performance.now() < patience)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  const known = [...job.pictures.values()].sort((one, other) => other.index - one.index).slice(0, CHECKS);
  for (const { index, blob } of known) {
    await film.goTo(times[index]);
    const bitmap = await createImageBitmap(blob);
    const upright = uprightCanvas(bitmap, facts);
    bitmap.close();
    if (!looksAlike(upright, film.picture())) return false;
  }
  return true;
}

/** @param {CanvasImageSource} one @param {CanvasImageSource} other */
function looksAlike(one, other) {
  const found = departures(smallLuma(one), smallLuma(other));
  // In plain pictures nothing can be out of step.
  return !found || quantile(found, 0.5) < OTHER_PICTURE;
}

/** @param {CanvasImageSource} picture */
function smallLuma(picture) {
  const canvas = new OffscreenCanvas(DRAWN_PX, DRAWN_PX);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    canvas.getContext('2d', { willReadFrequently: true })
  );
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, DRAWN_PX, DRAWN_PX);
  const drawn = lumaOf(context.getImageData(0, 0, DRAWN_PX, DRAWN_PX).data);
  const blockPx = DRAWN_PX / CHECKED_PX;
  const means = new Float32Array(CHECKED_PX ** 2);
  drawn.forEach((level, at) => {
    const [x, y] = [at % DRAWN_PX, Math.floor(at / DRAWN_PX)].map((place) => Math.floor(place / blockPx));
    means[y * CHECKED_PX + x] += level / blockPx ** 2;
  });
  return means;
}
