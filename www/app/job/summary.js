// @ts-check
/** The line under a card's name: what a person in a hurry needs, and whether anything was wrong. */
import { isCode } from '../shared/code.js';
import { gravityOf } from './failure-kind.js';
import * as format from '../shared/format.js';
import { isOpenedFingerprint } from './hashing.js';
import { plural, t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */

/** @param {Job} job */
export function summaryWords(job) {
  if (job.phase === 'working') return format.size(job.file.size);
  if (!job.result) return `${endWords(job.phase, job.failure)} · ${format.size(job.file.size)}`;
  const { kind, tier, width, height, frames, durationS } = job.result.facts;
  const sides = t('facts.visible.value', { width: String(width), height: String(height) });
  const video = [format.duration(durationS), plural('progress.frames', frames), sides];
  if (isCode(job)) return [t('summary.code'), format.duration(durationS), sides].join(' · ');
  const parts = kind === 'picture' ? [t('summary.picture'), sides] : video;
  if (kind === 'video' && tier) parts.push(t(`summary.${tier}`));
  if (isOpenedFingerprint(job)) parts.push(t('summary.opened'));
  return parts.join(' · ');
}

/** How a file without a result ended. @param {Exclude<Job['phase'], 'working'>} phase @param {Job['failure']} failure */
const endWords = (phase, failure) => t(`phase.${phase === 'failed' && failure ? gravityOf(failure) : phase}`);

/** The words of the warning mark; empty if all is well. @param {Job} job */
export function warningWords({ result }) {
  if (!result) return '';
  if (!result.facts.complete) return t('summary.incomplete');
  const count = result.facts.problems.length;
  return count ? plural('summary.problems', count) : '';
}
