// @ts-check
/** Films that cannot play: a picture, or a video's single frames, which the worker decodes as it did for the fingerprint. */
import { frameAt } from '../shared/frame-at.js';
import { run } from '../job/jobs.js';
import { isQuarter } from './geometry.js';

/** @typedef {import('./film.js').Film} Film */
/** @typedef {import('./types.js').Job} Job */

/** A stored picture, upright as players show it. @param {ImageBitmap} picture @param {import('../shared/types.js').Facts} facts */
export function uprightCanvas(picture, { rotation, mirrored }) {
  const sides = isQuarter(rotation) ? [picture.height, picture.width] : [picture.width, picture.height];
  const canvas = new OffscreenCanvas(sides[0], sides[1]);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.translate(sides[0] / 2, sides[1] / 2);
  context.rotate((rotation * Math.PI) / 180);
  // A canvas applies the last transformation first.
  if (mirrored) context.scale(-1, 1);
  context.drawImage(picture, -picture.width / 2, -picture.height / 2);
  return canvas;
}

/** @param {Job} job @returns {Promise<Film|null>} */
export async function openPicture({ file }) {
  // Browsers turn a picture as its camera recorded; the fingerprint's rotation says the same.
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  return {
    kind: 'picture',
    video: null,
    picture: () => picture,
    size: () => [picture.width, picture.height],
    timeS: () => 0,
    goTo: async () => {},
    close: () => picture.close(),
  };
}

/** @param {Job} job @returns {Promise<Film|null>} null if no frame can be decoded again */
export async function openStills(job) {
  const { facts, times } = /** @type {import('../shared/types.js').HashResult} */ (job.result);
  let timeS = 0;
  let canvas = new OffscreenCanvas(1, 1);

  /** @param {number} seconds */
  async function goTo(seconds) {
    const index = frameAt(times, seconds);
    const bitmap = await createImageBitmap(await takeFrame(job, index));
    canvas = uprightCanvas(bitmap, facts);
    bitmap.close();
    timeS = times[index];
  }
  const opened = await goTo(0).then(
    () => true,
    () => false,
  );
  if (!opened) return null;
  return {
    kind: 'stills',
    video: null,
    picture: () => canvas,
    size: () => [canvas.width, canvas.height],
    timeS: () => timeS,
    goTo,
    close: () => {},
  };
}

/** @param {Job} job @param {number} index @returns {Promise<Blob>} */
function takeFrame({ file, result, byFfmpeg }, index) {
  const {
    times,
    chosen,
    chosenTicks,
    facts: {
      timeBase: [up, down],
    },
  } = /** @type {import('../shared/types.js').HashResult} */ (result);
  // The container's time of the first frame, from any frame with a known one.
  const firstTicks = chosenTicks[0] - Math.round((times[chosen[0]] * down) / up);
  const ticks = firstTicks + Math.round((times[index] * down) / up);
  return new Promise((resolve, reject) => {
    run({ op: 'pictures', file, wanted: [{ index, ticks }], byFfmpeg }, (reply) => {
      if (reply.type === 'picture')
        resolve(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (reply.png)], { type: 'image/png' }));
      // Once resolved, rejecting has no effect.
      if (reply.type === 'done' || reply.type === 'failed') reject(new Error('no picture'));
    });
  });
}
