// @ts-check
// Measures speed and memory on whole videos: the page in Chromium against decoding alone, the command against `ffmpeg -f null`.
// Two things are always measured in turn, A B A B, and their ratio is printed pair by pair, because machines drift.
// Run by `cargo xtask bench`, after the command (release) and the page are built; `speed`, `memory`, `size` or `long` runs one part.
// `long` needs the two fingerprints that `cargo bench --bench compare` writes; vPDQ is measured too where VPDQ_PYTHON names a Python
// that has it: docs/performance.md says how to make one.

import { build } from 'esbuild';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launch, serve } from '../tests/browser/browsers.mjs';
import { peakMegabytes } from '../tests/browser/memory.mjs';

const FOLDER = 'target/bench';
const COMMAND = 'target/release/cotejo';
const PAIRS = 5;
const ROUNDS = 3;
/** Hashes every frame at its own size, the default of Meta's library. */
const VPDQ = 'import sys, vpdq; vpdq.computeHash(sys.argv[1], seconds_per_hash=0)';
const FILLED_BYTES = 4.2e9;

/** @param {string} name @param {string[]} input @param {string[]} output @returns {string} a clip, made once */
function clip(name, input, output) {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const partial = join(FOLDER, `partial-${name}`);
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...input, '-an', ...output, partial]);
  if (status !== 0) throw new Error(`ffmpeg: ${stderr}`);
  renameSync(partial, path);
  return path;
}

/** 60 s of 1080p30 H.264 at 6 Mb/s: a moving pattern with noise, which uses up the bit rate. */
function speedClip() {
  const picture = 'testsrc2=s=1920x1080:r=30:d=60,noise=alls=12:allf=t';
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '6M', '-maxrate', '6M', '-bufsize', '12M', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
  return clip('speed.mp4', ['-f', 'lavfi', '-i', picture], coding);
}

/** A clip of 360p, which repeats ten minutes without encoding them again. @param {number} minutes */
function memoryClip(minutes) {
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '60', '-movflags', '+faststart'];
  const ten = clip('memory-10.mp4', ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=30:d=600'], coding);
  if (minutes === 10) return ten;
  return clip(`memory-${minutes}.mp4`, ['-stream_loop', String(minutes / 10 - 1), '-i', ten], ['-c', 'copy', '-movflags', '+faststart']);
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** @param {string} title @param {() => Promise<number>} a @param {() => Promise<number>} b seconds each */
async function ratio(title, a, b) {
  /** @type {[number, number][]} */
  const pairs = [];
  for (let i = 0; i < PAIRS; i++) pairs.push([await a(), await b()]);
  const ratios = pairs.map(([first, second]) => second / first);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  console.log(`${title}: ratio ${median(ratios).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)} over ${PAIRS} pairs);`
    + ` ${median(pairs.map(([first]) => first)).toFixed(2)} s against ${median(pairs.map(([, second]) => second)).toFixed(2)} s`);
}

/** @param {string} program @param {string[]} options @returns {Promise<number>} seconds by the clock */
function timed(program, options) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, { stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve((performance.now() - start) / 1000) : reject(new Error(`${program}: ${code}`))));
  });
}

/** Seconds of processor time of a program and its children. @param {string} program @param {string[]} options */
function processorSeconds(program, options) {
  const { stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1', 'bash', program, ...options], { encoding: 'utf8' });
  return stderr.trim().split(' ').map(Number).reduce((sum, seconds) => sum + seconds, 0);
}

const toNull = (/** @type {string} */ path, /** @type {string[]} */ ...options) =>
  ['-v', 'error', '-nostdin', ...options, '-i', path, '-map', '0:V:0', '-fps_mode', 'passthrough', '-f', 'null', '-'];

/** @param {string} path */
async function commandSpeed(path) {
  const hash = ['hash', '--quiet', '-o', '/dev/null', path];
  await ratio('command against `ffmpeg -f null`', () => timed(COMMAND, hash), () => timed('ffmpeg', toNull(path)));
  await ratio('command against `ffmpeg -threads 1 -f null`', () => timed(COMMAND, hash), () => timed('ffmpeg', toNull(path, '-threads', '1')));
  processorTimes(path, hash);
}

/** Runs all programs in turn, so that a drifting machine affects all alike. @param {string} path @param {string[]} hash */
function processorTimes(path, hash) {
  const programs = /** @type {[string, string, string[]][]} */ ([
    ['command', COMMAND, hash],
    ['command, 1 decoder', COMMAND, [...hash, '--decoders', '1']],
    ['ffmpeg -f null', 'ffmpeg', toNull(path)],
    ['ffmpeg -threads 1 -f null', 'ffmpeg', toNull(path, '-threads', '1')],
  ]);
  const { VPDQ_PYTHON } = process.env;
  if (VPDQ_PYTHON) programs.push(['vPDQ', VPDQ_PYTHON, ['-c', VPDQ, path]]);
  const rounds = Array.from({ length: ROUNDS }, () => programs.map(([, program, options]) => processorSeconds(program, options)));
  programs.forEach(([what], i) => {
    const seconds = rounds.map((round) => round[i]);
    const ofCommand = median(rounds.map((round) => round[i] / round[0]));
    console.log(`processor time for the 60 s clip, ${what}: ${median(seconds).toFixed(1)} s (${seconds.map((one) => one.toFixed(1)).join(', ')}), ${ofCommand.toFixed(2)} of the command's`);
  });
}

/** @param {import('puppeteer-core').Page} page @param {string} path @param {string} selector */
async function choose(page, path, selector) {
  const input = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (await page.waitForSelector(selector));
  await input.uploadFile(path);
}

/** Decoding alone, on a page of its own. @param {Awaited<ReturnType<typeof launch>>} browser @param {string} url @param {string} path */
async function decodeOnly(browser, url, path) {
  const { page } = await browser.open(`${url}decode_only.html`);
  await choose(page, path, 'input');
  await page.waitForFunction('window.result', { timeout: 300_000 });
  const { seconds } = /** @type {{ seconds: number }} */ (await page.evaluate('window.result'));
  await page.close();
  return seconds;
}

/**
 * The whole page, from choosing the file to the result.
 * @param {Awaited<ReturnType<typeof launch>>} browser
 * @param {string} url
 * @param {string} path
 * @param {boolean} [collects] whether garbage is collected every second, so that memory is what is in use
 */
async function hashInPage(browser, url, path, collects = false) {
  const { page } = await browser.open(url);
  const collecting = collects ? setInterval(() => collectGarbage(page), 1000) : undefined;
  const start = performance.now();
  await choose(page, path, '[data-testid=file-input]');
  await page.waitForSelector('[data-testid=card][data-state=done]', { timeout: 1_800_000 });
  const seconds = (performance.now() - start) / 1000;
  clearInterval(collecting);
  await page.close();
  return seconds;
}

/** @param {import('puppeteer-core').Page} page */
async function collectGarbage(page) {
  // A worker may end in the meantime.
  for (const worker of page.workers()) await worker.client.send('HeapProfiler.collectGarbage').catch(() => {});
}

async function decodeOnlySite() {
  const { outputFiles: [{ text }] } = await build({
    entryPoints: ['benches/decode_only.js'],
    bundle: true,
    write: false,
    format: 'iife',
    target: ['es2022'],
    // The modules that read packets import it; never called here.
    alias: { 'cotejo-wasm': resolve('target/wasm/cotejo.js') },
    define: { 'import.meta.url': '""' },
  });
  const folder = await mkdtemp(join(tmpdir(), 'cotejo-bench-'));
  const page = '<!doctype html><input type="file"><script>document.querySelector("input").onchange = ({ target }) => {'
    + 'const worker = new Worker("decode_only.js"); worker.onmessage = ({ data }) => { window.result = data; };'
    + 'worker.postMessage(target.files[0]); };</script>';
  await writeFile(join(folder, 'decode_only.html'), page);
  await writeFile(join(folder, 'decode_only.js'), text);
  return folder;
}

/** @param {string} path */
async function pageSpeed(path) {
  const folder = await decodeOnlySite();
  const [bare, site, browser] = [await serve(folder), await serve('dist'), await launch('chromium')];
  try {
    await ratio('page in Chromium against decoding alone', () => hashInPage(browser, site.url, path), () => decodeOnly(browser, bare.url, path));
  } finally {
    await Promise.all([browser.close(), site.close(), bare.close(), rm(folder, { recursive: true })]);
  }
}

const isRenderer = (/** @type {string} */ line) => line.includes('--type=renderer');

async function memory() {
  for (const minutes of [10, 60]) {
    const path = memoryClip(minutes);
    const isOurs = (/** @type {string} */ command) => command.startsWith(COMMAND);
    const command = await peakMegabytes(process.pid, isOurs, timed(COMMAND, ['hash', '--quiet', '-o', '/dev/null', path]));
    const [site, browser] = [await serve('dist'), await launch('chromium')];
    const id = browser.browser.process()?.pid ?? 0;
    const page = await peakMegabytes(id, isRenderer, hashInPage(browser, site.url, path));
    const inUse = await peakMegabytes(id, isRenderer, hashInPage(browser, site.url, path, true));
    console.log(`peak memory, ${minutes} minutes of 360p: command ${command.toFixed(0)} MB, page (renderer process) ${page.toFixed(0)} MB,`
      + ` the same with garbage collected every second ${inUse.toFixed(0)} MB`);
    await Promise.all([browser.close(), site.close()]);
  }
}

/** Three hours of 160 x 120 pixels at 25 frames per second, followed by 4.2 GB that do not belong to the video. */
function sizeClip() {
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-movflags', '+faststart'];
  const ten = clip('size-10.mp4', ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=600'], coding);
  const path = clip('size-180.mp4', ['-stream_loop', '17', '-i', ten], ['-c', 'copy', '-movflags', '+faststart']);
  const { size } = statSync(path);
  if (size < FILLED_BYTES) {
    // A box of free space; its 64-bit length follows its type. The file system stores nothing of it.
    const head = Buffer.from('\0\0\0\x01free\0\0\0\0\0\0\0\0', 'latin1');
    head.writeBigUInt64BE(BigInt(FILLED_BYTES - size), 8);
    appendFileSync(path, head);
    truncateSync(path, FILLED_BYTES);
  }
  return path;
}

/** Measures a large file and a long video in one. */
async function size() {
  const path = sizeClip();
  const isOurs = (/** @type {string} */ command) => command.startsWith(COMMAND);
  const hashed = timed(COMMAND, ['hash', '--quiet', '-o', '/dev/null', path]);
  const command = await peakMegabytes(process.pid, isOurs, hashed);
  console.log(`3 h, 270,000 frames, 4.2 GB: command ${(await hashed).toFixed(0)} s, at most ${command.toFixed(0)} MB`);
  const [site, browser] = [await serve('dist'), await launch('chromium')];
  const inPage = hashInPage(browser, site.url, path);
  const page = await peakMegabytes(browser.browser.process()?.pid ?? 0, isRenderer, inPage);
  console.log(`the same in the page: ${(await inPage).toFixed(0)} s, renderer process at most ${page.toFixed(0)} MB`);
  await Promise.all([browser.close(), site.close()]);
}

/**
 * The page's second mode, from choosing two fingerprints to the answer; it starts comparing once both are read.
 * @param {import('puppeteer-core').Page} page
 * @param {string} a
 * @param {string} b
 */
async function compareInPage(page, a, b) {
  const waitFor = (/** @type {string} */ selector) => page.waitForSelector(selector, { timeout: 300_000 });
  await (await waitFor('[data-testid=mode-compare]'))?.click();
  const start = performance.now();
  await choose(page, a, 'input[data-testid=input-a]');
  await choose(page, b, 'input[data-testid=input-b]');
  await Promise.all(['a', 'b'].map((place) => waitFor(`[data-testid=place-${place}] [data-state=done]`)));
  const read = performance.now();
  const answer = await waitFor('[data-testid=answer]:not([data-state=working])');
  const verdict = await answer?.evaluate((card) => /** @type {HTMLElement} */ (card).dataset.verdict);
  return { verdict, reading: (read - start) / 1000, comparing: (performance.now() - read) / 1000 };
}

/** Looks for 32 s in ten hours. */
async function long() {
  const [site, browser] = [await serve('dist'), await launch('chromium')];
  const { page } = await browser.open(site.url);
  const compared = compareInPage(page, join(FOLDER, 'query.cotejo'), join(FOLDER, 'ten-hours.cotejo'));
  const peak = await peakMegabytes(browser.browser.process()?.pid ?? 0, isRenderer, compared);
  const { verdict, reading, comparing } = await compared;
  console.log(`32 s in ten hours in the page: ${verdict}; both fingerprints read in ${reading.toFixed(2)} s, compared in ${comparing.toFixed(2)} s,`
    + ` peak memory (renderer process) ${peak.toFixed(0)} MB`);
  await Promise.all([browser.close(), site.close()]);
}

const [part = 'all'] = process.argv.slice(2);
const isAsked = (/** @type {string} */ name) => part === 'all' || part === name;
if (isAsked('speed')) {
  const path = speedClip();
  await commandSpeed(path);
  await pageSpeed(path);
}
if (isAsked('memory')) await memory();
if (isAsked('size')) await size();
if (isAsked('long')) await long();
