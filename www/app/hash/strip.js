// @ts-check
/**
 * The representative frames as thumbnails with their times; a click enlarges one. They are shown upright, although
 * they are hashed and saved as stored: people recognise a scene upright.
 */
import { element } from '../shared/element.js';
import { clock } from '../shared/format.js';
import { isShownAsStored, shownRatio, turnClass } from '../shared/shown-ratio.js';
import { openViewer } from './viewer.js';
import { t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */

/** @param {Job} job */
export function createStrip(job) {
  const result = /** @type {import('../shared/types.js').HashResult} */ (job.result);
  const isTurned = !isShownAsStored(result.facts);
  const ratio = shownRatio(result.facts);
  const places = Array.from(result.chosen, (index, place) => createPlace(job, index, place));
  const list = element(
    'ol',
    { class: 'strip', 'data-testid': 'strip', 'aria-label': t('strip.label') },
    ...places.map((place) => place.element),
  );
  list.classList.add(ratio < 1 ? 'tall' : 'wide');
  list.style.setProperty('--ratio', String(ratio));
  const note = element('p', { class: 'note' }, isTurned ? t('strip.upright') : '');
  note.hidden = !isTurned;

  /** @param {Job} now */
  function update({ picturesFailed }) {
    for (const place of places) place.update();
    list.dataset.pictures = String(job.pictures.size);
    if (!picturesFailed) return;
    note.textContent = t('strip.failed');
    note.hidden = false;
    list.classList.add('lost');
  }
  update(job);
  return { element: element('div', {}, list, note), update };
}

/** One thumbnail: a placeholder until its picture comes. @param {Job} job @param {number} index @param {number} place */
function createPlace(job, index, place) {
  const { times, facts } = /** @type {import('../shared/types.js').HashResult} */ (job.result);
  const time = clock(times[index]);
  const box = element('span', { class: 'thumb' });
  const button = element(
    'button',
    {
      type: 'button',
      class: 'thumb-button',
      'aria-label': t('strip.frame', { frame: index, time }),
      onclick: () => openViewer(job, place),
    },
    box,
    element('span', { class: 'thumb-time', 'aria-hidden': 'true' }, time),
  );
  button.disabled = true;

  function update() {
    const picture = job.pictures.get(index);
    if (!picture || box.firstElementChild) return;
    box.append(
      element('img', {
        class: turnClass(facts),
        // Set before the address, so that only pictures on screen are read into memory.
        loading: 'lazy',
        src: picture.url,
        alt: '',
        decoding: 'async',
        draggable: 'false',
      }),
    );
    button.disabled = false;
  }
  return { element: element('li', {}, button), update };
}
