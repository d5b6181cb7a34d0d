// @ts-check
// Helpers belong to the page: it starts them when a worker asks for help, and none is left when the video is
// done or cancelled, or when a helper is stuck. No worker can start another.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CLIPS, ffmpeg } from './command.mjs';
import { browsersFor, startBrowser, until } from './page.mjs';
import { hurry, openTampered } from './tampered.mjs';

/** Has a key frame every 2 s. */
const VIDEO = join(CLIPS, 'helpers.mp4');
const PROCESSORS = 3;

/** Runs in the page before its own script: counts workers. @param {number} processors that the page believes in */
function spy(processors) {
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: processors });
  const spied = Object.assign(self, { started: 0, working: 0 });
  const Real = Worker;
  self.Worker = class extends Real {
    /** @param {string | URL} url */
    constructor(url) {
      super(url);
      spied.started++;
      spied.working++;
    }

    terminate() {
      spied.working--;
      super.terminate();
    }
  };
}

/** In each worker: one that helps comes to a halt at its tenth frame. */
function haltHelpers() {
  let isHelper = false;
  self.addEventListener('message', ({ data }) => { isHelper ||= data.op === 'range'; });
  const { copyTo } = VideoFrame.prototype;
  let copied = 0;
  VideoFrame.prototype.copyTo = function halt(target, options) {
    while (isHelper && ++copied >= 10);
    return copyTo.call(this, target, options);
  };
}

/** In each worker: tells what becomes of a worker that another script than the page's own starts, with and without a policy of its own. */
function startWorkers() {
  self.addEventListener('message', () => {
    const url = URL.createObjectURL(new Blob(['']));
    const { trustedTypes } = /** @type {any} */ (self);
    const rules = { createScriptURL: (/** @type {string} */ text) => text };
    const attempts = [() => new Worker(url), ...['cotejo', 'other'].map((name) => () => trustedTypes.createPolicy(name, rules))];
    for (const attempt of attempts) {
      try { attempt(); console.log('allowed'); } catch { console.log('refused'); }
    }
  });
}

before(() => ffmpeg(['-y', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=30', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-bitexact', VIDEO]));

for (const name of browsersFor(import.meta.url)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** By one decoder. @type {Buffer} */
    let expected;
    before(async () => {
      browser = await startBrowser(name);
      expected = await (await (await open(1)).hash(VIDEO)).fingerprint();
    });
    after(() => browser?.close());

    /** @param {number} processors @param {...() => void} scripts */
    async function open(processors, ...scripts) {
      const tab = await openTampered(browser, ...scripts);
      await tab.page.evaluateOnNewDocument(spy, processors);
      await tab.page.reload();
      return tab;
    }

    /** @param {import('./page.mjs').Tab} tab @returns {Promise<{ started: number, working: number }>} */
    const workers = (tab) => tab.page.evaluate(() => {
      const { started, working } = /** @type {{ started: number, working: number }} */ (/** @type {unknown} */ (self));
      return { started, working };
    });

    test('several help, and none is left when the video is done', async () => {
      const tab = await open(PROCESSORS);
      const card = await tab.hash(VIDEO);
      assert.ok((await card.fingerprint()).equals(expected));
      assert.ok((await workers(tab)).started > PROCESSORS);
      await until('no worker', async () => (await workers(tab)).working === 0);
      await tab.close();
    });

    test('nor when it is cancelled', async () => {
      const tab = await open(PROCESSORS);
      await tab.give(VIDEO);
      await until('several workers', async () => (await workers(tab)).working > 2);
      const card = await tab.card(VIDEO);
      await card.click('cancel');
      await card.reaches('cancelled');
      assert.equal((await workers(tab)).working, 0);
      await tab.close();
    });

    test('helpers that are stuck are ended, and one decoder hashes the video', async () => {
      const tab = await open(PROCESSORS, hurry, haltHelpers);
      const card = await tab.hash(VIDEO);
      assert.ok((await card.fingerprint()).equals(expected));
      assert.ok((await workers(tab)).started > 2);
      await until('no worker', async () => (await workers(tab)).working === 0);
      await tab.close();
    });

    test('nothing in a worker can start another', async () => {
      const tab = await open(PROCESSORS, startWorkers);
      await tab.hash(VIDEO);
      const said = tab.said.map((line) => line.split(': ').at(-1));
      assert.ok(said.includes('refused'));
      assert.ok(!said.includes('allowed'), String(tab.said));
      await tab.close();
    });
  });
}
