// @ts-check
// Makes the third tier's file: @ffmpeg/core as npm gives it, unmodified, and the AV1 decoder that it lacks (av1/), in a script
// that carries both as data. It is a script, because a script is the one thing that the page's policy can name by its bytes, and that a page may load where
// every connection is refused. It stays apart from the page: its licence is another one (GPL), and few videos need it.

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
 * What the page must know of the file: it accepts no other.
 * @typedef {{ name: string, bytes: number, sha256: string, version: string }} FfmpegFacts
 */

/**
 * @param {string} av1Path where the build has put the AV1 decoder
 * @returns {Promise<{ script: string, licence: string, facts: FfmpegFacts }>} `sha256` in base64, as policies write it
 */
export async function bundleFfmpeg(av1Path) {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  const core = join(PACKAGE, 'dist/umd');
  const glue = await readFile(join(core, 'ffmpeg-core.js'), 'utf8');
  const [ffmpeg, av1] = await Promise.all([join(core, 'ffmpeg-core.wasm'), av1Path].map(packed));
  const heading = `/* @ffmpeg/core ${version}, unmodified: ffmpeg compiled to WebAssembly, GPL-2.0-or-later; and rav1d, BSD-2-Clause. See ${LICENCE_FILE}. */\n`;
  // The global that www/app/job/ffmpeg-file.js takes it from; everything after the first "{" is JSON.
  const script = `${heading}self.cotejoFfmpeg=${JSON.stringify({ glue, ffmpeg, av1 })}\n`;
  const texts = await Promise.all(['NOTICE.txt', 'BSD-2.txt', 'GPL-2.txt'].map((name) => readFile(join(HERE, name), 'utf8')));
  const sha256 = createHash('sha256').update(script).digest('base64');
  return {
    script,
    licence: texts.join('').replaceAll('VERSION', version),
    facts: { name: FFMPEG_FILE, bytes: Buffer.byteLength(script), sha256, version },
  };
}

/** What the page is built with where its ffmpeg is not wanted: no script has this digest. */
export const NO_FFMPEG = {
  script: '', licence: '',
  facts: { name: FFMPEG_FILE, bytes: 0, sha256: createHash('sha256').update('not built').digest('base64'), version: 'not built' },
};

/** @param {string} path */
const packed = async (path) => gzipSync(await readFile(path), { level: 9 }).toString('base64');
