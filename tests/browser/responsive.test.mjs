// @ts-check
// The page stays responsive: whatever it works on, its own thread is never busy for long. Measured by a timer that should fire
// every 50 ms.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeClips } from './clips.mjs';
import { CLIPS, ffmpeg } from './command.mjs';
import { BROWSERS, TEST_PATIENCE_MS, startBrowser, until } from './page.mjs';
import { openTampered } from './tampered.mjs';

/** @typedef {import('./page.mjs').Tab} Tab */

const VIDEO = join(CLIPS, 'responsive.mp4');
const VIDEO_S = 60;
/** Given often. */
const SHORT = join(CLIPS, 'h264-one-frame.mp4');
const FILES = 60;
/** For all of them. */
const FILES_PATIENCE_MS = 5 * TEST_PATIENCE_MS;
const FINGERPRINT = join(CLIPS, 'three-hours.cotejo');
const [HOURS, RATE] = [3, 30];
/** Generous: other programs take the processors, too. People notice 0.1 s, and lose the thread after 1 s. */
const LONGEST_GAP_MS = 1000;

/** Three hours in which everything changes all the time: random hashes, random motion. As docs/format.md says. */
function madeUpFingerprint() {
  const frames = HOURS * 3600 * RATE;
  const samples = Math.floor((frames - 1) * 10 / RATE) + 1;
  const lines = ['{"cotejo":1,"kind":"video","tier":"exact","decoder":"conformant","codec":"h264","pixel_format":"yuv420p","range":"limited","width":640,"height":360,"rotation":0,'
    + `"time_base":[1,${RATE}],"classic":["gradient"],"motion":{"rate_hz":10,"step":4,"cells":16,"dead_zone":2}}`];
  for (let t = 0; t < frames; t++) {
    const hex = randomBytes(72).toString('hex');
    lines.push(`{"t":${t},"pdq":"${hex.slice(0, 64)}","q":${t % 101},"sha256":"${hex.slice(64, 128)}","gradient":"${hex.slice(128)}"}`);
  }
  for (let first = 0; first < samples; first += 600) {
    // The code 3 is none, so each has at most one of its two bits; before the first step there is no change.
    const cells = Buffer.from(Array.from(randomBytes(64 * Math.min(600, samples - first)), (byte) => byte & 0b01011010));
    if (first === 0) cells.fill(0, 0, 4 * 64);
    lines.push(`{"motion":${first},"cells":"${cells.toString('base64')}"}`);
  }
  const file = `{"sha256":"${'0'.repeat(64)}","bytes":1,"container":"mp4"}`;
  const text = `${lines.join('\n')}\n{"frames":${frames},"file":${file},"complete":true,"problems":[]`;
  return `${text},"digest":"${createHash('sha256').update(text).digest('hex')}"}\n`;
}

/** Runs in the page: its clock, and the longest time between two of its ticks. */
function tick() {
  let lastMs = performance.now();
  Object.assign(self, { longestGapMs: 0 });
  setInterval(() => {
    const nowMs = performance.now();
    const one = /** @type {{ longestGapMs: number }} */ (/** @type {unknown} */ (self));
    one.longestGapMs = Math.max(one.longestGapMs, nowMs - lastMs);
    lastMs = nowMs;
  }, 50);
}

/** @param {Tab} tab @param {string} what @param {() => Promise<unknown>} action */
async function staysResponsive(tab, what, action) {
  await tab.page.evaluate(() => { Object.assign(self, { longestGapMs: 0 }); });
  await action();
  // The last gap ends with the first tick after it.
  await tab.page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 200); }));
  const gapMs = await tab.page.evaluate(() => /** @type {{ longestGapMs: number }} */ (/** @type {unknown} */ (self)).longestGapMs);
  assert.ok(gapMs < LONGEST_GAP_MS, `${what}: ${gapMs.toFixed(0)} ms without a tick`);
}

/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cotejo-responsive-'));
  await makeClips(CLIPS, { only: ({ name }) => SHORT.endsWith(name) });
  const picture = `testsrc2=s=640x360:r=${RATE}:d=${VIDEO_S}`;
  await ffmpeg(['-y', '-f', 'lavfi', '-i', picture, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '60', '-bitexact', VIDEO]);
  await writeFile(FINGERPRINT, madeUpFingerprint());
});
after(() => rm(folder, { recursive: true, force: true }));

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {Tab} */
    let tab;
    before(async () => {
      browser = await startBrowser(name);
      tab = await openTampered(browser);
      await tab.page.evaluate(tick);
      // The clocks of hidden tabs tick once a second.
      await tab.page.bringToFront();
    });
    after(() => browser?.close());

    test('the clock of this test notices a page that is busy', async () => {
      await assert.rejects(staysResponsive(tab, 'busy on purpose', () => tab.page.evaluate((ms) => {
        const endMs = performance.now() + ms;
        while (performance.now() < endMs);
      }, LONGEST_GAP_MS + 200)), /without a tick/);
    });

    test('a minute of video: while it is hashed, and when its result comes', async () => {
      await staysResponsive(tab, 'hashing', async () => assert.equal(await (await tab.hash(VIDEO)).state(), 'done'));
      await staysResponsive(tab, 'pictures', async () => {
        const { element } = await tab.card(VIDEO);
        await element.waitForSelector('[data-testid=strip][data-pictures="7"]', { timeout: TEST_PATIENCE_MS });
      });
    });

    test('three hours: the fingerprint opens, its table opens, scrolls and goes to a frame', async () => {
      await staysResponsive(tab, 'opening', async () => assert.equal(await (await tab.hash(FINGERPRINT)).state(), 'done'));
      const card = await tab.card(FINGERPRINT);
      assert.equal(await card.fact('frames'), String(HOURS * 3600 * RATE));
      await staysResponsive(tab, 'the table opens', () => card.click('table-open'));
      const table = await card.element.waitForSelector('[data-testid=table]', { visible: true });
      await staysResponsive(tab, 'scrolling', async () => {
        for (let tenth = 1; tenth <= 10; tenth++) {
          await table?.evaluate((scroller, part) => { scroller.scrollTop = scroller.scrollHeight * part; }, tenth / 10);
        }
        await until('the last row', () => card.element.$(`[role=row][aria-rowindex="${HOURS * 3600 * RATE + 1}"]:not([hidden])`));
      });
      await staysResponsive(tab, 'saving', () => card.save('csv'));
      await staysResponsive(tab, 'another language', () => tab.page.select('#language', 'es'));
      assert.equal(await (await tab.card(FINGERPRINT)).fact('frames'), String(HOURS * 3600 * RATE));
      await tab.press('remove-all');
    });

    test(`${FILES} files: while they come, are hashed, and go`, async () => {
      const paths = Array.from({ length: FILES }, (_, i) => join(folder, `${i}.mp4`));
      await Promise.all(paths.map((path) => copyFile(SHORT, path)));
      await staysResponsive(tab, 'they come', () => tab.give(...paths));
      await staysResponsive(tab, 'they are hashed', () => tab.page.waitForSelector('body[data-state=done]', { timeout: FILES_PATIENCE_MS }));
      await staysResponsive(tab, 'they go', () => tab.press('remove-all'));
      assert.equal(await tab.page.$('[data-testid=card]'), null);
    });
  });
}
