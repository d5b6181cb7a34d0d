// @ts-check
// WCAG 2.2 AA as far as a program can tell: axe-core finds nothing in any state of the page, in both themes, on a phone and
// on a wide screen, in both browsers.

import axe from 'axe-core';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BROWSERS, startBrowser } from './page.mjs';
import { makeStateFiles, visitStates } from './states.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SIZES = [{ width: 360, height: 740 }, { width: 1280, height: 900 }];

/** @type {import('./states.mjs').StateFiles} */
let files;
before(async () => { files = await makeStateFiles(); });

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

    test('a fingerprint, a comparison, a question and its answer: nothing is found in any state', async () => {
      await visitStates(browser.open, files, (state, tab) => check(tab, state));
    });
  });
}
