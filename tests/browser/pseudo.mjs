// @ts-check
// Builds a page with a made-up third language: English in Hebrew letters, from right to left. Untranslated text stays Latin and
// shows, and so does a layout for one direction only.

import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPage } from '../../www/build.mjs';
import en from '../../www/i18n/en.js';
import { ROOT } from './command.mjs';

export const PSEUDO = 'he';

const LETTERS = 'אבקדעפגהיכךלמנסןרשתטוםחזץצ';
/** Blanks, and names that no language translates: those with a capital or a digit inside. */
const KEPT = /\{\w+\}|\w*[A-Z0-9]\w*[A-Z0-9]\w*|\b(?:Cotejo|ffmpeg|cotejo|sha256sum|vPDQ|mp4)\b|\.\w+/g;

/** @param {string} text */
const hebrew = (text) => text.replace(/[a-z]/gi, (letter) => LETTERS[letter.toLowerCase().charCodeAt(0) - 97]);

/** @param {string} text */
function pseudo(text) {
  const kept = text.match(KEPT) ?? [];
  return text.split(KEPT).map((part, i) => hebrew(part) + (kept[i] ?? '')).join('');
}

/** @returns {Promise<string>} the folder of a page that has it */
export async function buildPseudoPage() {
  const folder = await mkdtemp(join(tmpdir(), 'cotejo-pseudo-'));
  const words = join(folder, 'i18n');
  await cp(join(ROOT, 'www/i18n'), words, { recursive: true });
  const made = Object.fromEntries(Object.entries(en).map(([key, text]) => [key, pseudo(text)]));
  await writeFile(join(words, `${PSEUDO}.js`), `export default ${JSON.stringify({ ...made, 'language.direction': 'rtl' })};`);
  const dist = join(folder, 'dist');
  await buildPage({ words, dist });
  return dist;
}
