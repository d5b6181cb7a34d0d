// @ts-check
/**
 * Every frame of a result as a table. Only the rows on screen exist; they are re-used while scrolling, so a million
 * frames cost as much as thirty. The scrollbar is the browser's own: a spacer stands for all rows.
 */
import { element } from "./element.js";
import { clock, hashAt, number } from "./format.js";
import { t } from "./words.js";

/** @typedef {import("./types.js").Columns} Columns */
/** @typedef {{element: HTMLElement, cells: HTMLElement[], index: number}} Row */

/** Browsers clamp heights (Firefox near 17.9 million pixels); above this one pixel of scrolling stands for more than one. */
const HIGHEST_SPACER_PX = 8_000_000;
const SPARE_ROWS = 6;

/** @param {Columns} columns */
export function createFrameTable(columns) {
  const total = columns.times.length;
  const names = columnNames(columns);
  const rows = element("div", { class: "table-rows", role: "rowgroup" });
  const scroller = element("div", { class: "table-scroller", tabindex: "0", role: "group", "aria-label": t("table.rows"), "data-testid": "table-scroller" }, rows);
  const head = element("div", { class: "table-row table-head", role: "row", "aria-rowindex": "1" }, ...names.map(({ name, words }) => element("span", { class: `cell-${name}`, role: "columnheader" }, words)));
  const whole = element("div", { class: "table", role: "table", "aria-label": t("table.label"), "aria-rowcount": total + 1, "aria-colcount": names.length, "data-testid": "table" }, element("div", { role: "rowgroup", class: "table-top" }, head), scroller);
  const pool = createPool(columns, names.map(({ name }) => name), rows);
  let current = -1;
  let asked = false;

  /** Where the rows lie now. */
  function measure() {
    const rowPx = parseFloat(getComputedStyle(whole).getPropertyValue("--row-height")) || 34;
    const viewPx = scroller.clientHeight;
    const spacerPx = Math.max(Math.min(total * rowPx, HIGHEST_SPACER_PX), rowPx);
    // Pixels of rows that pass for one pixel of scrolling: 1 but for very long tables.
    const pace = spacerPx > viewPx ? (total * rowPx - viewPx) / (spacerPx - viewPx) : 1;
    return { rowPx, viewPx, spacerPx, pace };
  }

  function update() {
    asked = false;
    const { rowPx, viewPx, spacerPx, pace } = measure();
    if (!viewPx) return;
    rows.style.height = `${spacerPx}px`;
    const topPx = scroller.scrollTop * pace;
    const first = Math.max(0, Math.floor(topPx / rowPx) - SPARE_ROWS);
    const end = Math.min(total, Math.ceil((topPx + viewPx) / rowPx) + SPARE_ROWS);
    pool.show(first, end, (index) => index * rowPx - topPx + scroller.scrollTop, current);
  }

  /** @param {number} index */
  function show(index) {
    const { rowPx, viewPx, pace } = measure();
    current = index;
    scroller.scrollTop = (index * rowPx - (viewPx - rowPx) / 2) / pace;
    scroller.focus({ preventScroll: true });
    whole.scrollIntoView({ block: "nearest" });
    update();
  }

  function askForUpdate() {
    if (!asked) requestAnimationFrame(update);
    asked = true;
  }
  scroller.addEventListener("scroll", askForUpdate, { passive: true });
  new ResizeObserver(askForUpdate).observe(scroller);
  return { element: whole, update, show };
}

/** @param {Columns} columns */
function columnNames({ digests }) {
  const names = [
    { name: "time", words: t("table.time") }, { name: "frame", words: t("table.frame") },
    { name: "quality", words: t("table.quality") }, { name: "pdq", words: t("table.pdq") },
  ];
  return digests?.length ? [...names, { name: "digest", words: t("table.digest") }] : names;
}

/** @param {Columns} columns @param {string} name @param {number} index */
function cellWords(columns, name, index) {
  if (name === "time") return clock(columns.times[index]);
  if (name === "frame") return number(index);
  if (name === "quality") return String(columns.qualities[index]);
  return hashAt(name === "pdq" ? columns.pdqs : /** @type {Uint8Array} */ (columns.digests), index);
}

/** The rows that exist, each showing whatever frame is wanted. @param {Columns} columns @param {string[]} names @param {HTMLElement} holder */
function createPool(columns, names, holder) {
  /** @type {Row[]} */
  let pool = [];

  /** @returns {Row} */
  function createRow() {
    const cells = names.map((name) => element("span", { class: `cell-${name}`, role: "cell" }));
    return { element: element("div", { class: "table-row", role: "row" }, ...cells), cells, index: -1 };
  }

  /** @param {Row} row @param {number} index */
  function fill(row, index) {
    row.index = index;
    row.element.setAttribute("aria-rowindex", String(index + 2));
    row.element.classList.toggle("odd", index % 2 === 1);
    names.forEach((name, column) => {
      const words = cellWords(columns, name, index);
      row.cells[column].textContent = words;
      if (words.length === 64) row.cells[column].title = words;
    });
  }

  /** @param {number} first @param {number} end @param {(index: number) => number} topPx @param {number} current */
  function show(first, end, topPx, current) {
    grow(end - first);
    for (let index = first; index < end; index += 1) {
      // The frame's own slot: scrolling by one row refills one row.
      const row = pool[index % pool.length];
      if (row.index !== index) fill(row, index);
      row.element.style.transform = `translateY(${topPx(index)}px)`;
      row.element.setAttribute("aria-current", String(index === current));
    }
    for (const row of pool) row.element.hidden = row.index < first || row.index >= end;
  }

  /** @param {number} count */
  function grow(count) {
    if (pool.length >= count) return;
    pool = Array.from({ length: count }, createRow);
    holder.replaceChildren(...pool.map((row) => row.element));
  }
  return { show };
}
