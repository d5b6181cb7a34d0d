// @ts-check
/** A hashed video, or an opened fingerprint of one: pictures first, then the timeline, saving, facts, and every frame. */
import { createAsk } from '../ask/ask.js';
import { element } from '../shared/element.js';
import { createExactChoice } from './exact-choice.js';
import { createFacts } from './facts.js';
import { createFramePart } from './frame-part.js';
import { isOpenedFingerprint } from '../job/hashing.js';
import { createProblems } from './problems.js';
import { createSave } from './save.js';
import { createStrip } from './strip.js';
import { createTimeline } from './timeline.js';
import { t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */

/** @param {Job} job @returns {import('./card.js').Body} */
export function createDoneBody(job) {
  const result = /** @type {import('../shared/types.js').HashResult} */ (job.result);
  const opened = isOpenedFingerprint(job);
  const strip = opened ? null : createStrip(job);
  const save = createSave(job);
  const frames = createFramePart(result);
  const timeline =
    result.facts.frames > 1 && result.timeline.change.length ? createTimeline(result, frames.show) : null;

  const whole = element(
    'div',
    { class: 'done' },
    strip?.element ?? element('p', { class: 'note', 'data-testid': 'no-strip' }, t('strip.none')),
    createProblems(result.facts),
    opened ? '' : createExactChoice(job, result.facts),
    element('div', { class: 'foldable' }, timeline?.element ?? ''),
    save.element,
    element('div', { class: 'foldable' }, createAsk(job), createFacts(result), frames.element),
  );
  return {
    element: whole,
    update: (now) => {
      strip?.update(now);
      save.update();
    },
  };
}
