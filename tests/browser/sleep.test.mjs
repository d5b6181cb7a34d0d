// @ts-check
// A sleeping tab resumes: nothing is called stuck because of time spent asleep, and the fingerprint
// is the same as without sleep. The test shortens patience to 4 s, and sleeps for 8.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { makeClips } from './clips.mjs';
import { CLIPS, cotejoHash, ffmpeg, readFingerprint } from './command.mjs';
import { processesBelow } from './memory.mjs';
import { GIVES_SAMPLES, browsersFor, startBrowser, until } from './page.mjs';
import { hurry, openTampered } from './tampered.mjs';

/** @typedef {import('./page.mjs').Tab} Tab */

const FILE = join(CLIPS, 'h264-bframes.mp4');
/** Has a key frame every 2 s, for several decoders. */
const LONG = join(CLIPS, 'sleep.mp4');
const SLEEP_MS = 8000;
/** How long after the pause of a decoder began the sleep does: in the last step of patience. */
const FALL_ASLEEP_MS = 3300;

/** Decoders that pause for a shorter time than patience lasts, so that a sleep may fall into its end. */
const PAUSES = {
  'a frame is copied': function copySlowly() {
    const { copyTo } = VideoFrame.prototype;
    let copied = 0;
    VideoFrame.prototype.copyTo = async function wait(target, options) {
      if (this.codedWidth > 64 && ++copied === 20) {
        console.log('pause');
        await new Promise((resolve) => { setTimeout(resolve, 3600); });
      }
      return copyTo.call(this, target, options);
    };
  },
  'the decoder is silent': function decodeSlowly() {
    const Real = VideoDecoder;
    self.VideoDecoder = class extends Real {
      /** @param {VideoDecoderInit} init */
      constructor({ output, error }) {
        let given = 0;
        const given20 = async () => {
          console.log('pause');
          await new Promise((resolve) => { setTimeout(resolve, 3600); });
        };
        const line = { last: Promise.resolve() };
        super({
          error,
          output: (frame) => {
            if (frame.codedWidth > 64 && ++given === 20) line.last = line.last.then(given20);
            line.last = line.last.then(() => output(frame));
          },
        });
        this.line = line;
      }

      async flush() {
        await super.flush();
        await this.line.last;
      }
    };
  },
};

/** The browser as when a computer sleeps: none of its processes runs, and the clock goes on. @param {Tab} tab */
async function stopBrowser(tab) {
  const root = tab.page.browser().process()?.pid;
  assert.ok(root);
  const ids = processesBelow(root).map(({ id }) => id);
  const signal = (/** @type {NodeJS.Signals} */ name) => ids.forEach((id) => {
    try { process.kill(id, name); } catch { /* It has ended in the meantime. */ }
  });
  signal('SIGSTOP');
  try {
    await pause(SLEEP_MS);
  } finally {
    signal('SIGCONT');
  }
}

/** The tab as when the browser freezes it in the background. @param {Tab} tab */
async function freezeTab(tab) {
  const session = await tab.page.createCDPSession();
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await pause(SLEEP_MS);
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await session.detach();
}

before(async () => {
  await makeClips(CLIPS, { only: ({ name }) => FILE.endsWith(name) });
  const picture = 'testsrc2=s=320x240:r=25:d=60';
  await ffmpeg(['-y', '-f', 'lavfi', '-i', picture, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-bitexact', LONG]);
});

for (const name of browsersFor(import.meta.url)) {
  const isExact = GIVES_SAMPLES.includes(name);
  /** @type {{ [what: string]: (tab: Tab) => Promise<void> }} */
  const sleeps = isExact ? { 'the computer sleeps': stopBrowser, 'the tab is frozen': freezeTab } : { 'the computer sleeps': stopBrowser };

  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startBrowser>>} */
    let browser;
    before(async () => { browser = await startBrowser(name); });
    after(() => browser?.close());

    /** The fingerprint of a file hashed without a sleep. @param {string} file */
    async function undisturbed(file) {
      if (isExact) return cotejoHash(file);
      const tab = await browser.open();
      const bytes = await (await tab.hash(file)).fingerprint();
      await tab.close();
      return bytes;
    }

    for (const [what, sleep] of Object.entries(sleeps)) {
      for (const [when, slow] of Object.entries(PAUSES)) {
        test(`${what} while ${when}: not called stuck`, async () => {
          const tab = await openTampered(browser, hurry, slow);
          await tab.give(FILE);
          const card = await tab.card(FILE);
          await until('the pause', async () => tab.said.some((line) => line.endsWith('pause')));
          await pause(FALL_ASLEEP_MS);
          await sleep(tab);
          assert.equal(await card.end(), 'done');
          assert.ok((await card.fingerprint()).equals(await undisturbed(FILE)));
          await tab.close();
        });
      }

      test(`${what} in the midst of hashing: it goes on where it was`, async () => {
        const tab = await openTampered(browser, hurry);
        await tab.give(LONG);
        const card = await tab.card(LONG);
        await until('the first frames', async () => /[1-9]/.test(await card.text('frames-done') ?? ''));
        await sleep(tab);
        assert.equal(await card.end(), 'done');
        assert.ok((await card.fingerprint()).equals(await undisturbed(LONG)));
        await tab.close();
      });
    }

    test('a decoder that the browser took away: the video is begun anew, and not called damaged', async () => {
      const tab = await openTampered(browser, function takeAway() {
        const Real = VideoDecoder;
        let given = 0;
        self.VideoDecoder = class extends Real {
          /** @param {VideoDecoderInit} init */
          constructor({ output, error }) {
            super({
              error,
              output: (frame) => {
                if (frame.codedWidth === 64 || ++given !== 20) return output(frame);
                frame.close();
                this.close();
                error(new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError'));
              },
            });
          }
        };
      });
      const card = await tab.hash(FILE);
      const bytes = await card.fingerprint();
      assert.deepEqual(readFingerprint(bytes).trailer.problems, []);
      assert.ok(bytes.equals(await undisturbed(FILE)));
      await tab.close();
    });
  });
}
