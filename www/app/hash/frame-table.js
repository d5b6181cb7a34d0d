// @ts-check
/**
 * Every frame of a result as a table. Only the rows on screen exist and are re-used while scrolling, so a million
 * frames cost as much as thirty. The scrollbar is the browser's own: a spacer stands for all rows.
 */
import { element } from '../shared/element.js';
import { hasDigests } from '../shared/rows.js';
import { createRows } from './table-rows.js';
import { t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').HashResult} HashResult */
/** @typedef {{name: import('./table-rows.js').ColumnName, words: string}} Heading */
/** @typedef {{rowPx: number, viewPx: number, spacerPx: number, pace: number}} Geometry */

/** Browsers clamp heights (Firefox near 17.9 million pixels). In taller tables, a pixel of scrolling moves the rows by more than one. */
const HIGHEST_SPACER_PX = 8_000_000;
const SPARE_ROWS = 6;

/** @param {HashResult} result */
export function createFrameTable(result) {
  const total = result.times.length;
  const { scroller, head, rows } = createParts(result);
  const measure = () => geometry(total, rowHeightPx(scroller), scroller.clientHeight - head.offsetHeight);

  const update = oncePerPicture(() => {
    const { rowPx, viewPx, spacerPx, pace } = measure();
    if (viewPx <= 0) return;
    rows.element.style.height = `${spacerPx}px`;
    const topPx = scroller.scrollTop * pace;
    const first = Math.max(0, Math.floor(topPx / rowPx) - SPARE_ROWS);
    const end = Math.min(total, Math.ceil((topPx + viewPx) / rowPx) + SPARE_ROWS);
    rows.show(first, end, (index) => index * rowPx - topPx + scroller.scrollTop);
  });

  scroller.addEventListener('scroll', update.soon, { passive: true });
  new ResizeObserver(update.soon).observe(scroller);
  const show = createShow(scroller, rows, measure, update.now);
  return { element: element('div', { class: 'table' }, scroller), update: update.now, show };
}

/** @param {HashResult} result */
function createParts(result) {
  const headings = headingsFor(result);
  const names = headings.map(({ name }) => name);
  const rows = createRows(result, names);
  const head = element('div', { class: 'table-top', role: 'rowgroup' }, headRow(headings));
  const attributes = {
    class: 'table-scroller',
    tabindex: '0',
    role: 'table',
    'aria-label': t('table.rows'),
    'aria-rowcount': result.times.length + 1,
    'aria-colcount': names.length,
    'data-testid': 'table',
  };
  return { scroller: element('div', attributes, head, rows.element), head, rows };
}

/** Makes the function that brings a row into view and marks it. @param {HTMLElement} scroller @param {ReturnType<typeof createRows>} rows @param {() => Geometry} measure @param {() => void} update */
function createShow(scroller, rows, measure, update) {
  return (/** @type {number} */ index) => {
    const { rowPx, viewPx, pace } = measure();
    rows.mark(index);
    scroller.scrollTop = (index * rowPx - (viewPx - rowPx) / 2) / pace;
    scroller.focus({ preventScroll: true });
    scroller.scrollIntoView({ block: 'nearest' });
    update();
  };
}

/** `now` runs the action; `soon` runs it once before the next repaint, however often it is called. @param {() => void} action */
function oncePerPicture(action) {
  let asked = false;
  const now = () => {
    asked = false;
    action();
  };
  const soon = () => {
    if (!asked) requestAnimationFrame(now);
    asked = true;
  };
  return { now, soon };
}

/** @param {number} total rows @param {number} rowPx @param {number} viewPx @returns {Geometry} */
function geometry(total, rowPx, viewPx) {
  const spacerPx = Math.max(Math.min(total * rowPx, HIGHEST_SPACER_PX), rowPx);
  // Pixels of rows per pixel of scrolling: 1 except in very long tables.
  const pace = spacerPx > viewPx ? (total * rowPx - viewPx) / (spacerPx - viewPx) : 1;
  return { rowPx, viewPx, spacerPx, pace };
}

/** A row's height, from the style sheet: rows are higher on narrow screens. @param {Element} within */
function rowHeightPx(within) {
  return parseFloat(getComputedStyle(within).getPropertyValue('--row-height')) || 34;
}

/** @param {Heading[]} headings */
function headRow(headings) {
  const cells = headings.map(({ name, words }) =>
    element('span', { class: `cell-${name}`, role: 'columnheader' }, words),
  );
  return element('div', { class: 'table-row table-head', role: 'row', 'aria-rowindex': '1' }, ...cells);
}

/** @param {HashResult} result @returns {Heading[]} */
function headingsFor(result) {
  /** @type {Heading[]} */
  const headings = [
    { name: 'time', words: t('table.time') },
    { name: 'frame', words: t('table.frame') },
    { name: 'quality', words: t('table.quality') },
    { name: 'pdq', words: t('table.pdq') },
  ];
  return hasDigests(result) ? [...headings, { name: 'digest', words: t('table.digest') }] : headings;
}
