// @ts-check
/** A file that failed or was cancelled: what is wrong, what to do, and what is known nevertheless, one sentence each. */
import { createCopyButton } from '../shared/copy-button.js';
import { element } from '../shared/element.js';
import { failureWords } from './failure-words.js';
import { createFfmpegOffer } from './ffmpeg-offer.js';
import { waitsForFfmpeg } from './hashing.js';
import { plural, t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */

/** @param {Job} job @returns {import('../hash/card.js').Body} */
export function createEndedBody(job) {
  const whole = job.failure && job.phase === 'failed' ? failedPart(job.failure) : cancelledPart(job);
  // Once ffmpeg is loaded, files that wait for it start by themselves.
  if (waitsForFfmpeg(job)) whole.append(createFfmpegOffer(t('ffmpeg.may'), () => {}));
  return { element: whole, update: () => {} };
}

/** @param {Job} job */
function cancelledPart({ progress }) {
  const frames = progress?.framesDone ?? 0;
  const words = frames ? plural('card.cancelled.after', frames) : t('card.cancelled');
  return element('p', { class: 'note', 'data-testid': 'cancelled' }, words);
}

/** @param {import('../shared/types.js').Failure} failure */
function failedPart(failure) {
  const { what, toDo } = failureWords(failure);
  const whole = element(
    'div',
    { class: 'failed', 'data-testid': 'error', 'data-code': failure.code },
    element('p', { class: 'failed-what' }, what),
    element('p', {}, toDo),
  );
  if (!failure.sha256) return whole;
  const hash = element('code', { class: 'hash', 'data-testid': 'facts-sha256' }, failure.sha256);
  const copy = createCopyButton(failure.sha256, t('facts.sha256'));
  whole.append(
    element('p', { class: 'failed-hash' }, t('fail.sha256'), ' ', element('span', { class: 'with-copy' }, hash, copy)),
  );
  return whole;
}
