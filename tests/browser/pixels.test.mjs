// @ts-check
// A picture that hashes do not find, looked for in the pixels of a video's frames: by the page itself, and with a rectangle that the
// person draws. In all browsers; page and command must say the same.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { COMMAND, cotejoHash, ffmpeg } from './command.mjs';
import { makeFootage, makeStill, makeUnrelated } from './footage.mjs';
import { BROWSERS, GIVES_SAMPLES, startBrowser, until } from './page.mjs';

/** The moment of the pictures, seconds. */
const STILL_S = 9;
/** A part of a frame under a caption, as feeds show it: pixels of the frame of 640 x 360. */
const TALL = 'crop=150:270:300:60,scale=300:540,pad=300:700:0:0:white,drawbox=x=20:y=580:w=240:h=14:c=black:t=fill,drawbox=x=20:y=620:w=180:h=14:c=black:t=fill';
/** A picture of a fifth of the frame's width in the corner of another, where neither way finds it. */
const SMALL = [420, 40, 150, 84];

/** @type {{ video: string, tall: string, other: string }} */
let footage;
/** What the command says, by the pair. @type {Map<string, any>} */
const told = new Map();

/** @param {string[]} args */
function command(args) {
  const key = args.join(' ');
  if (!told.has(key)) {
    told.set(key, new Promise((resolve) => execFile(COMMAND, ['compare', '--quiet', ...args], (_, stdout) => resolve(stdout))));
  }
  return /** @type {Promise<string>} */ (told.get(key));
}

before(async () => {
  const video = await makeFootage('pixels-video.mp4', 14);
  const frame = await makeStill(video, 'pixels-frame.png', STILL_S);
  const [tall, other] = [frame.replace('frame', 'tall'), frame.replace('frame', 'other')];
  await ffmpeg(['-y', '-i', frame, '-vf', TALL, '-frames:v', '1', tall]);
  const unrelated = await makeUnrelated('pixels-unrelated.mp4', 2);
  await ffmpeg(['-y', '-ss', '1', '-i', unrelated, '-vf', TALL, '-frames:v', '1', other]);
  footage = { video, tall, other };
});

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {string} */
    let folder;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cotejo-test-'));
      browser = await startBrowser(name);
    });
    after(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** @param {string} a @param {string} b */
    async function open(a, b) {
      const tab = await browser.open();
      await tab.page.bringToFront();
      await tab.press('mode-compare');
      await tab.put('a', a);
      await tab.put('b', b);
      return tab;
    }

    /** What the answer says once it is there. @param {import('./page.mjs').Tab} tab */
    const answer = (tab) => until('an answer', () => tab.page.evaluate(() => {
      const card = /** @type {HTMLElement | null} */ (document.querySelector('[data-testid=answer]'));
      const text = (/** @type {string} */ id) => card?.querySelector(`[data-testid=${id}]`)?.textContent ?? '';
      if (!card || card.dataset.state === 'working') return null;
      return { state: card.dataset.state, verdict: card.dataset.verdict, sentence: text('sentence'), reason: text('reason'), part: text('part-only'), unlooked: text('unlooked'), error: text('error') };
    }));

    /** The comparison as the page saves it. @param {import('./page.mjs').Tab} tab */
    const saved = async (tab) => JSON.parse((await tab.save('save-comparison-json')).toString());

    /** @param {import('./page.mjs').Tab} tab @param {string} testId */
    const has = (tab, testId) => tab.page.evaluate((id) => document.querySelector(`[data-testid=${id}]`) !== null, testId);

    test('a part of a frame under a caption is found by pixels, where and when the command finds it', async () => {
      const tab = await open(footage.tall, footage.video);
      const { verdict, sentence, error } = await answer(tab);
      assert.equal(verdict, 'found', sentence + error);
      assert.match(sentence, /^The picture in A shows what B shows (at|between) .*\. Found by the frames’ pixels\.$/);
      const { searched, reason, at, part } = await saved(tab);
      const its = JSON.parse(await command(['--json', footage.tall, footage.video]));
      assert.equal(its.searched, 'pixels');
      assert.deepEqual([searched, reason, part], [its.searched, its.reason, undefined]);
      if (GIVES_SAMPLES.includes(name)) assert.deepEqual(at, its.at);
      else at.forEach((/** @type {any} */ place, /** @type {number} */ i) => {
        assert.ok(Math.abs(place.time - its.at[i].time) <= 0.2, JSON.stringify([place, its.at[i]]));
        for (const view of ['view', 'still_view']) place[view].forEach((/** @type {number} */ share, /** @type {number} */ side) => assert.ok(Math.abs(share - its.at[i][view][side]) < 0.02));
      });
      assert.ok(Math.abs(at[0].time - STILL_S) <= 0.2, JSON.stringify(at));
    });

    test('of a fingerprint alone it cannot be told, and the page asks for the video itself', async () => {
      const path = join(folder, 'pixels-video.cotejo');
      await writeFile(path, await cotejoHash(footage.video));
      const tab = await open(footage.tall, path);
      const { verdict, reason } = await answer(tab);
      assert.equal(verdict, 'cant-tell');
      assert.match(reason, /put the video itself into B/);
      assert.equal((await saved(tab)).searched, 'hashes');
    });

    test('what pixels do not tell is not said to be absent, whole or in part, and the command says the same', async () => {
      const tab = await open(footage.other, footage.video);
      const { verdict, reason } = await answer(tab);
      assert.equal(verdict, 'cant-tell');
      assert.match(reason, /at several sizes/);
      const its = JSON.parse(await command(['--json', footage.other, footage.video]));
      const { searched, ...rest } = await saved(tab);
      assert.deepEqual([searched, rest.verdict, rest.reason], [its.searched, its.verdict, its.reason]);
      await tab.press('part-look');
      await until('the part', async () => (await answer(tab)).part);
      const of = await answer(tab);
      assert.equal(of.verdict, 'cant-tell');
      const { part } = await saved(tab);
      const drawn = JSON.parse(await command(['--json', '--part', part.join(), footage.other, footage.video]));
      assert.deepEqual([drawn.verdict, drawn.searched], ['cant-tell', 'pixels']);
      await tab.press('part-whole');
      await until('the whole', async () => !(await answer(tab)).part);
    });
  });
}
