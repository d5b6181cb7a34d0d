// @ts-check
// Measures one, two and four decoders in the page and in the command, and decoding alone, in one run.
// Wall-clock seconds mean something only on a quiet machine. Two other figures hold on a busy one, too: the processor time
// of all threads, which must not grow with the decoders; and that of the busiest thread, below which no number of
// processors can bring the duration.
// Run after `cargo xtask build` and `cargo build --release`: node benches/decoders.mjs VIDEO [firefox]
// (`cargo xtask bench` makes a video; a word selects rows that contain it)

import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { launch, serve } from '../tests/browser/browsers.mjs';

const [path = 'target/bench/speed.mp4', picked = ''] = process.argv.slice(2);
const POLL_MS = 100;
const PATIENCE_MS = 1_800_000;
/** Linux's unit of processor time, on all machines. */
const TICKS_PER_S = 100;
const ROUNDS = 2;

/** Processor time of each thread at and below a process, in seconds. @param {number} root */
function threadSeconds(root) {
  /** @type {Map<number, number>} */
  const parents = new Map();
  /** @type {Map<string, number>} */
  const seconds = new Map();
  const fields = (/** @type {string} */ stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const numbers = (/** @type {string} */ folder) => readdirSync(folder).filter((name) => /^\d+$/.test(name));
  const unlessGone = (/** @type {() => void} */ look) => { try { look(); } catch { /* It has ended in the meantime. */ } };
  for (const id of numbers('/proc')) unlessGone(() => parents.set(Number(id), Number(fields(readFileSync(`/proc/${id}/stat`, 'utf8'))[1])));
  const isBelow = (/** @type {number | undefined} */ id) => {
    for (; id && id > 1; id = parents.get(id)) if (id === root) return true;
    return false;
  };
  for (const id of [...parents.keys()].filter(isBelow)) {
    unlessGone(() => numbers(`/proc/${id}/task`).forEach((thread) => unlessGone(() => {
      const [user, system] = fields(readFileSync(`/proc/${id}/task/${thread}/stat`, 'utf8')).slice(11, 13).map(Number);
      seconds.set(`${id}/${thread}`, (user + system) / TICKS_PER_S);
    })));
  }
  return seconds;
}

/** @typedef {{ clock: number, processor: number, busiest: number }} Cost */

/** The cost of some work in a process and all its descendants. @param {number} root @param {Promise<unknown>} work @returns {Promise<Cost>} */
async function costOf(root, work) {
  const [start, before] = [performance.now(), threadSeconds(root)];
  /** @type {Map<string, number>} */
  const used = new Map();
  const look = () => threadSeconds(root).forEach((now, thread) => used.set(thread, now - (before.get(thread) ?? 0)));
  const polling = setInterval(look, POLL_MS);
  await work;
  clearInterval(polling);
  const clock = (performance.now() - start) / 1000;
  look();
  return { clock, processor: [...used.values()].reduce((sum, one) => sum + one, 0), busiest: Math.max(...used.values()) };
}

/** @param {string} program @param {string[]} args */
function costOfProgram(program, args) {
  const child = spawn(program, args, { stdio: 'ignore' });
  return costOf(child.pid ?? 0, new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  }));
}

/** @param {Awaited<ReturnType<typeof launch>>} browser @param {string} url @param {number} processors that the page believes in */
async function costOfPage(browser, url, processors) {
  const { page } = await browser.open('about:blank');
  await page.evaluateOnNewDocument((count) => Object.defineProperty(navigator, 'hardwareConcurrency', { value: count }), processors);
  await page.goto(url);
  const input = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (await page.waitForSelector('[data-testid=file-input]'));
  const hashed = input.uploadFile(path).then(() => page.waitForSelector('[data-testid=card][data-state=done]', { timeout: PATIENCE_MS }));
  const cost = await costOf(browser.browser.process()?.pid ?? 0, hashed);
  const frames = Number(await page.$eval('[data-testid=facts-frames]', (fact) => fact.getAttribute('data-value')));
  await page.close();
  return { ...cost, frames };
}

const toNull = (/** @type {string[]} */ ...options) => ['-v', 'error', '-nostdin', ...options, '-i', path, '-map', '0:V:0', '-fps_mode', 'passthrough', '-f', 'null', '-'];
const [site, chromium, firefox] = [await serve('dist'), await launch('chromium'), await launch('firefox')];
let frames = 0;
const rows = /** @type {[string, () => Promise<Cost>][]} */ ([
  ...[chromium, firefox].flatMap((browser) => [1, 2, 4].map((count) => [`page in ${browser.name}, ${count} decoder${count > 1 ? 's' : ''}`, async () => {
    const cost = await costOfPage(browser, site.url, count);
    frames = cost.frames;
    return cost;
  }])),
  ...[1, 2, 4].map((count) => [`command, ${count} decoder${count > 1 ? 's' : ''}`,
    () => costOfProgram('target/release/cotejo', ['hash', '--quiet', '--decoders', String(count), '-o', '/dev/null', path])]),
  ['ffmpeg -f null', () => costOfProgram('ffmpeg', toNull())],
  ['ffmpeg -threads 1 -f null', () => costOfProgram('ffmpeg', toNull('-threads', '1'))],
]);
for (let round = 0; round < ROUNDS; round++) {
  for (const [what, run] of rows.filter(([what]) => what.includes(picked))) {
    const { clock, processor, busiest } = await run();
    console.log(`${what}: ${clock.toFixed(1)} s by the clock (${(frames / clock).toFixed(0)} frames/s), processor time ${processor.toFixed(1)} s,`
      + ` busiest thread ${busiest.toFixed(1)} s (at most ${(frames / busiest).toFixed(0)} frames/s)`);
  }
}
await Promise.all([chromium.close(), firefox.close(), site.close()]);
