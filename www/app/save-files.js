// @ts-check
/** Hands files to the user as downloads. What is saved is made in memory; nothing goes anywhere else. */
import { element } from './element.js';
import { exportName, frameName, namedInLine } from './file-names.js';
import { ask } from './jobs.js';
import { usesFileName } from './state.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').ExportFormat} ExportFormat */

/** Browsers drop downloads that start in the same instant. */
const BETWEEN_DOWNLOADS_MS = 350;
/** Long enough for a slow disk to start reading; then the memory is let go. */
const KEEP_URL_MS = 60_000;

/** @type {Record<ExportFormat, string>} */
const TYPES = { fingerprint: 'application/x-ndjson', csv: 'text/csv', sha256sum: 'text/plain', vpdq: 'text/plain' };

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = element('a', { href: url, download: name, class: 'unseen' });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_URL_MS);
  return new Promise((resolve) => setTimeout(resolve, BETWEEN_DOWNLOADS_MS));
}

/** A file as it would be saved. @param {Job} job @param {ExportFormat} format @returns {Promise<import('./peek.js').Saved>} */
export async function exportOf(job, format) {
  const result = /** @type {import('./types.js').HashResult} */ (job.result);
  const name = exportName(job, format, usesFileName());
  const content = format === 'fingerprint' ? result.fingerprint : await exported(job, result.fingerprint, format);
  return { name, blob: new Blob([content], { type: TYPES[format] }) };
}

/** @param {Job} job @param {ExportFormat} format @returns {Promise<string>} the name it was saved under */
export async function saveExport(job, format) {
  const { name, blob } = await exportOf(job, format);
  await download(blob, name);
  return name;
}

/** @param {Job} job @param {Blob} fingerprint @param {ExportFormat} format @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function exported(job, fingerprint, format) {
  const name = format === 'sha256sum' ? namedInLine(job, usesFileName()) : '';
  const { bytes } = await ask({ op: 'export', fingerprint, format, name });
  return bytes;
}

/** @param {Job} job */
export function saveFingerprint(job) {
  return saveExport(job, 'fingerprint');
}

/** @param {Job} job @param {number} place among the representative frames */
export async function saveFrame(job, place) {
  const picture = job.pictures.get(/** @type {import('./types.js').HashResult} */ (job.result).chosen[place]);
  if (picture) await download(picture.blob, frameName(job, place));
}

/** All representative frames, one after the other. @param {Job} job @returns {Promise<number>} how many */
export async function saveFrames(job) {
  const places = job.result?.chosen.keys() ?? [];
  for (const place of places) await saveFrame(job, place);
  return job.pictures.size;
}
