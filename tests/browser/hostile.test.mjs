// @ts-check
// Hostile files end in a sentence, quickly and in little memory, and the page goes on with the next one. In
// Chromium, where memory is bounded, Firefox and WebKit, and by the command.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeClips } from './clips.mjs';
import { sound } from './clips-broken.mjs';
import { hostile } from './clips-hostile.mjs';
import { CLIPS, cotejoHash, readFingerprint } from './command.mjs';
import { browsersFor, startBrowser } from './page.mjs';

/** A renderer with as much memory for its scripts as a small phone's: what takes more ends the whole tab. */
const LITTLE_MEMORY = ['--js-flags=--max-heap-size=256'];
/** Before the page itself would stop what makes no progress. */
const SOON_MS = 15_000;

/** @type {Map<string, string>} */
let paths;

before(async () => {
  const all = [...sound, ...hostile];
  paths = await makeClips(CLIPS, { only: (clip) => all.includes(clip), more: all });
});

/** @param {string} name */
const pathOf = (name) => paths.get(name) ?? assert.fail(`no clip ${name}`);

for (const name of browsersFor(import.meta.url)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {import('./page.mjs').Tab} */
    let tab;

    before(async () => {
      browser = await startBrowser(name, { flags: LITTLE_MEMORY });
      tab = await browser.open();
    });
    after(() => browser?.close());

    for (const { name: file, what, hostile: { failed } } of hostile) {
      test(`${file}: ${what}`, async () => {
        const startMs = performance.now();
        const card = await tab.hash(pathOf(file));
        assert.equal((await card.failure())?.code, failed);
        assert.ok(performance.now() - startMs < SOON_MS, `after ${performance.now() - startMs} ms`);
      });
    }

    test('sound videos are hashed after all that', async () => {
      for (const { name: file } of sound) {
        const card = await tab.hash(pathOf(file));
        assert.equal(await card.state(), 'done', file);
        assert.equal(await card.fact('frames'), '30', file);
      }
    });

    test('nothing was written to the console', () => {
      assert.deepEqual(tab.said, []);
    });
  });
}

describe('command', () => {
  for (const { name: file, what, hostile: { command } } of hostile) {
    test(`${file}: ${what}`, async () => {
      const frames = await cotejoHash(pathOf(file)).then((bytes) => readFingerprint(bytes).frames.length, () => null);
      assert.equal(frames, command);
    });
  }
});
