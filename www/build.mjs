// @ts-check
// Makes dist/index.html: the whole page in one file - styles, scripts, the worker and the WebAssembly core -
// under a content security policy that lets nothing out. Beside it goes the ffmpeg route's file, for the videos that need it
// (ffmpeg/bundle.mjs). `cargo xtask build` runs it, after wasm-bindgen: first for the worker's script, which it then packs, as the core.

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { FFMPEG_FILE, LICENCE_FILE, NO_FFMPEG, bundleFfmpeg } from './ffmpeg/bundle.mjs';

const WWW = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(WWW);

/** The most that the published page may have, gzipped as a server sends it: some seconds over a slow mobile network. Chosen. */
const MAX_PAGE_BYTES = 700_000;

/** @type {import('esbuild').BuildOptions} */
const COMMON = {
  bundle: true, minify: true, write: false, format: 'iife', target: ['es2022'],
  legalComments: 'none', logLevel: 'warning', charset: 'utf8', absWorkingDir: ROOT,
};

/** The worker's script among the parts; it goes into the page packed with xz, whose file has this ending, as the core. */
const WORKER = 'worker.js';
const PACKED = '.xz';

/**
 * The worker as one script, without the WebAssembly core, which it gets from the page.
 * @param {string} wasmFolder where wasm-bindgen has put its output
 */
export async function bundleWorker(wasmFolder) {
  return bundle({
    entryPoints: [join(WWW, 'worker/main.js')],
    alias: { 'cotejo-wasm': join(wasmFolder, 'cotejo.js') },
    platform: 'browser',
    // Only wasm-bindgen's loader uses this, to fetch the module; it is never called, and a policy forbids it.
    define: { 'import.meta.url': '""' },
  });
}

/**
 * The words of every language. Each file in the folder is one, named by its tag. In the page the keys stand once, for all of them.
 * @param {string} folder
 * @returns {Promise<import('esbuild').OnLoadResult>}
 */
async function languages(folder) {
  const names = (await readdir(folder)).toSorted();
  const all = await Promise.all(names.map(async (name) => /** @type {Record<string, string>} */ ((await import(pathToFileURL(join(folder, name)).href)).default)));
  const keys = [...new Set(all.flatMap(Object.keys))];
  const words = all.map((language, i) => `${basename(names[i], '.js')}: words(${JSON.stringify(keys.map((key) => language[key]))})`);
  return { contents: `const words = (all) => Object.fromEntries(${JSON.stringify(keys)}.map((key, i) => [key, all[i]]).filter(([, words]) => words !== null));
export default { ${words.join(', ')} };` };
}

/** The worker that does without the core, and so without unpacking: as text. */
const bundleWorkerWithoutCore = () => bundle({ entryPoints: [join(WWW, 'worker/without-core.js')] });

/**
 * @param {string} parts the folder of the packed worker and core
 * @param {string} words the folder of the languages
 * @param {import('./ffmpeg/bundle.mjs').FfmpegFacts} ffmpeg
 */
async function bundleApp(parts, words, ffmpeg) {
  const packed = async (/** @type {string} */ name) => ({ contents: await readFile(join(parts, name + PACKED)), loader: /** @type {const} */ ('binary') });
  const withoutCore = await bundleWorkerWithoutCore();
  return bundle({
    entryPoints: [join(WWW, 'app/main.js')],
    plugins: [
      madeModule('cotejo-worker', () => packed(WORKER)),
      madeModule('cotejo-worker-without-core', async () => ({ contents: withoutCore, loader: 'text' })),
      madeModule('cotejo-core', () => packed('cotejo_bg.wasm')),
      madeModule('cotejo-languages', () => languages(words)),
      madeModule('cotejo-ffmpeg', async () => ({ contents: JSON.stringify(ffmpeg), loader: 'json' })),
    ],
  });
}

/** @param {import('esbuild').BuildOptions} options */
async function bundle(options) {
  const { outputFiles } = await build({ ...COMMON, ...options });
  return /** @type {import('esbuild').OutputFile[]} */ (outputFiles)[0].text;
}

/** @param {string} name @param {() => Promise<import('esbuild').OnLoadResult>} load @returns {import('esbuild').Plugin} */
function madeModule(name, load) {
  return {
    name,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: name }));
      onLoad({ filter: /.*/, namespace: name }, load);
    },
  };
}

/** @param {string} text */
const digestOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * The page's policies. Pictures and videos are shown from `blob:` addresses, which name the user's files or
 * pictures made of them, in this tab only: requesting one sends nothing.
 *
 * A script needs the permission of both policies: the first allows the page's script and the ffmpeg route's, by their bytes;
 * the second allows scripts from the page's own site only. So the page can request only one thing: a file whose
 * every byte is known, from the site that served the page.
 * @param {string} style @param {string} script @param {string} ffmpegSha256
 */
function policies(style, script, ffmpegSha256) {
  const everything = [
    "default-src 'none'", `script-src ${digestOf(script)} 'sha256-${ffmpegSha256}' 'wasm-unsafe-eval'`, `style-src ${digestOf(style)}`,
    'worker-src blob:', "connect-src 'none'", 'img-src blob: data:', 'media-src blob:', "base-uri 'none'", "form-action 'none'",
    "require-trusted-types-for 'script'", 'trusted-types cotejo',
  ];
  return [everything.join('; '), `script-src-elem 'self' ${digestOf(script)}`];
}

/**
 * Inserts style, script and policies into the page. The page marks their places with
 * <link rel="stylesheet" href="style.css"> and <script type="module" src="app/main.js"></script>.
 * @param {string} page @param {string} style @param {string} script @param {string} ffmpegSha256
 */
export function inline(page, style, script, ffmpegSha256) {
  const safe = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const metas = policies(style, safe, ffmpegSha256).map((policy) => `<meta http-equiv="Content-Security-Policy" content="${policy}">`);
  // Functions, because "$" in a replacement text would be a pattern.
  const places = /** @type {[RegExp, (found: string) => string][]} */ ([
    [/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`],
    [/<script [^>]*src="app\/main\.js"[^>]*><\/script>/, () => ''],
    [/<meta charset="[^"]*">/i, (found) => found + metas.join('')],
    [/<\/body>/, (found) => `<script>${safe}</script>${found}`],
  ]);
  return places.reduce((text, [place, content]) => {
    if (!place.test(text)) throw new Error(`www/index.html: nothing matches ${place}`);
    return text.replace(place, content);
  }, page);
}

const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(0)} kB`;
const gzippedBytes = (/** @type {string} */ text) => gzipSync(text, { level: 9 }).length;

/** @param {string} name @param {string} text */
const sizes = (name, text) => `${name}: ${kilobytes(Buffer.byteLength(text))}, ${kilobytes(gzippedBytes(text))} gzipped`;

/** @param {string} page @param {number} maxBytes gzipped */
export function checkSize(page, maxBytes = MAX_PAGE_BYTES) {
  const bytes = gzippedBytes(page);
  if (bytes > maxBytes) throw new Error(`index.html: ${bytes} bytes gzipped, the limit is ${maxBytes}; see what grew, and make it smaller`);
}

/** @param {{ wasmFolder?: string, words?: string, dist?: string, hasFfmpeg?: boolean, isPublished?: boolean }} [places] */
export async function buildPage({
  wasmFolder = join(ROOT, 'target/wasm'), words = join(WWW, 'i18n'), dist = join(ROOT, 'dist'), hasFfmpeg = true, isPublished = false,
} = {}) {
  const ffmpeg = hasFfmpeg ? await bundleFfmpeg(join(wasmFolder, 'cotejo_av1.wasm')) : NO_FFMPEG;
  const script = await bundleApp(wasmFolder, words, ffmpeg.facts);
  const style = (await build({ ...COMMON, entryPoints: [join(WWW, 'style.css')] })).outputFiles?.[0].text ?? '';
  const page = inline(await readFile(join(WWW, 'index.html'), 'utf8'), style, script, ffmpeg.facts.sha256);
  if (isPublished) checkSize(page);
  await mkdir(dist, { recursive: true });
  await writeFile(join(dist, 'index.html'), page);
  if (!hasFfmpeg) return [sizes('index.html', page)];
  await writeFile(join(dist, FFMPEG_FILE), ffmpeg.script);
  await writeFile(join(dist, LICENCE_FILE), ffmpeg.licence);
  return [sizes('index.html', page), sizes(FFMPEG_FILE, ffmpeg.script)];
}

// node www/build.mjs worker PARTS: the worker's script
// node www/build.mjs [PARTS PAGE ffmpeg|no-ffmpeg]: without arguments the published page, which has a limit
if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === 'worker') {
  const parts = join(ROOT, /** @type {string} */ (process.argv[3]));
  await writeFile(join(parts, WORKER), await bundleWorker(parts));
} else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [wasmFolder, dist, ffmpeg] = process.argv.slice(2);
  const places = dist ? { wasmFolder: join(ROOT, wasmFolder), dist: join(ROOT, dist), hasFfmpeg: ffmpeg === 'ffmpeg' } : { isPublished: true };
  console.log((await buildPage(places)).join('\n'));
}
