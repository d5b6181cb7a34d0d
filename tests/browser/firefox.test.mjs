// @ts-check
// Firefox converts frames to RGB, so its fingerprints are of the perceptual tier: the same frames at
// the same times, no digests, and hashes within stated bounds of the command's. By choice, the same files then go to ffmpeg, and the
// page's bytes are the command's.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clips, makeClips } from './clips.mjs';
import { CLIPS, ROOT, cotejoHashes, ffmpeg, readFingerprint } from './command.mjs';
import { MANY_PATIENCE_MS, startBrowser, until } from './page.mjs';

/**
 * How far a fingerprint may be from the command's: bits of the 256 of a frame's PDQ, for the worst frame and on
 * average; motion cells with another code, and those where up became down, as shares of all.
 * @typedef {{ worstBits: number, meanBits: number, cells: number, reversedCells: number }} Distance
 */

/**
 * Bounds for each class of clips, all of whose frames have quality 100, with what was measured (Firefox ESR 153).
 * @type {{ [name: string]: Distance }}
 */
const BOUNDS = {
  // The photograph below: 2 bits at worst, 0.2 on average, 0.14 % of the cells, none reversed. 22 real videos with
  // 9,921 frames: 8 bits at worst where the quality is 100, 12 from 50 on; on average 2.2 in the worst of the videos
  // that are not plain; 3.2 % of the cells, 0.01 % reversed.
  footage: { worstBits: 8, meanBits: 3, cells: 0.035, reversedCells: 0.001 },
  // Drawn clips have what cameras do not give: saturated colours, which are clipped on their way through RGB.
  // 12 bits at worst, 3.5 on average (6 for a single frame), 2.5 % of the cells, 0.03 % reversed.
  drawn: { worstBits: 16, meanBits: 7, cells: 0.035, reversedCells: 0.001 },
  // The same of full range, where more is clipped: 18 bits, 6.1 on average, 4.0 % of the cells, 0.6 % reversed.
  'drawn, full range': { worstBits: 24, meanBits: 8, cells: 0.055, reversedCells: 0.01 },
};

/** A cell's codes for brighter, 1, and darker, 2; 3 does not occur. */
const UP_AND_DOWN = 1 + 2;

/** What Firefox does not decode although Chromium does; nothing false comes of it, only a sentence. */
const REFUSED = new Map(Object.entries({
  'h264-10-bit.mp4': 'unsupported-codec',
  'h264-422.mp4': 'unsupported-codec',
  'h264-422-10-bit.mov': 'unsupported-codec',
  'h264-444.mp4': 'unsupported-codec',
  'h264-444-odd.mp4': 'unsupported-codec',
  'h264-444-called-rgb.mp4': 'unsupported-codec',
  'h264-rgb.mp4': 'unsupported-codec',
  'h264-rgb-called-bt709.mp4': 'unsupported-codec',
  // Firefox shows another part of such a picture.
  'h264-crop-left-top.mp4': 'unsupported-crop',
}));

const PHOTO = join(ROOT, 'tests/vectors/pdq/pictures/bridge.jpg');
/** A hand-held camera over a photograph: textures and colours of the world outside. */
const WALK = "scale=960:-2,crop=640:360:x='60+3*n+8*sin(n/3)':y='40+n+5*sin(n/4)',format=yuv420p";
const FOOTAGE = [
  { name: 'footage-h264.mp4', args: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26'] },
  { name: 'footage-vp9.webm', args: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '6', '-b:v', '800k'] },
];

/** PDQ looks at 64 x 64 places, of which 8 x 8 pixels hold one of 64: the bounds are for pictures. */
const TINY = 'h264-8x8.mp4';
const drawn = clips.filter(({ name }) => !REFUSED.has(name) && name !== TINY);
/** @type {{ name: string, class: string }[]} */
const hashed = [
  ...FOOTAGE.map(({ name }) => ({ name, class: 'footage' })),
  ...drawn.map(({ name, expect }) => ({ name, class: expect.range === 'full' ? 'drawn, full range' : 'drawn' })),
];

/** Those that go to ffmpeg, too. */
const toFfmpeg = [...drawn.map(({ name }) => name), ...REFUSED.keys()];

/** @type {Map<string, string>} */
let paths;
/** The command's fingerprints, by path. @type {Map<string, Buffer>} */
let hashes;
/** Fingerprints by clip. @type {Map<string, ReturnType<typeof readFingerprint>>} */
const byCommand = new Map();
/** @type {Map<string, ReturnType<typeof readFingerprint>>} */
const byPage = new Map();
/** @type {Map<string, Distance>} */
const measured = new Map();
/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let firefox;
/** @type {import('./page.mjs').Tab} */
let tab;

/** @template T @param {Map<string, T>} from @param {string} name @returns {T} */
const of = (from, name) => from.get(name) ?? assert.fail(`nothing for ${name}`);

before(async () => {
  paths = await makeClips(CLIPS, { only: (clip) => clips.includes(clip) });
  for (const { name, args } of FOOTAGE) paths.set(name, await makeFootage(name, args));
  const names = hashed.map(({ name }) => name);
  const all = [...names, ...REFUSED.keys()].map((name) => of(paths, name));
  hashes = await cotejoHashes(all);
  for (const name of names) byCommand.set(name, readFingerprint(of(hashes, of(paths, name))));
  firefox = await startBrowser('firefox');
  tab = await firefox.open();
  await tab.give(...all);
  await tab.end(MANY_PATIENCE_MS);
  const saved = await tab.saveAll(hashed.length);
  for (const name of names) {
    const bytes = saved.get(of(byCommand, name).trailer.file.sha256);
    if (bytes) byPage.set(name, readFingerprint(bytes));
  }
});

after(async () => {
  await firefox?.close();
  for (const [name, distance] of measured) console.log(row(name, distance));
});

/** @param {string} name @param {string[]} args */
async function makeFootage(name, args) {
  const path = join(CLIPS, name);
  await ffmpeg(['-y', '-loop', '1', '-framerate', '25', '-t', '3', '-i', PHOTO, '-vf', WALK, ...args, '-bitexact', '-threads', '1', path]);
  return path;
}

/** @param {string} name @param {Distance} distance */
function row(name, { worstBits, meanBits, cells, reversedCells }) {
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(2)} %`.padStart(8);
  return `${name.padEnd(26)} PDQ bits: worst ${String(worstBits).padStart(2)}, mean ${meanBits.toFixed(2)}; `
    + `cells: other ${percent(cells)}, reversed ${percent(reversedCells)}`;
}

for (const { name, class: kind } of hashed) {
  test(`${name}: the same frames at the same times, no digests, hashes within the bounds of "${kind}"`, async () => {
    const [page, command] = [of(byPage, name), of(byCommand, name)];
    assert.equal(page.header.tier, 'perceptual');
    assert.equal(page.header.tier_reason, 'rgb-frames');
    assert.ok(page.frames.every((frame) => !('sha256' in frame)), 'no digests');
    assert.deepEqual(page.frames.map(({ t }) => t), command.frames.map(({ t }) => t));
    for (const field of ['codec', 'range', 'width', 'height', 'rotation', 'time_base', 'classic', 'motion']) {
      assert.deepEqual(page.header[field], command.header[field], field);
    }
    assert.deepEqual(page.trailer.file, command.trailer.file);
    assert.deepEqual(page.trailer.problems, []);
    const distance = distanceOf(page, command);
    measured.set(name, distance);
    for (const [what, bound] of Object.entries(BOUNDS[kind])) {
      const found = distance[/** @type {keyof Distance} */ (what)];
      assert.ok(found <= bound, `${what}: ${found}, allowed ${bound}`);
    }
  });
}

/** @typedef {ReturnType<typeof readFingerprint>} Read */

/** @param {Read} page @param {Read} command @returns {Distance} */
function distanceOf(page, command) {
  const bits = page.frames.map(({ pdq }, i) => differingBits(pdq, command.frames[i].pdq));
  assert.equal(page.cells.length, command.cells.length);
  const [codes, others] = [page.cells, command.cells].map(cellCodes);
  const differ = codes.filter((code, i) => code !== others[i]).length;
  const reversed = codes.filter((code, i) => code + others[i] === UP_AND_DOWN && code !== 0).length;
  return {
    worstBits: Math.max(...bits),
    meanBits: bits.reduce((sum, one) => sum + one, 0) / bits.length,
    cells: differ / codes.length,
    reversedCells: reversed / codes.length,
  };
}

/** @param {string} hex @param {string} other */
function differingBits(hex, other) {
  let x = BigInt(`0x${hex}`) ^ BigInt(`0x${other}`);
  let count = 0;
  for (; x > 0n; x &= x - 1n) count++;
  return count;
}

/** @param {Buffer} cells four to a byte */
const cellCodes = (cells) => [...cells].flatMap((byte) => [byte & 3, byte >> 2 & 3, byte >> 4 & 3, byte >> 6]);

test('the page says that the fingerprint is perceptual, and why', async () => {
  const card = await tab.card(of(paths, hashed[0].name));
  assert.equal(await card.fact('tier'), 'perceptual');
  const words = await card.element.$eval('[data-testid=facts-tier]', (fact) => fact.parentElement?.textContent ?? '');
  assert.match(words, /RGB/);
  assert.match(words, /no exact digests/);
  assert.match(await card.text('summary') ?? '', /perceptual/);
});

for (const [name, code] of REFUSED) {
  test(`${name}: Firefox cannot, so the page says ${code} and gives the file's digest only`, async () => {
    const card = await tab.card(of(paths, name));
    const failure = await card.failure();
    assert.equal(failure?.code, code);
    assert.match(failure?.sha256 ?? '', /^[0-9a-f]{64}$/);
    assert.equal(await card.text('facts'), null);
  });
}

test('the page asks for nothing after it has loaded and writes no error', () => {
  assert.deepEqual(firefox.site.requests, [{ method: 'GET', path: '/' }]);
  assert.deepEqual(tab.said, []);
});

/** Fingerprints of what went to ffmpeg, by the SHA-256 of the file. @type {Map<string, Buffer>} */
let byFfmpeg;

/** @param {string} name */
const becomesExact = (name) => until(`the exact result of ${name}`, async () => {
  const card = await tab.card(of(paths, name));
  return await card.state() === 'done' && await card.fact('tier') === 'exact' && await card.text('exact') === null;
});

test('a press on each, and each is hashed by ffmpeg; what Firefox refuses needs none once ffmpeg is there', async () => {
  const [first, ...others] = drawn.map(({ name }) => name);
  const card = await tab.card(of(paths, first));
  await card.click('exact');
  await card.click('load-ffmpeg');
  await becomesExact(first);
  for (const name of others) await (await tab.card(of(paths, name))).click('exact');
  await tab.end(MANY_PATIENCE_MS);
  for (const name of toFfmpeg) await becomesExact(name);
  byFfmpeg = await tab.saveAll(hashed.length + REFUSED.size);
});

for (const name of toFfmpeg) {
  test(`${name}: by choice, or because Firefox refuses it, the page's bytes are the command's`, () => {
    const command = of(hashes, of(paths, name));
    const page = of(byFfmpeg, readFingerprint(command).trailer.file.sha256);
    // Lines first: where they differ, they say more than a byte's place.
    assert.deepEqual(page.toString().split('\n'), command.toString().split('\n'));
    assert.ok(page.equals(command));
  });
}

test('ffmpeg is all that was asked for besides, and no error was written', () => {
  assert.deepEqual(firefox.site.requests.map(({ path }) => path), ['/', '/cotejo-ffmpeg.js']);
  assert.deepEqual(tab.said, []);
});
