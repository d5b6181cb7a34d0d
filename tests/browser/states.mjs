// @ts-check
// Brings the page into every state, one after the other: for axe-core, for the language from right to left, and
// for people to look at (benches/screens.mjs).

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLIPS } from './command.mjs';
import { UNRELATED_S, makeCopy, makeFootage, makeLoop, makePage, makeStill, makeUnrelated } from './footage.mjs';
import { TEST_PATIENCE_MS, until } from './page.mjs';

/** @typedef {import('./page.mjs').Tab} Tab */
/** @typedef {Awaited<ReturnType<typeof makeStateFiles>>} StateFiles */

/** So little of a video holds nothing that can be read. */
const CUT_BYTES = 10_000;
/** A reply waits for a video that is hashed, and for a comparison. */
const REPLY_PATIENCE_MS = 2 * TEST_PATIENCE_MS;

/** The files that bring the page into its states. */
export async function makeStateFiles() {
  const original = await makeFootage('compare-original.mp4', 20);
  const clip = await makeCopy(original, 'compare-copy.mp4', { start: 6, seconds: 8, filter: 'crop=iw*0.75:ih*0.75,hflip' });
  const other = await makeUnrelated('compare-unrelated.mp4', UNRELATED_S);
  const short = await makeCopy(original, 'states-short.mp4', { start: 6, seconds: 1, filter: 'null' });
  const page = await makePage(await makeStill(original, 'states-still.png', 6.5), 'states-page.png');
  const long = await makeLoop(original, 'states-long.mp4', 41);
  const cut = join(CLIPS, 'states-cut.mp4');
  // Its index is at its end.
  await writeFile(cut, (await readFile(clip)).subarray(0, CUT_BYTES));
  const text = join(CLIPS, 'states-text.mp4');
  await writeFile(text, 'this is no video');
  return { original, clip, other, short, page, long, cut, text };
}

/** @param {Tab} tab @param {string} within opens everything that folds */
async function openAll({ page }, within) {
  await page.$$eval(`${within} details`, (all) => all.forEach((part) => { /** @type {HTMLDetailsElement} */ (part).open = true; }));
}

/** @param {Tab} tab */
const answer = ({ page }) => until('the answer', () => page.$('[data-testid=answer][data-state=done]'));

/**
 * The first mode. @param {Tab} tab @param {StateFiles} files
 * @returns {AsyncGenerator<string, string>} each state's name, once the page is in it; in the end a link that asks someone
 */
async function* fingerprintStates(tab, { clip, long, cut, text }) {
  const { page } = tab;
  await page.bringToFront();
  yield 'empty';
  await tab.give(long);
  const working = await tab.card(long);
  await until('frames', async () => /\d/.test(await working.text('frames-done') ?? ''));
  yield 'working';
  await working.click('cancel');
  await working.reaches('cancelled');
  yield 'cancelled';
  await working.click('remove');
  await tab.hash(clip);
  await page.waitForSelector('[data-testid=strip] img');
  yield 'done';
  await openAll(tab, '[data-testid=card]');
  await page.waitForSelector('[data-testid=ask-message]');
  await page.waitForSelector('[data-testid=preview-text]');
  const link = await page.$eval('textarea[data-testid=ask-link]', (field) => /** @type {HTMLTextAreaElement} */ (field).value);
  yield 'open';
  await page.$eval('[data-testid=strip] button', (button) => button.click());
  await page.waitForSelector('[data-testid=viewer-picture]');
  yield 'viewer';
  await tab.press('viewer-close');
  await tab.hash(cut);
  await tab.hash(text);
  yield 'failed';
  return link;
}

/** The second mode. @param {Tab} tab @param {StateFiles} files @returns {AsyncGenerator<string, void>} each state's name, once the page is in it */
async function* comparisonStates(tab, { clip, original, other, short, page }) {
  await tab.page.bringToFront();
  const takeOutB = () => tab.page.$$eval('#compare [data-testid=take-out]', (all) => /** @type {HTMLElement} */ (all[1]).click());
  await tab.press('mode-compare');
  yield 'compare';
  await tab.put('a', clip);
  await tab.put('b', other);
  await answer(tab);
  yield 'no-match';
  await takeOutB();
  await tab.put('b', short);
  await answer(tab);
  yield 'cant-tell';
  await tab.put('a', page);
  await tab.page.waitForSelector('[data-testid=part]', { timeout: TEST_PATIENCE_MS });
  yield 'part';
  await tab.put('a', clip);
  await answer(tab);
  await takeOutB();
  await tab.put('b', original);
  await answer(tab);
  await tab.page.waitForSelector('[data-testid=players][data-state=open]');
  yield 'answered';
  await openAll(tab, '#compare');
  await tab.page.waitForSelector('[data-testid=preview-report]');
  yield 'answered-open';
}

/** At a link. @param {Tab} tab @param {StateFiles} files @returns {AsyncGenerator<string, void>} each state's name, once the page is in it */
async function* questionStates(tab, { original }) {
  await tab.page.bringToFront();
  await tab.page.waitForSelector('[data-testid=place-a] [data-state=done]');
  yield 'question';
  await tab.put('b', original);
  await tab.page.waitForSelector('[data-testid=reply]', { timeout: REPLY_PATIENCE_MS });
  yield 'reply';
}

/**
 * Brings the page into every state, one after the other.
 * @param {(link?: string) => Promise<Tab>} open opens the page, or a link to it
 * @param {StateFiles} files
 * @param {(state: string, tab: Tab) => Promise<void>} look called in each state
 */
export async function visitStates(open, files, look) {
  const tab = await open();
  const states = fingerprintStates(tab, files);
  let next = await states.next();
  for (; !next.done; next = await states.next()) await look(next.value, tab);
  for await (const state of comparisonStates(tab, files)) await look(state, tab);
  const asked = await open(next.value);
  for await (const state of questionStates(asked, files)) await look(state, asked);
  await Promise.all([tab.close(), asked.close()]);
}
