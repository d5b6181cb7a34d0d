// @ts-check
// How much memory this process's children and all below them use. Linux only: it reads /proc.

import { readFileSync, readdirSync } from 'node:fs';

const POLL_MS = 100;

/** Resident megabytes of every process below a process. @param {number} root @returns {{ program: string, mb: number }[]} */
export function memoryBelow(root) {
  /** @type {Map<number, { parent: number, program: string, mb: number }>} */
  const processes = new Map();
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
    try {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      const field = (/** @type {string} */ name) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
      processes.set(id, { parent: Number(field('PPid')), program: field('Name'), mb: Number(field('VmRSS')) / 1024 });
    } catch {
      // It ended between the two looks.
    }
  }
  return [...processes].filter(([id]) => id !== root && descends(id)).map(([, { program, mb }]) => ({ program, mb }));

  /** @param {number} id @returns {boolean} */
  function descends(id) {
    const parent = processes.get(id)?.parent;
    return parent !== undefined && parent !== 0 && (parent === root || descends(parent));
  }
}

/**
 * The most memory that one process of those whose program's name fits used at any time from now on.
 * @param {RegExp} program
 */
export function watchMemory(program) {
  let peakMb = 0;
  const timer = setInterval(() => {
    for (const { program: name, mb } of memoryBelow(process.pid)) if (program.test(name)) peakMb = Math.max(peakMb, mb);
  }, POLL_MS);
  return {
    /** @returns {number} megabytes */
    stop() {
      clearInterval(timer);
      return Math.ceil(peakMb);
    },
  };
}
