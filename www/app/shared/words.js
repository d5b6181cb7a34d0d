// @ts-check
/**
 * From a key to the words of the chosen language. In: a key of i18n/en.js and its values; out: plain text.
 * Numbers among the values are written the language's way, so no caller formats a count itself.
 */
import languages from 'cotejo-languages';

/** @typedef {import('../../i18n/en.js').Key} Key */
/** @typedef {Record<string, string|number>} Values */
/** The part of a plural key before its form. @typedef {Key extends infer K ? K extends `${infer Stem}.other` ? Stem : never : never} PluralKey */

const { en } = languages;

let current = firstSpoken(navigator.languages);
let plurals = new Intl.PluralRules(current);

/** @param {readonly string[]} wanted tags such as 'es-MX', best first */
function firstSpoken(wanted) {
  const known = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return known.find((tag) => tag in languages) ?? 'en';
}

/** The languages there are, each by its own name. */
export function languageNames() {
  return Object.entries(languages).map(([tag, words]) => ({ tag, name: words['language.name'] }));
}

/** The chosen language's tag, for Intl and the document. */
export function language() {
  return current;
}

/** @param {string} tag one of `languageNames()` */
export function chooseLanguage(tag) {
  current = tag in languages ? tag : 'en';
  plurals = new Intl.PluralRules(current);
}

/** Words in another language than the page's. @template T @param {string} tag @param {() => T} words @returns {T} */
export function inLanguage(tag, words) {
  const before = current;
  chooseLanguage(tag);
  try {
    return words();
  } finally {
    chooseLanguage(before);
  }
}

/** Whether there are words under this key, for keys made from codes. @param {string} key @returns {key is Key} */
export function hasWords(key) {
  return key in en;
}

/** @param {string} key */
function template(key) {
  return languages[current][key] ?? en[key];
}

/** @param {string} text @param {Values} values */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? value.toLocaleString(current) : value;
  });
}

/** The words under `key`. @param {Key} key @param {Values} [values] */
export function t(key, values = {}) {
  return fill(template(key), values);
}

/** The words under `key` in the plural form that `count` asks for. @param {PluralKey} key @param {number} count @param {Values} [values] */
export function plural(key, count, values = {}) {
  const words = template(`${key}.${plurals.select(count)}`) ?? template(`${key}.other`);
  return fill(words, { count, ...values });
}

/** Fills every element below `root` that names its words by `data-i18n`, `data-i18n-label` or `data-i18n-placeholder`. @param {ParentNode} root */
export function fillWords(root) {
  for (const element of root.querySelectorAll('[data-i18n]')) {
    element.textContent = template(element.getAttribute('data-i18n') ?? '') ?? element.textContent;
  }
  for (const element of root.querySelectorAll('[data-i18n-label]')) {
    element.setAttribute('aria-label', template(element.getAttribute('data-i18n-label') ?? '') ?? '');
  }
}
