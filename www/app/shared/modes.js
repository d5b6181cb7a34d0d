// @ts-check
/** Switches between the page's two modes, as tabs. Each keeps its state while the other is shown. */
import { byId } from './element.js';

/** @typedef {'hash'|'compare'} Mode */

/** @type {Mode[]} */
const MODES = ['hash', 'compare'];
/** Keys that move between tabs, as keyboard users expect. @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** @type {Mode} */
let shown = 'hash';

export function shownMode() {
  return shown;
}

/** @type {() => void} */
let beforeChange = () => {};

/** @param {Mode} chosen */
export function showMode(chosen) {
  if (chosen !== shown) beforeChange();
  shown = chosen;
  document.body.dataset.mode = chosen;
  for (const mode of MODES) {
    const tab = byId(`mode-${mode}`);
    tab.setAttribute('aria-selected', String(mode === chosen));
    tab.tabIndex = mode === chosen ? 0 : -1;
    byId(mode).hidden = mode !== chosen;
  }
}

/** @param {() => void} onChange called when another mode is shown */
export function createModes(onChange) {
  beforeChange = onChange;
  for (const [place, mode] of MODES.entries()) {
    const tab = byId(`mode-${mode}`);
    tab.addEventListener('click', () => showMode(mode));
    tab.addEventListener('keydown', (event) => {
      const next = MODES[place + (STEPS[event.key] ?? NaN)];
      if (!next) return;
      showMode(next);
      byId(`mode-${next}`).focus();
    });
  }
  showMode('hash');
}
