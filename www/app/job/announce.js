// @ts-check
/** Tells screen readers about the work: each end at once, progress only now and then. */
import { say } from '../shared/say.js';
import { fractionDone } from './estimate.js';
import { gravityOf } from './failure-kind.js';
import { failureWords } from './failure-words.js';
import { percent } from '../shared/format.js';
import { plural, t } from '../shared/words.js';

const PROGRESS_EVERY_MS = 20_000;

/** @typedef {import('../shared/types.js').Job} Job */

let lastProgressMs = 0;
let added = 0;

/** @param {import('./state.js').Change} change @param {Job|null} job */
export function announce(change, job) {
  if (!job) return;
  if (change === 'added') sayAdded();
  if (change === 'progress') sayProgress(job);
  if (change !== 'phase') return;
  const name = job.file.name;
  if (job.phase === 'done') say(t('announce.done', { name }));
  if (job.phase === 'cancelled') say(t('announce.cancelled', { name }));
  if (job.phase === 'failed' && job.failure)
    say(t(`announce.${gravityOf(job.failure)}`, { name, reason: failureWords(job.failure).what }));
}

/** Announces added files once, however many came together. */
function sayAdded() {
  added += 1;
  if (added > 1) return;
  queueMicrotask(() => {
    say(plural('announce.added', added));
    added = 0;
  });
}

/** @param {Job} job */
function sayProgress(job) {
  const nowMs = performance.now();
  if (!job.progress || nowMs - lastProgressMs < PROGRESS_EVERY_MS) return;
  lastProgressMs = nowMs;
  say(t('announce.working', { name: job.file.name, percent: percent(fractionDone(job.progress)) }));
}
