// @ts-check
// A picture that hashes do not find, looked for in the pixels of a video's frames: by the page itself, and with a rectangle that the
// person draws; and a copy that hashes do not find, compared by the pixels of both videos. In all browsers; page and command must say
// the same.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { COMMAND, cotejoHash } from './command.mjs';
import { ON_PAGE, PAGE, makeCopy, makeFootage, makeForFfmpeg, makePage, makePicture, makeStill, makeUnrelated } from './footage.mjs';
import { BROWSERS, GIVES_SAMPLES, TEST_PATIENCE_MS, startBrowser, until } from './page.mjs';

/** The moment of the pictures, seconds. */
const STILL_S = 5;
/** As near as the page names a moment. */
const NEAR_S = 0.2;
/** A part of a frame under a caption, as feeds show it: pixels of the frame of 320 x 180. */
const TALL = 'crop=100:150:150:20,scale=300:450,pad=300:640:0:0:white,drawbox=x=20:y=500:w=240:h=14:c=black:t=fill,drawbox=x=20:y=540:w=180:h=14:c=black:t=fill';

/** A screen that was filmed from afar and turned: what moves in it takes too few cells of a fingerprint. */
const FILMED = { start: 1, seconds: 6, filter: 'rotate=0.35:ow=320:oh=180,eq=contrast=0.8,scale=304:170,pad=320:180:10:8:gray,setsar=1' };
/** Where its picture begins in the video, seconds. */
const FILMED_FROM_S = FILMED.start;

/** @type {{ video: string, forFfmpeg: string, tall: string, other: string, page: string, filmed: string, unrelated: string }} */
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
  const video = await makeFootage('pixels-video.mp4', 8);
  const frame = await makeStill(video, 'pixels-frame.png', STILL_S);
  const unrelated = await makeUnrelated('pixels-unrelated.mp4', 2);
  footage = {
    video,
    forFfmpeg: await makeForFfmpeg(video, 'pixels-mpeg4.avi', { start: STILL_S - 1, seconds: 2 }),
    tall: await makePicture(frame, 'pixels-tall.png', TALL),
    other: await makePicture(unrelated, 'pixels-other.png', TALL),
    page: await makePage(frame, 'pixels-page.png'),
    filmed: await makeCopy(video, 'pixels-filmed.mp4', FILMED),
    unrelated,
  };
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
    const saved = async (tab) => {
      const [json] = (await tab.saved(1, () => tab.press('save-comparison-json'))).values();
      return JSON.parse(json.toString());
    };

    /** Where the page shows the marked part, in fractions of the picture. @param {import('./page.mjs').Tab} tab */
    const marked = (tab) => tab.page.evaluate(() => {
      const [part, stage] = ['chosen', 'stage'].map((id) => /** @type {HTMLElement} */ (document.querySelector(`[data-testid=part-${id}]`)).getBoundingClientRect());
      return [(part.left - stage.left) / stage.width, (part.top - stage.top) / stage.height, part.width / stage.width, part.height / stage.height];
    });

    /** Draws a rectangle, in pixels of the page. @param {import('./page.mjs').Tab} tab @param {number[]} rectangle */
    async function draw(tab, [x, y, width, height]) {
      await until('the picture', () => tab.page.$eval('[data-testid=part-stage] img', (image) => /** @type {HTMLImageElement} */ (image).naturalWidth > 0));
      const box = await tab.page.$eval('[data-testid=part-stage]', (stage) => {
        stage.scrollIntoView({ block: 'center' });
        const { left, top, width, height } = stage.getBoundingClientRect();
        return [left, top, width, height];
      });
      const at = (/** @type {number} */ across, /** @type {number} */ down) => /** @type {const} */ ([box[0] + across / PAGE[0] * box[2], box[1] + down / PAGE[1] * box[3]]);
      await tab.page.mouse.move(...at(x, y));
      await tab.page.mouse.down();
      await tab.page.mouse.move(...at(x + width / 2, y + height / 2));
      await tab.page.mouse.move(...at(x + width, y + height));
      await tab.page.mouse.up();
    }

    /** The saved comparison, which must be the command's. Where the browser gives no samples, its hashes differ a little. @param {import('./page.mjs').Tab} tab @param {string[]} args */
    async function assertAsCommand(tab, ...args) {
      const [{ a, b, part, ...ours }, { kind, picture, part: its, ...theirs }] = [await saved(tab), JSON.parse(await command(['--json', ...args]))];
      if (GIVES_SAMPLES.includes(name)) assert.deepEqual(ours, theirs);
      assert.equal(ours.verdict, theirs.verdict);
      // The command tells whole pixels.
      part?.forEach((/** @type {number} */ share, /** @type {number} */ side) => assert.ok(Math.abs(share - its[side]) < 1e-3, `${part} ${its}`));
      return { ...ours, part };
    }

    /** @param {any[]} at */
    function assertShown(at) {
      const shown = at.some(({ stretch: [start, end] }) => start - NEAR_S <= STILL_S && STILL_S <= end + NEAR_S);
      assert.ok(shown, JSON.stringify(at));
    }

    /** @param {import('./page.mjs').Tab} tab @param {string} testId */
    const has = (tab, testId) => tab.page.evaluate((id) => document.querySelector(`[data-testid=${id}]`) !== null, testId);

    test('a part of a frame under a caption is found by pixels, where and when the command finds it', async () => {
      const tab = await open(footage.tall, footage.video);
      const { verdict, sentence, error } = await answer(tab);
      assert.equal(verdict, 'found', sentence + error);
      assert.match(sentence, /^The picture in A shows what B shows (at|between) .*\. Found by the frames’ pixels\.( It occurs in .*)?$/);
      const { at, part } = await assertAsCommand(tab, footage.tall, footage.video);
      assert.equal(part, undefined);
      assertShown(at);
    });

    test('a small picture on a long page is found once its rectangle is drawn', async () => {
      const tab = await open(footage.page, footage.video);
      const { verdict } = await answer(tab);
      assert.equal(verdict, 'cant-tell');
      await draw(tab, ON_PAGE);
      await tab.press('part-look');
      const found = await until('the part', async () => {
        const said = await answer(tab);
        return said.part !== '' && said;
      });
      assert.equal(found.verdict, 'found', found.reason + found.error);
      assert.equal(found.part, 'Only the part of A that you marked was looked for.');
      const { part } = await saved(tab);
      const { at } = await assertAsCommand(tab, '--part', part.join(), footage.page, footage.video);
      assertShown(at);
      ON_PAGE.forEach((pixels, side) => assert.ok(Math.abs(at[0].still_view[side] * PAGE[side % 2] - pixels) < 16, JSON.stringify(at)));
      // Both are shown side by side.
      await tab.page.waitForSelector('[data-testid=players][data-state=open]', { timeout: TEST_PATIENCE_MS });
      for (const side of ['subject', 'object']) assert.ok(await has(tab, `seen-${side}`));
      await tab.press('part-whole');
      await until('the whole', async () => !(await answer(tab)).part);
    });

    test('the rectangle is moved and resized by keys, and a screen reader hears where it is', async () => {
      const tab = await open(footage.page, footage.video);
      await answer(tab);
      await draw(tab, [280, 400, 420, 600]);
      const before = await marked(tab);
      [0.2, 0.2, 0.3, 0.3].forEach((share, side) => assert.ok(Math.abs(before[side] - share) < 0.02, String(before)));
      await tab.page.$eval('[data-testid=part-chosen]', (chosen) => /** @type {HTMLElement} */ (chosen).focus());
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp']) await tab.page.keyboard.press(/** @type {any} */ (key));
      await tab.page.keyboard.down('Shift');
      for (const key of ['ArrowDown', 'ArrowLeft']) await tab.page.keyboard.press(/** @type {any} */ (key));
      await tab.page.keyboard.up('Shift');
      const after = await marked(tab);
      [0.02, -0.01, -0.01, 0.01].forEach((change, side) => assert.ok(Math.abs(after[side] - before[side] - change) < 1e-3, `${before} ${after}`));
      const words = await tab.page.$eval('[data-testid=part-chosen]', (chosen) => chosen.getAttribute('aria-label') ?? '');
      assert.match(words, /^Marked: \d+% of the width and \d+% of the height, \d+% from the left and \d+% from the top\. Marked part of the picture\./);
    });

    test('who stops looking through pixels is told what hashes say, and may look again', async () => {
      const tab = await open(footage.tall, footage.video);
      await until('looking', () => tab.page.evaluate(() => /^Looking through the pixels of pixels-video\.mp4/.test(document.querySelector('[data-testid=compare-what]')?.textContent ?? '')));
      await tab.press('cancel-compare');
      const { verdict, unlooked } = await answer(tab);
      assert.equal(verdict, 'cant-tell');
      assert.match(unlooked, /^You stopped looking through the pixels of pixels-video\.mp4/);
      await tab.press('look-through');
      assert.equal((await until('pixels', async () => {
        const said = await answer(tab);
        return said.unlooked === '' && said;
      })).verdict, 'found');
    });

    test('a turned copy is found by the pixels of both videos, where and when the command finds it', async () => {
      const tab = await open(footage.filmed, footage.video);
      const { verdict, sentence, error } = await answer(tab);
      assert.equal(verdict, 'same-footage', sentence + error);
      assert.match(sentence, /Found by the frames’ pixels\.$/);
      const [its, { searched, segments: [segment] }] = [JSON.parse(await command(['--json', footage.filmed, footage.video])), await saved(tab)];
      assert.deepEqual([searched, its.searched], ['pixels', 'pixels']);
      assert.ok(Math.abs(segment.b[0] - segment.a[0] - FILMED_FROM_S) <= NEAR_S && Math.abs(segment.tilted - 20) <= 2, JSON.stringify(segment));
      if (GIVES_SAMPLES.includes(name)) assert.deepEqual([segment], its.segments);
    });

    test('of several copies the user says whose pixels are looked through, and who stops is told what hashes say', async () => {
      const tab = await open(footage.filmed, footage.unrelated);
      await answer(tab);
      await tab.put('b', footage.video);
      await until('two answers', async () => (await tab.page.$$('[data-testid=answer][data-state=done]')).length === 2);
      assert.ok(!(await has(tab, 'compare-progress')), 'nothing is looked through by itself');
      await tab.page.$$eval('[data-testid=evidence-open]', (all) => all.forEach((one) => /** @type {HTMLElement} */ (one).click()));
      const looks = await tab.page.$$('[data-testid=look-through]');
      assert.equal(looks.length, 1, 'pixels are offered only where points tell how the pictures lie');
      await tab.page.$$eval('[data-testid=answer]', (cards) => {
        const card = cards.find((one) => one.textContent?.includes('pixels-video.mp4'));
        /** @type {HTMLElement} */ (card?.querySelector('[data-testid=look-through]')).click();
      });
      await until('looking', () => tab.page.evaluate(() => /^Comparing the pixels of pixels-/.test(document.querySelector('[data-testid=compare-what]')?.textContent ?? '')));
      await tab.press('cancel-compare');
      const unlooked = await until('what hashes say', () => tab.page.evaluate(() => document.querySelector('[data-testid=unlooked]')?.textContent ?? ''));
      assert.match(unlooked, /^You stopped looking through the pixels of the two videos/);
    });

    test('what ffmpeg decodes is looked through by ffmpeg', async () => {
      const tab = await open(footage.tall, footage.forFfmpeg);
      await until('the offer of ffmpeg', () => has(tab, 'load-ffmpeg'));
      await tab.press('load-ffmpeg');
      const { verdict, error } = await answer(tab);
      assert.equal(verdict, 'found', error);
      const { at } = await assertAsCommand(tab, footage.tall, footage.forFfmpeg);
      assert.ok(Math.abs(at[0].time - 1) <= NEAR_S, JSON.stringify(at));
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
      await assertAsCommand(tab, footage.other, footage.video);
      await tab.press('part-look');
      await until('the part', async () => (await answer(tab)).part);
      const of = await answer(tab);
      assert.equal(of.verdict, 'cant-tell');
      const { part } = await saved(tab);
      await assertAsCommand(tab, '--part', part.join(), footage.other, footage.video);
      await tab.press('part-whole');
      await until('the whole', async () => !(await answer(tab)).part);
    });
  });
}
