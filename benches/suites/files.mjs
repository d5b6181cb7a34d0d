// @ts-check
// The media files of a folder, their makers, and the results for each so far.

import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** @typedef {{ name: string, path: string, maker: string }} MediaFile `name`: the path within the folder */
/** @typedef {import('./native.mjs').Answer} Answer */

/** Where every run writes: a line for each file and program, and the programs' output. */
const RESULTS = 'target/suites';
const LINES = join(RESULTS, 'results.jsonl');
/** A list in the folder of the files: a heading, then a line for each file. */
const MANIFEST = 'manifest.tsv';

/** The name under which a browser's exact results count, as if from another program. @param {string} browser */
export const exactOf = (browser) => `${browser}, exact`;

/** Every file in the folder and below. @param {string} folder @returns {Promise<MediaFile[]>} */
export async function mediaFiles(folder) {
  const makers = await makersOf(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name !== MANIFEST).map((entry) => relative(folder, join(entry.path, entry.name)));
  return names.sort().map((name) => ({ name, path: join(folder, name), maker: makers.get(name) ?? makerIn(name) }));
}

/** The manifest's column `maker`, if it has one. @param {string} folder @returns {Promise<Map<string, string>>} by file */
async function makersOf(folder) {
  if (!existsSync(join(folder, MANIFEST))) return new Map();
  const [heading, ...lines] = (await readFile(join(folder, MANIFEST), 'utf8')).trimEnd().split('\n').map((line) => line.split('\t'));
  const [file, maker] = ['file', 'maker'].map((column) => heading.indexOf(column));
  return maker < 0 ? new Map() : new Map(lines.map((cells) => [cells[file], cells[maker]]));
}

/** The maker: from a name like `0123_maker_name.mp4`; otherwise the file's folder. @param {string} name */
const makerIn = (name) => /^\d+_([^_]+)_/.exec(basename(name))?.[1] ?? basename(dirname(name));

/** The results so far, written to disk after each file, so that a run can continue an interrupted one. */
export class Results {
  /** @type {Map<string, Map<string, Answer>>} by program, then by file */
  #answers = new Map();

  /** @param {boolean} resume */
  static async open(resume) {
    const results = new Results();
    if (!resume) await rm(RESULTS, { recursive: true, force: true });
    await mkdir(RESULTS, { recursive: true });
    const text = existsSync(LINES) ? await readFile(LINES, 'utf8') : '';
    // Ignores a last line that an interrupted run left unfinished.
    for (const line of text.split('\n').slice(0, -1)) results.#take(JSON.parse(line));
    if (text !== '' && !text.endsWith('\n')) await writeFile(LINES, text.slice(0, text.lastIndexOf('\n') + 1));
    return results;
  }

  /** @param {{ program: string, file: string } & Answer} line */
  #take({ program, file, ...answer }) {
    if (!this.#answers.has(program)) this.#answers.set(program, new Map());
    this.#answers.get(program)?.set(file, answer);
  }

  /** @param {string} program @param {string} file */
  get(program, file) {
    return this.#answers.get(program)?.get(file);
  }

  /** @param {string} program @param {string} file @param {Answer & { output?: Uint8Array }} answer `output` becomes a file of its own */
  async put(program, file, { output, ...answer }) {
    const path = outputPath(program, file);
    await mkdir(dirname(path), { recursive: true });
    if (output) await writeFile(path, output);
    const line = { program, file, ...answer };
    this.#take(line);
    await appendFile(LINES, `${JSON.stringify(line)}\n`);
  }

  /** The result with the program's output. @param {string} program @param {string} file @returns {Promise<Answer & { output?: Buffer }>} */
  async whole(program, file) {
    const answer = this.get(program, file);
    if (!answer) throw new Error(`${file} was not given to ${program}`);
    return answer.ended === 'done' ? { ...answer, output: await readFile(outputPath(program, file)) } : answer;
  }
}

/** @param {string} program @param {string} file */
const outputPath = (program, file) => join(RESULTS, program, `${file}.txt`);
