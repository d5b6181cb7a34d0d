// @ts-check
// What a person does in the second mode: puts files into A and B, reads the answer, looks, saves. In all browsers.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cotejoHash, readFingerprint } from './command.mjs';
import { UNRELATED_S, makeCopy, makeFootage, makeStill, makeUnrelated } from './footage.mjs';
import { BROWSERS, TEST_PATIENCE_MS, startBrowser, until } from './page.mjs';

/** The copy shows the original from the first to the second of these, mirrored, its middle three quarters. */
const [COPY_START_S, COPY_END_S] = [6, 14];
const STILL_S = 9;
/** How long each frame of the footage lasts. */
const FRAME_S = 1 / 25;
/** Where one is played backwards, a frame's start is its end in the other: moments correspond to about this, as the page says. */
const CORRESPOND_S = 0.1;
/** All of it, and then what begins at this moment once more, at half the speed. */
const REPLAYED_S = 4;
const REPLAYED = `split[once][again];[again]trim=start=${REPLAYED_S},setpts=2*(PTS-STARTPTS),fps=25[slowly];[once][slowly]concat=n=2:v=1`;
/** Times of an answer may be off by this much. */
const NEAR_S = 0.4;

/** @type {{ original: string, copy: string, still: string, unrelated: string, backwards: string, negative: string, replayed: string, tilted: string }} */
let footage;

before(async () => {
  const original = await makeFootage('compare-original.mp4', 20);
  const part = { start: COPY_START_S, seconds: COPY_END_S - COPY_START_S };
  footage = {
    original,
    copy: await makeCopy(original, 'compare-copy.mp4', { ...part, filter: 'crop=iw*0.75:ih*0.75,hflip' }),
    still: await makeStill(original, 'compare-still.png', STILL_S),
    unrelated: await makeUnrelated('compare-unrelated.mp4', UNRELATED_S),
    backwards: await makeCopy(original, 'compare-backwards.mp4', { ...part, filter: 'reverse' }),
    negative: await makeCopy(original, 'compare-negative.mp4', { ...part, filter: 'negate' }),
    tilted: await makeCopy(original, 'compare-tilted.mp4', { ...part, filter: 'rotate=8*PI/180' }),
    replayed: await makeCopy(original, 'compare-replayed.mp4', { ...part, filter: REPLAYED }),
  };
});

/** @param {string} text '0:06.0' */
const secondsOf = (text) => text.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);

/** @param {string} text @param {number} expected */
function assertNear(text, expected) {
  assert.ok(Math.abs(secondsOf(text) - expected) <= NEAR_S, `${text} is not near ${expected} s`);
}

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

    /** The second mode in a new tab. @param {{ a?: string[], b?: string[] }} [files] */
    async function open({ a = [], b = [] } = {}) {
      const tab = await browser.open();
      await tab.page.bringToFront();
      await tab.press('mode-compare');
      if (a.length) await tab.put('a', ...a);
      if (b.length) await tab.put('b', ...b);
      return tab;
    }

    /** Presses a button of the file in B. @param {import('./page.mjs').Tab} tab @param {string} testId */
    const pressInB = (tab, testId) => tab.page.$eval(`[data-testid=place-b] [data-testid=${testId}]`, (button) => /** @type {HTMLElement} */ (button).click());

    /** What the answers say, in the order shown, once there are so many. @param {import('./page.mjs').Tab} tab @param {number} [count] */
    async function answers(tab, count = 1) {
      return until(`${count} answers`, async () => {
        const all = await tab.page.evaluate(() => [...document.querySelectorAll('[data-testid=answer]')].map((card) => {
          const text = (/** @type {string} */ id) => card.querySelector(`[data-testid=${id}]`)?.textContent ?? '';
          const { state, verdict } = /** @type {HTMLElement} */ (card).dataset;
          return { state, verdict, name: text('answer-name'), sentence: text('sentence'), reason: text('reason'), error: text('error') };
        }));
        return all.length === count && all.every(({ state }) => state !== 'working') && all;
      });
    }

    /** @param {import('./page.mjs').Tab} tab @param {string} testId */
    const textOf = (tab, testId) => tab.page.$eval(`[data-testid=${testId}]`, (part) => part.textContent ?? '');

    /** @param {import('./page.mjs').Tab} tab */
    async function playersOpen(tab) {
      await tab.page.waitForSelector('[data-testid=players][data-state=open]', { timeout: TEST_PATIENCE_MS });
      await until('a moment', () => tab.page.$eval('[data-testid=players] figcaption', (caption) => /\d/.test(caption.textContent ?? '')));
    }

    test('a mirrored, cropped, trimmed copy: the sentence says so', async () => {
      const tab = await open({ a: [footage.copy], b: [footage.original] });
      const [{ verdict, sentence }] = await answers(tab);
      assert.equal(verdict, 'same-footage');
      const parts = /^A (?:from \S+ to \S+ )?shows the same footage as B from (\S+) to (\S+), mirrored, cropped to the middle (7\d|80)%.*, played at normal speed\.$/.exec(sentence);
      assert.ok(parts, sentence);
      assertNear(parts[1], COPY_START_S);
      assertNear(parts[2], COPY_END_S);
      await tab.close();
    });

    test('the other way round the original has what the copy has not', async () => {
      const tab = await open({ a: [footage.original], b: [footage.copy] });
      const [{ verdict, sentence }] = await answers(tab);
      assert.equal(verdict, 'same-footage');
      assert.match(sentence, /^A from \S+ to \S+ shows the same footage as B .*mirrored, with a border all around, played at normal speed\.$/);
      await tab.close();
    });

    test('both can be seen side by side at a moment that they share, and there is no difference', async () => {
      const tab = await open({ a: [footage.copy], b: [footage.original] });
      await playersOpen(tab);
      await tab.press('view-difference');
      await tab.page.waitForSelector('[data-aligned]');
      assert.equal(await textOf(tab, 'difference-words'), 'Nothing stands out at this moment.');
      const [subject, object] = [await textOf(tab, 'caption-subject'), await textOf(tab, 'caption-object')];
      const [ofA, ofB] = [subject, object].map((caption) => secondsOf(caption.split(' · ').at(-1) ?? ''));
      assert.ok(Math.abs(ofB - ofA - COPY_START_S) < NEAR_S, `${subject}, ${object}`);
      // The frames of these files begin at 0, and are stored in another order than they are shown in.
      const shown = await tab.page.$$eval('video', (all) => all.map((video) => video.currentTime));
      for (const [i, of] of [ofA, ofB].entries()) assert.ok(Math.abs(shown[i] - of) < FRAME_S / 2, `${of} s is said, and ${shown[i]} s shown`);
      await tab.close();
    });

    test('both run in step', async () => {
      const tab = await open({ a: [footage.copy], b: [footage.original] });
      await playersOpen(tab);
      await tab.press('play');
      const times = () => tab.page.$$eval('video', (all) => all.map((video) => video.currentTime));
      const [before] = await times();
      await until('two seconds', async () => Math.abs((await times())[0] - before) > 2);
      const [a, b] = await times();
      assert.ok(Math.abs(b - a - COPY_START_S) < NEAR_S, `${a} and ${b}`);
      await tab.press('play');
      await until('standstill', () => tab.page.$$eval('video', (all) => all.every((video) => video.paused)));
      await tab.close();
    });

    /** The moments that the captions tell, of A and of B, in seconds. @param {import('./page.mjs').Tab} tab */
    const momentsTold = (tab) => Promise.all(['caption-subject', 'caption-object'].map(async (id) => secondsOf((await textOf(tab, id)).split(' · ').at(-1) ?? '')));

    /** What the videos show, once none of them is on its way to another frame. @param {import('./page.mjs').Tab} tab */
    const momentsShown = (tab) => until('videos at rest', () => tab.page.$$eval('video', (all) => all.every((video) => !video.seeking) && all.map((video) => video.currentTime)));

    test('a copy played backwards: the sentence says so, and both show the same moments', async () => {
      const tab = await open({ a: [footage.backwards], b: [footage.original] });
      const [{ verdict, sentence, reason }] = await answers(tab);
      assert.equal(verdict, 'same-footage', sentence);
      const parts = /^A (?:from \S+ to \S+ )?shows the same footage as B from (\S+) to (\S+), played backwards at normal speed\.$/.exec(sentence);
      assert.ok(parts, sentence);
      assertNear(parts[1], COPY_START_S);
      assertNear(parts[2], COPY_END_S);
      assert.match(reason, /opposite order/);
      assert.match(await textOf(tab, 'stretch'), /1×, backwards/);
      const [, , atEnd, atStart] = await tab.page.$eval('.joined-band', (band) => (band.getAttribute('points') ?? '').split(' ').map((point) => Number(point.split(',')[0])));
      assert.ok(atEnd < atStart, 'the band crosses over');
      await playersOpen(tab);
      await tab.press('view-difference');
      await tab.page.waitForSelector('[data-aligned]');
      assert.equal(await textOf(tab, 'difference-words'), 'Nothing stands out at this moment.');
      assert.match(await textOf(tab, 'players-direction'), /^One of the two plays the other backwards.* A runs backwards here/);
      // The copy begins with the last frame of the part.
      const sumS = COPY_END_S - FRAME_S;
      const told = await momentsTold(tab);
      assert.ok(Math.abs(told[0] + told[1] - sumS) < CORRESPOND_S, `${told} are told`);
      const shown = await momentsShown(tab);
      told.forEach((of, i) => assert.ok(Math.abs(shown[i] - of) < FRAME_S / 2, `${of} s is told, and ${shown[i]} s shown`));
      await tab.press('frame-forward');
      await until('the next frame', async () => (await momentsTold(tab))[1] > told[1] + FRAME_S / 2);
      assert.ok((await momentsTold(tab))[0] < told[0] - FRAME_S / 2, 'a step forward in B is one back in A');
      await tab.press('play');
      await until('two seconds', async () => (await momentsTold(tab))[0] < told[0] - 2);
      await tab.press('play');
      const [a, b] = await momentsShown(tab);
      assert.ok(b > told[1] + 1.9 && Math.abs(a + b - sumS) < CORRESPOND_S, `${a} and ${b} are shown`);
      await tab.page.select('#language', 'es');
      assert.match((await answers(tab))[0].sentence, /^A .*muestra las mismas imágenes que B .*, al revés a velocidad normal\.$/);
      assert.match(await textOf(tab, 'stretch'), /1×, al revés/);
      await tab.close();
    });

    test('turned by a few degrees: the sentence says so, and the picture is turned back', async () => {
      const tab = await open({ a: [footage.tilted], b: [footage.original] });
      const [{ verdict, sentence }] = await answers(tab);
      assert.equal(verdict, 'same-footage', sentence);
      assert.match(sentence, /^A (?:from \S+ to \S+ )?shows the same footage as B from \S+ to \S+, turned about [6-9]° clockwise, played at normal speed\.$/);
      await playersOpen(tab);
      await tab.press('view-difference');
      await tab.page.waitForSelector('[data-aligned]');
      const share = await textOf(tab, 'difference-words');
      assert.match(share, /Nothing stands out|covers [0-9] ?%/, share);
      await tab.page.select('#language', 'es');
      assert.match((await answers(tab))[0].sentence, /girado unos [6-9]° a la derecha/);
      await tab.close();
    });

    test('a negative: the sentence says so, and inverted back it does not differ', async () => {
      const tab = await open({ a: [footage.negative], b: [footage.original] });
      const [{ verdict, sentence }] = await answers(tab);
      assert.equal(verdict, 'same-footage', sentence);
      assert.match(sentence, /^A (?:from \S+ to \S+ )?shows the same footage as B from \S+ to \S+, as a negative, played at normal speed\.$/);
      assert.match(await textOf(tab, 'stretch'), /as a negative/);
      await playersOpen(tab);
      const help = await tab.page.$$eval('[data-testid=players] .note', (all) => all.map((one) => one.textContent).join(' '));
      assert.match(help, /other’s negative, so A is shown inverted here/);
      await tab.press('view-difference');
      await tab.page.waitForSelector('[data-aligned]');
      assert.equal(await textOf(tab, 'difference-words'), 'Nothing stands out at this moment.');
      await tab.page.select('#language', 'es');
      assert.match((await answers(tab))[0].sentence, /^A .*muestra las mismas imágenes que B .*, en negativo, a velocidad normal\.$/);
      await tab.close();
    });

    test('a slow replay: the answer says what is shown twice, and how', async () => {
      const tab = await open({ a: [footage.replayed], b: [footage.original] });
      const [{ verdict, sentence }] = await answers(tab);
      assert.equal(verdict, 'same-footage', sentence);
      assert.match(sentence, /^A shows the same footage as B in 2 stretches, /);
      const course = await textOf(tab, 'course');
      const pace = /^From (\S+) to (\S+), A is (.+?)\. A shows (\S+) to (\S+) of B 2 times\.$/.exec(course);
      assert.ok(pace, course);
      const [, from, to, how, start, end] = pace;
      const [onceS, againS] = [COPY_END_S - COPY_START_S, COPY_END_S - COPY_START_S - REPLAYED_S];
      assert.match(how, /^played at 0\.(49|5|51) times the speed$/);
      assertNear(from, onceS);
      assertNear(to, onceS + 2 * againS);
      assertNear(start, COPY_START_S + REPLAYED_S);
      assertNear(end, COPY_END_S);
      await tab.page.select('#language', 'es');
      assert.match(await textOf(tab, 'course'), /A va a \S+ veces la velocidad\. A muestra 2 veces lo que hay en B de \S+ a \S+\.$/);
      await tab.close();
    });

    test('a fingerprint stands for its video, and only pictures are missing', async () => {
      const path = join(folder, 'original.cotejo');
      await writeFile(path, await cotejoHash(footage.original));
      const tab = await open({ a: [footage.copy], b: [path] });
      const [{ verdict, sentence }] = await answers(tab);
      assert.equal(verdict, 'same-footage');
      assert.match(sentence, /mirrored/);
      await playersOpen(tab);
      assert.match(await textOf(tab, 'players-note'), /fingerprint holds no pictures.* into B\.$/);
      assert.equal(await tab.page.$('[data-testid=seen-object]'), null);
      await tab.close();
    });

    test('a picture is found at its moment, from either place', async () => {
      for (const [a, b] of [[footage.still, footage.original], [footage.original, footage.still]]) {
        const tab = await open({ a: [a], b: [b] });
        const [{ verdict, sentence }] = await answers(tab);
        assert.equal(verdict, 'found', sentence);
        const parts = /^The picture in (\w) shows what (\w) shows (?:at|between) (\S+?)[,. ]/.exec(sentence);
        assert.ok(parts, sentence);
        assert.deepEqual(parts.slice(1, 3), a === footage.still ? ['A', 'B'] : ['B', 'A']);
        assert.ok(Math.abs(secondsOf(parts[3]) - STILL_S) <= 1, sentence);
        await tab.close();
      }
    });

    test('unrelated videos: no match here, which never means that there is no earlier copy', async () => {
      const tab = await open({ a: [footage.unrelated], b: [footage.original] });
      const [{ verdict, reason }] = await answers(tab);
      assert.equal(verdict, 'no-match');
      assert.match(reason, /never means that there is no earlier copy/);
      await tab.close();
    });

    test('one against many: the best answer comes first', async () => {
      const tab = await open({ a: [footage.copy], b: [footage.unrelated, footage.original] });
      const all = await answers(tab, 2);
      assert.deepEqual(all.map(({ name: file }) => file), [footage.original, footage.unrelated].map((path) => basename(path)));
      assert.equal(all[0].verdict, 'same-footage');
      assert.match(await textOf(tab, 'answers-count'), /^1 of 2 files/);
      await tab.close();
    });

    test('a picture is found in a picture; of two fingerprints of pictures it says what to do', async () => {
      const path = join(folder, 'still.cotejo');
      await writeFile(path, await cotejoHash(footage.still));
      const tab = await open({ a: [footage.still], b: [path] });
      const [{ verdict, sentence }] = await answers(tab);
      assert.equal(verdict, 'found');
      assert.match(sentence, /^The picture in A shows what the picture in B shows/);
      await tab.close();
      const other = await open({ a: [path], b: [path] });
      const [{ state, error }] = await answers(other);
      assert.equal(state, 'failed');
      assert.match(error, /picture itself/);
      await other.close();
    });

    test('what one mode has hashed the other can use, and both keep their state', async () => {
      const tab = await browser.open();
      await (await tab.hash(footage.copy)).reaches('done');
      await tab.press('mode-compare');
      await tab.press('known-a');
      await tab.put('b', footage.original);
      const [{ sentence }] = await answers(tab);
      await tab.press('mode-hash');
      assert.equal(await (await tab.card(footage.original)).state(), 'done');
      await tab.press('mode-compare');
      assert.equal((await answers(tab))[0].sentence, sentence);
      await tab.close();
    });

    test('hashing can be cancelled in its place, and the answer comes when it is started again', async () => {
      const tab = await open({ a: [footage.copy], b: [footage.original] });
      await tab.page.waitForSelector('[data-testid=place-b] [data-testid=cancel]');
      await pressInB(tab, 'cancel');
      await tab.page.waitForSelector('[data-testid=place-b] [data-state=cancelled]');
      assert.equal((await tab.page.$$('[data-testid=answer]')).length, 0);
      await pressInB(tab, 'again');
      assert.equal((await answers(tab))[0].verdict, 'same-footage');
      await tab.close();
    });

    test('a comparison can be cancelled, and made again', async () => {
      const tab = await open({ a: [footage.copy], b: [footage.original] });
      await tab.page.waitForSelector('[data-testid=cancel-compare]');
      await tab.press('cancel-compare');
      const [{ state, sentence }] = await answers(tab);
      assert.deepEqual([state, sentence], ['cancelled', '']);
      await tab.press('compare-again');
      await until('the answer', async () => (await answers(tab))[0].verdict === 'same-footage');
      await tab.close();
    });

    test('taken out of its place a file takes its answer with it', async () => {
      const tab = await open({ a: [footage.copy], b: [footage.original] });
      await answers(tab);
      await pressInB(tab, 'take-out');
      await until('no answer', async () => (await tab.page.$$('[data-testid=answer]')).length === 0);
      assert.match(await textOf(tab, 'needs'), /into B/);
      await until('no video', async () => (await tab.page.$$('video')).length === 0);
      await tab.close();
    });

    test('saved as JSON: the core\'s own answer, and which files it is about, by digest only', async () => {
      const tab = await open({ a: [footage.copy], b: [footage.original] });
      await answers(tab);
      await tab.page.$eval('[data-testid=save-comparison] [data-testid=preview] select', (select) => { /** @type {HTMLSelectElement} */ (select).value = '1'; });
      await tab.page.$eval('[data-testid=save-comparison] [data-testid=preview]', (preview) => { /** @type {HTMLDetailsElement} */ (preview).open = true; });
      await until('what is saved', async () => await tab.page.$('[data-testid=save-comparison] [data-testid=preview-text]') !== null);
      const shown = await tab.page.$eval('[data-testid=save-comparison] [data-testid=preview-text]', (one) => one.textContent);
      const [[file, bytes]] = await tab.saved(1, () => tab.press('save-comparison-json'));
      assert.equal(shown, bytes.toString());
      const [a, b] = await Promise.all([footage.copy, footage.original].map(async (path) => readFingerprint(await cotejoHash(path)).trailer.file));
      assert.equal(file, `cotejo-${a.sha256.slice(0, 12)}-${b.sha256.slice(0, 12)}.json`);
      const record = JSON.parse(bytes.toString());
      assert.deepEqual([record.a.sha256, record.b.sha256], [a.sha256, b.sha256]);
      assert.equal(record.verdict, 'same-footage');
      assert.ok(record.e_value >= 0 && record.e_value < 1e-6);
      const [segment] = record.segments;
      assert.equal(segment.mirrored, true);
      assert.equal(segment.turned, 0);
      for (const view of [segment.a_view, segment.b_view]) assert.ok(view.length === 4 && view.every((/** @type {number} */ part) => part >= 0 && part <= 1));
      assert.ok(!bytes.toString().includes('compare-'), 'no file name');
      await tab.close();
    });

    test('saved as a page: it says the same, loads nothing, and carries no file name', async () => {
      const tab = await open({ a: [footage.copy], b: [footage.original] });
      const [{ sentence }] = await answers(tab);
      await playersOpen(tab);
      await tab.page.$eval('[data-testid=save-comparison] [data-testid=preview]', (preview) => { /** @type {HTMLDetailsElement} */ (preview).open = true; });
      await until('the report', async () => await tab.page.$('[data-testid=save-comparison] [data-testid=preview-report]') !== null);
      const seen = await tab.page.$eval('[data-testid=save-comparison] [data-testid=preview-report]', (one) => one.shadowRoot?.querySelector('.paper')?.innerHTML ?? '');
      // Though the players move on.
      await tab.press('frame-forward');
      const [[file, bytes]] = await tab.saved(1, () => tab.press('save-comparison-html'));
      assert.ok(seen.length > 1000 && bytes.toString().includes(seen), 'the report that was seen is the one that is saved');
      const html = bytes.toString();
      assert.ok(html.includes("default-src 'none'"));
      assert.doesNotMatch(html, /<(script|link|iframe|object|embed|form)\b/i);
      assert.doesNotMatch(html, /(src|href)="(?!data:)|url\(|@import|compare-/);
      assert.equal(html.match(/<img src="data:image\/jpeg/g)?.length, 2);
      await writeFile(join(folder, file), bytes);
      const report = await browser.open(pathToFileURL(join(folder, file)).href);
      assert.equal(await report.page.$eval('.sentence', (line) => line.textContent), sentence);
      assert.ok(await report.page.$$eval('img', (all) => all.every((one) => one.complete && one.naturalWidth > 0)));
      assert.deepEqual(report.said, []);
      await report.close();
      assert.deepEqual(tab.said, []);
      await tab.close();
    });

    test('nothing was asked of the server but the page', () => {
      assert.ok(browser.site.requests.every(({ method, path }) => method === 'GET' && path === '/'), JSON.stringify(browser.site.requests));
    });
  });
}
