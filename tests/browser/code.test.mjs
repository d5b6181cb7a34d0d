// @ts-check
// Asking without sending the video: a code goes out, the other person compares, a short text comes back. In all browsers.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import jsQR from 'jsqr';
import { CLIPS, COMMAND } from './command.mjs';
import { makeCopy, makeFootage } from './footage.mjs';
import { BROWSERS, DIST, FROM_DISK, startBrowser, unless, until } from './page.mjs';

/** The clip in question shows the original from here on, in seconds. */
const START_S = 6;
/** Pixels for a square when a QR code is read as a camera reads it. */
const SCALE = 4;

/** @type {{ original: string, clip: string, long: string }} */
let footage;

before(async () => {
  const original = await makeFootage('compare-original.mp4', 20);
  const filter = 'crop=iw*0.75:ih*0.75,hflip';
  const again = 'fps=5,scale=96:-2,loop=loop=40:size=100,setpts=N/5/TB';
  footage = {
    original,
    clip: await makeCopy(original, 'compare-copy.mp4', { start: START_S, seconds: 8, filter }),
    long: await makeCopy(original, 'code-long.mp4', { start: 0, seconds: 20, filter: again }),
  };
});

/** @param {import('./page.mjs').Tab} tab @param {string} id */
const textOf = (tab, id) => tab.page.$eval(`[data-testid=${id}]`, (found) => found.textContent ?? '');

/** @param {import('./page.mjs').Tab} tab @param {string} id */
const fieldOf = (tab, id) => tab.page.$eval(`textarea[data-testid=${id}]`, (field) => /** @type {HTMLTextAreaElement} */ (field).value);

/** @param {import('./page.mjs').Tab} tab @param {string} selector of a part that folds */
const openPart = (tab, selector) => tab.page.$eval(selector, (part) => { /** @type {HTMLDetailsElement} */ (part).open = true; });

/** In the page: fields whose content browsers keep to bring it back with the tab. */
function rememberedFields() {
  const fields = [...document.querySelectorAll('input, select, textarea')];
  return fields.filter((field) => field.getAttribute('autocomplete') !== 'off').map((field) => field.outerHTML.slice(0, 100));
}

/** Hashes the clip and opens what there is to send. @param {import('./page.mjs').Tab} tab */
async function ask(tab) {
  await tab.page.bringToFront();
  await tab.hash(footage.clip);
  await openPart(tab, '[data-testid=ask]');
  await tab.page.waitForSelector('[data-testid=ask-message]');
}

/** @param {import('./page.mjs').Tab} tab @param {string} path */
async function putIntoB(tab, path) {
  await tab.put('b', path);
  await until('the answer', () => tab.page.$('[data-testid=answer][data-state=done]'));
}

/** What a camera reads off the QR code. @param {import('./page.mjs').Tab} tab */
async function scanned(tab) {
  const { path, side } = await tab.page.$eval('[data-testid=ask-qr]', (svg) => ({
    path: svg.querySelector('path')?.getAttribute('d') ?? '',
    side: Number(svg.getAttribute('viewBox')?.split(' ')[2]),
  }));
  const pixels = new Uint8ClampedArray((side * SCALE) ** 2 * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h/g))
    for (let i = 0; i < SCALE * SCALE; i++) {
      const at = (Number(y) * SCALE + Math.floor(i / SCALE)) * side * SCALE + Number(x) * SCALE + (i % SCALE);
      pixels.fill(0, 4 * at, 4 * at + 3);
    }
  return jsQR(pixels, side * SCALE, side * SCALE)?.data;
}

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    before(async () => { browser = await startBrowser(name); });
    after(() => browser?.close());

    test('a link carries the question, and the other side compares and answers', async () => {
      const asking = await browser.open();
      await ask(asking);
      const link = await fieldOf(asking, 'ask-link');
      assert.match(link, new RegExp(`^${browser.site.url}#cotejo1-[a-z2-7]+$`));
      assert.ok(link.length < 4000, `${link.length} characters`);
      assert.ok((await fieldOf(asking, 'ask-message')).endsWith(link));
      assert.equal((await scanned(asking))?.toLowerCase(), link);
      await asking.page.select('[data-testid=language-of]', 'es');
      assert.match(await fieldOf(asking, 'ask-message'), /^Este es el código de un vídeo\. .* http\S+#cotejo1-/);
      const reference = /[0-9a-f]{8}/.exec(await textOf(asking, 'ask-reference'))?.[0] ?? 'none';
      assert.deepEqual(await asking.page.evaluate(rememberedFields), [], 'what a browser would write to disk with its tabs');
      assert.deepEqual(asking.said, []);

      const asked = await browser.open(link);
      await asked.page.bringToFront();
      await asked.page.waitForSelector('[data-testid=question]:not([hidden])');
      await asked.page.waitForSelector('[data-testid=place-a] [data-state=done]');
      const shown = await asked.page.$$eval('#compare :is(button, .button, summary)', (all) => all.filter((one) => one.checkVisibility()).map((one) => one.textContent));
      assert.deepEqual(shown, ['Take out', 'Choose files'], 'one thing is left to do');
      assert.equal(asked.page.url(), browser.site.url, 'the address keeps nothing of the code');
      await putIntoB(asked, footage.original);
      assert.equal(await asked.page.$eval('[data-testid=answer]', (card) => /** @type {HTMLElement} */ (card).dataset.verdict), 'same-footage');
      assert.match(await textOf(asked, 'sentence'), /from 0:0[56]\.\d to 0:1[34]\.\d, mirrored/);
      const isWarnedFirst = await asked.page.$eval('[data-testid=reply]', (reply) => {
        const [care, copy] = ['reply-care', 'copy'].map((id) => reply.querySelector(`[data-testid=${id}]`));
        return care && copy && Boolean(care.compareDocumentPosition(copy) & Node.DOCUMENT_POSITION_FOLLOWING);
      });
      assert.ok(isWarnedFirst, 'what an answer gives away is said before it can be copied');
      const reply = await textOf(asked, 'reply-text');
      assert.match(reply, new RegExp(`your code ${reference} \\(0:08\\.0\\): I have the same footage\\. 0:0\\d\\.\\d to 0:0[78]\\.\\d of yours`));
      await asked.page.select('[data-testid=reply] [data-testid=language-of]', 'es');
      assert.deepEqual(await asked.page.evaluate(rememberedFields), []);
      assert.match(await textOf(asked, 'reply-text'), /Tengo las mismas imágenes/);
      assert.match(await textOf(asked, 'verdict'), /Same footage/);
      assert.doesNotMatch(reply, /compare-original|0:1\d/, 'nothing of the answerer\'s file');
      assert.deepEqual(asked.said, []);
      await Promise.all([asking.page.close(), asked.page.close()]);
    });

    test('a message with a code can be entered, or be a file, and is compared', async () => {
      const asking = await browser.open();
      await ask(asking);
      const message = `${await fieldOf(asking, 'ask-message')}\nThanks!`;
      await asking.page.close();

      const tab = await browser.open();
      await tab.page.bringToFront();
      await tab.press('to-code');
      assert.ok(await tab.page.$eval('[data-testid=code-a]', (field) => field.checkVisibility() && field === document.activeElement), 'from the first page straight to the field');
      await tab.page.$eval('[data-testid=code-a]', (field, text) => { /** @type {HTMLTextAreaElement} */ (field).value = text; }, message);
      await tab.press('code-use-a');
      await tab.page.waitForSelector('[data-testid=place-a] [data-state=done]');
      await putIntoB(tab, footage.original);
      assert.match(await textOf(tab, 'verdict'), /Same footage/);
      await tab.page.close();

      const path = join(CLIPS, `message-${name}.txt`);
      await writeFile(path, message);
      const other = await browser.open();
      const card = await other.hash(path);
      await card.element.waitForSelector('[data-testid=code-compare]');
      assert.match(await textOf(other, 'summary'), /^Code · 8 sec/);
      await other.press('code-compare');
      await putIntoB(other, footage.original);
      assert.match(await textOf(other, 'verdict'), /Same footage/);
      await other.page.close();
    });

    test('a code that was cut off gives way to the whole one, in either place', async () => {
      const asking = await browser.open();
      await ask(asking);
      const message = await fieldOf(asking, 'ask-message');
      await asking.page.close();
      const tab = await browser.open();
      await tab.page.bringToFront();
      await tab.press('mode-compare');
      for (const place of ['a', 'b']) {
        const states = () => tab.page.$$eval(`[data-testid=place-${place}] [data-testid=place-file]`, (all) => all.map((one) => /** @type {HTMLElement} */ (one).dataset.state).join());
        for (const [text, state] of [[message.slice(0, -300), 'failed'], [message.slice(0, -200), 'failed'], [message, 'done']]) {
          await tab.page.$eval(`[data-testid=code-${place}]`, (field, entered) => { /** @type {HTMLTextAreaElement} */ (field).value = entered; }, text);
          await tab.press(`code-use-${place}`);
          await until(`one code that is ${state}`, async () => await states() === state);
        }
      }
      assert.equal(await tab.page.$('[data-testid=card][data-state=failed]'), null, 'nor is it left in the first mode');
      await tab.page.close();
    });

    test('of a video longer than ten minutes, a part is asked about', async () => {
      const tab = await browser.open();
      await tab.page.bringToFront();
      await tab.hash(footage.long);
      await openPart(tab, '[data-testid=ask]');
      const make = async (/** @type {string} */ start, /** @type {string} */ end) => {
        await tab.page.$eval('[data-testid=ask-start]', (field, time) => { /** @type {HTMLInputElement} */ (field).value = time; }, start);
        await tab.page.$eval('[data-testid=ask-end]', (field, time) => { /** @type {HTMLInputElement} */ (field).value = time; }, end);
        await tab.press('ask-make');
      };
      const says = (/** @type {string} */ words) => until(words, async () => (await textOf(tab, 'ask')).includes(words));
      for (const [start, end] of [['0:00', '10:01'], ['1:00:00', '1:00:10'], ['0:20', '0:10'], ['soon', '0:10'], ['0.10', '0.40']]) {
        await make(start, end);
        await says('Write two times within the video');
        await make('11:10', '11:20');
        await says('of the part from 11:10 to 11:20.');
      }
      const child = execFile(COMMAND, ['inspect', '--json', '-']);
      child.stdin?.end(await fieldOf(tab, 'ask-message'));
      const { facts } = JSON.parse(await text(/** @type {import('node:stream').Readable} */ (child.stdout)));
      assert.equal(facts.durationS, 10);
      assert.deepEqual(tab.said, []);
      await tab.page.close();
    });

    test('a code too long for one message is sent in several, and entered in any order', async () => {
      const tab = await browser.open();
      await tab.page.bringToFront();
      await tab.hash(footage.long);
      await openPart(tab, '[data-testid=ask]');
      await tab.page.$eval('[data-testid=ask-end]', (field) => { /** @type {HTMLInputElement} */ (field).value = '10:00'; });
      await tab.press('ask-make');
      await tab.page.waitForSelector('textarea[data-testid=ask-part-2]');
      const messages = await tab.page.$$eval('textarea[data-testid^=ask-part-]', (all) => all.map((field) => /** @type {HTMLTextAreaElement} */ (field).value));
      assert.ok(messages.every(({ length }) => length < 4096), messages.map(({ length }) => length).join());
      const chat = messages.map((message) => `[22/11/26, 08:12] Anna: ${message}`).reverse();

      await tab.press('mode-compare');
      const enter = async (/** @type {string[]} */ lines) => {
        await openPart(tab, '[data-testid=place-a] .enter-code');
        await tab.page.$eval('[data-testid=code-a]', (field, words) => { /** @type {HTMLTextAreaElement} */ (field).value = words; }, lines.join('\n'));
        await tab.press('code-use-a');
      };
      await enter(chat.slice(0, -1));
      await until('what is missing', async () => (await textOf(tab, 'place-a')).includes(`Part 1 of ${messages.length} is missing.`));
      await enter(chat);
      await tab.page.waitForSelector('[data-testid=place-a] [data-state=done]');
      assert.match(await textOf(tab, 'place-a'), /Code · 10 min/);
      assert.deepEqual(tab.said, []);
      await tab.page.close();
    });

    test('a damaged code, one of another version, and a text without any end in a sentence', async () => {
      const tab = await browser.open();
      await tab.page.bringToFront();
      await tab.press('mode-compare');
      const enter = async (/** @type {string} */ text) => {
        await openPart(tab, '[data-testid=place-a] .enter-code');
        await tab.page.$eval('[data-testid=code-a]', (field, words) => { /** @type {HTMLTextAreaElement} */ (field).value = words; }, text);
        await tab.press('code-use-a');
      };
      await enter('hello');
      await until('the refusal', () => tab.page.$eval('[data-testid=place-a]', (place) => place.textContent?.includes('There is no code in this text')));
      for (const [text, words] of [
        ['cotejo1-abcdefgh', 'This code is incomplete, or was changed on its way.'],
        ['cotejo1-', 'This code is incomplete, or was changed on its way.'],
        ['cotejo7-abcdefgh', 'This code was made by another version of Cotejo'],
      ]) {
        await enter(text);
        await until(words, () => tab.page.$eval('[data-testid=place-a]', (place, said) => place.textContent?.includes(said), words));
      }
      assert.deepEqual(tab.said, []);
      await tab.page.close();
    });

    test('a page from disk gives the code without a link', { skip: unless(name, FROM_DISK) }, async () => {
      const tab = await browser.open(pathToFileURL(join(DIST, 'index.html')).href);
      await ask(tab);
      assert.equal(await tab.page.$('[data-testid=ask-link]'), null);
      const message = await fieldOf(tab, 'ask-message');
      assert.match(message, / cotejo1-[a-z2-7]+$/);
      assert.doesNotMatch(message, /file:/);
      assert.equal((await scanned(tab))?.toLowerCase(), message.split(' ').at(-1));
      await tab.page.close();
    });
  });
}
