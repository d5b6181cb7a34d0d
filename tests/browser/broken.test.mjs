// @ts-check
// Files with one fault each, cut anywhere, or with flipped bits: everything readable is hashed, the page says what is missing,
// and nothing hangs. In all browsers, compared with the command.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeClips } from './clips.mjs';
import { ingredients, sound, wrong } from './clips-broken.mjs';
import { CLIPS, cotejoHashes, readFingerprint } from './command.mjs';
import { BROWSERS, GIVES_SAMPLES, startBrowser, until } from './page.mjs';

/** Of each sound file, in the same places at each run. */
const CUTS = 5;
const FLIPS = 6;
/** Their decoders notice damage, or make of it what ffmpeg makes. Those of H.264 and VP8 do not always: docs/decoding.md, "Damage". */
const NOTICE_DAMAGE = ['small.webm', 'small-av1.mp4'];

/** @typedef {ReturnType<typeof readFingerprint>} Fingerprint */

/** @type {Map<string, string>} */
let paths;
/** The command's; null where it can do nothing. @type {Map<string, Fingerprint | null>} */
const byCommand = new Map();
/** @type {string} */
let folder;
/** Damaged copies of each sound file. @type {Map<string, { cut: string[], flipped: string[] }>} */
const copies = new Map();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cotejo-test-'));
  const all = [...sound, ...ingredients, ...wrong];
  paths = await makeClips(CLIPS, { only: (clip) => all.includes(clip), more: all });
  for (const { name } of sound) copies.set(name, await damage(name));
  const flipped = [...copies.values()].flatMap((one) => one.flipped);
  const files = [...sound, ...wrong].map(({ name }) => pathOf(name)).concat(flipped);
  const hashes = await cotejoHashes(files);
  for (const path of files) byCommand.set(path, hashes.has(path) ? readFingerprint(/** @type {Buffer} */ (hashes.get(path))) : null);
});
after(() => rm(folder, { recursive: true, force: true }));

/** @param {string} name */
const pathOf = (name) => paths.get(name) ?? assert.fail(`no clip ${name}`);
/** @param {Fingerprint | null | undefined} fingerprint */
const codesOf = (fingerprint) => fingerprint?.trailer.problems.map((/** @type {{ code: string }} */ { code }) => code);

/** @param {string} name */
async function damage(name) {
  const bytes = await readFile(pathOf(name));
  const write = async (/** @type {string} */ what, /** @type {Buffer} */ damaged) => {
    const path = join(folder, `${what}-${name}`);
    await writeFile(path, damaged);
    return path;
  };
  // Uneven steps, so that the places lie in different parts of packets.
  const place = (/** @type {number} */ i, /** @type {number} */ of) => Math.floor((i + ((i * 7) % 10) / 10 + 0.05) / of * bytes.length);
  const cut = await Promise.all(Array.from({ length: CUTS }, (_, i) => write(`cut-${i}`, bytes.subarray(0, place(i, CUTS)))));
  const flipped = await Promise.all(Array.from({ length: FLIPS }, (_, i) => {
    const damaged = Buffer.from(bytes);
    damaged[place(i, FLIPS)] ^= 1 << (i * 3) % 8;
    return write(`flip-${i}`, damaged);
  }));
  return { cut, flipped };
}

/** The frames whose digests the page calls reliable. @param {Fingerprint} fingerprint */
function reliable({ frames, trailer: { problems } }) {
  const error = problems.find((/** @type {{ code: string }} */ { code }) => code === 'decode-error');
  return error ? frames.slice(0, error.frame ?? 0) : frames;
}

for (const name of BROWSERS) {
  describe(name, () => {
    const isExact = GIVES_SAMPLES.includes(name);
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {import('./page.mjs').Tab} */
    let tab;
    /** For copies of sound files: ffmpeg is never loaded there. @type {import('./page.mjs').Tab} */
    let other;

    before(async () => {
      browser = await startBrowser(name);
      other = await browser.open();
      tab = await browser.open();
      await tab.give(...wrong.map((clip) => pathOf(clip.name)));
      await tab.end();
    });
    after(() => browser?.close());

    for (const { name: file, what, wrong: { firefox, webkit, ...everywhere } } of wrong) {
      const { frames, failed, problems = [], command } = { ...everywhere, ...(name === 'firefox' && firefox), ...(name === 'webkit' && webkit) };
      test(`${file}: ${what}`, async () => {
        const card = await tab.card(file);
        const native = byCommand.get(pathOf(file));
        assert.deepEqual(codesOf(native) ?? null, command === undefined ? problems : command);
        assert.equal((await card.failure())?.code, failed);
        if (failed) return;
        const page = readFingerprint(await card.fingerprint());
        assert.equal(page.frames.length, frames);
        assert.deepEqual(codesOf(page), problems);
        assert.deepEqual(Object.keys(await card.problems()), problems);
        if (!isExact || !native) return;
        assert.deepEqual(reliable(page).map(({ sha256 }) => sha256), native.frames.slice(0, reliable(page).length).map(({ sha256 }) => sha256));
      });
    }

    test('ffmpeg, which goes on after damage, is offered and gives what the command gives', async () => {
      const card = await tab.card('sample-length.mp4');
      assert.match(await card.text('exact') ?? '', /ffmpeg|Exact digests/);
      await card.click('exact');
      await card.click('load-ffmpeg');
      const native = byCommand.get(pathOf('sample-length.mp4'));
      await until('the result', async () => await card.state() === 'done' && await card.text('ffmpeg-offer') === null);
      const page = readFingerprint(await card.fingerprint());
      assert.equal(await card.text('exact'), null);
      // How ffmpeg conceals what is damaged depends on how many threads it has.
      assert.equal(page.frames.length, native?.frames.length);
      assert.deepEqual(page.frames.slice(0, 10), native?.frames.slice(0, 10));
    });

    for (const { name: file, what } of sound) {
      test(`${file} (${what}), cut off anywhere: what is there is hashed, and the result says that it is cut off`, async () => {
        const intact = byCommand.get(pathOf(file));
        const digests = new Map(intact?.frames.map(({ t, sha256 }) => [t, sha256]));
        for (const { path, failure, page } of await hashAll(copies.get(file)?.cut ?? [])) {
          if (failure) assert.equal(failure, 'cut-off-nothing-readable', path);
          if (!page) continue;
          assert.ok(codesOf(page)?.includes('cut-off'), path);
          assert.equal(page.trailer.complete, false, path);
          for (const { t, sha256 } of isExact ? reliable(page) : []) assert.equal(sha256, digests.get(t), `${path} at ${t}`);
        }
      });

      test(`${file} (${what}), one bit turned: an end in reasonable time, in words`, async (t) => {
        let silent = 0;
        for (const { path, failure, page } of await hashAll(copies.get(file)?.flipped ?? [])) {
          assert.doesNotMatch(failure ?? '', /internal|stuck/, path);
          const native = byCommand.get(path);
          if (!page || !native || !isExact || codesOf(page)?.length) continue;
          const others = page.frames.filter(({ sha256 }, i) => sha256 !== native.frames[i]?.sha256);
          if (others.length > 0) silent++;
        }
        t.diagnostic(`${silent} of ${FLIPS} with digests that ffmpeg does not give, and no word of it`);
        if (NOTICE_DAMAGE.includes(file)) assert.equal(silent, 0);
      });
    }

    /** @param {string[]} files */
    async function hashAll(files) {
      await other.page.bringToFront();
      await other.give(...files);
      await other.end();
      const results = [];
      for (const path of files) {
        const card = await other.card(path);
        const failure = (await card.failure())?.code;
        results.push({ path, failure, page: failure ? null : readFingerprint(await card.fingerprint()) });
      }
      await other.press('remove-all');
      return results;
    }

    test('nothing was written to the console', () => {
      assert.deepEqual(tab.said, []);
    });
  });
}
