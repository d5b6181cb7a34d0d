// @ts-check
// WCAG 2.2 AA as far as a program can tell: axe-core finds nothing in any state of the page, in both themes, on a phone and
// on a wide screen, in both browsers.

import axe from 'axe-core';
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CLIPS } from './command.mjs';
import { makeCopy, makeFootage } from './footage.mjs';
import { BROWSERS, startBrowser, until } from './page.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SIZES = [{ width: 360, height: 740 }, { width: 1280, height: 900 }];

/** @type {{ original: string, clip: string, garbage: string }} */
let files;

before(async () => {
  const original = await makeFootage('compare-original.mp4', 20);
  const clip = await makeCopy(original, 'compare-copy.mp4', { start: 6, seconds: 8, filter: 'crop=iw*0.75:ih*0.75,hflip' });
  const garbage = join(CLIPS, 'accessible-garbage.mp4');
  await writeFile(garbage, 'this is no video');
  files = { original, clip, garbage };
});

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    before(async () => { browser = await startBrowser(name); });
    after(() => browser?.close());

    /** @param {import('./page.mjs').Tab} tab @param {string} state for the message */
    async function check({ page }, state) {
      await page.evaluate(axe.source);
      for (const size of SIZES) {
        await page.setViewport(size);
        for (const theme of ['light', 'dark']) {
          // Firefox cannot be told by this way; its styles are the same.
          if (name === 'chromium') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
          const found = await page.evaluate(async (rules) => {
            const { violations } = await /** @type {any} */ (window).axe.run(document, { runOnly: rules });
            return violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ node) => node.target.join(' ')).join(', ')}`);
          }, RULES);
          assert.deepEqual(found, [], `${state}, ${size.width} px, ${theme}`);
        }
      }
    }

    test('a fingerprint: empty, done, asked about, failed', async () => {
      const tab = await browser.open();
      await tab.page.bringToFront();
      await check(tab, 'empty');
      await tab.hash(files.clip);
      await check(tab, 'done');
      await tab.page.$$eval('[data-testid=card] details', (all) => all.forEach((part) => { /** @type {HTMLDetailsElement} */ (part).open = true; }));
      await tab.page.waitForSelector('[data-testid=ask-message]');
      await check(tab, 'everything open');
      await tab.hash(files.garbage);
      await check(tab, 'failed');
      await tab.page.close();
    });

    test('a comparison: empty, asked, answered', async () => {
      const tab = await browser.open();
      await tab.page.bringToFront();
      await tab.press('mode-compare');
      await check(tab, 'compare, empty');
      for (const [place, path] of [['a', files.clip], ['b', files.original]]) {
        const input = await tab.page.waitForSelector(`input[data-testid=input-${place}]`);
        await /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (input).uploadFile(path);
      }
      await until('the answer', () => tab.page.$('[data-testid=answer][data-state=done]'));
      await check(tab, 'answered');
      await tab.page.close();
    });
  });
}
