// @ts-check
// Every way in which hashing can end without a whole result: each ends in a sentence, and nothing false is shown.
// In Chromium, Firefox and WebKit.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, copyFile, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makeClips } from './clips.mjs';
import { CLIPS, ffmpeg, readFingerprint } from './command.mjs';
import { browsersFor, startBrowser, until } from './page.mjs';

/** In the order in which they are given to the page, an intact file first and last. */
const QUEUE = /** @type {[string, string | null][]} */ ([
  ['h264-bframes.mp4', null],
  ['empty.mp4', 'empty-file'],
  ['garbage.mp4', 'not-a-video'],
  ['text.txt', 'text-file'],
  ['audio-only.mp4', 'no-video-track'],
  ['audio-only.mkv', 'no-video-track'],
  ['cut-index-lost.mp4', 'cut-off-nothing-readable'],
  ['mpeg4.mp4', 'unsupported-codec'],
  ['mpeg4.avi', 'unsupported-container'],
  ['vp8.webm', null],
]);
const CUT = ['cut-faststart.mp4', 'cut-fragmented.mp4', 'cut.mkv', 'cut.webm', 'cut.ts'];
/** Long enough that it is changed before its end, whatever the machine. */
const LONG = join(CLIPS, 'long.mp4');
/** In the part of the file that is read first. */
const EARLY_BYTE = 1_000_000;

before(async () => {
  const needed = [...QUEUE.map(([name]) => name), ...CUT, 'h264-no-bframes.mp4'];
  const paths = await makeClips(CLIPS, { only: ({ name }) => needed.includes(name) });
  await ffmpeg(['-y', '-stream_loop', '39', '-i', String(paths.get('h264-no-bframes.mp4')), '-c', 'copy', '-bitexact', LONG]);
});

/** Whether what became of a file is said in the colour of all summaries. @param {import('./page.mjs').Card} card */
const isCalm = (card) => card.element.evaluate((one) => {
  const [summary, name] = ['summary', 'name'].map((id) => getComputedStyle(/** @type {Element} */ (one.querySelector(`[data-testid=${id}]`))));
  const card = getComputedStyle(one);
  return Number(summary.fontWeight) < Number(name.fontWeight) && card.borderInlineStartColor === card.borderInlineEndColor;
});

const BROWSERS_HERE = browsersFor(import.meta.url);

for (const name of BROWSERS_HERE) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {import('./page.mjs').Tab} */
    let tab;
    /** @type {string} */
    let folder;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cotejo-test-'));
      browser = await startBrowser(name);
      tab = await browser.open();
    });
    after(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** @param {import('./page.mjs').Card} card @param {string} code */
    async function requireSentence(card, code) {
      const failure = await card.failure();
      assert.ok(failure, 'an error is shown');
      assert.equal(failure.code, code);
      const [what, toDo] = failure.sentences;
      assert.ok(what.length > 10 && toDo.length > 10, 'says what is wrong and what to do');
      assert.doesNotMatch(what + toDo, /\{\w+\}|undefined|\bnull\b|NaN/, what + toDo);
      for (const part of ['strip', 'facts', 'save']) assert.equal(await card.text(part), null, `no ${part}`);
      return failure;
    }

    test('files that fail in the middle of a queue each say why, and the others go on', async () => {
      await tab.give(...QUEUE.map(([file]) => join(CLIPS, file)));
      await tab.end();
      for (const [file, code] of QUEUE) {
        const card = await tab.card(file);
        assert.equal(await card.state(), code ? 'failed' : 'done', file);
        if (code) await requireSentence(card, code);
      }
    });

    test('what is no video is told what it is, without alarm and without a way to start again', async () => {
      const others = /** @type {[string, string, string][]} */ ([
        ['letter.pdf', 'pdf-file', '%PDF-1.7\n'], ['clips.zip', 'archive-file', 'PK\x03\x04'.padEnd(400, '\0')],
        ['named-as.mp4', 'text-file', 'só um texto\n'.repeat(9000)], ['nothing.mov', 'empty-file', ''],
      ]);
      for (const [file, code, content] of others) {
        const path = join(folder, file);
        await writeFile(path, content);
        const card = await tab.hash(path);
        await requireSentence(card, code);
        assert.equal(await card.text('again'), null, file);
        assert.ok(await isCalm(card), file);
      }
      assert.ok(!await isCalm(await tab.card('cut-index-lost.mp4')), 'damage is not calm');
    });

    test('a fingerprint that was packed or saved anew on its way is told what it is', async () => {
      const sound = await (await tab.card('vp8.webm')).fingerprint();
      const text = sound.toString();
      const others = /** @type {[string, string, Buffer][]} */ ([
        ['sent.cotejo.gz', 'fingerprint-packed', gzipSync(sound)],
        ['marked.cotejo', 'fingerprint-resaved', Buffer.from(`\ufeff${text}`)],
        ['wide.cotejo', 'fingerprint-resaved', Buffer.from(`\ufeff${text}`, 'utf16le')],
        ['lines.cotejo', 'fingerprint-resaved', Buffer.from(text.replaceAll('\n', '\r\n'))],
        ['other.gz', 'archive-file', gzipSync('something else')],
        ['half.gz', 'archive-file', gzipSync(sound).subarray(0, 12)],
      ]);
      for (const [file, code, bytes] of others) {
        const path = join(folder, file);
        await writeFile(path, bytes);
        await requireSentence(await tab.hash(path), code);
      }
    });

    test('an empty folder says so', { skip: name !== 'chromium' && 'no driver of it drops files' }, async () => {
      const empty = await mkdtemp(join(folder, 'empty-'));
      const session = await tab.page.createCDPSession();
      const data = { items: [], files: [empty], dragOperationsMask: 1 };
      for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
        await session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
      }
      const card = await until('its card', () => tab.card(empty).catch(() => null));
      await card.end();
      await requireSentence(card, 'empty-folder');
    });

    test('files that are cut off give what is there and say so', async () => {
      await tab.give(...CUT.map((file) => join(CLIPS, file)));
      await tab.end();
      for (const file of CUT) {
        const card = await tab.card(file);
        assert.equal(await card.state(), 'done', file);
        assert.ok((await card.problems())['cut-off']?.length > 10, file);
        assert.match(await card.text('summary') ?? '', /incomplete/);
        assert.ok(Number(await card.fact('frames')) > 20, file);
        assert.equal(readFingerprint(await card.fingerprint()).trailer.complete, false);
      }
    });

    /** Starts to hash a copy of LONG and changes it when frames are done. @param {string} copy @param {(path: string) => Promise<unknown>} change */
    async function hashWhileChanging(copy, change) {
      const path = join(folder, copy);
      await copyFile(LONG, path);
      await tab.give(path);
      const card = await tab.card(path);
      await until('the first frames', async () => /[1-9]/.test(await card.text('frames-done') ?? ''));
      assert.equal(await card.state(), 'working', 'it is changed before its end');
      await change(path);
      await card.end();
      return card;
    }

    test('a file that is written over while it is read is no result', async () => {
      const card = await hashWhileChanging('written-over.mp4', async (path) => {
        const file = await open(path, 'r+');
        await file.write(Buffer.from('changed'), 0, 7, EARLY_BYTE);
        await file.close();
      });
      await requireSentence(card, 'file-changed');
    });

    test('a file that grows while it is read is no result, or exactly what it was when it was chosen', async () => {
      const before = await readFile(LONG);
      const card = await hashWhileChanging('grows.mp4', (path) => appendFile(path, 'more'));
      // Firefox reads on within the length that it saw at first and tells nobody of the rest; so does WebKit, if it saw it in time.
      const readsOn = name === 'firefox' || name === 'webkit' && await card.state() === 'done';
      if (!readsOn) await requireSentence(card, 'file-changed');
      else assert.equal(await card.fact('size'), String(before.length));
    });

    test('a file that is cut shorter while it is read is no result', async () => {
      const card = await hashWhileChanging('shrinks.mp4', async (path) => {
        const file = await open(path, 'r+');
        await file.truncate(EARLY_BYTE);
        await file.close();
      });
      await requireSentence(card, 'file-changed');
    });

    test('a damaged fingerprint is refused with the line that is wrong', async () => {
      const sound = await (await tab.card('vp8.webm')).fingerprint();
      const lines = sound.toString().split('\n');
      lines[2] = lines[2].replace('"q":', '"q":7');
      const path = join(folder, 'damaged.cotejo');
      await writeFile(path, lines.join('\n'));
      const failure = await requireSentence(await tab.hash(path), 'fingerprint-damaged');
      assert.match(failure.sentences[0], /line 3/);
    });

    test('a changed hash in a fingerprint is found, and so is a fingerprint that is cut off', async () => {
      const sound = await (await tab.card('vp8.webm')).fingerprint();
      const forged = Buffer.from(sound);
      const at = forged.indexOf('"pdq":"') + 7;
      forged[at] = forged[at] === 0x30 ? 0x31 : 0x30;
      for (const [file, bytes] of Object.entries({ 'forged.cotejo': forged, 'half.cotejo': sound.subarray(0, sound.length / 2) })) {
        const path = join(folder, file);
        await writeFile(path, bytes);
        await requireSentence(await tab.hash(path), 'fingerprint-damaged');
      }
    });

    test('a damaged picture is refused', async () => {
      const path = join(folder, 'damaged.png');
      await writeFile(path, Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)]));
      const card = await tab.hash(path);
      const { code } = await card.failure() ?? {};
      assert.match(String(code), /^picture-/);
      await requireSentence(card, String(code));
    });

    test('nothing was asked of the server but the page, and nothing written to the console', () => {
      assert.deepEqual(browser.site.requests, [{ method: 'GET', path: '/' }]);
      assert.deepEqual(tab.said, []);
    });
  });
}

for (const name of BROWSERS_HERE) {
  test(`${name} without WebAssembly: the page says so at once, and gives the SHA-256`, async () => {
    const browser = await startBrowser(name, { flags: ['--js-flags=--jitless'], settings: { 'javascript.options.wasm': false } });
    try {
      const tab = await browser.open('about:blank');
      // Nothing switches it off in WebKit but iOS's Lockdown Mode, in which it is not there.
      if (name === 'webkit') await tab.page.evaluateOnNewDocument(() => { Reflect.deleteProperty(self, 'WebAssembly'); });
      await tab.page.goto(browser.site.url);
      await until('the notice', () => tab.page.$eval('#without-core', (notice) => notice.checkVisibility()));
      const path = join(CLIPS, 'vp8.webm');
      const failure = await (await tab.hash(path)).failure();
      const sha256 = createHash('sha256').update(await readFile(path)).digest('hex');
      assert.deepEqual([failure?.code, failure?.sha256], ['no-wasm', sha256]);
      assert.deepEqual(tab.said, []);
    } finally {
      await browser.close();
    }
  });
}
