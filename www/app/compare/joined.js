// @ts-check
/** Draws where two files agree, with its words. Who cannot see it finds the same in the table. */
import { drawing, element } from '../shared/element.js';
import { t } from '../shared/words.js';
import { drawJoined, shareScale } from './joined-plot.js';

/** @typedef {import('./types.js').Reading} Reading */

/** @param {Reading} reading */
function sidesOf({ isStill, subject, object, subjectJob, objectJob, matches }) {
  const lengthOf = (/** @type {import('./types.js').Job} */ job, /** @type {number} */ lastS) =>
    Math.max(job.result?.facts.durationS ?? 0, lastS, 0.1);
  const lastS = (/** @type {'subject'|'object'} */ side) =>
    Math.max(0, ...matches.map((match) => match[side]?.[1] ?? 0));
  return {
    subject: isStill ? null : { letter: subject, durationS: lengthOf(subjectJob, lastS('subject')) },
    object: { letter: object, durationS: lengthOf(objectJob, lastS('object')) },
  };
}

/** The drawing at a fixed width, for the report. @param {Reading} reading @param {number} widthPx */
export function joinedDrawing(reading, widthPx) {
  const plot = drawing('svg', { class: 'joined', role: 'img', 'aria-label': t('joined.alt') });
  drawJoined(plot, { ...sidesOf(reading), matches: reading.matches, widthPx });
  return plot;
}

/** What a crossing band means; empty if none crosses. @param {Reading} reading */
export const crossedWords = ({ matches }) => (matches.some(({ backwards }) => backwards) ? t('joined.crossed') : '');

/** @param {Reading} reading */
export function createJoined(reading) {
  const sides = sidesOf(reading);
  const plot = drawing('svg', { class: 'joined', role: 'img', 'aria-label': t('joined.alt') });
  const holder = element('div', { class: 'joined-holder' }, plot);
  let drawnPx = 0;
  new ResizeObserver(() => {
    const widthPx = holder.clientWidth;
    if (!widthPx || widthPx === drawnPx) return;
    drawnPx = widthPx;
    drawJoined(plot, { ...sides, matches: reading.matches, widthPx });
  }).observe(holder);
  const isShared = sides.subject && shareScale(sides.subject.durationS, sides.object.durationS);
  const scale = sides.subject ? t(isShared ? 'joined.same-scale' : 'joined.own-scale') : '';
  const title = element('h3', {}, t('joined.label'));
  const words = [scale, crossedWords(reading)].filter(Boolean).join(' ');
  const note = element('figcaption', { class: 'note' }, words);
  note.hidden = !words;
  return element('figure', { class: 'agreement', 'data-testid': 'joined' }, title, holder, note);
}
