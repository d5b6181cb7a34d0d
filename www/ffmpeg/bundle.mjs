// @ts-check
// Makes the third tier's file: @ffmpeg/core as npm gives it, unmodified, in a script that carries it as data. It is a
// script, because a script is the one thing that the page's policy can name by its bytes, and that a page may load where
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

/** @returns {Promise<{ script: string, licence: string, facts: FfmpegFacts }>} `sha256` in base64, as policies write it */
export async function bundleFfmpeg() {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  const core = join(PACKAGE, 'dist/umd');
  const glue = await readFile(join(core, 'ffmpeg-core.js'), 'utf8');
  const wasm = gzipSync(await readFile(join(core, 'ffmpeg-core.wasm')), { level: 9 }).toString('base64');
  const heading = `/* @ffmpeg/core ${version}, unmodified: ffmpeg compiled to WebAssembly. GPL-2.0-or-later, see ${LICENCE_FILE}. */\n`;
  // The global that www/app/ffmpeg-file.js takes it from; everything after the first "{" is JSON.
  const script = `${heading}self.cotejoFfmpeg=${JSON.stringify({ glue, wasm })}\n`;
  const sha256 = createHash('sha256').update(script).digest('base64');
  return {
    script,
    licence: (await readFile(join(HERE, 'NOTICE.txt'), 'utf8')).replaceAll('VERSION', version) + await readFile(join(HERE, 'GPL-2.txt'), 'utf8'),
    facts: { name: FFMPEG_FILE, bytes: Buffer.byteLength(script), sha256, version },
  };
}
