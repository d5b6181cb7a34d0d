// @ts-check
// In: damaged videos. Out: the results of page and command for each. The page hashes them in Chromium like any file, with
// ffmpeg loaded for those that need the ffmpeg route.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeClips } from './clips.mjs';
import { CLIPS, COMMAND, forEachOf } from './command.mjs';
import { mutant, seeds } from './mutations.mjs';
import { startBrowser, until } from './page.mjs';

/**
 * What a program made of a file: a fingerprint, a refusal in its own words, or an end that must never be: a crash, a panic,
 * a trap, no end within the limit.
 * @typedef {{ fingerprint?: Buffer, refused?: string, died?: string }} Answer
 * @typedef {{ mutant: import('./mutations.mjs').Mutant, page: Answer, command: Answer }} Pair
 */

/** No file of this size may take longer. */
const LIMIT_MS = 30_000;
const POLL_MS = 50;
/** Files given to the page at once. */
const BATCH = 24;
/** A file that needs the ffmpeg route: with it ffmpeg is loaded. */
const FOR_FFMPEG = 'seed-mpeg4.avi';

/**
 * @param {number} count
 * @param {number} seed
 * @param {(pair: Pair) => void} take called with each, in order
 * @param {() => Promise<void>} [rest] called after each batch
 */
export async function runMutants(count, seed, take, rest) {
  const paths = await makeClips(CLIPS, { only: ({ name }) => seeds.some((one) => one.name === name), more: seeds });
  const videos = new Map();
  for (const { name } of seeds) videos.set(name, await readFile(String(paths.get(name))));
  const folder = await mkdtemp(join(tmpdir(), 'cotejo-mutants-'));
  const chromium = new Chromium(String(paths.get(FOR_FFMPEG)));
  try {
    for (let from = 0; from < count; from += BATCH) {
      const indexes = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => from + i);
      const mutants = indexes.map((index) => mutant(videos, seed, index));
      for (const pair of await runBatch(mutants, folder, chromium)) take(pair);
      await rest?.();
    }
  } finally {
    await chromium.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {import('./mutations.mjs').Mutant[]} mutants @param {string} folder @param {Chromium} chromium @returns {Promise<Pair[]>} */
async function runBatch(mutants, folder, chromium) {
  const files = mutants.map(({ index, seed }) => join(folder, `${String(index).padStart(5, '0')}${extname(seed)}`));
  await forEachOf(mutants.keys(), (i) => writeFile(files[i], mutants[i].bytes));
  const [page, command] = await Promise.all([chromium.hash(files), forEachOf(files, byCommand)]);
  await forEachOf(files, (file) => rm(file));
  return mutants.map((mutant, i) => ({ mutant, page: page[i], command: command[i] }));
}

/** @param {string} file @returns {Promise<Answer>} */
function byCommand(file) {
  const child = spawn(COMMAND, ['hash', '--quiet', file], { timeout: LIMIT_MS, killSignal: 'SIGKILL' });
  /** @type {Buffer[]} */
  const output = [];
  let said = '';
  child.stdout.on('data', (bytes) => output.push(bytes));
  child.stderr.on('data', (bytes) => { said += bytes; });
  return new Promise((resolve) => child.on('close', (status, signal) => {
    if (status === 0) resolve({ fingerprint: Buffer.concat(output) });
    else if (status === 2 && !said.includes('panicked')) resolve({ refused: said.split('\n')[0] });
    else resolve({ died: signal ?? `status ${status}: ${said}` });
  }));
}

/** Chromium with the page and with ffmpeg in it; begun anew where it was lost. */
class Chromium {
  /** @param {string} forFfmpeg */
  constructor(forFfmpeg) {
    this.forFfmpeg = forFfmpeg;
    /** @type {{ browser: Awaited<ReturnType<typeof startBrowser>>, tab: import('./page.mjs').Tab } | null} */
    this.open = null;
  }

  async tab() {
    if (this.open) return this.open.tab;
    const browser = await startBrowser('chromium');
    const tab = await browser.open();
    this.open = { browser, tab };
    const card = await tab.hash(this.forFfmpeg);
    await card.click('load-ffmpeg');
    await until('ffmpeg', async () => await card.state() === 'done');
    await card.click('remove');
    return tab;
  }

  async close() {
    await this.open?.browser.close().catch(() => {});
    this.open = null;
  }

  /** @param {string[]} files @returns {Promise<Answer[]>} */
  async hash(files) {
    try {
      return await hashTogether(await this.tab(), files);
    } catch (cause) {
      await this.close();
      if (files.length === 1) return [{ died: `the page: ${cause}` }];
      // One of them took the page with it: alone, each shows whether it was the one.
      const answers = [];
      for (const file of files) answers.push(...await this.hash([file]));
      return answers;
    }
  }
}

/** @param {import('./page.mjs').Tab} tab @param {string[]} files @returns {Promise<Answer[]>} */
async function hashTogether(tab, files) {
  await tab.give(...files);
  const hung = await endOfAll(tab, files.length);
  const cards = await Promise.all(files.map((file) => tab.card(file)));
  const states = await Promise.all(cards.map((card) => card.state()));
  const done = states.filter((state) => state === 'done').length;
  const saved = done === 0 ? new Map() : await tab.saveAll(done);
  /** @type {Answer[]} */
  const answers = [];
  for (const [i, card] of cards.entries()) {
    if (states[i] === 'done') answers.push({ fingerprint: saved.get(await sha256Of(files[i])) });
    else if (hung.has(basename(files[i]))) answers.push({ died: 'no end' });
    else answers.push(ended(await card.failure()));
  }
  await tab.page.$$eval('[data-testid=remove]', (buttons) => buttons.forEach((button) => /** @type {HTMLElement} */ (button).click()));
  await tab.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  return answers;
}

/** An end that no code foresees is a mistake of the page. @param {Awaited<ReturnType<import('./page.mjs').Card['failure']>>} failure @returns {Answer} */
function ended(failure) {
  const words = `${failure?.code}: ${failure?.sentences[0]}`;
  return !failure || failure.code === 'internal' ? { died: words } : { refused: words };
}

/** Waits until every file has come to its end, and ends those that take too long. @param {import('./page.mjs').Tab} tab @param {number} count */
async function endOfAll(tab, count) {
  /** @type {Map<string, number>} */
  const since = new Map();
  /** @type {Set<string>} */
  const hung = new Set();
  for (;;) {
    const states = await tab.page.$$eval('[data-testid=card]', (cards) => cards.map((card) => (
      [card.querySelector('[data-testid=name]')?.textContent ?? '', String(/** @type {HTMLElement} */ (card).dataset.state)])));
    if (states.length === count && states.every(([, state]) => state !== 'waiting' && state !== 'working')) return hung;
    for (const [name, state] of states) {
      if (state !== 'working' || hung.has(name)) continue;
      if (!since.has(name)) since.set(name, Date.now());
      if (Date.now() - Number(since.get(name)) < LIMIT_MS) continue;
      hung.add(name);
      await (await tab.card(name)).click('cancel');
    }
    await pause(POLL_MS);
  }
}

/** @param {string} file */
const sha256Of = async (file) => createHash('sha256').update(await readFile(file)).digest('hex');
