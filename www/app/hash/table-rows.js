// @ts-check
/**
 * The rows of the frame table that exist: a pool as large as the view, whose rows show any frame. The values
 * of frames are read a stretch at a time, so that memory does not grow with the video.
 */
import { element } from '../shared/element.js';
import { clock, number } from '../shared/format.js';
import { readRows } from '../shared/rows.js';

/** @typedef {import('../shared/types.js').HashResult} HashResult */
/** @typedef {'time'|'frame'|'quality'|'pdq'|'digest'} ColumnName */
/** @typedef {{element: HTMLElement, cells: HTMLElement[], index: number}} Row */

/** Frames to read before and after those on screen, so that scrolling seldom waits. */
const READ_AHEAD = 500;

/** @param {HashResult} result @param {ColumnName[]} names */
export function createRows(result, names) {
  const holder = element('div', { class: 'table-rows', role: 'rowgroup' });
  /** @type {Row[]} */
  let pool = [];
  let marked = -1;
  const stretch = createStretch(result, () => {
    for (const row of pool) if (row.index >= 0) fill(row);
  });

  /** @param {Row} row */
  function fill(row) {
    const values = stretch.at(row.index);
    names.forEach((name, column) => {
      const words = cellWords(name, row.index, result.times, values);
      row.cells[column].textContent = words;
      // The style sheet truncates hashes if space is short; hovering shows the whole.
      if (name === 'pdq' || name === 'digest') row.cells[column].title = words;
    });
  }

  /** Shows the frames from `first` up to, not including, `end`. @param {number} first @param {number} end @param {(index: number) => number} topPx */
  function show(first, end, topPx) {
    stretch.want(first, end);
    if (pool.length < end - first) {
      pool = Array.from({ length: end - first }, () => createRow(names));
      holder.replaceChildren(...pool.map((row) => row.element));
    }
    for (let index = first; index < end; index += 1) {
      // Each frame has a fixed slot, so scrolling by one row refills one row.
      const row = pool[index % pool.length];
      if (row.index !== index) {
        assign(row, index);
        fill(row);
      }
      row.element.style.transform = `translateY(${topPx(index)}px)`;
      row.element.setAttribute('aria-current', String(index === marked));
    }
    for (const row of pool) row.element.hidden = row.index < first || row.index >= end;
  }
  return {
    element: holder,
    show,
    mark: (/** @type {number} */ index) => {
      marked = index;
    },
  };
}

/** The values of a stretch of frames, read when wanted. @param {HashResult} result @param {() => void} come called when other frames are in memory */
function createStretch(result, come) {
  const none = { first: 0, end: 0 };
  let wanted = none;
  let read = { ...none, rows: /** @type {import('../shared/rows.js').Row[]} */ ([]) };

  /** @param {number} first @param {number} end */
  async function want(first, end) {
    if (first >= wanted.first && end <= wanted.end) return;
    const asked = { first: Math.max(0, first - READ_AHEAD), end: Math.min(result.times.length, end + READ_AHEAD) };
    wanted = asked;
    try {
      const rows = await readRows(result, asked.first, asked.end);
      if (wanted !== asked) return;
      read = { ...asked, rows };
      come();
    } catch (error) {
      // The next scrolling asks again; until then the rows stay empty.
      if (wanted === asked) wanted = none;
      throw error;
    }
  }
  return { want, at: (/** @type {number} */ index) => (index < read.first ? undefined : read.rows[index - read.first]) };
}

/** @param {ColumnName[]} names @returns {Row} */
function createRow(names) {
  const cells = names.map((name) => element('span', { class: `cell-${name}`, role: 'cell' }));
  return { element: element('div', { class: 'table-row', role: 'row' }, ...cells), cells, index: -1 };
}

/** @param {Row} row @param {number} index */
function assign(row, index) {
  row.index = index;
  row.element.setAttribute('aria-rowindex', String(index + 2));
  row.element.classList.toggle('odd', index % 2 === 1);
}

/** Empty if the values are not read yet. @param {ColumnName} name @param {number} index @param {Float64Array} times @param {import('../shared/rows.js').Row} [values] */
function cellWords(name, index, times, values) {
  switch (name) {
    case 'time':
      return clock(times[index]);
    case 'frame':
      return number(index);
    case 'quality':
      return String(values?.quality ?? '');
    default:
      return values?.[name] ?? '';
  }
}
