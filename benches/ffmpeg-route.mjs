// @ts-check
// Measures the ffmpeg route's speed in Chromium, with one ffmpeg and with two, against the WebCodecs route's, on the same coded frames, in turn:
// the browser decodes them in MP4, ffmpeg in AVI.
// Run after `cargo xtask build`: node benches/ffmpeg-route.mjs

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, serve } from '../tests/browser/browsers.mjs';

const FOLDER = 'target/bench';
const PAIRS = 3;
const SECONDS = 20;
const FRAMES = SECONDS * 30;
const PATIENCE_MS = 1_800_000;
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '60', '-pix_fmt', 'yuv420p'];

/** @param {string} name @param {string[]} args @returns {string} a clip, made once */
function clip(name, args) {
  const path = join(FOLDER, name);
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(path)) spawnSync('ffmpeg', ['-v', 'error', '-y', ...args, path]);
  return path;
}

/** @param {Awaited<ReturnType<typeof launch>>} browser @param {string} url @param {number} processors that the page believes in */
async function openPage(browser, url, processors) {
  const { page } = await browser.open('about:blank');
  await page.evaluateOnNewDocument((count) => Object.defineProperty(navigator, 'hardwareConcurrency', { value: count }), processors);
  await page.goto(url);
  /** Seconds from choosing a file to its result. @param {string} path */
  const hash = async (path) => {
    // In the background, whatever waits for a repaint would stop.
    await page.bringToFront();
    const input = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (await page.$('[data-testid=file-input]'));
    const start = performance.now();
    await input.uploadFile(path);
    await page.waitForSelector('[data-testid=card][data-state=done], [data-testid=load-ffmpeg]', { timeout: PATIENCE_MS });
    return (performance.now() - start) / 1000;
  };
  /** Removes the result from the page. */
  const clear = () => page.$eval('[data-testid=remove]', (button) => /** @type {HTMLElement} */ (button).click());
  return { page, hash, clear };
}

/** Loads ffmpeg by giving the page a file that needs it. @param {Awaited<ReturnType<typeof openPage>>} opened @param {string} path */
async function loadFfmpeg({ page, hash, clear }, path) {
  await hash(path);
  const start = performance.now();
  await page.$eval('[data-testid=load-ffmpeg]', (button) => /** @type {HTMLElement} */ (button).click());
  await page.waitForSelector('[data-testid=card]:not([data-state=failed])', { timeout: PATIENCE_MS });
  console.log(`loading ffmpeg: ${((performance.now() - start) / 1000).toFixed(2)} s`);
  await page.waitForSelector('[data-testid=card][data-state=done]', { timeout: PATIENCE_MS });
  await clear();
}

const fast = clip('route-20.mp4', ['-f', 'lavfi', '-i', `testsrc2=s=1920x1080:r=30:d=${SECONDS},noise=alls=12:allf=t`, ...H264, '-b:v', '6M', '-maxrate', '6M', '-bufsize', '12M']);
const slow = clip('route-20.avi', ['-i', fast, '-c', 'copy']);
const small = clip('route-small.avi', ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=30:d=1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']);

const [site, browser] = [await serve('dist'), await launch('chromium')];
const pages = [await openPage(browser, site.url, 1), await openPage(browser, site.url, 2)];
for (const opened of pages) await loadFfmpeg(opened, small);
const [one, two] = pages;
/** @param {typeof one} opened @param {string} path */
async function framesPerSecond({ hash, clear }, path) {
  const seconds = await hash(path);
  await clear();
  return FRAMES / seconds;
}
for (let i = 0; i < PAIRS; i++) {
  const [byBrowser, byOne, byTwo] = [await framesPerSecond(one, fast), await framesPerSecond(one, slow), await framesPerSecond(two, slow)];
  console.log(`1080p, frames/s: WebCodecs ${byBrowser.toFixed(1)}, one ffmpeg ${byOne.toFixed(1)} (${(byOne / byBrowser).toFixed(2)} of that),`
    + ` two ${byTwo.toFixed(1)} (${(byTwo / byOne).toFixed(2)} of one)`);
}
await Promise.all([browser.close(), site.close()]);
