// @ts-check
/**
 * Draws the timeline as SVG at its actual width, so that it is sharp on every screen and on paper. A column of
 * pixels shows the highest value that falls into it: a cut one sample long stays visible in an hour of video.
 */
import { drawing } from './element.js';
import { clock } from './format.js';

/** @typedef {import('./types.js').HashResult} HashResult */
/** @typedef {{result: HashResult, durationS: number, widthPx: number}} View */

/** Values of `change` per second, as the fingerprint gives them. */
export const CHANGE_PER_S = 10;

const CURVE_HEIGHT_PX = 84;
const CUT_TOP_PX = 6;
const CHOSEN_Y_PX = 93;
const LABEL_Y_PX = 114;
export const PLOT_HEIGHT_PX = 120;

/** Steps between time labels that people count in. */
const STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];
const LABEL_SPACE_PX = 72;

/** Seconds between time labels, if a second is `pxPerS` wide. @param {number} pxPerS */
export function labelStep(pxPerS) {
  return STEPS_S.find((step) => step * pxPerS >= LABEL_SPACE_PX) ?? STEPS_S[STEPS_S.length - 1];
}

/** @param {SVGElement} plot @param {View} view */
export function drawPlot(plot, view) {
  plot.setAttribute('width', String(view.widthPx));
  plot.replaceChildren(
    ...plainStretches(view),
    drawing('path', { class: 'plot-curve', d: curvePath(view) }),
    ...cutMarks(view),
    drawing('line', {
      class: 'plot-base',
      x1: 0,
      x2: view.widthPx,
      y1: CURVE_HEIGHT_PX + 0.5,
      y2: CURVE_HEIGHT_PX + 0.5,
    }),
    ...chosenMarks(view),
    ...timeLabels(view),
  );
}

/** @param {View} view @param {number} seconds */
function xOf({ durationS, widthPx }, seconds) {
  return (seconds / durationS) * widthPx;
}

/** @param {View} view */
function curvePath({ result, durationS, widthPx }) {
  const { change } = result.timeline;
  const columns = Math.max(1, Math.min(Math.round(widthPx), change.length));
  const endPx = Math.min(widthPx, (change.length / CHANGE_PER_S / durationS) * widthPx);
  let path = `M0 ${CURVE_HEIGHT_PX}`;
  for (let column = 0; column < columns; column += 1) {
    const first = Math.floor((column * change.length) / columns);
    const end = Math.max(first + 1, Math.floor(((column + 1) * change.length) / columns));
    let highest = 0;
    for (let at = first; at < end; at += 1) highest = Math.max(highest, change[at]);
    // Square roots lift small, everyday changes, and keep the order of sizes.
    const y = CURVE_HEIGHT_PX - Math.sqrt(Math.min(1, highest)) * (CURVE_HEIGHT_PX - CUT_TOP_PX - 4);
    path += ` L${(((column + 0.5) * endPx) / columns).toFixed(1)} ${y.toFixed(1)}`;
  }
  return `${path} L${endPx.toFixed(1)} ${CURVE_HEIGHT_PX} Z`;
}

/** @param {View} view */
function plainStretches(view) {
  const { plain } = view.result.timeline;
  const marks = [];
  for (let at = 0; at < plain.length; at += 2) {
    const x = xOf(view, plain[at]);
    const width = Math.max(2, xOf(view, plain[at + 1]) - x);
    marks.push(
      drawing('rect', {
        class: 'plot-plain',
        x,
        width,
        y: CUT_TOP_PX,
        height: CURVE_HEIGHT_PX - CUT_TOP_PX,
        fill: 'url(#hatch)',
      }),
    );
  }
  return marks;
}

/** Marks of cuts, at most one per pixel: a montage may have thousands. @param {View} view */
function cutMarks(view) {
  const { times, timeline } = view.result;
  const places = new Set(Array.from(timeline.cuts, (frame) => Math.floor(xOf(view, times[frame]))));
  return [...places].map((x) =>
    drawing('line', { class: 'plot-cut', x1: x + 0.5, x2: x + 0.5, y1: CUT_TOP_PX, y2: CURVE_HEIGHT_PX }),
  );
}

/** @param {View} view */
function chosenMarks(view) {
  const { times, chosen } = view.result;
  return Array.from(chosen, (frame) => {
    const cx = Math.min(view.widthPx - 3, Math.max(3, xOf(view, times[frame])));
    return drawing('circle', { class: 'plot-chosen', cx, cy: CHOSEN_Y_PX, r: 3 });
  });
}

/** @param {View} view */
function timeLabels(view) {
  const { durationS, widthPx } = view;
  const stepS = labelStep(widthPx / durationS);
  const decimals = stepS < 1 ? 1 : 0;
  const labels = [];
  for (let place = 0; place * stepS <= durationS; place += 1) {
    const x = xOf(view, place * stepS);
    // The last label must stay within the picture.
    if (x > widthPx - 24 && place > 0) break;
    labels.push(
      drawing('line', { class: 'plot-base', x1: x + 0.5, x2: x + 0.5, y1: CURVE_HEIGHT_PX, y2: CURVE_HEIGHT_PX + 5 }),
    );
    labels.push(
      drawing(
        'text',
        { class: 'plot-label', x, y: LABEL_Y_PX, 'text-anchor': place === 0 ? 'start' : 'middle' },
        clock(place * stepS, decimals),
      ),
    );
  }
  return labels;
}
