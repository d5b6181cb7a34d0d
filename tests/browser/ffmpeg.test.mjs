// @ts-check
// The ffmpeg route, in all browsers: a video that the browser does not decode waits for ffmpeg, which is loaded only when a person
// says so; then the page's fingerprint is the command's, byte for byte.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { broken, clips, makeClips, scene, svt } from './clips.mjs';
import { ffmpegClips, tiny } from './clips-ffmpeg.mjs';
import { CLIPS, cotejoHashes, ffmpeg, readFingerprint } from './command.mjs';
import { serve } from './browsers.mjs';
import { BROWSERS, DIST, FROM_DISK, GIVES_SAMPLES, MANY_PATIENCE_MS, Tab, startBrowser, unless, until } from './page.mjs';

const FFMPEG_FILE = join(DIST, 'cotejo-ffmpeg.js');
/** What every browser here decodes by itself, in Firefox only perceptually. */
const FAST = 'h264-bframes.mp4';
/** For what @ffmpeg/core has no decoder, the ffmpeg route has one of its own. */
const AV1 = 'av1-10-bit.mp4';
/** Others for which the WebCodecs route has tests of its own; where ffmpeg conceals damage, no two agree. What is sound: firefox.test.mjs. */
const byChoice = broken.filter(({ expect }) => expect.codec && expect.sameAsFfmpeg !== false).map(({ name }) => name);
byChoice.push('hybrid.mp4');
/** Grain is added by the decoder; noise is too much for the bounds in which browsers must agree perceptually. @type {import('./clips.mjs').Clip} */
const GRAIN = { name: 'av1-grain.mp4', what: 'AV1 with film grain', args: [...scene({ then: 'noise=alls=30:allf=t' }), ...svt(), '-svtav1-params', 'film-grain=30'], expect: {} };
byChoice.push(GRAIN.name);
/** Of what waits for ffmpeg elsewhere WebKit decodes this itself, exactly. */
const BY_WEBKIT = ['hevc-8.mp4', 'hevc-8.mkv', 'hevc.ts'];
/** What WebKit refuses, one of each kind. */
const REFUSED_BY_WEBKIT = ['h264-10-bit.mp4', 'h264-422.mp4', 'vp9-10-bit.mkv', AV1];
/** What goes to ffmpeg by choice, or because the browser refuses it. */
const TO_FFMPEG = { chromium: /** @type {string[]} */ ([]), firefox: byChoice, webkit: REFUSED_BY_WEBKIT };
/** Firefox without WebCodecs has the ffmpeg route's own decoder do these. */
const ALL_AV1 = [...clips, GRAIN].map(({ name }) => name).filter((name) => name.startsWith('av1'));
/** All that are hashed. */
const BY_COMMAND = [...new Set([...byChoice, ...REFUSED_BY_WEBKIT, ...ALL_AV1, FAST, ...ffmpegClips.map(({ name }) => name)])];
/** What ffmpeg finds no frame in either. */
const HOPELESS = ['garbage.mp4', 'cut-index-lost.mp4'];
/** What ffmpeg could decode and is not let. @type {import('./clips.mjs').Clip[]} */
const NOT_ALLOWED = [
  { name: 'magicyuv.avi', what: 'MagicYUV', args: [...scene(), '-c:v', 'magicyuv', '-pix_fmt', 'yuv420p'], expect: {} },
  { name: 'magicyuv-second.avi', what: 'the same as a second stream', args: ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=1', '-map', '0', '-map', '0', '-c:v:0', 'mpeg4', '-c:v:1', 'magicyuv', '-pix_fmt', 'yuv420p'], expect: {} },
];
/** Slow enough to be cancelled in the middle, whatever the machine. */
const LONG = join(CLIPS, 'long.avi');

/** @type {Map<string, string>} */
let paths;
/** By path. @type {Map<string, Buffer>} */
let byCommand;

before(async () => {
  const names = new Set([...BY_COMMAND, ...HOPELESS, ...[...NOT_ALLOWED, ...tiny].map(({ name }) => name)]);
  paths = await makeClips(CLIPS, { only: ({ name }) => names.has(name), more: [...ffmpegClips, ...NOT_ALLOWED, ...tiny, GRAIN] });
  byCommand = await cotejoHashes(BY_COMMAND.map((name) => of(paths, name)));
  await ffmpeg(['-y', '-stream_loop', '59', '-i', of(paths, 'h264.avi'), '-c', 'copy', '-bitexact', LONG]);
});

/** @param {string} clip @param {Buffer} page */
function requireTheCommands(clip, page) {
  const command = of(byCommand, of(paths, clip));
  // Lines first: where they differ, they say more than a byte's place.
  assert.deepEqual(page.toString().split('\n'), command.toString().split('\n'));
  assert.ok(page.equals(command));
}

/** In a page, before it begins: what workers say while ffmpeg runs is lost, as if it were stuck. */
function hearNothing() {
  const Real = Worker;
  self.Worker = class extends Real {
    /** @param {(event: MessageEvent) => void} listener */
    set onmessage(listener) {
      let isRunning = false;
      this.addEventListener('message', (event) => {
        if (!isRunning) listener(event);
        isRunning ||= event.data.runs === 'ffmpeg';
      });
    }
  };
}

/** Drops a file on the page: a field of the test's own gives it, as only a person's hand could drop one. @param {Tab} tab @param {string} path */
async function drop({ page }, path) {
  await page.evaluate(() => document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'dropped' })));
  const field = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (await page.$('#dropped'));
  await field.uploadFile(path);
  await field.evaluate((input) => {
    const dataTransfer = new DataTransfer();
    for (const file of input.files ?? []) dataTransfer.items.add(file);
    input.remove();
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
}

/** @template T @param {Map<string, T>} from @param {string} name @returns {T} */
const of = (from, name) => from.get(name) ?? assert.fail(`nothing for ${name}`);

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {import('./page.mjs').Tab} */
    let tab;
    /** @type {string} */
    let folder;
    /** @type {Map<string, Buffer>} */
    let saved;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cotejo-test-'));
      browser = await startBrowser(name);
      tab = await browser.open();
      await tab.give(...ffmpegClips.map((clip) => of(paths, clip.name)));
      await tab.end(MANY_PATIENCE_MS);
    });
    after(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('before it is loaded, each such file says why it failed, and offers ffmpeg with its size and licence', async () => {
      const { length } = await readFile(FFMPEG_FILE);
      for (const clip of ffmpegClips.filter((one) => name !== 'webkit' || !BY_WEBKIT.includes(one.name))) {
        const card = await tab.card(clip.name);
        assert.equal(await card.state(), 'failed', clip.name);
        assert.match(String((await card.failure())?.code), /^(not-a-video|unsupported-.*|cut-off-nothing-readable)$/, clip.name);
        const offer = await card.text('ffmpeg-offer') ?? '';
        assert.match(offer, /GPL/);
        assert.ok(offer.includes(`${(length / 1e6).toFixed(1)}`), offer);
      }
      assert.deepEqual(browser.site.requests, [{ method: 'GET', path: '/' }]);
    });

    test('after one press all of them are hashed', async () => {
      const first = await tab.card(ffmpegClips[0].name);
      await first.click('load-ffmpeg');
      await first.reaches('done');
      await tab.end(MANY_PATIENCE_MS);
      for (const clip of ffmpegClips) assert.equal(await (await tab.card(clip.name)).state(), 'done', clip.name);
      saved = await tab.saveAll(ffmpegClips.length);
      assert.deepEqual(browser.site.requests.map(({ path }) => path), ['/', '/cotejo-ffmpeg.js']);
    });

    for (const clip of ffmpegClips.filter(({ expect }) => expect.sameAsFfmpeg !== false)) {
      test(`${clip.name}: the page's bytes are the command's (${clip.what})`, async () => {
        const { header, trailer } = readFingerprint(of(byCommand, of(paths, clip.name)));
        requireTheCommands(clip.name, of(saved, trailer.file.sha256));
        assert.equal(header.tier, 'exact');
        assert.equal(header.codec, clip.expect.codec);
        assert.equal(header.range, clip.expect.range ?? 'limited');
        assert.equal(header.pixel_format, clip.expect.pixelFormat ?? header.pixel_format);
        assert.equal(trailer.frames, clip.expect.frames ?? trailer.frames);
        const shown = await (await tab.card(clip.name)).problems();
        assert.deepEqual(Object.keys(shown), []);
      });
    }

    for (const clip of ffmpegClips.filter(({ expect }) => expect.sameAsFfmpeg === false)) {
      test(`${clip.name}: says what is wrong, and the digests before the damage are the command's`, async () => {
        const command = readFingerprint(of(byCommand, of(paths, clip.name)));
        const page = readFingerprint(of(saved, command.trailer.file.sha256));
        assert.deepEqual(page.trailer.problems, command.trailer.problems);
        assert.ok(page.trailer.problems.some((/** @type {{ code: string }} */ { code }) => code === clip.expect.problem));
        // What ffmpeg makes of the others depends on the instructions of its processor.
        assert.equal(page.frames.length, command.frames.length);
        const sound = clip.expect.soundFrames ?? assert.fail();
        assert.deepEqual(page.frames.slice(0, sound), command.frames.slice(0, sound));
      });
    }

    test('its representative frames are shown', async () => {
      const card = await tab.card('mjpeg.avi');
      const pictures = () => card.element.$$eval('[data-testid=strip] img', (all) => all.length);
      await until('seven pictures', async () => await pictures() === 7);
    });

    test('what the browser decodes exactly does not take the slow way', { skip: !GIVES_SAMPLES.includes(name) }, async () => {
      const card = await tab.hash(of(paths, FAST));
      assert.equal(await card.text('exact'), null);
      requireTheCommands(FAST, await card.fingerprint());
    });

    for (const clip of TO_FFMPEG[name]) {
      test(`${clip}: by choice, or because the browser refuses it, the page's bytes are the command's`, async () => {
        const card = await tab.hash(of(paths, clip));
        if (await card.fact('tier') === 'perceptual') {
          await card.click('exact');
          await until('the exact result', async () => await card.state() === 'done' && await card.fact('tier') === 'exact');
        }
        assert.equal(await card.text('exact'), null);
        requireTheCommands(clip, await card.fingerprint());
        await card.click('remove');
      });
    }

    test('AV1: its representative frames are shown', { skip: name !== 'firefox' }, async () => {
      const card = await tab.hash(of(paths, AV1));
      await card.click('exact');
      const pictures = () => card.element.$$eval('[data-testid=strip] img', (all) => all.length);
      await until('seven pictures', async () => await card.fact('tier') === 'exact' && await pictures() === 7);
    });

    test('what ffmpeg cannot read either ends in a sentence, without an offer', async () => {
      for (const file of HOPELESS) {
        const card = await tab.hash(of(paths, file));
        assert.equal(await card.state(), 'failed');
        const failure = await card.failure();
        assert.notEqual(failure?.code, 'internal', file);
        assert.match(failure?.sha256 ?? '', /^[0-9a-f]{64}$/);
        assert.equal(await card.text('ffmpeg-offer'), null);
      }
    });

    test('what is too small for it ends in a sentence that says so', async () => {
      for (const clip of tiny) {
        const card = await tab.hash(of(paths, clip.name));
        assert.equal((await card.failure())?.code, clip.expect.failed, clip.name);
        assert.equal(await card.text('ffmpeg-offer'), null);
      }
    });

    test('a decoder that is hardly ever used is not reached, and named', async () => {
      for (const clip of NOT_ALLOWED) {
        const card = await tab.hash(of(paths, clip.name));
        const failure = await card.failure();
        assert.equal(failure?.code, 'decoder-not-allowed', clip.name);
        assert.match(failure?.sentences[0] ?? '', /“magicyuv”/);
        assert.match(failure?.sha256 ?? '', /^[0-9a-f]{64}$/);
        assert.equal(await card.text('ffmpeg-offer'), null);
      }
    });

    test('a playlist is not taken for what it names', async () => {
      const playlist = join(folder, 'playlist.mp4');
      // No text has such a character, but ffmpeg takes it all the same.
      for (const [comment, code] of [['plain', 'text-file'], ['\x01', 'container-not-allowed']]) {
        await writeFile(playlist, `ffconcat version 1.0\n# ${comment}\nfile video\n`);
        assert.equal((await (await tab.hash(playlist)).failure())?.code, code);
      }
    });

    test('a running ffmpeg is cancelled at once, and the next file goes on', async () => {
      await tab.give(LONG);
      const card = await tab.card(LONG);
      await until('the first frames', async () => /^[1-9].* frames/.test(await card.text('frames-done') ?? ''));
      assert.match(await card.text('decoded-by') ?? '', /ffmpeg/);
      await card.click('cancel');
      assert.equal(await card.state(), 'cancelled');
      const next = await tab.hash(of(paths, 'theora.ogv'));
      requireTheCommands('theora.ogv', await next.fingerprint());
    });

    test('from a disk, ffmpeg is chosen as a file, and another file of its length is refused', { skip: unless(name, FROM_DISK) }, async () => {
      const local = await browser.open(String(pathToFileURL(join(DIST, 'index.html'))));
      const card = await local.hash(of(paths, 'mpeg2.mpg'));
      assert.equal(await card.text('load-ffmpeg'), null);
      const forged = join(folder, 'cotejo-ffmpeg.js');
      const bytes = await readFile(FFMPEG_FILE);
      bytes[bytes.length - 20] ^= 1;
      await writeFile(forged, bytes);
      const field = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (await card.element.$('[data-testid=ffmpeg-file]'));
      await field.uploadFile(forged);
      await until('a refusal', async () => /not the one/.test(await card.text('ffmpeg-outcome') ?? ''));
      await field.uploadFile(FFMPEG_FILE);
      await until('the result', async () => await card.state() === 'done');
      requireTheCommands('mpeg2.mpg', await card.fingerprint());
      assert.deepEqual(local.said, []);
      await local.close();
    });

    test('from a disk, ffmpeg may be dropped on the page like a video', { skip: unless(name, FROM_DISK) }, async () => {
      const local = await browser.open(String(pathToFileURL(join(DIST, 'index.html'))));
      const card = await local.hash(of(paths, 'mpeg2.mpg'));
      assert.equal(await card.state(), 'failed');
      await drop(local, FFMPEG_FILE);
      await until('the result', async () => await card.state() === 'done');
      requireTheCommands('mpeg2.mpg', await card.fingerprint());
      assert.equal((await local.page.$$('[data-testid=card]')).length, 1, 'it is no video of its own');
      assert.deepEqual(local.said, []);
      await local.close();
    });

    test('nothing else was asked of the server', () => {
      assert.deepEqual(browser.site.requests.map(({ path }) => path), ['/', '/cotejo-ffmpeg.js']);
    });

    test('an ffmpeg that makes no progress for 20 seconds is stopped, with a sentence', async () => {
      const { page } = await browser.open('about:blank');
      await page.evaluateOnNewDocument(hearNothing);
      await page.goto(browser.site.url);
      const other = new Tab(page, [], browser.downloads);
      const card = await other.hash(LONG);
      await card.click('load-ffmpeg');
      const start = performance.now();
      await until('the end', async () => (await card.failure())?.code === 'decoder-stuck');
      assert.ok(performance.now() - start >= 20_000);
      assert.match((await card.failure())?.sentences[0] ?? '', /20 seconds/);
      await other.close();
    });

    test('the policy lets in ffmpeg from this site, and no other script and no other site', async () => {
      // Trusted Types would refuse every address that this test makes up, the good one too.
      const folder = await mkdtemp(join(tmpdir(), 'cotejo-policy-'));
      const page = await readFile(join(DIST, 'index.html'), 'utf8');
      await writeFile(join(folder, 'index.html'), page.replace("; require-trusted-types-for 'script'", ''));
      await copyFile(FFMPEG_FILE, join(folder, 'cotejo-ffmpeg.js'));
      const [own, other] = [await serve(folder), await serve(DIST)];
      const opened = await browser.open(own.url);
      const sha256 = createHash('sha256').update(await readFile(FFMPEG_FILE)).digest('base64');
      const tries = [[`${other.url}cotejo-ffmpeg.js`, `sha256-${sha256}`], ['index.html', ''], ['cotejo-ffmpeg.js', ''], ['cotejo-ffmpeg.js', `sha256-${sha256}`]];
      const tried = opened.page.evaluate((all) => Promise.all(all.map(([src, integrity]) => new Promise((resolve) => {
        const script = Object.assign(document.createElement('script'), { src, integrity, onload: () => resolve(true), onerror: () => resolve(false) });
        document.head.append(script);
      }))), tries);
      const loaded = await tried.finally(() => Promise.all([opened.close(), own.close(), other.close(), rm(folder, { recursive: true })]));
      assert.deepEqual(loaded, [false, false, false, true]);
      assert.deepEqual(other.requests, []);
      assert.deepEqual(own.requests.map(({ path }) => path), ['/', '/cotejo-ffmpeg.js']);
    });

    test('nothing was written to the console', () => {
      assert.deepEqual(tab.said, []);
    });
  });
}

test('Firefox without WebCodecs (privacy.resistFingerprinting) offers ffmpeg, too, also for AV1', async () => {
  const browser = await startBrowser('firefox', { settings: { 'privacy.resistFingerprinting': true } });
  try {
    const tab = await browser.open();
    const card = await tab.hash(of(paths, FAST));
    assert.equal((await card.failure())?.code, 'no-webcodecs');
    await card.click('load-ffmpeg');
    await until('the result', async () => await card.state() === 'done');
    requireTheCommands(FAST, await card.fingerprint());
    for (const clip of ALL_AV1) requireTheCommands(clip, await (await tab.hash(of(paths, clip))).fingerprint());
  } finally {
    await browser.close();
  }
});
