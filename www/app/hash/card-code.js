// @ts-check
/** The card of a received code: what it is, and how to compare it. */
import { put } from '../compare/comparing.js';
import { element } from '../shared/element.js';
import { showMode } from '../shared/modes.js';
import { t } from '../shared/words.js';

/** @param {import('../shared/types.js').Job} job @returns {import('./card.js').Body} */
export function createCodeBody(job) {
  const compare = () => {
    put('a', [job]);
    showMode('compare');
  };
  const button = element(
    'button',
    { class: 'button primary', type: 'button', 'data-testid': 'code-compare', onclick: compare },
    t('code.compare'),
  );
  const whole = element('div', { class: 'done' }, element('p', {}, t('code.what')), element('div', { class: 'buttons' }, button));
  return { element: whole, update: () => {} };
}
