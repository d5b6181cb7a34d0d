// @ts-check
// The page's fingerprints in Chromium and WebKit equal the command's, byte for byte, and all have ffmpeg's own digests.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { broken, clips, makeClips } from './clips.mjs';
import { CLIPS, cotejoHashes, ffmpegFramehash, readFingerprint } from './command.mjs';
import { BROWSERS, GIVES_SAMPLES, MANY_PATIENCE_MS, startBrowser } from './page.mjs';

/** @typedef {import('./clips.mjs').Clip} Clip */

/** The product's promise is 30; clips may be added, and none of these may be lost. */
const IDENTICAL_AT_LEAST = 30;

/** What WebKit refuses although Chromium does not: it does not decode it, or keeps its frames to itself. @type {{ [clip: string]: string }} */
const REFUSED_BY_WEBKIT = {
  'h264-10-bit.mp4': 'unsupported-copy',
  'h264-422.mp4': 'unsupported-copy',
  'h264-422-10-bit.mov': 'unsupported-copy',
  'h264-444.mp4': 'unsupported-copy',
  'h264-444-odd.mp4': 'unsupported-copy',
  'h264-444-called-rgb.mp4': 'unsupported-copy',
  'h264-crop-left-top.mp4': 'unsupported-crop',
  'h264-wide-pixels.mp4': 'unsupported-crop',
  'h264-rgb.mp4': 'unsupported-copy',
  'h264-rgb-called-bt709.mp4': 'unsupported-copy',
  'av1-10-bit.mp4': 'unsupported-copy',
  'av1-identity.mp4': 'unsupported-codec',
  'av1-rgb.mp4': 'unsupported-codec',
  'vp9-10-bit.mkv': 'unsupported-codec',
  'vp9-444.webm': 'unsupported-codec',
  'vp9-444-called-rgb.mp4': 'unsupported-codec',
  'vp9-rgb.webm': 'unsupported-codec',
  'vp9-rgb-10-bit.mkv': 'unsupported-codec',
  'vp9-rgb-called-bt709.mp4': 'unsupported-codec',
};
/** What only WebKit decodes. */
const ONLY_BY_WEBKIT = ['hevc.mp4'];
/** WebKit stumbles over what begins at a recovery point, and the page says so. */
const DAMAGED_IN_WEBKIT = ['h264-recovery-point.mkv'];

const all = [...clips, ...broken];
const hashed = all.filter(({ name, expect }) => !expect.failed || ONLY_BY_WEBKIT.includes(name));

/** What becomes of a clip in a browser. @param {import('./page.mjs').BrowserName} browser @param {Clip} clip */
function endOf(browser, { name, expect }) {
  const isOnly = ONLY_BY_WEBKIT.includes(name);
  if (browser === 'webkit') return { failed: isOnly ? undefined : expect.failed ?? REFUSED_BY_WEBKIT[name], isDamaged: expect.sameAsFfmpeg === false || DAMAGED_IN_WEBKIT.includes(name) };
  return { failed: expect.failed, isDamaged: expect.sameAsFfmpeg === false };
}

/** @type {Map<string, string>} */
let paths;
/** Fingerprints by path. @type {Map<string, Buffer>} */
let byCommand;
/** Also by path. @type {Map<string, Buffer>} */
let framehashes;

/** @param {Clip} clip */
const pathOf = ({ name }) => /** @type {string} */ (paths.get(name));
/** @param {Map<string, Buffer>} from @param {Clip} clip */
const fingerprintOf = (from, clip) => from.get(pathOf(clip)) ?? assert.fail(`no fingerprint of ${clip.name}`);
/** @param {Clip} clip */
const sha256Of = async (clip) => createHash('sha256').update(await readFile(pathOf(clip))).digest('hex');

before(async () => {
  paths = await makeClips(CLIPS);
  const files = hashed.map(pathOf);
  [byCommand, framehashes] = [await cotejoHashes(files), await cotejoHashes(files, '.framehash')];
});

for (const clip of hashed) {
  test(`${clip.name}: cotejo hash --format framehash writes what ffmpeg prints`, async () => {
    const command = fingerprintOf(framehashes, clip).toString().split('\n');
    const ffmpeg = (await ffmpegFramehash(pathOf(clip))).split('\n');
    // Where the picture changes its size ffmpeg goes on, with scaled frames; the command stops.
    const isCut = clip.expect.problem === 'size-changes';
    if (isCut) assert.equal(command.pop(), '');
    assert.deepEqual(command, isCut ? ffmpeg.slice(0, command.length) : ffmpeg);
  });
}

/** What the clip was made to be is what the fingerprint says. @param {Clip} clip @param {Buffer} bytes */
function requireFacts({ expect }, bytes) {
  const { header, frames, trailer } = readFingerprint(bytes);
  assert.equal(header.tier, 'exact');
  assert.equal(header.codec, expect.codec);
  assert.equal(header.pixel_format, expect.pixelFormat ?? header.pixel_format);
  assert.equal(header.range, expect.range ?? 'limited');
  assert.equal(header.rotation, expect.rotation ?? 0);
  assert.equal(header.mirrored, expect.mirrored);
  assert.equal(trailer.frames, expect.frames ?? trailer.frames);
  if (expect.constantRate !== undefined) {
    const steps = new Set(frames.slice(1).map(({ t }, i) => t - frames[i].t));
    assert.equal(steps.size === 1, expect.constantRate);
  }
}

/** The first frame that the fingerprint itself calls unreliable. @param {ReturnType<typeof readFingerprint>} fingerprint */
const firstDamage = ({ trailer: { problems, frames } }) =>
  problems.find((/** @type {{ code: string }} */ { code }) => code === 'decode-error')?.frame ?? frames;

for (const name of BROWSERS.filter((one) => GIVES_SAMPLES.includes(one))) {
  const [refused, done] = [all.filter((clip) => endOf(name, clip).failed), all.filter((clip) => !endOf(name, clip).failed)];
  const intact = done.filter((clip) => !endOf(name, clip).isDamaged);
  const damaged = done.filter((clip) => endOf(name, clip).isDamaged);

  describe(name, () => {
    /** @type {Map<string, Buffer>} */
    const byPage = new Map();
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {import('./page.mjs').Tab} */
    let tab;

    before(async () => {
      browser = await startBrowser(name);
      tab = await browser.open();
      await tab.give(...all.map(pathOf));
      await tab.end(MANY_PATIENCE_MS);
      const count = await tab.page.$$eval('[data-testid=card][data-state=done]', (cards) => cards.length);
      const saved = await tab.saveAll(count);
      for (const clip of done) byPage.set(pathOf(clip), saved.get(await sha256Of(clip)) ?? Buffer.alloc(0));
    });
    after(() => browser?.close());

    for (const clip of intact) {
      test(`${clip.name}: the page's bytes are the command's (${clip.what})`, async () => {
        const [page, command] = [fingerprintOf(byPage, clip), fingerprintOf(byCommand, clip)];
        // Lines first: where they differ, they say more than a byte's place.
        assert.deepEqual(page.toString().split('\n'), command.toString().split('\n'));
        assert.ok(page.equals(command));
        if (!ONLY_BY_WEBKIT.includes(clip.name)) requireFacts(clip, page);
        const shown = await (await tab.card(pathOf(clip))).problems();
        assert.deepEqual(Object.keys(shown), clip.expect.problem ? [clip.expect.problem] : []);
      });
    }

    test(`at least ${IDENTICAL_AT_LEAST} clips are identical`, () => {
      const same = intact.filter((clip) => fingerprintOf(byPage, clip).equals(fingerprintOf(byCommand, clip)));
      assert.ok(same.length >= IDENTICAL_AT_LEAST, `${same.length} of ${intact.length}`);
    });

    for (const clip of damaged) {
      test(`${clip.name}: says what is wrong, and every digest before the damage is the command's`, async () => {
        const [page, command] = [fingerprintOf(byPage, clip), fingerprintOf(byCommand, clip)].map(readFingerprint);
        assert.equal(page.trailer.complete, false);
        const shown = await (await tab.card(pathOf(clip))).problems();
        assert.ok(shown[clip.expect.problem ?? 'decode-error']?.length > 10, JSON.stringify(shown));
        const sound = page.frames.slice(0, firstDamage(page));
        assert.ok(sound.length > 0 || DAMAGED_IN_WEBKIT.includes(clip.name));
        const others = sound.filter((frame, i) => !isDeepStrictEqual(frame, command.frames[i]));
        // Decoders disagree about what is left of the one frame that a cut goes through.
        assert.ok(others.length <= (shown['cut-off'] ? 1 : 0), JSON.stringify(others));
      });
    }

    for (const clip of refused) {
      const { failed } = endOf(name, clip);
      test(`${clip.name}: ends in the sentence ${failed}, with the file's digest and nothing else`, async () => {
        const card = await tab.card(pathOf(clip));
        const failure = await card.failure();
        assert.ok(failure);
        assert.equal(failure.code, failed);
        assert.ok(failure.sentences.slice(0, 2).every((sentence) => sentence.length > 10), 'says what is wrong and what to do');
        if (failed !== 'empty-file') assert.equal(failure.sha256, await sha256Of(clip));
        for (const part of ['strip', 'facts', 'save', 'table']) assert.equal(await card.text(part), null, `no ${part}`);
      });
    }

    test('one card saves the same bytes as all together', async () => {
      const [clip] = intact;
      const { name: file, bytes } = await (await tab.card(pathOf(clip))).save('fingerprint');
      assert.equal(file, `cotejo-${(await sha256Of(clip)).slice(0, 12)}.cotejo`);
      assert.ok(bytes.equals(fingerprintOf(byCommand, clip)));
    });

    test('the page asks for nothing after it has loaded and writes no error', () => {
      assert.deepEqual(browser.site.requests, [{ method: 'GET', path: '/' }]);
      assert.deepEqual(tab.said, []);
    });
  });
}
