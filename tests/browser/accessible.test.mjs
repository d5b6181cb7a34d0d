// @ts-check
// WCAG 2.2 AA, as far as a program can tell: axe-core finds no fault in any state of the page, in both themes, on a phone and
// on a wide screen, in all browsers. Besides: nothing overflows with text of twice the size, nothing moves for those
// who ask for that, and a screen reader hears progress and results.

import axe from 'axe-core';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, startBrowser, until } from './page.mjs';
import { makeStateFiles, visitStates } from './states.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SIZES = [{ width: 360, height: 740 }, { width: 1280, height: 900 }];

/** @type {import('./states.mjs').StateFiles} */
let files;
before(async () => { files = await makeStateFiles(); });

/** In the page: what moves. */
function moving() {
  const moves = (/** @type {Element} */ one) => {
    const { animationName, transitionDuration } = getComputedStyle(one);
    return animationName !== 'none' || transitionDuration !== '0s';
  };
  return [...document.querySelectorAll('*')].filter(moves).map((one) => one.outerHTML.slice(0, 80));
}

/** In the page: by how many pixels it is too wide with letters of twice the size. */
function tooWide() {
  const { documentElement: root } = document;
  root.style.fontSize = '200%';
  const pixels = root.scrollWidth - root.clientWidth;
  root.style.fontSize = '';
  return pixels;
}

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    before(async () => { browser = await startBrowser(name, { isStill: true }); });
    after(() => browser?.close());

    /** @param {import('./page.mjs').Tab} tab @param {string} state for the message */
    async function check({ page }, state) {
      assert.ok(await page.evaluate(() => matchMedia('(prefers-reduced-motion: reduce)').matches));
      assert.deepEqual(await page.evaluate(moving), [], state);
      await page.setViewport({ width: 1280, height: 900 });
      await until(`${state} to fit with letters of twice the size`, async () => await page.evaluate(tooWide) === 0);
      await page.evaluate(axe.source);
      for (const size of SIZES) {
        await page.setViewport(size);
        for (const theme of name === 'chromium' ? ['light', 'dark'] : ['light']) {
          // The others cannot be told by this way; their styles are the same.
          if (name === 'chromium') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
          const found = await page.evaluate(async (rules) => {
            const { violations } = await /** @type {any} */ (window).axe.run(document, { runOnly: rules });
            return violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ node) => node.target.join(' ')).join(', ')}`);
          }, RULES);
          assert.deepEqual(found, [], `${state}, ${size.width} px, ${theme}`);
        }
      }
    }

    test('a fingerprint, a comparison, a question and its answer: nothing is found in any state', async () => {
      await visitStates(browser.open, files, (state, tab) => check(tab, state));
    });

    test('a screen reader hears what comes, how far it is, how it ends, and the verdict', async () => {
      const tab = await browser.open();
      await tab.page.bringToFront();
      await tab.page.evaluate(() => {
        const status = /** @type {HTMLElement} */ (document.getElementById('status'));
        const heard = /** @type {string[]} */ ((/** @type {any} */ (window)).heard = []);
        new MutationObserver(() => heard.push(status.textContent ?? '')).observe(status, { childList: true, characterData: true, subtree: true });
      });
      const hears = (/** @type {RegExp} */ words) => until(String(words), async () => {
        const heard = await tab.page.evaluate(() => /** @type {string[]} */ ((/** @type {any} */ (window)).heard));
        return heard.some((line) => words.test(line));
      });
      await tab.give(files.long);
      await hears(/^1 file added/);
      await hears(/states-long\.mp4: \d+% done/);
      await (await tab.card(files.long)).click('cancel');
      await hears(/states-long\.mp4: cancelled/);
      await tab.hash(files.cut);
      await hears(/states-cut\.mp4: failed\. The file is cut off so early/);
      await tab.hash(files.text);
      await hears(/states-text\.mp4: This is a text file, not a video or a picture/);
      await tab.hash(files.clip);
      await hears(/compare-copy\.mp4: done/);
      await tab.press('mode-compare');
      await tab.put('a', files.clip);
      await tab.put('b', files.original);
      await hears(/Comparison ended\. A shows the same footage as B from 0:0[56]/);
      await tab.close();
    });
  });
}
