// @ts-check
/**
 * Shows a file before it is saved: its name and its very bytes; both ends of a long one.
 */
import { element } from './element.js';
import { size } from './format.js';
import { t } from './words.js';

/** @typedef {{name: string, blob: Blob}} Saved */
/** A file that can be saved. @typedef {{label: string, make: () => Promise<Saved>, show?: (saved: Saved) => Node}} Choice */

const HEAD_BYTES = 24_000;
const TAIL_BYTES = 2_000;

/** @param {Choice[]} choices */
export function createPreview(choices) {
  const shown = element('div', { 'aria-live': 'polite' });
  const options = choices.map(({ label }, index) => element('option', { value: index }, label));
  const select = element('select', { 'data-testid': 'preview-choice', onchange: show }, ...options);
  const whole = element(
    'details',
    { class: 'preview', 'data-testid': 'preview', ontoggle: show },
    element('summary', {}, t('peek.summary')),
    element('label', { class: 'preview-choice' }, t('peek.choice'), ' ', select),
    shown,
  );

  let turns = 0;
  async function show() {
    if (!whole.open) return shown.replaceChildren();
    const turn = ++turns;
    const { make, show: drawn } = choices[Number(select.value)];
    const saved = await make();
    const content = drawn ? drawn(saved) : await textOf(saved.blob);
    // The user has chosen another file meanwhile.
    if (turn !== turns) return;
    const name = element('p', { class: 'note' }, t('peek.name', { name: saved.name, size: size(saved.blob.size) }));
    shown.replaceChildren(name, content);
  }
  return { element: whole, update: show };
}

/** @param {Blob} blob */
async function textOf(blob) {
  const isShort = blob.size <= HEAD_BYTES + TAIL_BYTES;
  const left = blob.size - HEAD_BYTES - TAIL_BYTES;
  const parts = isShort
    ? [await blob.text()]
    : [await blob.slice(0, HEAD_BYTES).text(), `\n\n… ${t('peek.left', { size: size(left) })} …\n\n`, await blob.slice(-TAIL_BYTES).text()];
  return element('pre', { class: 'preview-text', tabindex: 0, 'data-testid': 'preview-text' }, ...parts);
}
