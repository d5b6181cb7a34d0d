// @ts-check
// Makes videos with lifelike motion, for comparing: a camera moves over a photograph, and things pass before it, each its own
// way, so that no moment and no part of the picture is like another. Copies are edited as people do: cut out,
// mirrored, trimmed, drawn on.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CLIPS, ROOT, ffmpeg } from './command.mjs';
import { contentOf, place } from './kept.mjs';

const PHOTO = join(ROOT, 'tests/vectors/pdq/pictures/bridge.jpg');
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-pix_fmt', 'yuv420p', '-bitexact', '-threads', '1'];

/** Hashes see no more than 64 x 64 points. Of 640 x 360, a comparison in the page took a quarter more of a processor. */
const SMALL = 'scale=320:180';

/** What passes over a picture of 640 x 360: width, height, colour, and its place over the time t. */
const PASSING = [
  ['70x44', '0xd8d040', "mod(90*t+70,760)-70", "60+40*sin(1.7*t)"],
  ['48x80', '0x2050c0', "660-mod(61*t,740)", "210+70*sin(0.9*t+1)"],
  ['90x30', '0xe8e8f0', "250+220*sin(0.61*t)", "mod(37*t,420)-30"],
  ['36x36', '0x902020', "320+280*sin(1.13*t+2)", "180+150*sin(0.77*t)"],
];

/** @param {string} name @param {number} seconds @returns {Promise<string>} its path */
export async function makeFootage(name, seconds) {
  const boxes = PASSING.map(([size, colour], i) => `color=c=${colour}:s=${size}:r=25[box${i}]`);
  const over = PASSING.map(([, , x, y], i) => `[on${i}][box${i}]overlay=x='${x}':y='${y}':shortest=1[on${i + 1}]`);
  const walk = '[0:v]scale=900:-2,crop=640:360:130+120*sin(0.23*t):20+18*sin(0.31*t)[on0]';
  const graph = [walk, ...boxes, ...over, `[on${PASSING.length}]${SMALL}[shown]`].join(';');
  const input = ['-loop', '1', '-framerate', '25', '-t', String(seconds), '-i', PHOTO];
  return make(name, [...input, '-filter_complex', graph, '-map', '[shown]', '-t', String(seconds), ...H264]);
}

/** The least seconds of unrelated footage of which "no match" is said, and some more: of less, a copy might be missed. */
export const UNRELATED_S = 16;

/** A video that has nothing in common with the others. @param {string} name @param {number} seconds */
export async function makeUnrelated(name, seconds) {
  return make(name, ['-f', 'lavfi', '-i', `mandelbrot=s=320x180:r=25:end_scale=0.02:end_pts=${seconds * 25}`, '-t', String(seconds), ...H264]);
}

/** A copy of a part of a video. @param {string} from @param {string} name @param {{ start: number, seconds: number, filter: string }} change */
export async function makeCopy(from, name, { start, seconds, filter }) {
  return make(name, ['-ss', String(start), '-t', String(seconds), '-i', from, '-vf', filter, ...H264], from);
}

/** A part of a video in a codec that no browser decodes. @param {string} from @param {string} name @param {{ start: number, seconds: number }} part */
export async function makeForFfmpeg(from, name, { start, seconds }) {
  return make(name, ['-ss', String(start), '-t', String(seconds), '-i', from, '-c:v', 'mpeg4', '-q:v', '3', '-bitexact', '-threads', '1'], from);
}

/** The same video so many times in a row: long, and made at once. @param {string} from @param {string} name @param {number} times */
export async function makeLoop(from, name, times) {
  return make(name, ['-stream_loop', String(times - 1), '-i', from, '-c', 'copy', '-bitexact'], from);
}

/** One frame as PNG. @param {string} from @param {string} name @param {number} at seconds */
export async function makeStill(from, name, at) {
  return make(name, ['-ss', String(at), '-i', from, '-frames:v', '1', '-bitexact'], from);
}

/** A picture made of another. @param {string} from @param {string} name @param {string} filter */
export async function makePicture(from, name, filter) {
  return make(name, ['-i', from, '-vf', filter, '-frames:v', '1', '-bitexact'], from);
}

/** A long page, pixels, and where a picture lies on it: so small that it is only found once a person marks it. */
export const [PAGE, ON_PAGE] = [[1400, 2000], [900, 1600, 130, 73]];

/** A picture on a long page. @param {string} from @param {string} name */
export async function makePage(from, name) {
  const [x, y, width, height] = ON_PAGE;
  const graph = `[1]scale=${width}:${height}[small];[0][small]overlay=${x}:${y}`;
  return make(name, ['-f', 'lavfi', '-i', `mandelbrot=s=${PAGE.join('x')}:r=1`, '-i', from, '-filter_complex', graph, '-frames:v', '1', '-bitexact'], from);
}

/** Has ffmpeg make a file, unless it did before. @param {string} name @param {string[]} args @param {string} [from] the file among them */
async function make(name, args, from) {
  const path = join(CLIPS, name);
  await mkdir(CLIPS, { recursive: true });
  const recipe = from ? [args.filter((arg) => arg !== from), await contentOf(from)] : args;
  await place(path, recipe, (unfinished) => ffmpeg(['-y', ...args, unfinished]));
  return path;
}
