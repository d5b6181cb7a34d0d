// @ts-check
// A decoder that makes no progress is stopped, and the next decoder replaces it; in Chromium and Firefox. Patience is shortened by the
// test, not by the page.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeClips } from './clips.mjs';
import { CLIPS, cotejoHash } from './command.mjs';
import { browsersFor, startBrowser, until } from './page.mjs';
import { hurry, openTampered } from './tampered.mjs';

const FILE = join(CLIPS, 'h264-bframes.mp4');

before(() => makeClips(CLIPS, { only: ({ name }) => FILE.endsWith(name) }));

/** Every way in which a worker can come to a halt that another decoder does not. */
const WAYS = {
  'a decoder that falls silent': function fallSilent() {
    const { decode, flush } = VideoDecoder.prototype;
    const given = new WeakMap();
    VideoDecoder.prototype.decode = function swallow(chunk) {
      given.set(this, (given.get(this) ?? 0) + 1);
      if (given.get(this) < 20) decode.call(this, chunk);
    };
    const queue = /** @type {{ get: () => number }} */ (Object.getOwnPropertyDescriptor(VideoDecoder.prototype, 'decodeQueueSize'));
    Object.defineProperty(VideoDecoder.prototype, 'decodeQueueSize', {
      get() { return queue.get.call(this) + Math.max(0, (given.get(this) ?? 0) - 19); },
    });
    VideoDecoder.prototype.flush = function wait() {
      return given.get(this) < 20 ? flush.call(this) : new Promise(() => {});
    };
  },
  'a frame that is never copied': function neverCopy() {
    const { copyTo } = VideoFrame.prototype;
    let copied = 0;
    VideoFrame.prototype.copyTo = function wait(target, options) {
      return copied++ < 20 ? copyTo.call(this, target, options) : new Promise(() => {});
    };
  },
  'a loop without an end while frames are hashed': function loop() {
    const { copyTo } = VideoFrame.prototype;
    let copied = 0;
    VideoFrame.prototype.copyTo = function hang(target, options) {
      while (copied >= 20);
      copied++;
      return copyTo.call(this, target, options);
    };
  },
  'a loop without an end while the container is read': function loopAtOnce() {
    const { getUint32 } = DataView.prototype;
    let numbers = 0;
    DataView.prototype.getUint32 = function hang(...place) {
      // The ffmpeg route reads some 150, of the arguments that the core makes for ffmpeg.
      while (numbers >= 200);
      numbers++;
      return getUint32.apply(this, place);
    };
  },
};

for (const name of browsersFor(import.meta.url)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    before(async () => { browser = await startBrowser(name); });
    after(() => browser?.close());

    for (const [what, way] of Object.entries(WAYS)) {
      test(`${what}: stopped with a sentence, then ffmpeg gives the command's bytes`, async () => {
        const tab = await openTampered(browser, hurry, way);
        const failure = await (await tab.hash(FILE)).failure();
        assert.equal(failure?.code, 'browser-decoder-stuck');
        assert.match(failure?.sentences[0] ?? '', /for 20 seconds, so this page stopped it\./);
        await tab.page.select('#language', 'es');
        assert.match((await (await tab.card(FILE)).failure())?.sentences[0] ?? '', /durante 20 segundos, así que esta página lo detuvo\./);
        await tab.page.select('#language', 'en');
        // The list is made anew in each language.
        const card = await tab.card(FILE);
        await card.click('load-ffmpeg');
        await until('the result', async () => await card.state() === 'done');
        assert.ok((await card.fingerprint()).equals(await cotejoHash(FILE)));
        // Now that ffmpeg is there, the next file goes on to it without a question.
        await card.click('remove');
        const next = await tab.hash(FILE);
        assert.equal(await next.state(), 'done');
        assert.equal(await next.fact('tier'), 'exact');
        await tab.close();
      });
    }
  });
}
