// @ts-check
/**
 * Names of saved files. Neutral by default: a name such as 'interview-with-NN.mp4' can endanger someone, and a
 * download's name ends up in histories and listings.
 */
import { chosenRow } from '../shared/rows.js';

/** @typedef {import('../shared/types.js').Job} Job */
/** @typedef {import('../shared/types.js').ExportFormat} ExportFormat */

/** @type {Record<ExportFormat, string>} */
const ENDINGS = { fingerprint: '.cotejo', csv: '.csv', sha256sum: '.sha256', vpdq: '.vpdq.txt' };

/** File name endings of containers, if other than the container's name. @type {Record<string, string>} */
const CONTAINER_ENDINGS = { matroska: '.mkv', mpegts: '.ts', jpeg: '.jpg' };

/** @param {Job} job */
function neutralStem({ result }) {
  return `cotejo-${result?.facts.file.sha256?.slice(0, 12) ?? 'fingerprint'}`;
}

/** @param {string} name */
function withoutEnding(name) {
  return name.replace(/\.[^.]{1,8}$/, '') || name;
}

/** @param {Job} job @param {ExportFormat} format @param {boolean} useFileName */
export function exportName(job, format, useFileName) {
  return (useFileName ? withoutEnding(job.file.name) : neutralStem(job)) + ENDINGS[format];
}

/** The file's name in the SHA-256 line. @param {Job} job @param {boolean} useFileName */
export function namedInLine(job, useFileName) {
  if (useFileName) return job.file.name;
  const container = job.result?.facts.file.container ?? '';
  return neutralStem(job) + (container ? (CONTAINER_ENDINGS[container] ?? `.${container}`) : '');
}

/** A frame's file name, by time and hash: 'frame-000012.480s-9c3f0a51d2e48b77.png'. @param {Job} job @param {number} place among the representative frames */
export function frameName({ result }, place) {
  if (!result) return 'frame.png';
  const seconds = result.times[result.chosen[place]].toFixed(3).padStart(10, '0');
  return `frame-${seconds}s-${chosenRow(result, place).pdq.slice(0, 16)}.png`;
}
