// @ts-check
// Runs the native command, with which the page must agree, and ffmpeg, with which both must agree.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { KEPT, contentOf, placeOf } from './kept.mjs';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 1 << 30;
/** The command's status when it could not do all that it was asked. */
const SOME_FAILED = 2;

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** Made at test time. Tests that run at the same time have folders of their own. */
export const CLIPS = process.env.COTEJO_CLIPS ?? join(ROOT, 'target/clips');

export const COMMAND = process.env.COTEJO ?? join(ROOT, 'target/debug/cotejo');
if (!existsSync(COMMAND)) throw new Error(`${COMMAND} is missing: cargo build --bin cotejo`);

/** `cotejo hash`: what it writes. @param {string} file @param {string[]} [options] @returns {Promise<Buffer>} */
export function cotejoHash(file, options = []) {
  return outputOf(COMMAND, ['hash', '--quiet', ...options, file]);
}

/**
 * What `cotejo hash` gives of many files, by file, without those that it gives nothing of. All at once: to start the command, and
 * ffmpeg for its version and its decoders, takes longer than to hash a clip. What it gave another test is kept.
 * @param {Iterable<string>} files with different names @param {'.cotejo' | '.framehash'} [ending]
 * @returns {Promise<Map<string, Buffer>>}
 */
export async function cotejoHashes(files, ending = '.cotejo') {
  const command = await contentOf(COMMAND);
  const keptOf = async (/** @type {string} */ file) => placeOf(basename(file) + ending, [command, await contentOf(file)]);
  const places = new Map(await Promise.all([...files].map(async (file) => /** @type {const} */ ([file, await keptOf(file)]))));
  await makeHashes([...places].filter(([, kept]) => !existsSync(kept)), ending);
  const hashed = [...places].filter(([, kept]) => existsSync(kept));
  return new Map(await Promise.all(hashed.map(async ([file, kept]) => /** @type {const} */ ([file, await readFile(kept)]))));
}

/** @param {(readonly [file: string, kept: string])[]} missing where what the command gives of a file is to be kept @param {string} ending */
async function makeHashes(missing, ending) {
  if (missing.length === 0) return;
  await mkdir(KEPT, { recursive: true });
  const folder = await mkdtemp(join(KEPT, 'hashes-'));
  try {
    const format = ending === '.cotejo' ? 'fingerprint' : 'framehash';
    await run(COMMAND, ['hash', '--quiet', '--format', format, '-d', folder, ...missing.map(([file]) => file)]).catch((cause) => {
      if (cause.code !== SOME_FAILED) throw cause;
    });
    for (const [file, kept] of missing) {
      const hashes = join(folder, basename(file) + ending);
      if (existsSync(hashes)) await rename(hashes, kept);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** How ffmpeg is asked for a file's frames: the recipe of docs/format.md. @param {string} file */
export const framehashRecipe = (file) => [
  '-threads', '1', '-noautorotate', '-idct', 'simple', '-flags', '+bitexact+unaligned', '-i', file,
  '-map', '0:V:0', '-fps_mode', 'passthrough', '-threads', '1', '-f', 'framehash', '-hash', 'sha256', '-',
];

/** What ffmpeg itself says of a file's frames. @param {string} file */
export async function ffmpegFramehash(file) {
  return (await ffmpeg(framehashRecipe(file))).toString();
}

/** What ffmpeg writes to standard output. @param {string[]} args @returns {Promise<Buffer>} */
export function ffmpeg(args) {
  return outputOf('ffmpeg', ['-hide_banner', '-nostdin', '-loglevel', 'error', ...args]);
}

/** @param {string} program @param {string[]} args @returns {Promise<Buffer>} */
async function outputOf(program, args) {
  const { stdout } = await run(program, args, { encoding: 'buffer', maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}

/**
 * Does something with every item, two at a time: as many as the smallest test machine has processors.
 * @template T, R
 * @param {Iterable<T>} items
 * @param {(item: T) => Promise<R>} action
 * @returns {Promise<R[]>} in the items' order
 */
export async function forEachOf(items, action) {
  const all = [...items];
  /** @type {R[]} */
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < all.length) {
      const index = next++;
      results[index] = await action(all[index]);
    }
  };
  await Promise.all([lane(), lane()]);
  return results;
}

/** @typedef {{ t: number, pdq: string, q: number, sha256?: string }} Frame */

/**
 * A fingerprint's lines, read as docs/format.md says.
 * @param {Uint8Array} bytes
 */
export function readFingerprint(bytes) {
  const lines = Buffer.from(bytes).toString().trimEnd().split('\n').map((line) => JSON.parse(line));
  const motion = lines.filter((line) => 'motion' in line && 'cells' in line);
  return {
    header: lines[0],
    frames: /** @type {Frame[]} */ (lines.filter((line) => 'pdq' in line)),
    /** Four cells in a byte. */
    cells: Buffer.concat(motion.map(({ cells }) => Buffer.from(cells, 'base64'))),
    trailer: lines[lines.length - 1],
  };
}
