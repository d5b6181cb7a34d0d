// @ts-check
// Hashes files in the page in a browser: first what the browser decodes itself, then, with ffmpeg loaded, what waits for it.
// A file that hangs is cancelled. A lost tab or browser is restarted, with each file of the batch alone.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processesBelow } from '../../tests/browser/memory.mjs';
import { startBrowser, until } from '../../tests/browser/page.mjs';
import { LIMIT_MS } from './native.mjs';

/** @typedef {import('./native.mjs').WithOutput} WithOutput */
/** @typedef {{ first: WithOutput, exact?: WithOutput }} FromPage `exact`: by the page's button, if there is one and it is asked for */
/** @typedef {import('./files.mjs').MediaFile} MediaFile */
/** @typedef {{ since: number, ms: number, megabytes: number, isSlow: boolean }} Course what is observed while a file is hashed */

/**
 * The browsers to use. `isTab`: which of the browser's processes hold a page; `exactToo`: whether files that the page
 * offers to hash exactly are hashed so, too.
 */
export const BROWSERS = /** @type {const} */ ([
  { name: 'chromium', title: 'Chromium', isTab: '--type=renderer', exactToo: true },
  { name: 'firefox', title: 'Firefox', isTab: '-contentproc', exactToo: false },
  { name: 'webkit', title: 'WebKit', isTab: 'WebKitWebProcess', exactToo: false },
]);

const POLL_MS = 250;
/** A tab that does not answer for this long is lost. */
const ANSWER_MS = 60_000;
/** The button beside a result that ffmpeg may improve: of converted frames, or of a damaged file. */
const EXACT = '[data-testid=exact]';

/** One browser, started when needed. */
export class Runner {
  /** @param {typeof BROWSERS[number]} kind */
  constructor(kind) {
    this.kind = kind;
    /** @type {Awaited<ReturnType<typeof startBrowser>> | null} */
    this.browser = null;
  }

  async close() {
    const { browser } = this;
    this.browser = null;
    if (browser) await within(ANSWER_MS, browser.close()).catch(() => {});
  }

  /** @param {MediaFile[]} files no two of one name @returns {Promise<FromPage[]>} */
  async hash(files) {
    try {
      this.browser ??= await startBrowser(this.kind.name);
      const tab = await within(ANSWER_MS, this.browser.open());
      const answers = await new Batch(this.kind, tab, files).run();
      await within(ANSWER_MS, tab.close());
      return answers;
    } catch (cause) {
      await this.close();
      if (files.length === 1) return [{ first: { ended: 'died', said: `the page: ${cause}`, ms: 0, megabytes: 0 } }];
      const answers = [];
      for (const file of files) answers.push(...await this.hash([file]));
      return answers;
    }
  }
}

/** Some files in one tab. */
class Batch {
  /** @param {typeof BROWSERS[number]} kind @param {import('../../tests/browser/page.mjs').Tab} tab @param {MediaFile[]} files */
  constructor(kind, tab, files) {
    this.kind = kind;
    this.tab = tab;
    this.files = files;
    /** @type {Map<string, Course>} */
    this.courses = new Map(files.map(({ path }) => [basename(path), { since: 0, ms: 0, megabytes: 0, isSlow: false }]));
  }

  /** @returns {Promise<FromPage[]>} */
  async run() {
    await within(ANSWER_MS, this.tab.give(...this.files.map(({ path }) => path)));
    await this.#end();
    const alone = await this.#states();
    await this.#loadFfmpeg();
    await this.#end();
    const names = this.files.map(({ path }) => basename(path));
    const first = (await this.#answers()).map((answer, i) => ({ ...answer, byFfmpeg: answer.ended === 'done' && alone.get(names[i]) !== 'done' }));
    const offered = this.kind.exactToo ? await this.#chooseExact() : [];
    if (offered.length === 0) return first.map((answer) => ({ first: answer }));
    await this.#end();
    const exact = await this.#answers();
    return first.map((answer, i) => (offered.includes(names[i]) ? { first: answer, exact: exact[i] } : { first: answer }));
  }

  /** Presses every button for an exact result. @returns {Promise<string[]>} the files */
  async #chooseExact() {
    for (const course of this.courses.values()) [course.ms, course.megabytes] = [0, 0];
    return this.#ask((page) => page.$$eval(EXACT, (buttons) => buttons.map((button) => {
      const name = button.closest('[data-testid=card]')?.querySelector('[data-testid=name]')?.textContent ?? '';
      /** @type {HTMLElement} */ (button).click();
      return name;
    })));
  }

  /** @template T @param {(page: import('puppeteer-core').Page) => Promise<T>} question @returns {Promise<T>} */
  #ask(question) {
    return within(ANSWER_MS, question(this.tab.page));
  }

  /** Every file's state. @returns {Promise<Map<string, string>>} */
  async #states() {
    return new Map(await this.#ask((page) => page.$$eval('[data-testid=card]', (cards) => cards.map((card) => /** @type {[string, string]} */ ([
      card.querySelector('[data-testid=name]')?.textContent ?? '', String(/** @type {HTMLElement} */ (card).dataset.state)])))));
  }

  /** Waits until every file has ended, cancels those that take too long, and records what each costs. */
  async #end() {
    for (;;) {
      const states = await this.#states();
      const megabytes = this.#tabMegabytes();
      for (const [name, course] of this.courses) {
        const isWorking = states.get(name) === 'working';
        if (isWorking) course.megabytes = Math.max(course.megabytes, megabytes);
        if (isWorking && course.since === 0) course.since = performance.now();
        if (!isWorking && course.since > 0) [course.ms, course.since] = [course.ms + performance.now() - course.since, 0];
        if (!isWorking || course.isSlow || performance.now() - course.since < LIMIT_MS) continue;
        course.isSlow = true;
        await within(ANSWER_MS, this.tab.card(name).then((card) => card.click('cancel')));
      }
      if ([...states.values()].every((state) => state !== 'waiting' && state !== 'working')) return;
      await pause(POLL_MS);
    }
  }

  /** Memory of the largest process that holds a page. */
  #tabMegabytes() {
    const tabs = processesBelow(process.pid).filter(({ command }) => command.includes(this.kind.isTab));
    return Math.ceil(Math.max(0, ...tabs.map(({ kilobytes }) => kilobytes / 1000)));
  }

  /** One press loads ffmpeg for all files that wait for it. */
  async #loadFfmpeg() {
    const button = '[data-testid=load-ffmpeg]';
    if (!await this.#ask((page) => page.$(button))) return;
    await this.#ask((page) => page.$eval(button, (one) => /** @type {HTMLElement} */ (one).click()));
    await until('ffmpeg', async () => !await this.#ask((page) => page.$(button)));
  }

  /** @returns {Promise<WithOutput[]>} */
  async #answers() {
    const states = await this.#states();
    const names = this.files.map(({ path }) => basename(path));
    const done = names.filter((name) => states.get(name) === 'done').length;
    const saved = done === 0 ? new Map() : await within(ANSWER_MS * 2, this.tab.saveAll(done));
    return Promise.all(this.files.map(async ({ path }, i) => {
      const { ms, megabytes, isSlow } = /** @type {Course} */ (this.courses.get(names[i]));
      // A file that began and ended between two looks took less time than lies between them.
      const cost = { ms: Math.round(ms) || POLL_MS, megabytes };
      if (states.get(names[i]) === 'done') return { ended: 'done', output: saved.get(await sha256Of(path)), ...cost };
      if (isSlow) return { ended: 'slow', ...cost };
      const failure = await within(ANSWER_MS, this.tab.card(path).then((card) => card.failure()));
      const isForeseen = failure && failure.code !== 'internal';
      return { ended: isForeseen ? 'refused' : 'died', said: `${failure?.code}: ${failure?.sentences[0]}`, ...cost };
    }));
  }
}

/** @param {string} path */
const sha256Of = async (path) => createHash('sha256').update(await readFile(path)).digest('hex');

/** Gives up if a browser does not answer in time. @template T @param {number} ms @param {Promise<T>} action @returns {Promise<T>} */
async function within(ms, action) {
  const stop = new AbortController();
  const late = pause(ms, undefined, { signal: stop.signal }).then(() => { throw new Error(`no answer in ${ms / 1000} s`); });
  // Rejected on purpose, or no longer awaited.
  late.catch(() => {});
  return Promise.race([action, late]).finally(() => stop.abort());
}
