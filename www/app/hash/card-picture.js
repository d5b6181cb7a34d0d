// @ts-check
/** A hashed picture: the picture, its hashes, saving. */
import { element } from '../shared/element.js';
import { createFacts } from './facts.js';
import { isOpenedFingerprint } from '../job/hashing.js';
import { createProblems } from './problems.js';
import { createSave } from './save.js';
import { t } from '../shared/words.js';

/** @param {import('../shared/types.js').Job} job @returns {import('./card.js').Body} */
export function createPictureBody(job) {
  const result = /** @type {import('../shared/types.js').HashResult} */ (job.result);
  const save = createSave(job);
  const facts = createFacts(result);
  const beside = isOpenedFingerprint(job)
    ? element('p', { class: 'note' }, t('strip.none'))
    : element('div', { class: 'picture-frame' }, shownPicture(job.file));
  const whole = element(
    'div',
    { class: 'done picture' },
    beside,
    element('div', { class: 'picture-facts' }, createProblems(result.facts), facts, save.element),
  );
  return { element: whole, update: () => save.update() };
}

/** @param {File} file */
function shownPicture(file) {
  const url = URL.createObjectURL(file);
  const letGo = () => URL.revokeObjectURL(url);
  return element('img', {
    alt: t('picture.alt'),
    'data-testid': 'picture',
    decoding: 'async',
    // Only pictures on screen are in memory.
    loading: 'lazy',
    src: url,
    onload: letGo,
    onerror: letGo,
  });
}
