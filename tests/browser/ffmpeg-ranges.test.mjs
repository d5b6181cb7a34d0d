// @ts-check
// Several ffmpegs share a video on the ffmpeg route, and give the command's result, byte for byte; if the video is damaged
// or cannot be cut, one ffmpeg does all of it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeClips } from './clips.mjs';
import { CLIPS, cotejoHash } from './command.mjs';
import { browsersFor, startBrowser } from './page.mjs';

const SOURCE = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=10:d=16,noise=alls=9:allf=t', '-pix_fmt', 'yuv420p'];
const PROCESSORS = 3;
/** `ranges`: whether several ffmpegs share it. @type {(import('./clips.mjs').Clip & { ranges: boolean })[]} */
const CLIPS_TO_SHARE = [
  { name: 'shared-mpeg4.avi', what: 'MPEG-4', args: [...SOURCE, '-c:v', 'mpeg4', '-g', '20'], expect: {}, ranges: true },
  { name: 'shared-h264.avi', what: 'H.264', args: [...SOURCE, '-c:v', 'libx264', '-g', '20', '-bf', '0'], expect: {}, ranges: true },
  { name: 'shared-hevc.mkv', what: 'HEVC with open groups', args: [...SOURCE, '-c:v', 'libx265', '-x265-params', 'keyint=20:log-level=none'], expect: {}, ranges: true },
  { name: 'shared-mpeg2.mkv', what: 'MPEG-2 with open groups', args: [...SOURCE, '-c:v', 'mpeg2video', '-g', '10', '-bf', '2'], expect: {}, ranges: true },
  { name: 'shared-wmv2.wmv', what: 'WMV', args: [...SOURCE, '-c:v', 'wmv2', '-g', '20'], expect: {}, ranges: true },
  { name: 'shared-damaged.avi', what: 'damage in the second half', from: 'shared-mpeg4.avi', change: (bytes) => damaged(bytes), expect: {}, ranges: true },
  { name: 'shared-mpeg2.ts', what: 'a container without an index', args: [...SOURCE, '-c:v', 'mpeg2video', '-g', '10'], expect: {}, ranges: false },
];

/** @param {Buffer} bytes */
function damaged(bytes) {
  const place = Math.floor(bytes.length * 0.7);
  return Buffer.concat([bytes.subarray(0, place), Buffer.alloc(40, 0x5a), bytes.subarray(place + 40)]);
}

/** Stands before the source of each worker: tells of ranges that it asks other workers for. */
const SPY = `{
  const channel = new BroadcastChannel('spied');
  const { postMessage } = self;
  self.postMessage = (message, ...more) => {
    if (message.job?.op === 'range-by-ffmpeg') channel.postMessage('asked');
    postMessage.call(self, message, ...more);
  };
}
`;

/** Runs in a page, before it begins. @param {string} SPY @param {number} processors that the page believes in */
function spyOnWorkers(SPY, processors) {
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: processors });
  const Plain = self.Blob;
  self.Blob = class extends Plain {
    /** @param {BlobPart[]} [parts] @param {BlobPropertyBag} [options] */
    constructor(parts = [], options = {}) {
      super(options.type === 'text/javascript' ? [SPY, ...parts] : parts, options);
    }
  };
  const seen = Object.assign(self, { askedOfWorkers: 0 });
  new BroadcastChannel('spied').onmessage = () => { seen.askedOfWorkers++; };
}

for (const name of browsersFor(import.meta.url)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    /** @type {Map<string, string>} */
    let paths;

    before(async () => {
      paths = await makeClips(CLIPS, { only: (clip) => CLIPS_TO_SHARE.some((one) => one === clip), more: CLIPS_TO_SHARE });
      browser = await startBrowser(name);
    });
    after(() => browser?.close());

    test('each is the command\'s, and is shared where it can be', async () => {
      const tab = await browser.open('about:blank');
      await tab.page.evaluateOnNewDocument(spyOnWorkers, SPY, PROCESSORS);
      await tab.page.goto(browser.site.url);
      const asked = () => tab.page.evaluate(() => /** @type {{ askedOfWorkers: number }} */ (/** @type {unknown} */ (self)).askedOfWorkers);
      for (const [i, { name: clip, ranges }] of CLIPS_TO_SHARE.entries()) {
        const path = paths.get(clip) ?? assert.fail(clip);
        const before = await asked();
        await tab.give(path);
        if (i === 0) await (await tab.card(clip)).click('load-ffmpeg');
        await (await tab.card(clip)).reaches('done');
        const [bytes] = (await tab.saveAll(1)).values();
        assert.deepEqual(bytes.toString().split('\n'), (await cotejoHash(path)).toString().split('\n'), clip);
        assert.equal(await asked() - before > 1, ranges, clip);
        await (await tab.card(clip)).click('remove');
      }
      assert.deepEqual(tab.said, []);
    });
  });
}
