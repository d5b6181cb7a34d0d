// @ts-check
// The whole journey without a mouse: every control can be reached with Tab and shows its focus, and the way from an empty
// page to a copied answer takes only keys. In Chromium and Firefox.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browsersFor, startBrowser, until } from './page.mjs';
import { makeStateFiles, visitStates } from './states.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

/** More stops than any state has. */
const STOPS = 400;
const PRESS_AGAIN_MS = 10_000;
/** Stops that come only while Tab goes through, such as rows of a table. */
const STOPS_MORE = 60;

/** @type {import('./states.mjs').StateFiles} */
let files;
before(async () => { files = await makeStateFiles(); });

/** @param {Page} page @param {string} selector */
const hasFocus = (page, selector) => page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector);

/** Presses Tab until this has the focus. @param {Page} page @param {string} selector */
async function tabTo(page, selector) {
  for (let i = 0; i < STOPS; i++) {
    if (await hasFocus(page, selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${selector}`);
}

/** Opens the dialogue for files with a key, and chooses one. @param {Page} page @param {string} input @param {string} path */
async function choose(page, input, path) {
  await tabTo(page, `[data-testid=${input}]`);
  // A busy Chromium was once seen to open none, though the field had the focus and kept it; a person presses again.
  const chooser = await until('a dialogue for files', async () => {
    const opened = page.waitForFileChooser({ timeout: PRESS_AGAIN_MS }).catch(() => null);
    await page.keyboard.press(' ');
    return opened;
  });
  await chooser.accept([path]);
}

/** In the page: marks what a person could use, and tells how many. */
function markControls() {
  const controls = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, video[controls], [tabindex="0"]')];
  const usable = controls.filter((one) => {
    const rest = one.getBoundingClientRect();
    const isHidden = !one.checkVisibility({ visibilityProperty: true }) || rest.width === 0 || one.closest('[inert]');
    // Of a group only one member is a stop; arrow keys lead to the others.
    const isGrouped = one.getAttribute('tabindex') === '-1' || one.matches('input[type=radio]:not(:checked)');
    return !isHidden && !isGrouped && !(/** @type {HTMLButtonElement} */ (one).disabled);
  });
  usable.forEach((one) => one.setAttribute('data-unreached', ''));
  return usable.length;
}

/** In the page: takes the mark off what has the focus; its source where that cannot be seen, on it or on what shows it in its place. */
function reach() {
  const one = /** @type {HTMLElement} */ (document.activeElement);
  one.removeAttribute('data-unreached');
  const shown = [one, one.nextElementSibling, one.parentElement, one.parentElement?.parentElement].filter((part) => part instanceof Element);
  const isSeen = one === document.body || one.id === 'language' || shown.some((part) => getComputedStyle(part).outlineStyle !== 'none');
  return isSeen ? null : one.outerHTML.slice(0, 120);
}

for (const name of browsersFor(import.meta.url)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    before(async () => { browser = await startBrowser(name); });
    after(() => browser?.close());

    /** @param {string} state @param {import('./page.mjs').Tab} tab */
    async function check(state, { page }) {
      if (state === 'working' || state === 'viewer') return;
      const count = await page.evaluate(markControls);
      // The first control, before which there is only the browser's own bar.
      await page.bringToFront();
      await page.focus('#language');
      // No further than the last: from the browser's own bar no key leads back in Firefox without a window.
      for (let i = 0; i < count + STOPS_MORE && await page.$('[data-unreached]'); i++) {
        await until(`${state}: a focus that can be seen`, async () => await page.evaluate(reach) === null);
        if (await page.$('[data-unreached]')) await page.keyboard.press('Tab');
      }
      const left = await page.$$eval('[data-unreached]', (all) => all.map((one) => one.outerHTML.slice(0, 120)));
      assert.deepEqual(left, [], `${state}: Tab does not reach`);
    }

    test('Tab reaches every control of every state, and the focus can be seen', async () => {
      await visitStates(browser.open, files, check);
    });

    test('from an empty page to a question, and from the question to an answer', async () => {
      const asking = await browser.open();
      await asking.page.bringToFront();
      await choose(asking.page, 'file-input', files.clip);
      await (await asking.card(files.clip)).end();
      await tabTo(asking.page, '[data-testid=ask] summary');
      await asking.page.keyboard.press('Enter');
      await asking.page.waitForSelector('[data-testid=ask-link]');
      await tabTo(asking.page, '[data-testid=ask-link]');
      const link = await asking.page.evaluate(() => /** @type {HTMLTextAreaElement} */ (document.activeElement).value);
      await asking.close();

      const { page } = await browser.open(link);
      await page.bringToFront();
      await page.waitForSelector('[data-testid=place-a] [data-state=done]');
      await choose(page, 'input-b', files.original);
      await until('the answer', () => page.$('[data-testid=answer][data-state=done]'));
      await tabTo(page, '[data-testid=reply] button');
      await page.keyboard.press('Enter');
      await until('it to be copied', async () => /\S/.test(await page.$eval('#status', (status) => status.textContent ?? '')));
      await page.close();
    });

    test('arrow keys lead from one mode to the other', async () => {
      const { page } = await browser.open();
      await page.bringToFront();
      await tabTo(page, '[data-testid=mode-hash]');
      await page.keyboard.press('ArrowRight');
      assert.ok(await hasFocus(page, '[data-testid=mode-compare]'));
      assert.ok(await page.$eval('#compare', (part) => part.checkVisibility()));
      await page.close();
    });
  });
}
