// @ts-check
// Runs the command on a file, and ffmpeg and ffprobe, with which page and command must agree: the result, how long it took,
// how much memory it needed.

import { spawn } from 'node:child_process';
import { COMMAND, framehashRecipe } from '../../tests/browser/command.mjs';
import { peakMegabytes } from '../../tests/browser/memory.mjs';

/**
 * How a program ended: with its output; with a refusal in its own words; by a crash, a panic or
 * an unexpected error; or not within the limit. `byFfmpeg`: the page's ffmpeg made the result; `unreadable`: why the
 * command does not read it.
 * @typedef {{ ended: 'done' | 'refused' | 'died' | 'slow', said?: string, ms: number, megabytes: number, byFfmpeg?: boolean, unreadable?: string }} Answer
 * @typedef {Answer & { output?: Buffer }} WithOutput
 */

/** The time limit: no file of a suite takes nearly as long on the slowest machine. */
export const LIMIT_MS = 180_000;
/** How many characters of a program's messages to keep: a sentence is enough. */
const WORDS_KEPT = 500;

/** @param {string} program @param {string[]} args @param {Buffer} [input] @returns {Promise<{ status: number | null, signal: string | null, output: Buffer, said: string, ms: number, megabytes: number }>} */
async function run(program, args, input) {
  const start = performance.now();
  const child = spawn(program, args, { timeout: LIMIT_MS, killSignal: 'SIGKILL', stdio: ['pipe', 'pipe', 'pipe'] });
  /** @type {Buffer[]} */
  const output = [];
  let said = '';
  // The program may end before it has read everything.
  child.stdin.on('error', () => {}).end(input);
  child.stdout.on('data', (bytes) => output.push(bytes));
  child.stderr.on('data', (bytes) => { said += bytes; });
  const closed = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal }));
  });
  const megabytes = Math.ceil(await peakMegabytes(Number(child.pid), () => true, closed));
  return { ...await closed, output: Buffer.concat(output), said, ms: Math.round(performance.now() - start), megabytes };
}

/** @param {string} path @returns {Promise<WithOutput>} */
export async function byCommand(path) {
  const { status, signal, output, said, ms, megabytes } = await run(COMMAND, ['hash', '--quiet', path]);
  const cost = { ms, megabytes };
  if (status === 0) return { ended: 'done', output, ...cost };
  if (signal === 'SIGKILL' && ms >= LIMIT_MS) return { ended: 'slow', ...cost };
  // `cotejo: FILE: sentence`
  if (status === 2 && !said.includes('panicked')) return { ended: 'refused', said: said.split('\n')[0].split(': ').slice(2).join(': '), ...cost };
  return { ended: 'died', said: `${signal ?? `status ${status}`}: ${said.slice(0, WORDS_KEPT)}`, ...cost };
}

/** ffmpeg's digests, one line per frame. @param {string} path */
export const byFfmpeg = (path) => byOther('ffmpeg', ['-hide_banner', '-nostdin', '-loglevel', 'error', ...framehashRecipe(path)]);

/** The container's description of its video, without decoding: every packet, and the track. @param {string} path */
export const byContainer = (path) => byOther('ffprobe', ['-loglevel', 'error', '-select_streams', 'V:0', '-of', 'json', '-show_entries',
  'packet=pts,flags:packet_side_data=side_data_type:stream=pix_fmt,color_range,time_base', path]);

/** @param {string} program @param {string[]} args @returns {Promise<WithOutput>} */
async function byOther(program, args) {
  const { status, output, said, ms, megabytes } = await run(program, args);
  if (status === 0) return { ended: 'done', output, ms, megabytes };
  return { ended: ms >= LIMIT_MS ? 'slow' : 'refused', said: said.slice(0, WORDS_KEPT), ms, megabytes };
}

/** Why the command does not read a fingerprint; undefined if it does. @param {Buffer} fingerprint @returns {Promise<string | undefined>} */
export async function refusedByReader(fingerprint) {
  const { status, said } = await run(COMMAND, ['inspect', '--json', '-'], fingerprint);
  return status === 0 ? undefined : said.split('\n')[0];
}
