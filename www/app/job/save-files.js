// @ts-check
/** Saves results: made in memory, and given to the user as downloads. */
import { download } from '../shared/download.js';
import { exportName, frameName, namedInLine } from './file-names.js';
import { ask } from './jobs.js';
import { usesFileName } from './state.js';

/** @typedef {import('../shared/types.js').Job} Job */
/** @typedef {import('../shared/types.js').ExportFormat} ExportFormat */

/** @type {Record<ExportFormat, string>} */
const TYPES = { fingerprint: 'application/x-ndjson', csv: 'text/csv', sha256sum: 'text/plain', vpdq: 'text/plain' };

/** The file to save. @param {Job} job @param {ExportFormat} format @returns {Promise<import('../shared/preview.js').Saved>} */
export async function exportOf(job, format) {
  const result = /** @type {import('../shared/types.js').HashResult} */ (job.result);
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
  const picture = job.pictures.get(/** @type {import('../shared/types.js').HashResult} */ (job.result).chosen[place]);
  if (picture) await download(picture.blob, frameName(job, place));
}

/** Saves all representative frames, one after the other. @param {Job} job @returns {Promise<number>} how many */
export async function saveFrames(job) {
  const places = job.result?.chosen.keys() ?? [];
  for (const place of places) await saveFrame(job, place);
  return job.pictures.size;
}
