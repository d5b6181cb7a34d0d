// @ts-check
// The core in WebAssembly, in all browsers, gives the native core's results: the same vectors pass, and the same
// pictures and decoded frames make the same fingerprints, byte for byte.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import { launch, serve } from './browsers.mjs';
import { makeClips } from './clips.mjs';
import { CLIPS, ROOT, cotejoHash, ffmpeg, forEachOf, readFingerprint } from './command.mjs';
import { BROWSERS } from './page.mjs';
import { pngOf, scene } from './scene.mjs';

const VECTORS = join(ROOT, 'tests/vectors/pdq');
const ALL_CLASSIC = ['--classic', 'gradient,mean,blockhash,double-gradient'];
const RAW_CLIPS = ['h264-crop-right.mp4', 'vp9-10-bit.mkv'];

/** @typedef {{ seed: number, width: number, height: number, sha256: string, hash: string, quality: number }} Vector */
/** @typedef {typeof import('./core.js')} Core */

/** Everything that a browser fetches. @type {string} */
let folder;
/** @type {Vector[]} */
let vectors;
/** @type {{ file: string, hash: string, quality: number }[]} */
let pictures;
/** Native fingerprints of pictures and clips. @type {Map<string, string>} */
const native = new Map();
/** @type {Awaited<ReturnType<typeof serve>>} */
let site;

/** @param {string} text @returns {any} */
const frameIn = (text) => readFingerprint(Buffer.from(text)).frames[0];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cotejo-core-'));
  vectors = JSON.parse(await readFile(join(VECTORS, 'vectors.json'), 'utf8'));
  pictures = JSON.parse(await readFile(join(VECTORS, 'pictures.json'), 'utf8'));
  await Promise.all([bundleCore(), drawVectors(), copyPictures(), decodeClips()]);
  site = await serve(folder);
});

after(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

async function bundleCore() {
  const wasm = join(ROOT, 'target/wasm');
  await build({
    entryPoints: [join(ROOT, 'tests/browser/core.js')], outfile: join(folder, 'core.js'),
    bundle: true, format: 'iife', globalName: 'core', logLevel: 'error',
    alias: { 'cotejo-wasm/bytes': join(wasm, 'cotejo_bg.wasm'), 'cotejo-wasm': join(wasm, 'cotejo.js') },
    loader: { '.wasm': 'binary' }, define: { 'import.meta.url': '""' },
  });
  await writeFile(join(folder, 'index.html'), '<!doctype html><link rel="icon" href="data:,"><script src="core.js"></script>');
}

async function drawVectors() {
  for (const { seed, width, height, sha256 } of vectors) {
    const pixels = scene(seed, width, height);
    assert.equal(createHash('sha256').update(pixels).digest('hex'), sha256, `scene ${seed} is drawn as the vectors say`);
    await writeFile(join(folder, `${seed}-${width}x${height}.png`), pngOf(pixels, width, height));
  }
}

async function copyPictures() {
  const files = (await readdir(join(VECTORS, 'pictures'))).filter((file) => /\.(png|jpg|webp)$/.test(file));
  await forEachOf(files, async (file) => {
    await copyFile(join(VECTORS, 'pictures', file), join(folder, file));
    native.set(file, (await cotejoHash(join(VECTORS, 'pictures', file))).toString());
  });
}

async function decodeClips() {
  const paths = await makeClips(CLIPS, { only: ({ name }) => RAW_CLIPS.includes(name) });
  for (const name of RAW_CLIPS) {
    const path = String(paths.get(name));
    await copyFile(path, join(folder, basename(path)));
    await ffmpeg(['-i', path, '-map', '0:V:0', '-fps_mode', 'passthrough', '-f', 'rawvideo', join(folder, `${name}.raw`)]);
    native.set(name, (await cotejoHash(path, ALL_CLASSIC)).toString());
  }
}

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof launch>>} */
    let browser;
    /** @type {import('puppeteer-core').Page} */
    let page;
    before(async () => {
      browser = await launch(name);
      ({ page } = await browser.open(site.url));
    });
    after(() => browser?.close());

    /** Fingerprints of several pictures. @param {string[]} files @returns {Promise<string[]>} */
    const hashAll = (files) => page.evaluate(async (urls) => {
      const { core } = /** @type {{ core: Core }} */ (/** @type {unknown} */ (globalThis));
      const texts = [];
      for (const url of urls) texts.push(await core.pictureFingerprint(url));
      return texts;
    }, files);

    test('PDQ of every drawn vector is the reference\'s, hash and quality', async () => {
      const texts = await hashAll(vectors.map(({ seed, width, height }) => `${seed}-${width}x${height}.png`));
      const found = texts.map(frameIn).map(({ pdq, q }) => [pdq, q]);
      assert.deepEqual(found, vectors.map(({ hash, quality }) => [hash, quality]));
    });

    test('PNG, JPEG and WebP files give the command\'s fingerprints and the vectors\' hashes', async () => {
      const files = [...native.keys()].filter((file) => !RAW_CLIPS.includes(file));
      assert.ok(files.length >= 30);
      const texts = new Map((await hashAll(files)).map((text, i) => [files[i], text]));
      for (const file of files) assert.equal(texts.get(file), native.get(file), file);
      // JPEG leaves decoders a level of freedom: tests/pdq_pictures.rs bounds what comes of it.
      for (const { file, hash, quality } of pictures.filter((picture) => !picture.file.endsWith('.jpg'))) {
        const { pdq, q } = frameIn(texts.get(file) ?? '');
        assert.deepEqual([file, pdq, q], [file, hash, quality]);
      }
    });

    for (const clip of RAW_CLIPS) {
      test(`the decoded frames of ${clip} give the command's fingerprint, all classic hashes included`, async () => {
        const expected = native.get(clip) ?? '';
        const { header, frames } = readFingerprint(Buffer.from(expected));
        assert.equal(header.classic.length, 4);
        const { codec, range, width, height, rotation, classic, pixel_format: pixelFormat, time_base: timeBase } = header;
        const headerJson = JSON.stringify({ codec, pixelFormat, range, width, height, rotation, timeBase, classic, tier: 'exact', tierReason: null });
        const text = await page.evaluate((file, json, ticks) => {
          const { core } = /** @type {{ core: Core }} */ (/** @type {unknown} */ (globalThis));
          return core.framesFingerprint(`${file}.raw`, file, json, ticks);
        }, clip, headerJson, frames.map(({ t }) => t));
        assert.deepEqual(text.split('\n'), expected.split('\n'));
      });
    }
  });
}
