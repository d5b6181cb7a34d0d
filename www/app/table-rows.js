// @ts-check
/** The rows of the frame table that exist: a pool as large as the view, each row showing whatever frame is wanted. */
import { element } from './element.js';
import { clock, hashAt, number } from './format.js';

/** @typedef {import('./types.js').Columns} Columns */
/** @typedef {'time'|'frame'|'quality'|'pdq'|'digest'} ColumnName */
/** @typedef {{element: HTMLElement, cells: HTMLElement[], index: number}} Row */

/** @param {Columns} columns @param {ColumnName[]} names */
export function createRows(columns, names) {
  const holder = element('div', { class: 'table-rows', role: 'rowgroup' });
  /** @type {Row[]} */
  let pool = [];
  let marked = -1;

  /** Shows the frames from `first` to before `end`. @param {number} first @param {number} end @param {(index: number) => number} topPx */
  function show(first, end, topPx) {
    if (pool.length < end - first) {
      pool = Array.from({ length: end - first }, () => createRow(names));
      holder.replaceChildren(...pool.map((row) => row.element));
    }
    for (let index = first; index < end; index += 1) {
      // The frame's own slot: scrolling by one row refills one row.
      const row = pool[index % pool.length];
      if (row.index !== index) fill(row, index, columns, names);
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

/** @param {ColumnName[]} names @returns {Row} */
function createRow(names) {
  const cells = names.map((name) => element('span', { class: `cell-${name}`, role: 'cell' }));
  return { element: element('div', { class: 'table-row', role: 'row' }, ...cells), cells, index: -1 };
}

/** @param {Row} row @param {number} index @param {Columns} columns @param {ColumnName[]} names */
function fill(row, index, columns, names) {
  row.index = index;
  row.element.setAttribute('aria-rowindex', String(index + 2));
  row.element.classList.toggle('odd', index % 2 === 1);
  names.forEach((name, column) => {
    const words = cellWords(columns, name, index);
    row.cells[column].textContent = words;
    // Hashes are cut off by the style sheet where there is no room; the whole one is one hover away.
    if (name === 'pdq' || name === 'digest') row.cells[column].title = words;
  });
}

/** @param {Columns} columns @param {ColumnName} name @param {number} index */
function cellWords({ times, qualities, pdqs, digests }, name, index) {
  switch (name) {
    case 'time':
      return clock(times[index]);
    case 'frame':
      return number(index);
    case 'quality':
      return String(qualities[index]);
    case 'pdq':
      return hashAt(pdqs, index);
    case 'digest':
      return digests ? hashAt(digests, index) : '';
  }
}
