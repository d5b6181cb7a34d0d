// @ts-check
// Uses the page like a person: files go in through its file field, results come out through its buttons
// into a folder. Waits only for states that the page itself shows.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { launch, serve } from './browsers.mjs';
import { ROOT } from './command.mjs';
import { TEST_PATIENCE_MS, inTime } from './webkit.mjs';

/** @typedef {import('./browsers.mjs').BrowserName} BrowserName */
/** @typedef {import('puppeteer-core').ElementHandle<HTMLElement>} Element */

export const DIST = join(ROOT, 'dist');
if (!existsSync(join(DIST, 'index.html'))) throw new Error('dist/index.html is missing: cargo xtask build');

const ALL = /** @type {BrowserName[]} */ (['chromium', 'firefox', 'webkit']);
/** Those that tests run in: all, or what COTEJO_BROWSERS names. */
export const BROWSERS = ALL.filter((name) => (process.env.COTEJO_BROWSERS ?? ALL.join()).split(',').includes(name));

/** Test files that do not run in WebKit, and why: its driver cannot do what they need, or they would prove nothing new for their time. */
const NOT_IN_WEBKIT = /** @type {{ [file: string]: string }} */ ({
  'ffmpeg-ranges.test.mjs': 'the same ffmpeg with the same helpers as in the others; WebKit decodes one of the videos itself',
  'helpers.test.mjs': 'it needs longer to start three workers on a busy machine than the shortened patience lasts; journey hashes a long video with them',
  'keyboard.test.mjs': 'its driver does not tell when a dialogue for files opens',
  'ranges.test.mjs': 'every clip three times takes minutes; journey hashes a long video in ranges, and its bytes are the command\'s',
  'sleep.test.mjs': 'its driver does not hear workers, for whose pause the tests wait',
  'stuck.test.mjs': 'passes, but takes two minutes for what is the page\'s own code, alike in all',
});

/** The browsers that a test file runs in; where WebKit is none of them, the file has a skipped test that says why. @param {string} url the file's */
export function browsersFor(url) {
  const reason = NOT_IN_WEBKIT[basename(new URL(url).pathname)];
  if (reason && BROWSERS.includes('webkit')) test('webkit', { skip: reason }, () => {});
  return BROWSERS.filter((name) => name !== 'webkit' || !reason);
}
/** Those that show pages a decoder's own samples, so that fingerprints are the command's; Firefox makes them RGB. */
export const GIVES_SAMPLES = /** @type {BrowserName[]} */ (['chromium', 'webkit']);

/**
 * Why a test is not run in some browser, for its `skip`: what is tested needs something that the browser, or what drives it, has not.
 * @param {BrowserName} name
 * @param {{ [name in BrowserName]?: string }} reasons
 */
export const unless = (name, reasons) => reasons[name] ?? false;
export const FROM_DISK = { webkit: 'it lets no worker of a page from disk read a file; journey.test.mjs sees that the page says so' };

export { TEST_PATIENCE_MS };
/** For a hundred files at once: on a machine that is busy they were seen to take more than 90 s. */
export const MANY_PATIENCE_MS = 10 * TEST_PATIENCE_MS;
const POLL_MS = 50;
/** As the page itself keeps between downloads (www/app/job/save-files.js). */
const BETWEEN_SAVES_MS = 350;
/** What browsers call a download that is not complete. */
const UNFINISHED = /\.(crdownload|part|tmp|wkdownload)$/;

/**
 * Asks again and again until the answer is neither null, undefined nor false.
 * @template T
 * @param {string} what for the message when it never comes
 * @param {() => Promise<T | null | undefined | false>} ask
 * @returns {Promise<T>}
 */
export const until = (what, ask) => inTime(what, TEST_PATIENCE_MS, ask);

/**
 * A browser with a folder for what it saves, and a server that gives it the page.
 * @param {BrowserName} name
 * @param {{ flags?: string[], settings?: Record<string, unknown>, isStill?: boolean, dist?: string }} [options] Chromium's flags, Firefox's
 *   settings (about:config), the folder of the page
 */
export async function startBrowser(name, { dist = DIST, ...options } = {}) {
  const downloads = await mkdtemp(join(tmpdir(), `cotejo-${name}-`));
  const site = await serve(dist);
  const browser = await launch(name, { downloads, ...options });
  return {
    name,
    downloads,
    site,
    /** Opens the page from the server, or another address. */
    async open(url = site.url) {
      const { page, said } = await browser.open(url);
      return new Tab(page, said, downloads);
    },
    async close() {
      await browser.close();
      await site.close();
      await rm(downloads, { recursive: true, force: true });
    },
  };
}

/** One tab with the page. */
export class Tab {
  /** When something was last saved. */
  #lastSaved = 0;

  /** @param {import('puppeteer-core').Page} page @param {string[]} said @param {string} downloads */
  constructor(page, said, downloads) {
    this.page = page;
    /** What the page wrote to the console: nothing, if all is well. */
    this.said = said;
    this.downloads = downloads;
  }

  /** Gives files to the page, all at once. @param {string[]} paths */
  async give(...paths) {
    const input = await this.page.waitForSelector('input[data-testid=file-input]');
    await input?.uploadFile(...paths);
    await until('the cards of the files', async () => {
      const names = await this.page.$$eval('[data-testid=name]', (all) => all.map((one) => one.textContent));
      return paths.every((path) => names.includes(basename(path)));
    });
  }

  /** Waits until every file has come to its end. */
  async end(patienceMs = TEST_PATIENCE_MS) {
    await this.page.waitForSelector('body[data-state=done]', { timeout: patienceMs });
  }

  /** The newest card of a file. @param {string} path @returns {Promise<Card>} */
  async card(path) {
    const found = await this.page.evaluateHandle((name) => {
      const cards = [...document.querySelectorAll('[data-testid=card]')];
      return cards.findLast((card) => card.querySelector('[data-testid=name]')?.textContent === name);
    }, basename(path));
    const element = /** @type {Element | null} */ (found.asElement());
    if (!element) throw new Error(`no card for ${basename(path)}`);
    return new Card(this, element);
  }

  /** Gives one file, waits for its end. @param {string} path */
  async hash(path) {
    await this.give(path);
    const card = await this.card(path);
    await card.end();
    return card;
  }

  /**
   * Everything that arrives in the download folder by an action.
   * @param {number} count how many files to wait for
   * @param {() => Promise<unknown>} action
   * @returns {Promise<Map<string, Buffer>>} by name
   */
  async saved(count, action) {
    // A person does not save twice in the same instant, and Chromium drops what does.
    await pause(Math.max(0, this.#lastSaved + BETWEEN_SAVES_MS - Date.now()));
    const before = new Set(await readdir(this.downloads));
    await action();
    const names = await until(`${count} saved files`, async () => {
      const all = await readdir(this.downloads);
      const fresh = all.filter((name) => !before.has(name));
      return !all.some((name) => UNFINISHED.test(name)) && fresh.length >= count && await this.#settled(fresh) && fresh;
    });
    this.#lastSaved = Date.now();
    const contents = await Promise.all(names.map((name) => readFile(join(this.downloads, name))));
    await Promise.all(names.map((name) => rm(join(this.downloads, name))));
    return new Map(names.map((name, i) => [name, contents[i]]));
  }

  /**
   * Firefox makes an empty file first, which keeps the name, and writes to another, which then takes its place:
   * a file may be gone between two looks.
   * @param {string[]} names
   */
  async #settled(names) {
    const size = (/** @type {string} */ name) => stat(join(this.downloads, name)).then((found) => found.size, () => 0);
    const sizes = () => Promise.all(names.map(size));
    const before = await sizes();
    await pause(POLL_MS);
    const after = await sizes();
    return before.every((size, i) => size > 0 && size === after[i]);
  }

  /** Puts files into a place of the second mode. @param {'a' | 'b'} place @param {string[]} paths */
  async put(place, ...paths) {
    const input = await this.page.waitForSelector(`input[data-testid=input-${place}]`);
    await input?.uploadFile(...paths);
  }

  /** Presses a button of the page, also where another tab is in front. @param {string} testId */
  press(testId) {
    return this.page.$eval(`[data-testid=${testId}]`, (button) => /** @type {HTMLElement} */ (button).click());
  }

  /** The saved fingerprints of all files, by the SHA-256 of the file they are of. @param {number} count */
  async saveAll(count) {
    const files = await this.saved(count, () => this.press('save-all'));
    assert.equal(files.size, count);
    return new Map([...files.values()].map((bytes) => [sha256In(bytes), bytes]));
  }

  close() {
    return this.page.close();
  }
}

/** One file's card. */
export class Card {
  /** @param {Tab} tab @param {Element} element */
  constructor(tab, element) {
    this.tab = tab;
    this.element = element;
  }

  state() {
    return this.element.evaluate((card) => String(card.dataset.state));
  }

  /** @param {string} state */
  async reaches(state) {
    await until(`state ${state}`, async () => await this.state() === state);
  }

  /** Waits until the file is done, failed or cancelled. */
  async end() {
    return until('the end of a file', async () => {
      const state = await this.state();
      return state !== 'waiting' && state !== 'working' && state;
    });
  }

  /** @param {string} testId */
  async click(testId) {
    const button = await this.element.waitForSelector(`[data-testid=${testId}]:not([disabled])`, { timeout: TEST_PATIENCE_MS });
    await button?.evaluate((one) => /** @type {HTMLElement} */ (one).click());
  }

  /** The text of a part, null where the part is not there. @param {string} testId */
  text(testId) {
    return this.element.evaluate((card, id) => card.querySelector(`[data-testid=${id}]`)?.textContent ?? null, testId);
  }

  /** A fact as data. @param {string} name */
  fact(name) {
    const id = `facts-${name}`;
    return this.element.evaluate((card, id) => card.querySelector(`[data-testid=${id}]`)?.getAttribute('data-value') ?? null, id);
  }

  /** How the file failed: the code, and the sentences that a person reads. */
  failure() {
    return this.element.evaluate((card) => {
      const error = /** @type {HTMLElement | null} */ (card.querySelector('[data-testid=error]'));
      if (!error) return null;
      const sentences = [...error.querySelectorAll('p')].map((one) => one.textContent ?? '');
      return { code: error.dataset.code, sentences, sha256: error.querySelector('[data-testid=facts-sha256]')?.textContent };
    });
  }

  /** The problems shown: their codes, each with its sentence. @returns {Promise<{ [code: string]: string }>} */
  problems() {
    return this.element.evaluate((card) => Object.fromEntries(
      [...card.querySelectorAll('[data-testid=problems] li')].map((one) => [String(one.getAttribute('data-code')), one.textContent ?? '']),
    ));
  }

  /** Presses a save button; the name and the bytes of what it gives. @param {string} format */
  async save(format) {
    const files = await this.tab.saved(1, () => this.click(`save-${format}`));
    assert.equal(files.size, 1);
    const [[name, bytes]] = files;
    return { name, bytes };
  }

  /** The fingerprint's bytes as the button saves them. */
  async fingerprint() {
    return (await this.save('fingerprint')).bytes;
  }
}

/** The digest of the hashed file that a fingerprint's last line holds. @param {Buffer} fingerprint */
function sha256In(fingerprint) {
  const last = fingerprint.subarray(fingerprint.lastIndexOf('\n', -2) + 1).toString();
  return /** @type {string} */ (JSON.parse(last).file.sha256);
}
