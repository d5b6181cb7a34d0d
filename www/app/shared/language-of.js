// @ts-check
/** A text for somebody else, who may speak another language than the page does. */
import { element } from './element.js';
import { inLanguage, language, languageNames, t } from './words.js';

/**
 * A choice of language, and below it what `make` draws in that language.
 * @param {(say: <T>(words: () => T) => T) => Node[]} make `say` gives words in that language
 */
export function createLanguageOf(make) {
  const drawn = element('div', { class: 'ask-body' });
  const draw = () => drawn.replaceChildren(...make((words) => inLanguage(select.value, words)));
  const options = languageNames().map(({ tag, name }) => element('option', { value: tag, lang: tag, selected: tag === language() }, name));
  const select = element('select', { 'data-testid': 'language-of', onchange: draw }, ...options);
  draw();
  return element('div', {}, element('label', { class: 'field' }, element('span', {}, t('ask.language')), select), drawn);
}
