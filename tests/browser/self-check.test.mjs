// @ts-check
// The page's check of the browser's decoders: its references equal ffmpeg's output, an honest browser passes, and one
// that alters pixels never gives a wrong exact digest.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { hashesIn } from '../../www/worker/shared/hashes-in.js';
import { makeClips } from './clips.mjs';
import { CLIPS, cotejoHash, ffmpegFramehash, readFingerprint } from './command.mjs';
import { BROWSERS, GIVES_SAMPLES, startBrowser, unless, until } from './page.mjs';
import { nameOf, references, writeReference } from './reference-files.mjs';
import { hurry, openTampered } from './tampered.mjs';

/** One for each codec. */
const FILES = ['h264-bframes.mp4', 'vp8.webm', 'vp9.webm', 'av1.mp4', 'h264.mov'];

/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cotejo-test-'));
  await makeClips(CLIPS, { only: ({ name }) => FILES.includes(name) });
});
after(() => rm(folder, { recursive: true, force: true }));

for (const clip of references) {
  test(`${nameOf(clip)}: ffmpeg and the command find in it what the page expects`, async () => {
    const path = await writeReference(clip, folder);
    const lines = (await ffmpegFramehash(path)).split('\n').filter((line) => line && !line.startsWith('#'));
    assert.deepEqual(lines.map((line) => line.split(/,\s*/).at(-1)), clip.sha256);
    const { pdq, motion, sha256 } = clip;
    assert.deepEqual(hashesIn((await cotejoHash(path)).toString()), { sha256, pdq, motion });
  });
}

function alterOneBit() {
  const copyTo = VideoFrame.prototype.copyTo;
  VideoFrame.prototype.copyTo = async function alter(target, options) {
    const layout = await copyTo.call(this, target, options);
    /** @type {Uint8Array} */ (target)[1000] ^= 1;
    return layout;
  };
}

function addNoise() {
  const copyTo = VideoFrame.prototype.copyTo;
  VideoFrame.prototype.copyTo = async function alter(target, options) {
    const layout = await copyTo.call(this, target, options);
    const bytes = /** @type {Uint8Array} */ (target);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.random() * 256;
    return layout;
  };
}

/** Small videos, as the page's references are, never come to their end. */
function keepSilent() {
  const { configure, flush } = VideoDecoder.prototype;
  const small = new WeakSet();
  VideoDecoder.prototype.configure = function remember(config) {
    if (config.codedWidth === 64) small.add(this);
    configure.call(this, config);
  };
  VideoDecoder.prototype.flush = function wait() {
    return small.has(this) ? new Promise(() => {}) : flush.call(this);
  };
}

/** Kinds of video that a browser decodes: in WebKit H.264, VP8, VP9, AV1 and HEVC, each in 4:2:0 with 8 bits. */
const PASSED_AT_LEAST = { chromium: 16, firefox: 10, webkit: 5 };

for (const name of BROWSERS) {
  describe(name, () => {
    const givesSamples = GIVES_SAMPLES.includes(name);
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;

    before(async () => { browser = await startBrowser(name); });
    after(() => browser?.close());

    test('each kind of video that the browser decodes passes', async () => {
      const tab = await browser.open();
      const paths = await Promise.all(references.map((clip) => writeReference(clip, folder)));
      await tab.give(...paths);
      await tab.end();
      const kinds = { exact: 0, perceptual: 0 };
      for (const [i, clip] of references.entries()) {
        const card = await tab.card(paths[i]);
        if (await card.state() === 'failed') {
          assert.match((await card.failure())?.code ?? '', name === 'webkit' ? /^unsupported-(codec|copy)$/ : /^unsupported-codec$/, nameOf(clip));
          continue;
        }
        const { header, frames } = readFingerprint(await card.fingerprint());
        kinds[/** @type {'exact'} */ (header.tier)]++;
        assert.equal(header.tier_reason, givesSamples ? undefined : 'rgb-frames', nameOf(clip));
        if (givesSamples) assert.deepEqual(frames.map(({ sha256 }) => sha256), clip.sha256, nameOf(clip));
      }
      console.log(name, kinds);
      assert.ok(kinds[givesSamples ? 'exact' : 'perceptual'] >= PASSED_AT_LEAST[name], JSON.stringify(kinds));
      await tab.close();
    });

    test('one bit altered in every frame: perceptual, with the codec and the reason in words', async () => {
      const tab = await openTampered(browser, alterOneBit);
      for (const file of FILES) {
        const card = await tab.hash(join(CLIPS, file));
        assert.equal(await card.fact('tier'), 'perceptual', file);
        const { header, frames } = readFingerprint(await card.fingerprint());
        assert.equal(header.tier_reason, givesSamples ? 'altered-pixels' : 'rgb-frames');
        assert.equal(header.decoder, givesSamples ? 'webcodecs' : 'webcodecs-rgb');
        assert.ok(frames.every(({ sha256 }) => sha256 === undefined));
        const words = await card.element.$eval('[data-testid=facts-tier]', (fact) => fact.parentElement?.textContent ?? '');
        if (givesSamples) assert.match(words, /privacy setting alters pixels of (H\.264 \(AVC\)|VP8|VP9|AV1) video/);
        assert.notEqual(await card.text('exact'), null, `${file}: exact digests by ffmpeg are offered`);
      }
      await tab.close();
    });

    test('altered beyond recognition: no result of this browser, but the offer of ffmpeg, which gives the right one', async () => {
      const tab = await openTampered(browser, addNoise);
      for (const file of FILES) {
        const card = await tab.hash(join(CLIPS, file));
        const failure = await card.failure();
        assert.equal(failure?.code, 'altered-pixels', file);
        assert.match(failure?.sentences[0] ?? '', /alters the pixels of .* video so much/);
        assert.notEqual(await card.text('ffmpeg-offer'), null, file);
      }
      const card = await tab.card(FILES[0]);
      await card.click('load-ffmpeg');
      await until('the result', async () => await card.state() === 'done');
      assert.ok((await card.fingerprint()).equals(await cotejoHash(join(CLIPS, FILES[0]))));
      await tab.close();
    });

    test('a decoder that does not answer is not called exact', async () => {
      const tab = await openTampered(browser, hurry, keepSilent);
      const card = await tab.hash(join(CLIPS, FILES[0]));
      const { header } = readFingerprint(await card.fingerprint());
      assert.equal(header.tier_reason, givesSamples ? 'unverified' : 'rgb-frames');
      await tab.close();
    });

    test('what was found of a decoder is kept for the files after it', { skip: unless(name, { webkit: 'its driver does not hear workers' }) }, async () => {
      const tab = await openTampered(browser, () => {
        const { configure } = VideoDecoder.prototype;
        VideoDecoder.prototype.configure = function count(config) {
          if (config.codedWidth === 64) console.log('checked');
          configure.call(this, config);
        };
      });
      for (const file of ['h264-bframes.mp4', 'h264.mov', 'h264.mov']) await tab.hash(join(CLIPS, file));
      assert.equal(tab.said.filter((line) => line.endsWith('checked')).length, 1);
      await tab.close();
    });
  });
}

test('Firefox that lets no page read its canvas, and WebCodecs only by an exception, gives frames as they are', async () => {
  const browser = await startBrowser('firefox', {
    settings: { 'privacy.fingerprintingProtection': true, 'privacy.fingerprintingProtection.overrides': '+AllTargets,-WebCodecs' },
  });
  try {
    const tab = await browser.open();
    assert.ok(await tab.page.evaluate(isCanvasAltered), 'the setting works');
    for (const file of FILES) {
      const card = await tab.hash(join(CLIPS, file));
      assert.equal(await card.fact('tier'), 'perceptual', file);
    }
  } finally {
    await browser.close();
  }
});

/** In a page: whether a canvas gives other colours than it was given. */
function isCanvasAltered() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 256, height: 256 });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const drawn = context.createImageData(256, 256);
  drawn.data.forEach((_, i) => { drawn.data[i] = i % 4 === 3 ? 255 : (i * 7919) >> 4; });
  context.putImageData(drawn, 0, 0);
  const { data } = context.getImageData(0, 0, 256, 256);
  return data.some((value, i) => value !== drawn.data[i]);
}
