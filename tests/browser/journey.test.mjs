// @ts-check
// Uses the page like a person, from the first file to the last saved one, in all browsers.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { makeClips } from './clips.mjs';
import { CLIPS, ROOT, cotejoHash, ffmpeg, readFingerprint } from './command.mjs';
import { BROWSERS, DIST, FROM_DISK, GIVES_SAMPLES, TEST_PATIENCE_MS, startBrowser, unless, until } from './page.mjs';

const run = promisify(execFile);

const MAIN = join(CLIPS, 'av1.mp4');
const OTHER = join(CLIPS, 'h264-variable-rate.mkv');
const LONG = join(CLIPS, 'long.mp4');
/** How often LONG shows its source, and the frames of that. */
const [LONG_TURNS, SOURCE_FRAMES] = [40, 75];
const PICTURES = join(ROOT, 'tests/vectors/pdq/pictures');
/** The strip shows this many frames. */
const STRIP = 7;

before(async () => {
  const paths = await makeClips(CLIPS, { only: ({ name }) => ['av1.mp4', 'h264-variable-rate.mkv', 'h264-no-bframes.mp4'].includes(name) });
  const source = String(paths.get('h264-no-bframes.mp4'));
  await ffmpeg(['-y', '-stream_loop', String(LONG_TURNS - 1), '-i', source, '-c', 'copy', '-bitexact', LONG]);
});

for (const name of BROWSERS) {
  const isExact = GIVES_SAMPLES.includes(name);

  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {import('./page.mjs').Tab} */
    let tab;
    /** The card of MAIN, done. @type {import('./page.mjs').Card} */
    let card;
    /** Its fingerprint as saved. @type {Buffer} */
    let fingerprint;
    /** @type {string} */
    let folder;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cotejo-test-'));
      browser = await startBrowser(name);
      tab = await browser.open();
      card = await tab.hash(MAIN);
      fingerprint = await card.fingerprint();
    });
    after(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('an empty page becomes a working one and then a done one', async () => {
      const fresh = await browser.open();
      assert.equal(await fresh.page.$eval('body', (body) => body.dataset.state), 'empty');
      await fresh.give(OTHER);
      await fresh.end();
      assert.equal(await (await fresh.card(OTHER)).state(), 'done');
      await fresh.close();
    });

    test('the facts are those of the fingerprint', async () => {
      const { header, trailer } = readFingerprint(fingerprint);
      assert.equal(await card.text('facts-sha256'), trailer.file.sha256);
      const facts = { size: trailer.file.bytes, container: 'mp4', codec: 'av1', pixels: header.pixel_format, visible: '320x240', rotation: 0, frames: 75, rate: 'constant', tier: isExact ? 'exact' : 'perceptual' };
      for (const [fact, value] of Object.entries(facts)) assert.equal(await card.fact(fact), String(value), fact);
      assert.ok(Math.abs(Number(await card.fact('duration')) - 3) < 0.05);
    });

    test('CSV and vPDQ text hold every frame of the fingerprint', async () => {
      const { frames } = readFingerprint(fingerprint);
      const csv = (await card.save('csv')).bytes;
      const vpdq = (await card.save('vpdq')).bytes;
      const rows = csv.toString().trimEnd().split('\n').map((line) => line.split(','));
      assert.deepEqual(rows[0], ['frame', 'time_s', 'pdq', 'quality', 'sha256', 'gradient']);
      assert.deepEqual(rows.slice(1).map((row) => [row[2], Number(row[3]), row[4]]), frames.map(({ pdq, q, sha256 = '' }) => [pdq, q, sha256]));
      const features = vpdq.toString().trimEnd().split('\n').map((line) => line.split(','));
      assert.deepEqual(features.map(([index, q, pdq]) => [Number(index), Number(q), pdq]), frames.map(({ q, pdq }, i) => [i, q, pdq]));
      if (!isExact) return;
      assert.ok(csv.equals(await cotejoHash(MAIN, ['--format', 'csv'])));
      assert.ok(vpdq.equals(await cotejoHash(MAIN, ['--format', 'vpdq'])));
    });

    test('names are neutral; with the file\'s own name the SHA-256 line passes sha256sum --check', async () => {
      const neutral = `cotejo-${readFingerprint(fingerprint).trailer.file.sha256.slice(0, 12)}`;
      const unnamed = await card.save('sha256sum');
      assert.equal(unnamed.name, `${neutral}.sha256`);
      assert.equal(unnamed.bytes.toString().trimEnd().slice(64), `  ${neutral}.mp4`);
      await card.click('use-name');
      const { name: saved, bytes } = await card.save('sha256sum');
      await card.click('use-name');
      assert.equal(saved, 'av1.sha256');
      await writeFile(join(folder, saved), bytes);
      const { stdout } = await run('sha256sum', ['--check', join(folder, saved)], { cwd: CLIPS });
      assert.equal(stdout, 'av1.mp4: OK\n');
    });

    test('what is saved is shown before: its name and its bytes, of long ones both ends', async () => {
      const preview = (/** @type {number} */ choice) => card.element.evaluate((element, index) => {
        const details = /** @type {HTMLDetailsElement} */ (element.querySelector('[data-testid=preview]'));
        const select = /** @type {HTMLSelectElement} */ (details.querySelector('select'));
        details.querySelector('[data-testid=preview-text]')?.remove();
        select.value = String(index);
        if (details.open) select.dispatchEvent(new Event('change'));
        else details.open = true;
      }, choice);
      for (const [choice, format] of ['fingerprint', 'csv', 'sha256sum', 'vpdq'].entries()) {
        await preview(choice);
        await until('the text', async () => await card.text('preview-text') !== null);
        const [shown, { name, bytes }] = [String(await card.text('preview-text')), await card.save(format)];
        assert.ok(String(await card.text('preview')).includes(name), format);
        const [head, tail] = shown.split(/\n\n… .* …\n\n/);
        if (tail === undefined) assert.equal(shown, bytes.toString());
        else assert.ok(head.length > 20_000 && bytes.toString().startsWith(head) && tail.length > 1000 && bytes.toString().endsWith(tail), format);
      }
      // Another name is shown at once.
      const isNamed = async () => String(await card.text('preview')).includes('av1.');
      await card.click('use-name');
      await until('the file\'s own name', isNamed);
      await card.click('use-name');
      await until('the neutral name', async () => !await isNamed());
    });

    test('the strip shows seven frames, the first among them, and saves them as PNG by time and hash', async () => {
      await card.element.waitForSelector(`[data-testid=strip][data-pictures="${STRIP}"]`, { timeout: TEST_PATIENCE_MS });
      const pictures = await tab.saved(STRIP, () => card.click('save-frames'));
      const { header: { time_base: [up, down] }, frames } = readFingerprint(fingerprint);
      const indexes = [];
      for (const [saved, png] of pictures) {
        const index = frames.findIndex(({ t, pdq }) => saved === `frame-${(t * up / down).toFixed(3).padStart(10, '0')}s-${pdq.slice(0, 16)}.png`);
        assert.ok(index >= 0, `${saved} names a frame`);
        indexes.push(index);
        // Chromium 1 level, Firefox, which makes its own RGB, 2.
        const levels = await worstDifference(png, index, join(folder, saved));
        assert.ok(levels <= (isExact ? 2 : 4), `${saved}: ${levels} levels from ffmpeg's`);
      }
      assert.equal(new Set(indexes).size, STRIP);
      assert.ok(indexes.includes(0));
    });

    /** The largest difference to ffmpeg's own picture, chroma repeated. @param {Buffer} png @param {number} index @param {string} path */
    async function worstDifference(png, index, path) {
      await writeFile(path, png);
      const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
      const ours = await ffmpeg(['-i', path, ...raw]);
      const filter = `select=eq(n\\,${index}),scale=flags=neighbor+accurate_rnd+full_chroma_int`;
      const theirs = await ffmpeg(['-i', MAIN, '-vf', filter, '-frames:v', '1', ...raw]);
      assert.equal(ours.length, theirs.length);
      return ours.reduce((worst, level, i) => Math.max(worst, Math.abs(level - theirs[i])), 0);
    }

    test('a saved fingerprint opens again, and is saved with the same bytes', async () => {
      const path = join(folder, 'saved.cotejo');
      await writeFile(path, fingerprint);
      const opened = await tab.hash(path);
      assert.equal(await opened.state(), 'done');
      assert.ok(await opened.text('no-strip'));
      assert.equal(await opened.text('facts-sha256'), await card.text('facts-sha256'));
      assert.equal(await opened.fact('frames'), '75');
      assert.ok((await opened.fingerprint()).equals(fingerprint));
    });

    for (const picture of ['00-rgb.png', '04-lossless.webp', '08-420.jpg', 'bridge.jpg']) {
      test(`a picture: ${picture} gives the command's fingerprint`, async () => {
        const path = join(PICTURES, picture);
        const shown = await tab.hash(path);
        const bytes = await shown.fingerprint();
        assert.ok(bytes.equals(await cotejoHash(path)));
        assert.equal(await shown.text('facts-pdq'), readFingerprint(bytes).frames[0].pdq);
        assert.ok(await shown.text('picture') !== null);
      });
    }

    test('a cancelled run keeps nothing; started again it gives what it would have given', async () => {
      await tab.give(LONG);
      const long = await tab.card(LONG);
      await until('the first frames', async () => /[1-9]/.test(await long.text('frames-done') ?? ''));
      await long.click('cancel');
      await long.reaches('cancelled');
      assert.ok(await long.text('cancelled'));
      assert.equal(await long.text('save'), null);
      await long.click('again');
      assert.equal(await long.end(), 'done');
      const again = await long.fingerprint();
      const untouched = await browser.open();
      const expected = isExact ? await cotejoHash(LONG) : await (await untouched.hash(LONG)).fingerprint();
      await untouched.close();
      assert.ok(again.equals(expected));
      assert.equal(readFingerprint(again).trailer.frames, LONG_TURNS * SOURCE_FRAMES);
    });

    test('the table of a long result scrolls to its last row and goes to any', async () => {
      // Tables are drawn for eyes: a tab in the background has none.
      await tab.page.bringToFront();
      const long = await tab.card(LONG);
      if (await long.text('more')) await long.click('more');
      await long.click('table-open');
      const table = await long.element.waitForSelector('[data-testid=table]', { visible: true });
      assert.ok(table);
      const isShown = (/** @type {number} */ index) => table.evaluate((scroller, row) => {
        const found = scroller.querySelector(`[role=row][aria-rowindex="${row}"]:not([hidden])`)?.getBoundingClientRect();
        const view = scroller.getBoundingClientRect();
        return Boolean(found && found.top >= view.top - 1 && found.bottom <= view.bottom + 1);
      }, index + 2);
      const { frames } = readFingerprint(await long.fingerprint());
      const hasValues = (/** @type {number} */ index) => table.evaluate((scroller, row, expected) => {
        const cells = scroller.querySelectorAll(`[role=row][aria-rowindex="${row}"]:not([hidden]) [role=cell]`);
        return expected.every((words, column) => cells[2 + column].textContent === words);
      }, index + 2, [String(frames[index].q), frames[index].pdq, ...(isExact ? [frames[index].sha256] : [])]);
      const last = LONG_TURNS * SOURCE_FRAMES - 1;
      await until('the first row', () => isShown(0));
      await until('its hashes', () => hasValues(0));
      await table.evaluate((scroller) => { scroller.scrollTop = scroller.scrollHeight; });
      await until('the last row', () => isShown(last));
      await until('its hashes', () => hasValues(last));
      const rows = await table.$$eval('[role=row]', (all) => all.length);
      assert.ok(rows < 100, `${rows} rows exist`);
      const field = await long.element.$('[data-testid=table-go]');
      await field?.type('1234');
      await field?.press('Enter');
      await until('row 1234', () => isShown(1234));
      await until('its hashes', () => hasValues(1234));
    });

    test('two files at once on two pages at once give the same fingerprints', async () => {
      const other = await browser.open();
      await tab.press('remove-all');
      await Promise.all([other.give(MAIN, OTHER), tab.give(OTHER, MAIN)]);
      await Promise.all([other.end(), tab.end()]);
      const [one, two] = [await other.saveAll(2), await tab.saveAll(2)];
      for (const [sha256, bytes] of one) assert.ok(two.get(sha256)?.equals(bytes));
      assert.ok(one.get(readFingerprint(fingerprint).trailer.file.sha256)?.equals(fingerprint));
      await other.close();
    });

    for (const way of ['drop', 'paste']) {
      const skip = way === 'paste' && unless(name, { firefox: 'no script can make a paste that carries files' });
      test(`a file can be given by ${way}`, { skip }, async () => {
        const base64 = (await readFile(MAIN)).toString('base64');
        await tab.page.evaluate((text, fileName, kind) => {
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], fileName));
          const event = kind === 'drop' ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
            : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true });
          document.body.dispatchEvent(event);
        }, base64, `${way}-${basename(MAIN)}`, way);
        const given = await until('its card', () => tab.card(`${way}-${basename(MAIN)}`).catch(() => null));
        assert.equal(await given.end(), 'done');
        assert.ok((await given.fingerprint()).equals(fingerprint));
      });
    }

    test('opened from a disk the page does the same', { skip: unless(name, FROM_DISK) }, async () => {
      const local = await browser.open(pathToFileURL(join(DIST, 'index.html')).href);
      assert.ok((await (await local.hash(MAIN)).fingerprint()).equals(fingerprint));
      assert.deepEqual(local.said, []);
      await local.close();
    });

    test('opened from a disk where no file can be read, the page says so', { skip: name !== 'webkit' }, async () => {
      const local = await browser.open(pathToFileURL(join(DIST, 'index.html')).href);
      for (const path of [MAIN, join(PICTURES, 'bridge.jpg')]) assert.equal((await (await local.hash(path)).failure())?.code, 'unreadable-from-disk');
      assert.deepEqual(local.said, []);
      await local.close();
    });

    test('nothing was asked of the server but the page, and nothing written to the console', () => {
      assert.ok(browser.site.requests.every(({ method, path }) => method === 'GET' && path === '/'), JSON.stringify(browser.site.requests));
      assert.deepEqual(tab.said, []);
    });
  });
}
