// @ts-check
// Several decoders give the same result as one, byte for byte, on every clip; and they are used whenever possible.

import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bundleWorker } from '../../www/build.mjs';
import { launch, serve } from './browsers.mjs';
import { broken, clips, makeClips } from './clips.mjs';
import { CLIPS, ROOT, ffmpeg } from './command.mjs';
import { browsersFor } from './page.mjs';

/** `left`: workers that were not dismissed. @typedef {{ text: string, failed: string | null, ranges: number, decoders: number, left: number }} Answer */

/** Short enough that every clip with several key frames falls into several ranges. */
const LEAST_RANGE_S = 0.2;
const DECODERS = [1, 2, 3];
/**
 * How many clips fall into ranges that fit together; of these, Firefox decodes all but the six that it refuses. Fewer: a helper was
 * lost, and the clip left to one decoder.
 */
const IN_RANGES_AT_LEAST = /** @type {{ [browser: string]: number }} */ ({ chromium: 47, firefox: 41 });
const PATIENCE_MS = 120_000;
/** Has several closed groups of frames; made here. */
const LONG = join(CLIPS, 'ranges.mp4');
const DAMAGED = join(CLIPS, 'ranges-damaged.mp4');

/** Stands before the worker's source: tells the page which decoders are made. */
const SPY = `{
  const PlainDecoder = self.VideoDecoder;
  // A self-check decodes fewer packets than this.
  const SOME_PACKETS = 5;
  if (PlainDecoder) self.VideoDecoder = class extends PlainDecoder {
    #packets = 0;
    decode(chunk) { if (++this.#packets === SOME_PACKETS) self.postMessage({ type: 'spied' }); super.decode(chunk); }
  };
}
`;

/**
 * Runs in the page: one worker hashes the chosen file, others help it.
 * @param {{ processors: number, leastRangeS: number }} split @returns {Promise<Answer>}
 */
async function hashChosen(split) {
  const [file] = /** @type {FileList} */ (/** @type {HTMLInputElement} */ (document.querySelector('input')).files);
  // Once for all, as in the page.
  const core = await (/** @type {{ core?: Promise<WebAssembly.Module> }} */ (/** @type {unknown} */ (self)).core ??= WebAssembly.compileStreaming(fetch('core.wasm')));
  const seen = { ranges: 0, decoders: 0 };
  const worker = new Worker('worker.js');
  /** @type {Map<number, Worker>} */
  const helpers = new Map();
  return new Promise((resolve) => {
    worker.onmessage = async ({ data }) => {
      if (data.type === 'spied') seen.decoders++;
      if (data.type === 'help') {
        seen.ranges++;
        const helper = helpers.get(data.helper) ?? new Worker('worker.js');
        helpers.set(data.helper, helper);
        helper.postMessage({ ...data.job, findings: {}, core }, [data.job.port]);
      }
      if (data.type === 'dismiss') {
        helpers.get(data.helper)?.terminate();
        helpers.delete(data.helper);
      }
      if (data.type !== 'done' && data.type !== 'failed') return;
      const text = data.type === 'done' ? await data.result.fingerprint.text() : '';
      worker.terminate();
      resolve({ text, failed: data.code ?? null, ...seen, left: helpers.size });
    };
    worker.postMessage({ op: 'hash', file, exact: false, split, findings: {}, core });
  });
}

/** @type {Map<string, string>} */
let paths;
/** @type {string} */
let folder;
/** @type {Awaited<ReturnType<typeof serve>>} */
let site;

before(async () => {
  paths = await makeClips(CLIPS);
  const coding = ['-c:v', 'libx264', '-g', '25', '-flags', '+cgop', '-pix_fmt', 'yuv420p', '-bitexact'];
  await ffmpeg(['-y', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=8', ...coding, LONG]);
  await ffmpeg(['-y', '-i', LONG, '-c', 'copy', '-bsf:v', "noise=amount='eq(n\\,110)'", DAMAGED]);
  folder = await mkdtemp(join(tmpdir(), 'cotejo-ranges-'));
  await writeFile(join(folder, 'worker.js'), SPY + await bundleWorker(join(ROOT, 'target/wasm')));
  await copyFile(join(ROOT, 'target/wasm/cotejo_bg.wasm'), join(folder, 'core.wasm'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><input type="file">');
  site = await serve(folder);
});
after(async () => {
  await site.close();
  await rm(folder, { recursive: true, force: true });
});

for (const name of browsersFor(import.meta.url)) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof launch>>} */
    let browser;
    /** @type {import('puppeteer-core').Page} */
    let page;

    /** Clips that were hashed in ranges. @type {string[]} */
    const inRanges = [];

    before(async () => {
      browser = await launch(name);
      ({ page } = await browser.open(site.url));
      page.setDefaultTimeout(PATIENCE_MS);
    });
    after(() => browser.close());

    /** @param {string} path @param {number[]} processors @returns {Promise<Answer[]>} */
    async function hashWith(path, ...processors) {
      const input = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (await page.$('input'));
      await input.uploadFile(path);
      const answers = [];
      for (const count of processors) answers.push(await page.evaluate(hashChosen, { processors: count, leastRangeS: LEAST_RANGE_S }));
      return answers;
    }

    for (const { name: clip } of [...clips, ...broken]) {
      test(`${clip}: ${DECODERS.join(', ')} decoders give the same`, async () => {
        const [one, ...several] = await hashWith(/** @type {string} */ (paths.get(clip)), ...DECODERS);
        assert.equal(one.ranges, 0);
        assert.notEqual(one.failed, 'internal');
        if (several.every(({ ranges, decoders }) => ranges > 1 && decoders === 0)) inRanges.push(clip);
        for (const { text, failed, left } of several) {
          assert.equal(failed, one.failed);
          assert.deepEqual(text.split('\n'), one.text.split('\n'));
          assert.equal(left, 0, 'workers are left');
        }
      });
    }

    test(`at least ${IN_RANGES_AT_LEAST[name]} clips fall into ranges that fit together`, () => {
      assert.ok(inRanges.length >= IN_RANGES_AT_LEAST[name], inRanges.join(' '));
    });

    test('a video of several closed groups is hashed in ranges, and by no decoder more', async () => {
      const [one, two, three] = await hashWith(LONG, 1, 2, 3);
      assert.ok(one.text.length > 0);
      assert.deepEqual([two.text, three.text], [one.text, one.text]);
      assert.ok(two.ranges >= 4 && three.ranges >= 6, `${two.ranges} and ${three.ranges} ranges`);
      assert.deepEqual([one.decoders, two.decoders, three.decoders], [1, 0, 0]);
    });

    test('damage in a range leaves the file to one decoder, which says from which frame on', async () => {
      const [one, two] = await hashWith(DAMAGED, 1, 2);
      assert.equal(two.text, one.text);
      assert.match(one.text, /decode-error/);
      assert.ok(two.decoders > 0);
    });
  });
}
