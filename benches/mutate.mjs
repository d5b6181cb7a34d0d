// @ts-check
// Hashes damaged videos in the page in Chromium and by the command. The table of outcomes goes into
// docs/robustness.md, every mutant with its outcome to target/mutants. Run by `cargo xtask mutate`, after the command and the
// page are built: node benches/mutate.mjs COUNT SEED

import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { peakMegabytes } from '../tests/browser/memory.mjs';
import { kinds, seeds } from '../tests/browser/mutations.mjs';
import { OUTCOMES, outcomeOf } from '../tests/browser/mutation-outcome.mjs';
import { runMutants } from '../tests/browser/mutation-run.mjs';
import { tableOf, versions, writeTable } from './doc-table.mjs';

/** @typedef {import('../tests/browser/mutation-outcome.mjs').Outcome} Outcome */

const LOG_FOLDER = 'target/mutants';
const outcomes = /** @type {Outcome[]} */ (Object.keys(OUTCOMES));
const [count, seed] = process.argv.slice(2).map(Number);

/** @type {{ index: number, seed: string, kind: string, outcome: Outcome, because: string }[]} */
const all = [];

async function run() {
  await mkdir(LOG_FOLDER, { recursive: true });
  const log = join(LOG_FOLDER, `${count}-${seed}.txt`);
  await writeFile(log, '');
  const lines = /** @type {string[]} */ ([]);
  await runMutants(count, seed, ({ mutant: { index, seed, kind }, ...answers }) => {
    const entry = { index, seed, kind, ...outcomeOf({ mutant: { index, seed, kind, bytes: Buffer.alloc(0) }, ...answers }) };
    all.push(entry);
    lines.push(Object.values(entry).join('\t').replaceAll('\n', ' '));
  }, async () => appendFile(log, `${lines.splice(0).join('\n')}\n`));
}

/** Rows of counts, one for each value of a field. @param {'seed' | 'kind'} field @param {string[]} values @param {(value: string) => string} name */
function counts(field, values, name) {
  const rows = values.map((value) => [name(value), ...outcomes.map((outcome) => all.filter((one) => one[field] === value && one.outcome === outcome).length || '')]);
  const total = ['all', ...outcomes.map((outcome) => all.filter((one) => one.outcome === outcome).length)];
  return tableOf([field === 'seed' ? 'video' : 'damage', ...outcomes], [...rows, total]);
}

const isRenderer = (/** @type {string} */ line) => line.includes('--type=renderer');
const isCommand = (/** @type {string} */ line) => /(cotejo\0hash|^ffmpeg\0)/.test(line);
const running = run();
const [page, command] = await Promise.all([isRenderer, isCommand].map((counts) => peakMegabytes(process.pid, counts, running)));
const forbidden = all.filter(({ outcome }) => outcome === 'wrong' || outcome === 'died');
await writeTable('docs/robustness.md', 'mutants', [
  `\`cargo xtask mutate --count ${count} --seed ${seed}\`; ${versions()}. Most memory: page ${Math.ceil(page)} MB, command or its ffmpeg ${Math.ceil(command)} MB.`,
  '',
  ...counts('seed', seeds.map(({ name }) => name), (value) => value.replace('seed-', '')), '',
  ...counts('kind', kinds, (value) => value), '',
  ...(forbidden.length ? ['What must not be and is:', ''] : ['None of what must not be.']),
  ...forbidden.map(({ index, seed, kind, outcome, because }) => `- ${index}, ${seed.replace('seed-', '')}, ${kind}: ${outcome}; ${because.split('\n')[0]}`),
]);
