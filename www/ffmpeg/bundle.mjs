// @ts-check
// Makes the ffmpeg route's file: a script that carries, as data, @ffmpeg/core unmodified from npm, and the AV1 decoder that it lacks
// (av1/). It is a script because that is the one thing that the page's policy can name by its bytes and still load when it refuses
// every connection. It stays apart from the page because its licence differs (GPL), and few videos need it.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const HERE = dirname(fileURLToPath(import.meta.url));
const PACKAGE = join(HERE, '../../node_modules/@ffmpeg/core');
export const FFMPEG_FILE = 'cotejo-ffmpeg.js';
export const LICENCE_FILE = 'cotejo-ffmpeg.LICENCE.txt';

/**
 * What the page knows of the file; it accepts no other.
 * @typedef {{ name: string, bytes: number, sha256: string, version: string }} FfmpegFacts
 */

/**
 * @param {string} av1Path of the AV1 decoder that the build made
 * @returns {Promise<{ script: string, licence: string, facts: FfmpegFacts }>} `sha256` in base64, as policies write it
 */
export async function bundleFfmpeg(av1Path) {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  const core = join(PACKAGE, 'dist/umd');
  const glue = await readFile(join(core, 'ffmpeg-core.js'), 'utf8');
  const [ffmpeg, av1] = await Promise.all([join(core, 'ffmpeg-core.wasm'), av1Path].map(packed));
  const heading = `/* @ffmpeg/core ${version}, unmodified: ffmpeg compiled to WebAssembly, GPL-2.0-or-later; and rav1d, BSD-2-Clause. See ${LICENCE_FILE}. */\n`;
  // www/app/job/ffmpeg-file.js reads this global; everything after the first "{" is JSON.
  const script = `${heading}self.cotejoFfmpeg=${JSON.stringify({ glue, ffmpeg, av1 })}\n`;
  const texts = await Promise.all(['NOTICE.txt', 'BSD-2.txt', 'GPL-2.txt'].map((name) => readFile(join(HERE, name), 'utf8')));
  const sha256 = createHash('sha256').update(script).digest('base64');
  return {
    script,
    licence: texts.join('').replaceAll('VERSION', version),
    facts: { name: FFMPEG_FILE, bytes: Buffer.byteLength(script), sha256, version },
  };
}

/** For a page built without ffmpeg: no script has this digest. */
export const NO_FFMPEG = {
  script: '', licence: '',
  facts: { name: FFMPEG_FILE, bytes: 0, sha256: createHash('sha256').update('not built').digest('base64'), version: 'not built' },
};

/** @param {string} path */
const packed = async (path) => gzipSync(await readFile(path), { level: 9 }).toString('base64');
