// @ts-check
/**
 * The ffmpeg route's file, ffmpeg in WebAssembly: loaded when the user says so, from the page's own site or from
 * a file that the user chooses. Either way, it is used only if its SHA-256 is the one this page was built with.
 */
import facts from 'cotejo-ffmpeg';
import { scriptUrl } from '../shared/script-url.js';
import { unpack } from '../shared/unpack.js';
import { element } from '../shared/element.js';

/** The programs, and the script that starts ffmpeg in a worker. @typedef {{glue: string, ffmpegRoute: import('../../shared/protocol.js').FfmpegRoute}} Ffmpeg */
/** The file's contents: the programs packed with gzip, in base64. @typedef {{glue: string, ffmpeg: string, av1: string}} Carried */

/** Characters of base64 to decode at a time: a multiple of 4. */
const PART = 1 << 20;

/** @type {Ffmpeg|null} */
let loaded = null;
/** @type {(() => void)[]} */
const listeners = [];

export const { name: FILE_NAME, bytes: FILE_BYTES } = facts;

/** Whether a site serves the page: opened from disk, it may not load a file beside it. */
export const isOnSite = location.protocol === 'http:' || location.protocol === 'https:';

/** The loaded ffmpeg; null if it is not loaded. */
export function ffmpeg() {
  return loaded;
}

/** @param {() => void} listener called when ffmpeg can be used */
export function onFfmpeg(listener) {
  listeners.push(listener);
}

/** Whether a file from the user may be ffmpeg's. @param {File} file */
export function isFfmpegFile(file) {
  return file.size === FILE_BYTES;
}

/** @returns {Promise<void>} rejects if the file is missing, or another one */
export async function loadFromSite() {
  if (loaded) return;
  await new Promise((resolve, reject) => {
    // The browser checks the file against the digest, and the digest against the page's policy.
    const script = element('script', { integrity: `sha256-${facts.sha256}`, onload: resolve, onerror: reject });
    script.src = scriptUrl(FILE_NAME);
    document.head.append(script);
  });
  const scope = /** @type {{cotejoFfmpeg?: Carried}} */ (/** @type {unknown} */ (self));
  const carried = /** @type {Carried} */ (scope.cotejoFfmpeg);
  delete scope.cotejoFfmpeg;
  await use(carried);
}

/** @param {File} file @returns {Promise<void>} rejects if it is another file */
export async function loadFromFile(file) {
  if (loaded) return;
  const bytes = await file.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (btoa(String.fromCharCode(...digest)) !== facts.sha256) throw new Error('another file');
  const text = new TextDecoder().decode(bytes);
  await use(JSON.parse(text.slice(text.indexOf('{'))));
}

/** @param {Carried} carried */
async function use({ glue, ffmpeg, av1 }) {
  loaded = { glue, ffmpegRoute: { ffmpeg: await compiled(ffmpeg), av1: await compiled(av1) } };
  for (const listener of listeners) listener();
}

/** @param {string} program packed, in base64 */
async function compiled(program) {
  return WebAssembly.compile(await unpack(bytesOf(program)));
}

/** @param {string} base64 */
function bytesOf(base64) {
  const parts = [];
  for (let start = 0; start < base64.length; start += PART) {
    const text = atob(base64.slice(start, start + PART));
    const part = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) part[i] = text.charCodeAt(i);
    parts.push(part);
  }
  return parts;
}
