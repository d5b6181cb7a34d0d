// @ts-check
/** The language selector. A change rewrites all words. */
import { byId, element } from './element.js';
import { chooseLanguage, fillWords, language, languageNames, t } from './words.js';

/** @param {() => void} onChosen */
export function createLanguageChoice(onChosen) {
  const select = /** @type {HTMLSelectElement} */ (byId('language'));
  select.append(...languageNames().map(({ tag, name }) => element('option', { value: tag, lang: tag }, name)));

  function show() {
    select.value = language();
    document.documentElement.lang = language();
    document.documentElement.dir = t('language.direction');
    fillWords(document);
  }
  select.addEventListener('change', () => {
    chooseLanguage(select.value);
    show();
    onChosen();
  });
  show();
}
