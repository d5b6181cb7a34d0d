// @ts-check
/** The way from a perceptual result to an exact one: ffmpeg decodes the video once more, slower. */
import { hasDecoder } from '../worker/ffmpeg-may.js';
import { element } from './element.js';
import { ffmpeg } from './ffmpeg-file.js';
import { createFfmpegOffer } from './ffmpeg-offer.js';
import { hashExactly } from './hashing.js';
import { t } from './words.js';

/** @param {import('./types.js').Facts} facts */
export const hasExactChoice = ({ tier, codec }) => tier === 'perceptual' && hasDecoder(codec);

/** @param {import('./types.js').Job} job */
export function createExactChoice(job) {
  const start = () => hashExactly(job);
  const button = element('button', { class: 'button small', type: 'button', 'data-testid': 'exact', onclick: choose }, t('exact.choose'));
  const whole = element('div', { class: 'exact-choice' }, element('p', { class: 'note' }, t('exact.why')), button);

  function choose() {
    if (ffmpeg()) start();
    else whole.replaceChildren(createFfmpegOffer(t('exact.why'), start));
  }
  return whole;
}
