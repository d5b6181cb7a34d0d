// @ts-check
/**
 * Draws two bars, one for each file, with bands between the stretches that agree; for a picture, the video's bar with
 * the places where it occurs. A band crosses over where one of the two plays backwards. SVG at its actual width, like the timeline of one file.
 */
import { drawing } from '../shared/element.js';
import { clock } from '../shared/format.js';
import { labelStep } from '../shared/timeline-plot.js';
import { objectEnds } from './moments.js';

/** @typedef {import('./types.js').Match} Match */
/** @typedef {{letter: string, durationS: number}} Side */
/** @typedef {{subject: Side|null, object: Side, matches: Match[], widthPx: number}} Drawn  `subject`: null for a picture */

const BAR_PX = 22;
const BETWEEN_PX = 46;
const LABEL_PX = 20;
/** Space for the letters before the bars. */
const LEFT_PX = 24;
/** The least width of a stretch, so that none is overlooked. */
const THIN_PX = 3;
/** Both bars have one scale up to this ratio of lengths; beyond it, the shorter would be too small to see. */
const SAME_SCALE_UP_TO = 5;

/** Whether both bars can be drawn to one scale. @param {number} oneS @param {number} otherS */
export function shareScale(oneS, otherS) {
  return Math.max(oneS, otherS) <= SAME_SCALE_UP_TO * Math.min(oneS, otherS);
}

/** @param {SVGElement} plot @param {Drawn} drawn */
export function drawJoined(plot, drawn) {
  const { subject, object, widthPx } = drawn;
  const rows = subject ? [subject, object] : [object];
  const longestS = Math.max(...rows.map((side) => side.durationS));
  const isShared = rows.length === 2 && shareScale(rows[0].durationS, rows[1].durationS);
  const bars = rows.map((side, row) => ({
    ...side,
    widthPx: widthPx - LEFT_PX - 1,
    scaleS: isShared ? longestS : side.durationS,
    topPx: LABEL_PX + row * (BAR_PX + BETWEEN_PX),
    labelsPx: row === 0 && rows.length === 2 ? LABEL_PX - 6 : LABEL_PX + row * (BAR_PX + BETWEEN_PX) + BAR_PX + 14,
  }));
  const heightPx = LABEL_PX + rows.length * BAR_PX + (rows.length - 1) * BETWEEN_PX + LABEL_PX;
  plot.setAttribute('width', String(widthPx));
  plot.setAttribute('height', String(heightPx));
  plot.setAttribute('viewBox', `0 0 ${widthPx} ${heightPx}`);
  plot.replaceChildren(...bars.flatMap(barParts), ...drawn.matches.flatMap((match) => matchParts(bars, match)));
}

/** @typedef {Side & {widthPx: number, scaleS: number, topPx: number, labelsPx: number}} Bar */

/** @param {Bar} bar @param {number} seconds */
const xOf = ({ scaleS, widthPx }, seconds) => LEFT_PX + (seconds / scaleS) * widthPx;

/** @param {Bar} bar */
function barParts(bar) {
  const { letter, durationS, topPx, labelsPx } = bar;
  const stepS = labelStep(bar.widthPx / bar.scaleS);
  const labels = [];
  for (let place = 0; place * stepS <= durationS; place += 1) {
    const x = xOf(bar, place * stepS);
    if (place && x > LEFT_PX + bar.widthPx - 20) break;
    const anchor = place ? 'middle' : 'start';
    const words = clock(place * stepS, stepS < 1 ? 1 : 0);
    labels.push(drawing('text', { class: 'plot-label', x, y: labelsPx, 'text-anchor': anchor }, words));
  }
  const width = xOf(bar, durationS) - LEFT_PX;
  return [
    drawing('text', { class: 'joined-letter', x: 2, y: topPx + BAR_PX / 2 + 6 }, letter),
    drawing('rect', { class: 'joined-bar', x: LEFT_PX, y: topPx, width, height: BAR_PX, rx: 3 }),
    ...labels,
  ];
}

/** @param {Bar[]} bars @param {Match} match */
function matchParts(bars, match) {
  const { subject, object } = match;
  const spans = bars.length === 2 ? [subject ?? [0, 0], object] : [object];
  const marks = spans.map((span, row) => markOf(bars[row], span));
  const rects = marks.map(({ x, width }, row) =>
    drawing('rect', { class: 'joined-stretch', x, y: bars[row].topPx, width, height: BAR_PX, rx: 2 }),
  );
  if (marks.length === 1) return rects;
  const [above, below] = marks;
  const [top, bottom] = [bars[0].topPx + BAR_PX, bars[1].topPx];
  const [atStartS, atEndS] = objectEnds(match);
  const ends = [below.x, below.x + below.width];
  const [atStart, atEnd] = atStartS <= atEndS ? ends : ends.reverse();
  const corners = [
    [above.x, top],
    [above.x + above.width, top],
    [atEnd, bottom],
    [atStart, bottom],
  ];
  return [
    drawing('polygon', { class: 'joined-band', points: corners.map((corner) => corner.join()).join(' ') }),
    ...rects,
  ];
}

/** @param {Bar} bar @param {number[]} span */
function markOf(bar, [start, end]) {
  const x = Math.min(xOf(bar, start), LEFT_PX + bar.widthPx - THIN_PX);
  return { x, width: Math.max(THIN_PX, xOf(bar, end) - x) };
}
