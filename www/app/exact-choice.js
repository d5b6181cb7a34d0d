// @ts-check
/** The way from a result of the browser's decoder to one of ffmpeg's, slower: exact, or with more of a damaged video. */
import { element } from './element.js';
import { ffmpeg } from './ffmpeg-file.js';
import { createFfmpegOffer } from './ffmpeg-offer.js';
import { hashExactly } from './hashing.js';
import { t } from './words.js';

/** Problems after which ffmpeg may read more than a browser. */
const DAMAGE = new Set(['cut-off', 'decode-error', 'ends-early', 'frames-missing']);

/** @param {import('./types.js').Facts} facts */
export const hasExactChoice = ({ tier }) => tier === 'perceptual';

/** Nothing where ffmpeg can give no more. @param {import('./types.js').Job} job @param {import('./types.js').Facts} facts */
export function createExactChoice(job, facts) {
  const isDamaged = facts.problems.some(({ code }) => DAMAGE.has(code)) && !job.byFfmpeg;
  if (hasExactChoice(facts)) return createChoice(job, t('exact.why'), t('exact.choose'));
  return isDamaged ? createChoice(job, t('exact.why.damaged'), t('exact.choose.damaged')) : '';
}

/** @param {import('./types.js').Job} job @param {string} why @param {string} label */
function createChoice(job, why, label) {
  const start = () => hashExactly(job);
  const button = element('button', { class: 'button small', type: 'button', 'data-testid': 'exact', onclick: choose }, label);
  const whole = element('div', { class: 'exact-choice' }, element('p', { class: 'note' }, why), button);

  function choose() {
    if (ffmpeg()) start();
    else whole.replaceChildren(createFfmpegOffer(why, start));
  }
  return whole;
}
