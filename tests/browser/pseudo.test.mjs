// @ts-check
// A third language takes one new file: tests the page in a made-up one from right to left. In every state everything is
// translated, and nothing overflows, on a phone and on a wide screen, in all browsers.

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, startBrowser, until } from './page.mjs';
import { PSEUDO, buildPseudoPage } from './pseudo.mjs';
import { makeStateFiles, visitStates } from './states.mjs';

const WIDTHS = [360, 1280];
/** What is the same in every language and has small letters: units, names of formats, of languages and of tools. */
const SAME = new Set(['cotejo', 'ffmpeg', 'sha', 'sum', 'mp', 'english', 'español', 'connect', 'src', 'none', 'fps', 'yuv', 'bgra', 'vpdq', 'https']);

/** @type {string} */
let dist;
/** @type {import('./states.mjs').StateFiles} */
let files;
before(async () => { [dist, files] = await Promise.all([buildPseudoPage(), makeStateFiles()]); });
after(() => rm(dirname(dist), { recursive: true, force: true }));

/** In the page: Latin words that can be seen, but for files' names. */
function latinWords() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = /** @type {Element} */ (node.parentElement);
    const isCode = parent.closest('code, pre, textarea, script, style, noscript, #status, .cell-pdq, .cell-digest');
    if (!isCode && parent.checkVisibility()) found.push(...node.textContent?.replace(/[\w-]+\.\w+/g, '').match(/[a-z]{3,}/gi) ?? []);
  }
  return [...new Set(found)];
}

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    before(async () => { browser = await startBrowser(name, { dist }); });
    after(() => browser?.close());

    /** What is wrong, with the state that it is wrong in. @type {string[]} */
    const wrong = [];

    /** @param {import('./page.mjs').Tab} tab @param {string} state */
    async function check({ page }, state) {
      const latin = (await page.evaluate(latinWords)).filter((word) => !SAME.has(word.toLowerCase()) && word !== word.toUpperCase());
      if (latin.length > 0) wrong.push(`${state}: ${latin}`);
      for (const width of WIDTHS) {
        await page.setViewport({ width, height: 800 });
        // What is drawn to measure follows a moment later.
        await until(`${state} to fit into ${width} px`, () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
        const { dir, clips } = await page.evaluate(() => ({
          dir: getComputedStyle(document.body).direction,
          clips: [...document.querySelectorAll('button, summary, h1, h2, h3, label')].filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1
            && getComputedStyle(one).overflow === 'visible' && getComputedStyle(one).display !== 'inline').map((one) => one.textContent),
        }));
        if (dir !== 'rtl' || clips.length > 0) wrong.push(`${state}, ${width} px: ${dir}, ${clips}`);
      }
    }

    async function open(/** @type {string | undefined} */ url = undefined) {
      const tab = await browser.open(url);
      await tab.page.select('#language', PSEUDO);
      return tab;
    }

    test('every state is translated, and nothing sticks out', async () => {
      await visitStates(open, files, async (state, tab) => {
        await check(tab, state);
        assert.deepEqual(tab.said, []);
      });
      assert.deepEqual(wrong, []);
    });
  });
}
