// @ts-check
// The page says so if a video's container declares it encrypted, and hashes videos that only look so.
// In all browsers, and by the command.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { makeClips } from './clips.mjs';
import { clear, encrypted } from './clips-encrypted.mjs';
import { CLIPS, COMMAND, cotejoHash, readFingerprint } from './command.mjs';
import { BROWSERS, GIVES_SAMPLES, startBrowser } from './page.mjs';

/** @type {Map<string, string>} */
let paths;

before(async () => {
  const all = [...encrypted, ...clear];
  paths = await makeClips(CLIPS, { only: (clip) => all.includes(clip), more: all });
});

/** @param {string} name */
const pathOf = (name) => paths.get(name) ?? assert.fail(`no clip ${name}`);

for (const name of BROWSERS) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {import('./page.mjs').Tab} */
    let tab;

    before(async () => {
      browser = await startBrowser(name);
      tab = await browser.open();
      await tab.give(...[...encrypted, ...clear].map((clip) => pathOf(clip.name)));
      await tab.end();
    });
    after(() => browser?.close());

    for (const { name: file, what } of encrypted) {
      test(`${file}: ${what}`, async () => {
        const card = await tab.card(file);
        const failure = await card.failure();
        assert.equal(failure?.code, 'encrypted');
        assert.match(failure.sentences[0], /encrypted/);
        assert.equal(failure.sha256, createHash('sha256').update(await readFile(pathOf(file))).digest('hex'));
        for (const part of ['facts', 'save', 'again', 'ffmpeg-offer']) assert.equal(await card.text(part), null, `no ${part}`);
      });
    }

    for (const { name: file, what } of clear) {
      test(`${file}, clear: ${what}`, async () => {
        const card = await tab.card(file);
        assert.equal(await card.state(), 'done');
        const [page, command] = [await card.fingerprint(), await cotejoHash(pathOf(file))];
        assert.deepEqual(await card.problems(), {});
        assert.equal(readFingerprint(command).frames.length, 30);
        if (GIVES_SAMPLES.includes(name)) assert.ok(page.equals(command));
      });
    }

    test('nothing was written to the console', () => {
      assert.deepEqual(tab.said, []);
    });
  });
}

/** What the command writes and how it ends. @param {string[]} args @returns {Promise<{ status: unknown, out: string, said: string }>} */
const cotejo = (...args) => new Promise((resolve) => {
  execFile(COMMAND, args, (error, out, said) => resolve({ status: error?.code ?? 0, out, said }));
});

describe('command', () => {
  for (const { name: file, what } of encrypted) {
    test(`${file}: ${what}`, async () => {
      for (const format of ['fingerprint', 'csv', 'framehash']) {
        const { status, out, said } = await cotejo('hash', '--quiet', '--format', format, pathOf(file));
        assert.deepEqual([status, out], [2, ''], format);
        assert.match(said, /: the video is encrypted.*\n {2}hint: /);
      }
    });
  }
});
