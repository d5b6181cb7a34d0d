// @ts-check
// Hashes every media file of a folder in the page in each browser, by the command, and by ffmpeg itself. The table goes
// into docs/suites.md, each program's output to target/suites. Run by `cargo xtask suites`, after the command and the page
// are built: node benches/suites.mjs FOLDER [resume] [chromium|firefox ...]

import { basename } from 'node:path';
import { BROWSERS, Runner } from './suites/browser.mjs';
import { Results, exactOf, mediaFiles } from './suites/files.mjs';
import { byCommand, byContainer, byFfmpeg, refusedByReader } from './suites/native.mjs';
import { writeDocument } from './suites/tables.mjs';

/** How many files go through all programs before the next ones: so an interrupted run has all results for most files. */
const SLICE = 96;
/** How many files a tab gets; then it is closed, so that its memory stays bounded. */
const BATCH = 24;

/** @typedef {import('./suites/files.mjs').MediaFile} MediaFile */

const [folder, ...words] = process.argv.slice(2);
const wanted = words.filter((word) => word !== 'resume');
const browsers = BROWSERS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (browsers.length === 0) throw new Error(`no browser is called ${wanted.join(', ')}: ${BROWSERS.map(({ name }) => name).join(', ')}`);
const files = await mediaFiles(folder);
const results = await Results.open(words.includes('resume'));
for (let from = 0; from < files.length; from += SLICE) {
  const slice = files.slice(from, from + SLICE);
  for (const [program, hash] of /** @type {const} */ ([['container', byContainer], ['ffmpeg', byFfmpeg], ['command', byCommand]])) {
    for (const { name, path } of missing(slice, program)) await results.put(program, name, await hash(path));
  }
  for (const kind of browsers) await byPage(kind, missing(slice, kind.name));
  console.log(`${from + slice.length} of ${files.length} files`);
}
await writeDocument(files, results, browsers);

/** @param {MediaFile[]} slice @param {string} program */
function missing(slice, program) {
  return slice.filter(({ name }) => !results.get(program, name));
}

/** @param {typeof BROWSERS[number]} kind @param {MediaFile[]} slice */
async function byPage(kind, slice) {
  const runner = new Runner(kind);
  for (const batch of batchesOf(slice)) {
    const answers = await runner.hash(batch);
    for (const [i, { name }] of batch.entries()) {
      const { first, exact } = answers[i];
      if (exact) await results.put(exactOf(kind.name), name, await readBack(exact));
      await results.put(kind.name, name, await readBack(first));
    }
  }
  await runner.close();
}

/** The answer, marked if no reader accepts its fingerprint. @param {import('./suites/native.mjs').WithOutput} answer */
async function readBack(answer) {
  return answer.output ? { ...answer, unreadable: await refusedByReader(answer.output) } : answer;
}

/** Batches without equal file names, by which the page's cards are told apart. @param {MediaFile[]} all @returns {MediaFile[][]} */
function batchesOf(all) {
  const batches = /** @type {MediaFile[][]} */ ([[]]);
  for (const file of all) {
    const last = batches[batches.length - 1];
    if (last.length < BATCH && !last.some(({ path }) => basename(path) === basename(file.path))) last.push(file);
    else batches.push([file]);
  }
  return batches.filter(({ length }) => length > 0);
}
