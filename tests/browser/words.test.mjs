// @ts-check
// The page's words: every language has all of them, none is unused, and none was left untranslated.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import en from '../../www/i18n/en.js';
import { ROOT } from './command.mjs';

const WWW = join(ROOT, 'www');
const ENGLISH = /** @type {{ [key: string]: string }} */ (en);
/** All other languages. @type {Map<string, { [key: string]: string }>} */
const LANGUAGES = new Map();
for (const tag of (await readdir(join(WWW, 'i18n'))).map((name) => basename(name, '.js')).filter((name) => name !== 'en')) {
  LANGUAGES.set(tag, (await import(`../../www/i18n/${tag}.js`)).default);
}

/** What is the same in every language: signs, names, and units. */
const SAME = /^(\W|\d|\{\w+\}|PDQ|SHA-256|CSV|JSON|HTML|PNG|vPDQ|ffmpeg|Cotejo|GPL|s)*$/;
/** Words that are spelt as in English, looked at one by one. @type {{ [tag: string]: string[] }} */
const ALIKE = { es: ['language.direction', 'summary.perceptual', 'facts.size.value', 'tier.perceptual', 'players.pace.1'] };
/** Forms that a language needs and another does not: `Intl.PluralRules` asks for them. */
const FORM = /\.(zero|one|two|few|many|other)$/;

/** All of the page's own sources but its words. */
async function sources() {
  const names = (await readdir(WWW, { recursive: true })).filter((name) => /\.(js|html)$/.test(name) && !name.startsWith('i18n'));
  return (await Promise.all(names.map((name) => readFile(join(WWW, name), 'utf8')))).join('\n');
}

/** @param {string} text */
const blanks = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

for (const [tag, words] of LANGUAGES) {
  test(`${tag} has the words that English has`, () => {
    const stems = (/** @type {object} */ language) => [...new Set(Object.keys(language).map((key) => key.replace(FORM, '')))].toSorted();
    assert.deepEqual(stems(words), stems(ENGLISH));
  });

  test(`${tag} fills the same blanks`, () => {
    for (const [key, text] of Object.entries(words)) {
      const model = ENGLISH[key] ?? ENGLISH[key.replace(FORM, '.other')];
      assert.deepEqual(blanks(text), blanks(model), key);
    }
  });

  test(`${tag} has the forms that its plurals ask for`, () => {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const key of Object.keys(words).filter((one) => one.endsWith('.other'))) {
      const stem = key.replace(FORM, '');
      if (`${stem}.one` in words) for (const form of needed) assert.ok(`${stem}.${form}` in words, `${stem}.${form}`);
    }
  });

  test(`${tag} is translated`, () => {
    const untranslated = Object.keys(words).filter((key) => words[key] === ENGLISH[key] && !SAME.test(words[key]));
    assert.deepEqual(untranslated, ALIKE[tag] ?? []);
  });
}

test('there is another language', () => assert.ok(LANGUAGES.size > 0));

test('every word is used', async () => {
  const text = await sources();
  // Keys made from codes: the part before what is filled in.
  const made = [...text.matchAll(/`([a-z][a-zA-Z0-9.-]*\.)\$\{/g)].map(([, start]) => start);
  const codes = [...text.matchAll(/`\$\{key\}(\.\w+)`/g)].map(([, end]) => end);
  const isUsed = (/** @type {string} */ key) => {
    const stem = key.replace(FORM, '');
    const written = [key, stem, ...codes.filter((end) => key.endsWith(end)).map((end) => key.slice(0, -end.length))];
    return written.some((one) => text.includes(`'${one}'`) || text.includes(`"${one}"`)) || made.some((start) => key.startsWith(start));
  };
  assert.deepEqual(Object.keys(ENGLISH).filter((key) => !isUsed(key)), []);
});

test('every word that the page names exists', async () => {
  const text = await sources();
  const named = [...text.matchAll(/\bt\('([\w.-]+)'/g), ...text.matchAll(/data-i18n(?:-label)?="([\w.-]+)"/g)].map(([, key]) => key);
  assert.deepEqual(named.filter((key) => !(key in ENGLISH)), []);
});
