// @ts-check
// The outcomes of all files, as tables for docs/suites.md.

import { tableOf, versions, writeTable } from '../doc-table.mjs';
import { exactOf } from './files.mjs';
import { OUTCOMES, outcomeOf } from './outcome.mjs';

/** @typedef {import('./outcome.mjs').Outcome} Outcome */
/** @typedef {{ name: string, maker: string, program: string, outcome: Outcome, because: string }} Entry */

const outcomes = /** @type {Outcome[]} */ (Object.keys(OUTCOMES));
/** Outcomes whose files are listed one by one, with the reason. */
const LISTED = /** @type {const} */ (['wrong', 'died', 'slow', 'one', 'marked']);

/**
 * @param {import('./files.mjs').MediaFile[]} files @param {import('./files.mjs').Results} results
 * @param {readonly { name: string, title: string }[]} browsers
 */
export async function writeDocument(files, results, browsers) {
  const programs = browsers.flatMap(({ name, title }) => [{ name, title }, { name: exactOf(name), title: `${title}, exact by choice` }])
    .filter(({ name }) => files.some((file) => results.get(name, file.name)));
  const entries = await entriesOf(files, results, programs);
  const of = (/** @type {string} */ title) => entries.filter(({ program }) => program === title);
  const makers = [...new Set(files.map(({ maker }) => maker))].sort();
  await writeTable('docs/suites.md', 'suites', [
    `${versions()}; ${files.length} files of ${makers.length} makers.`, '',
    ...tableOf(['', ...outcomes, 'by ffmpeg'], programs.map(({ name, title }) => [title, ...counts(of(title)), files.filter((file) => results.get(name, file.name)?.byFfmpeg).length])), '',
    ...costs(files, results, [...programs, { name: 'command', title: 'command' }]), '',
    ...browsers.flatMap(({ title }) => [`## By maker: ${title}`, '', ...byMaker(of(title), makers), '']),
    ...refusals(entries), '',
    ...LISTED.flatMap((outcome) => list(entries.filter((entry) => entry.outcome === outcome), outcome)),
  ]);
}

/** @param {import('./files.mjs').MediaFile[]} files @param {import('./files.mjs').Results} results @param {{ name: string, title: string }[]} programs */
async function entriesOf(files, results, programs) {
  const entries = /** @type {Entry[]} */ ([]);
  for (const program of programs) {
    for (const { name, maker } of files.filter((file) => results.get(program.name, file.name))) {
      const [page, command, ffmpeg, container] = await Promise.all([program.name, 'command', 'ffmpeg', 'container'].map((one) => results.whole(one, name)));
      entries.push({ name, maker, program: program.title, ...outcomeOf({ page, command, ffmpeg, container }) });
    }
  }
  return entries;
}

/** @param {Entry[]} entries */
const counts = (entries) => outcomes.map((outcome) => entries.filter((one) => one.outcome === outcome).length || '');

/** @param {Entry[]} entries @param {string[]} makers */
function byMaker(entries, makers) {
  const rows = makers.map((maker) => [maker, ...counts(entries.filter((one) => one.maker === maker))]);
  return tableOf(['maker', ...outcomes], rows);
}

/** Why both refused files, the most frequent reason first. @param {Entry[]} entries */
function refusals(entries) {
  const reasons = new Map();
  for (const { because } of entries.filter(({ outcome }) => outcome === 'refused')) reasons.set(because, (reasons.get(because) ?? 0) + 1);
  const rows = [...reasons].sort(([, a], [, b]) => b - a);
  return ['## Refused, and why', '', ...tableOf(['reason', 'results'], rows)];
}

/** @param {Entry[]} entries @param {Outcome} outcome */
function list(entries, outcome) {
  const rows = entries.map(({ name, program, because }) => [`\`${name}\``, program, because.replaceAll('|', '\\|').replaceAll('\n', ' ')]);
  return [`## ${outcome}: ${OUTCOMES[outcome]}`, '', ...(rows.length ? tableOf(['file', 'in', 'what'], rows) : ['None.']), ''];
}

/** Time and memory: median and largest. @param {import('./files.mjs').MediaFile[]} files @param {import('./files.mjs').Results} results @param {{ name: string, title: string }[]} programs */
function costs(files, results, programs) {
  const rows = programs.map(({ name, title }) => {
    const all = files.flatMap((file) => results.get(name, file.name) ?? []);
    const sorted = (/** @type {'ms' | 'megabytes'} */ field) => all.map((one) => one[field]).sort((a, b) => a - b);
    const [times, memory] = [sorted('ms'), sorted('megabytes')];
    const middle = Math.floor(all.length / 2);
    return [title, times[middle], times[times.length - 1], memory[middle], memory[memory.length - 1]];
  });
  return tableOf(['', 'time, median (ms)', 'longest (ms)', 'memory, median (MB)', 'most (MB)'], rows);
}
