// @ts-check
/** A field to paste a message with a code into, for one place. Pasting anywhere on the page works, too. */
import { fileOfCode, holdsCode, missingPart } from '../shared/code.js';
import { element } from '../shared/element.js';
import { t } from '../shared/words.js';
import { giveFiles } from './comparing.js';

/** @param {import('./types.js').Place} place */
export function createEnterCode(place) {
  const area = element('textarea', { rows: '3', placeholder: t('code.enter.paste'), 'aria-label': t('code.enter.label'), 'data-testid': `code-${place}` });
  const wrong = element('p', { class: 'error', role: 'alert' });
  const use = () => {
    const missing = missingPart(area.value);
    wrong.textContent = missing ? t('code.enter.missing', missing) : holdsCode(area.value) ? '' : t('code.enter.none');
    if (wrong.textContent) return;
    giveFiles(place, [fileOfCode(area.value)]);
    area.value = '';
    whole.open = false;
  };
  const whole = element(
    'details',
    { class: 'enter-code' },
    element('summary', {}, t('code.enter')),
    area,
    wrong,
    element('button', { class: 'button', type: 'button', 'data-testid': `code-use-${place}`, onclick: use }, t('code.enter.use')),
  );
  function open() {
    whole.open = true;
    area.focus();
  }
  return { element: whole, open };
}
