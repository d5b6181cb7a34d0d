// @ts-check
/** The list of files: one card each; from two files on, the progress of all above them. */
import { createCard } from './card.js';
import { byId, element } from '../shared/element.js';
import { isOpenedFingerprint, remove } from '../job/hashing.js';
import { saveFingerprint } from '../job/save-files.js';
import { allJobs } from '../job/state.js';
import { plural, t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */

/** @param {Job} job */
const hasEnded = (job) => job.phase !== 'waiting' && job.phase !== 'working';

export function createList() {
  const holder = byId('list');
  /** @type {Map<number, ReturnType<typeof createCard>>} */
  let cards = new Map();
  let overview = createOverview();

  function rebuild() {
    releasePictures(holder);
    overview = createOverview();
    cards = new Map(allJobs().map((job) => [job.id, createCard(job)]));
    holder.replaceChildren(overview.element, ...[...cards.values()].map((card) => card.element));
    overview.update();
  }

  /** @param {import('../job/state.js').Change} change @param {Job|null} job */
  function update(change, job) {
    if (change === 'added' && job) {
      const card = createCard(job);
      cards.set(job.id, card);
      holder.append(card.element);
    } else if (change === 'removed' && job) {
      takeOut(cards, job.id);
    } else if (job) cards.get(job.id)?.update(change);
    else for (const card of cards.values()) card.update(change);
    if (change !== 'progress') overview.update();
  }

  rebuild();
  return { update, rebuild };
}

/** Removes a card; the focus goes to the next card, or to the start. @param {Map<number, ReturnType<typeof createCard>>} cards @param {number} id */
function takeOut(cards, id) {
  const card = cards.get(id)?.element;
  cards.delete(id);
  if (!card) return;
  const next = card.contains(document.activeElement)
    ? (card.nextElementSibling?.querySelector('button') ?? byId('files'))
    : null;
  releasePictures(card);
  card.remove();
  next?.focus();
}

/** Releases the files of pictures, also of those that were never on screen. @param {Element} within */
function releasePictures(within) {
  /** @type {NodeListOf<HTMLImageElement>} */
  const pictures = within.querySelectorAll('.picture-frame img');
  for (const { src } of pictures) URL.revokeObjectURL(src);
}

/** The progress of all files in one line, shown from the second file on. */
function createOverview() {
  const words = element('p', { class: 'overview-words', 'data-testid': 'overview' });
  const saveAll = element(
    'button',
    { class: 'button', type: 'button', 'data-testid': 'save-all', onclick: saveEveryFingerprint },
    t('list.saveAll'),
  );
  const clear = element(
    'button',
    {
      class: 'button quiet',
      type: 'button',
      'data-testid': 'remove-all',
      onclick: () => [...allJobs()].forEach(remove),
    },
    t('list.clear'),
  );
  const whole = element('div', { class: 'overview' }, words, element('div', { class: 'buttons' }, saveAll, clear));
  function update() {
    const jobs = allJobs();
    whole.hidden = jobs.length < 2;
    words.textContent = plural('list.progress', jobs.length, { done: jobs.filter(hasEnded).length });
    saveAll.hidden = jobs.filter((job) => job.result).length < 2;
  }
  return { element: whole, update };
}

async function saveEveryFingerprint() {
  // A fingerprint that was opened is saved already.
  const made = allJobs().filter((job) => job.result && !isOpenedFingerprint(job));
  for (const job of made) await saveFingerprint(job);
}
