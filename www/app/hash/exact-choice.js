// @ts-check
/** Offers to hash again by ffmpeg, slower: for exact hashes, or for more of a damaged video. */
import { element } from '../shared/element.js';
import { ffmpeg } from '../job/ffmpeg-file.js';
import { createFfmpegOffer } from '../job/ffmpeg-offer.js';
import { hashExactly } from '../job/hashing.js';
import { t } from '../shared/words.js';

/** Problems after which ffmpeg may read more than the browser did. */
const DAMAGE = new Set(['cut-off', 'decode-error', 'ends-early', 'frames-missing']);

/** @param {import('../shared/types.js').Facts} facts */
export const hasExactChoice = ({ tier }) => tier === 'perceptual';

/** Empty if ffmpeg would give no more. @param {import('../shared/types.js').Job} job @param {import('../shared/types.js').Facts} facts */
export function createExactChoice(job, facts) {
  const isDamaged = facts.problems.some(({ code }) => DAMAGE.has(code)) && !job.byFfmpeg;
  if (hasExactChoice(facts)) return createChoice(job, t('exact.why'), t('exact.choose'));
  return isDamaged ? createChoice(job, t('exact.why.damaged'), t('exact.choose.damaged')) : '';
}

/** @param {import('../shared/types.js').Job} job @param {string} why @param {string} label */
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
