// @ts-check
// Measures how files are hashed: every generated clip through the page in Chromium, Firefox and WebKit, and through the command. The
// table goes into docs/formats.md. Run by `cargo xtask formats`, after the command and the page are built.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { clips, makeClips } from '../tests/browser/clips.mjs';
import { animations, ffmpegClips } from '../tests/browser/clips-ffmpeg.mjs';
import { CLIPS, cotejoHash, forEachOf, readFingerprint } from '../tests/browser/command.mjs';
import { startBrowser, until } from '../tests/browser/page.mjs';
import { tableOf, versions, writeTable } from './doc-table.mjs';

/** A file that waits for ffmpeg in every browser. */
const FOR_FFMPEG = 'mjpeg.avi';
/** For all files together, with ffmpeg in a slow browser on a busy machine. */
const PATIENCE_MS = 1_800_000;
/** Columns: a heading, the browser, its settings, and whether every file is also hashed exactly by choice. */
const BROWSERS = /** @type {const} */ ([
  ['Chromium', 'chromium', {}],
  ['Firefox', 'firefox', {}],
  ['Firefox, resisting', 'firefox', { 'privacy.resistFingerprinting': true }],
  ['WebKit', 'webkit', {}],
]);

const shown = [...clips, ...ffmpegClips.filter(({ expect }) => expect.sameAsFfmpeg !== false), ...animations];
const names = shown.map(({ name }) => name);
const paths = await makeClips(CLIPS, { only: ({ name }) => names.includes(name), more: [...ffmpegClips, ...animations] });
const pathOf = (/** @type {string} */ name) => String(paths.get(name));
const sha256Of = async (/** @type {string} */ name) => createHash('sha256').update(await readFile(pathOf(name))).digest('hex');

/** The command's output for a file, or its refusal. @param {string} name @returns {Promise<Buffer | string>} */
async function byCommand(name) {
  try {
    return await cotejoHash(pathOf(name));
  } catch (cause) {
    const { stderr } = /** @type {{ stderr: Buffer }} */ (cause);
    return String(stderr).split('\n')[0].split(': ').slice(2).join(': ');
  }
}

/**
 * The page's results or failure codes by file: first by the browser alone, then with ffmpeg loaded, then for
 * files that the user asked to hash exactly.
 * @param {import('../tests/browser/page.mjs').BrowserName} browserName @param {Record<string, unknown>} settings
 */
async function byPage(browserName, settings) {
  const browser = await startBrowser(browserName, { settings });
  try {
    const tab = await browser.open();
    const { page } = tab;
    const end = () => page.waitForSelector('body[data-state=done]', { timeout: PATIENCE_MS });
    await tab.give(...names.map(pathOf));
    await end();
    const alone = await results(tab);
    await (await tab.card(FOR_FFMPEG)).click('load-ffmpeg');
    await until('ffmpeg', async () => await page.$('body[data-state=done]') === null);
    await end();
    const loaded = await results(tab);
    await page.$$eval('[data-testid=exact]', (all) => all.forEach((one) => /** @type {HTMLElement} */ (one).click()));
    await end();
    return { alone, loaded, exact: await results(tab) };
  } finally {
    await browser.close();
  }
}

/** @param {import('../tests/browser/page.mjs').Tab} tab @returns {Promise<Map<string, Buffer | string>>} fingerprints, or failures' codes */
async function results(tab) {
  const cards = await Promise.all(names.map((name) => tab.card(name)));
  const failures = await Promise.all(cards.map((card) => card.failure()));
  const done = failures.filter((failure) => failure === null).length;
  const saved = done === 0 ? new Map() : await tab.saveAll(done);
  const digests = await Promise.all(names.map(sha256Of));
  return new Map(names.map((name, i) => [name, failures[i]?.code ?? saved.get(digests[i])]));
}

/** @param {Buffer | string} result @param {Buffer | string} command @param {boolean} isByFfmpeg */
function cell(result, command, isByFfmpeg) {
  // The core's refusals begin with a code.
  if (typeof result === 'string') return /^[a-z]+(-[a-z]+)+(?=:)/.exec(result)?.[0] ?? result;
  const { header: { kind, tier }, trailer: { frames } } = readFingerprint(result);
  const how = kind === 'picture' ? 'picture' : isByFfmpeg ? 'ffmpeg' : tier;
  const isSame = Buffer.isBuffer(command) && result.equals(command);
  return `${how}, ${frames}${isSame ? ', =' : tier === 'exact' ? ', differs' : ''}`;
}

/** Firefox's two results in one cell: the exact one is added if it differs from the first. @param {Awaited<ReturnType<typeof byPage>>} page @param {string} name @param {Buffer | string} command */
function cells({ alone, loaded, exact }, name, command) {
  const first = /** @type {Buffer | string} */ (loaded.get(name));
  const chosen = /** @type {Buffer | string} */ (exact.get(name));
  const needsFfmpeg = typeof alone.get(name) === 'string';
  const isChosen = typeof first !== 'string' && typeof chosen !== 'string' && !first.equals(chosen);
  return { first: cell(first, command, needsFfmpeg), exact: cell(chosen, command, needsFfmpeg || isChosen) };
}

const commands = new Map();
await forEachOf(names, async (name) => commands.set(name, await byCommand(name)));
const pages = [];
for (const [, browser, settings] of BROWSERS) pages.push(await byPage(browser, settings));
const [chromium, firefox, resisting, webkit] = pages;
const rows = shown.map(({ name, what }) => {
  const command = commands.get(name);
  const inFirefox = cells(firefox, name, command);
  return [`\`${name}\``, what, cells(chromium, name, command).first, inFirefox.first, inFirefox.exact,
    cells(resisting, name, command).first, cells(webkit, name, command).first, cell(command, command, false).replace(', =', '')];
});
const headings = ['file', 'what', 'Chromium', 'Firefox', 'Firefox, exact by choice', 'Firefox, resisting', 'WebKit', 'command'];
await writeTable('docs/formats.md', 'formats', [`${versions()}; ${rows.length} files.`, '', ...tableOf(headings, rows)]);
