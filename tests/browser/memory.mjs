// @ts-check
// Lists processes and the memory that they use. Linux only: reads /proc.

import { readFileSync, readdirSync } from 'node:fs';

const POLL_MS = 100;

/** A process and all below it. @param {number} root */
export function processesBelow(root) {
  /** @type {Map<number, { id: number, parent: number, kilobytes: number, command: string }>} */
  const processes = new Map();
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
    try {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      const field = (/** @type {string} */ name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      processes.set(id, { id, parent: field('PPid'), kilobytes: field('VmRSS'), command: readFileSync(`/proc/${id}/cmdline`, 'utf8') });
    } catch { /* It has ended in the meantime. */ }
  }
  const isBelow = (/** @type {number} */ id) => {
    for (let at = id; at > 1; at = processes.get(at)?.parent ?? 0) if (at === root) return true;
    return false;
  };
  return [...processes.values()].filter(({ id }) => isBelow(id));
}

/** Resident memory of the largest process that counts, among a process and all below it, in MB. @param {number} root @param {(command: string) => boolean} counts */
function residentMegabytes(root, counts) {
  const counted = processesBelow(root).filter(({ command }) => counts(command));
  return Math.max(0, ...counted.map(({ kilobytes }) => kilobytes / 1000));
}

/**
 * The most memory seen until the work is done.
 * @param {number} root @param {(command: string) => boolean} counts @param {Promise<unknown>} work
 */
export async function peakMegabytes(root, counts, work) {
  let [peak, isDone] = [0, false];
  work.finally(() => { isDone = true; }).catch(() => {});
  while (!isDone) {
    peak = Math.max(peak, residentMegabytes(root, counts));
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await work;
  return peak;
}
