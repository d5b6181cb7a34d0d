// @ts-check
// Writes measured tables into the documentation: replaces the lines between two marks, and leaves the text around them.

import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { programOf } from '../tests/browser/browsers.mjs';

/** A table's lines in Markdown. @param {string[]} headings @param {(string | number)[][]} rows */
export const tableOf = (headings, rows) => [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

/**
 * Puts lines between `<!-- NAME: begin -->` and `<!-- NAME: end -->`.
 * @param {string} path @param {string} name @param {string[]} lines
 */
export async function writeTable(path, name, lines) {
  const text = await readFile(path, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path}: no marks of ${name}`);
  await writeFile(path, `${text.slice(0, from + begin.length)}\n${lines.join('\n')}\n${text.slice(to)}`);
}

/** The programs that the table was made with. */
export function versions() {
  // WebKit's program needs a display to tell its version.
  const questions = /** @type {const} */ ([
    [programOf('chromium'), '--version'], [programOf('firefox'), '--version'],
    ['dpkg-query', '--show', '--showformat', 'WebKitGTK ${Version}', 'webkit2gtk-driver'], ['ffmpeg', '-version'],
  ]);
  return questions.map(([program, ...args]) => {
    const { stdout } = spawnSync(String(program), args, { encoding: 'utf8' });
    return /^(.*?\d+(\.\d+)+\w*)/.exec(stdout)?.[1].trim().replace('version ', '') ?? String(program);
  }).join(', ');
}
