// @ts-check
/** A button that copies a text to the clipboard and says so. */
import { say } from './say.js';
import { element } from './element.js';
import { t } from './words.js';

const SAID_MS = 1600;

/** @param {string} text @param {string} what its name, for screen readers @param {string} [look] its classes */
export function createCopyButton(text, what, look = 'button small') {
  const button = element(
    'button',
    { class: look, type: 'button', 'aria-label': t('copy.label', { what }), 'data-testid': 'copy' },
    t('copy'),
  );
  button.addEventListener('click', async () => {
    const words = (await copy(text)) ? t('copy.done') : t('copy.failed');
    button.textContent = words;
    say(words);
    setTimeout(() => {
      button.textContent = t('copy');
    }, SAID_MS);
  });
  return button;
}

/** @param {string} text @returns {Promise<boolean>} whether it worked */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** For browsers without a clipboard interface, or that forbid it, as some do on pages opened from disk. @param {string} text */
function copyOldWay(text) {
  const area = element('textarea', { class: 'unseen', readonly: true }, text);
  const focused = /** @type {HTMLElement|null} */ (document.activeElement);
  document.body.append(area);
  area.select();
  const worked = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return worked;
}
