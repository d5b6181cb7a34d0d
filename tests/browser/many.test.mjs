// @ts-check
// Many files at once, and large ones: how many are hashed at a time, and what stays in memory.

import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { filesAtOnce } from '../../www/app/job/at-once.js';
import { makeClips } from './clips.mjs';
import { CLIPS, ROOT, cotejoHash, ffmpeg } from './command.mjs';
import { TEST_PATIENCE_MS, browsersFor, startBrowser } from './page.mjs';

const VIDEO = join(CLIPS, 'h264-one-frame.mp4');
const PICTURE = join(ROOT, 'tests/vectors/pdq/pictures/00-rgb.png');
const LARGE = join(CLIPS, '8k.jpg');
const FILES = 60;
const FEW_FILES = 8;
/** For all files together. */
const PATIENCE_MS = 5 * TEST_PATIENCE_MS;
/** What the core may hold of a picture of 7,680 x 4,320: its 100 MB of red, green and blue, and luma twice in f32. */
const LARGE_BYTES = 450e6;

/** @typedef {{ working: number, most: number, urls: Map<string, string>, coreBytes: number }} Spied */

/** Runs in the page before its own script: counts workers, and the addresses of Blobs that are held. */
function spy() {
  /** @type {Spied} */
  const spied = { working: 0, most: 0, urls: new Map(), coreBytes: 0 };
  Object.assign(self, { spied });
  const [RealWorker, create, revoke] = [Worker, URL.createObjectURL, URL.revokeObjectURL];
  self.Worker = class extends RealWorker {
    /** @param {string | URL} url */
    constructor(url) {
      super(url);
      spied.most = Math.max(spied.most, ++spied.working);
    }

    terminate() {
      spied.working--;
      super.terminate();
    }
  };
  URL.createObjectURL = (blob) => {
    const url = create(blob);
    spied.urls.set(url, /** @type {Blob} */ (blob).type);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    spied.urls.delete(url);
    revoke(url);
  };
  new BroadcastChannel('core').onmessage = ({ data }) => { spied.coreBytes = Math.max(spied.coreBytes, data); };
}

/** Runs in the page, too: each worker tells what the core takes of memory when it is done. */
function spyOnCore() {
  const script = `{
    const { Instance } = WebAssembly;
    let memory;
    WebAssembly.Instance = function spy(module, imports) {
      const made = new Instance(module, imports);
      ({ memory } = made.exports);
      return made;
    };
    WebAssembly.Instance.prototype = Instance.prototype;
    const { postMessage } = self;
    const channel = new BroadcastChannel('core');
    self.postMessage = (message, ...others) => {
      if (message.type === 'done') channel.postMessage(memory.buffer.byteLength);
      postMessage.call(self, message, ...others);
    };
  }`;
  const Real = Blob;
  self.Blob = class extends Real {
    /** @param {BlobPart[]} [parts] @param {BlobPropertyBag} [options] */
    constructor(parts = [], options) {
      super(options?.type === 'text/javascript' ? [script, ...parts] : parts, options);
    }
  };
}

/** Runs in the page, too. */
function pretendSmall() {
  Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 2 });
}

/** @param {import('./page.mjs').Tab} tab */
const spiedIn = (tab) => tab.page.evaluate(() => {
  const { urls, ...others } = /** @type {{ spied: Spied }} */ (/** @type {unknown} */ (self)).spied;
  return { ...others, held: [...urls.values()] };
});

test('a phone works on one file at a time, others on two', () => {
  assert.equal(filesAtOnce({ deviceMemory: 8, hardwareConcurrency: 8 }, false), 2);
  assert.equal(filesAtOnce({ deviceMemory: 8, hardwareConcurrency: 8 }, true), 2);
  assert.equal(filesAtOnce({ deviceMemory: 4, hardwareConcurrency: 8 }, false), 1);
  assert.equal(filesAtOnce({ hardwareConcurrency: 8 }, true), 1);
  assert.equal(filesAtOnce({ hardwareConcurrency: 8 }, false), 2);
  assert.equal(filesAtOnce({ hardwareConcurrency: 1 }, false), 1);
  assert.equal(filesAtOnce({}, false), 1);
});

/** @type {string} */
let folder;
before(async () => {
  await makeClips(CLIPS, { only: ({ name }) => VIDEO.endsWith(name) });
  await ffmpeg(['-y', '-f', 'lavfi', '-i', 'testsrc2=s=7680x4320', '-frames:v', '1', '-pix_fmt', 'yuvj420p', LARGE]);
  folder = await mkdtemp(join(tmpdir(), 'cotejo-many-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** So many files, every other one a picture. @param {number} count */
function manyFiles(count) {
  return Promise.all(Array.from({ length: count }, async (_, i) => {
    const source = i % 2 ? PICTURE : VIDEO;
    const path = join(folder, `${i}${extname(source)}`);
    await copyFile(source, path);
    return path;
  }));
}

for (const name of browsersFor(import.meta.url)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    before(async () => { browser = await startBrowser(name); });
    after(() => browser?.close());

    /** @param {...() => void} scripts */
    async function openSpied(...scripts) {
      const tab = await browser.open('about:blank');
      for (const script of scripts) await tab.page.evaluateOnNewDocument(script);
      await tab.page.goto(browser.site.url);
      await tab.page.bringToFront();
      return tab;
    }

    test(`${FILES} files at once: all are done, two at a time, and nothing of them is held once they are removed`, async () => {
      const tab = await openSpied(spy);
      await tab.give(...await manyFiles(FILES));
      await tab.page.waitForSelector('body[data-state=done]', { timeout: PATIENCE_MS });
      const states = await tab.page.$$eval('[data-testid=card]', (cards) => cards.map((card) => /** @type {HTMLElement} */ (card).dataset.state));
      assert.deepEqual(states, Array(FILES).fill('done'));
      await tab.page.waitForFunction(() => document.querySelectorAll('[data-testid=strip][data-pictures="1"]').length === 30, { timeout: PATIENCE_MS });
      const { most, working, held } = await spiedIn(tab);
      assert.equal(working, 0);
      assert.ok(most <= 2, `${most} workers at a time`);
      assert.ok(held.filter((type) => type === 'image/png').length >= FILES / 2);
      const addresses = await tab.page.$$eval('#list img', (all) => all.map((img) => /** @type {HTMLImageElement} */ (img).src));
      assert.ok(addresses.every((address) => address.startsWith('blob:')), 'pictures are Blobs');
      await tab.press('remove-all');
      assert.deepEqual((await spiedIn(tab)).held, ['text/javascript']);
      await tab.close();
    });

    test('with little memory one file at a time', async () => {
      const tab = await openSpied(pretendSmall, spy);
      await tab.give(...await manyFiles(FEW_FILES));
      await tab.page.waitForSelector('body[data-state=done]', { timeout: PATIENCE_MS });
      assert.equal((await spiedIn(tab)).most, 1);
      await tab.close();
    });

    test('a picture of 7,680 x 4,320: the command\'s bytes, and the core\'s memory is bounded and let go', async () => {
      const tab = await openSpied(spy, spyOnCore);
      const card = await tab.hash(LARGE);
      assert.ok((await card.fingerprint()).equals(await cotejoHash(LARGE)));
      const { coreBytes, working } = await spiedIn(tab);
      assert.ok(coreBytes > 100e6 && coreBytes < LARGE_BYTES, `${coreBytes} bytes`);
      assert.equal(working, 0);
      await tab.close();
    });
  });
}
