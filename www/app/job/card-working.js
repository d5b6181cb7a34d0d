// @ts-check
/** A file that waits or is being hashed: progress, speed, and time left. */
import { element } from '../shared/element.js';
import { fractionDone } from './estimate.js';
import * as format from '../shared/format.js';
import { plural, t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */

/** @param {Job} job @returns {import('../hash/card.js').Body} */
export function createWorkingBody(job) {
  if (job.phase === 'waiting') {
    return { element: element('p', { class: 'note' }, t('card.waiting')), update: () => {} };
  }
  const bar = element('progress', {
    max: '1',
    'data-testid': 'progress',
    'aria-label': t('progress.label', { name: job.file.name }),
  });
  const done = element('span', { 'data-testid': 'frames-done' });
  const rate = element('span', { 'data-testid': 'frame-rate' });
  const left = element('span', { 'data-testid': 'time-left' });
  const by = element('span', { 'data-testid': 'decoded-by' });
  const whole = element('div', { class: 'working' }, bar, element('p', { class: 'working-words' }, done, rate, left, by));

  /** @param {Job} now */
  function update({ progress, byFfmpeg, estimate: { framesPerS, secondsLeft } }) {
    by.textContent = byFfmpeg ? t('progress.ffmpeg') : '';
    if (progress) bar.value = fractionDone(progress);
    done.textContent = progress ? progressWords(progress) : t('progress.starting');
    rate.textContent =
      framesPerS === null ? '' : t('progress.rate', { rate: format.number(framesPerS, framesPerS < 10 ? 1 : 0) });
    left.textContent = secondsLeft === null ? '' : t('progress.left', { time: format.wait(secondsLeft) });
  }
  return { element: whole, update };
}

/** @param {import('../shared/types.js').Progress} progress */
function progressWords({ framesDone, framesExpected, bytesRead, bytesTotal }) {
  if (framesDone === 0) return t('progress.reading', { read: format.size(bytesRead), total: format.size(bytesTotal) });
  if (framesExpected === null) return plural('progress.frames', framesDone);
  return plural('progress.framesOf', Math.max(framesExpected, framesDone), { done: framesDone });
}
