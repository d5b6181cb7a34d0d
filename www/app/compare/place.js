// @ts-check
/** One of the two places: what it is for, its files and their progress, and the ways to put one in. */
import { createEndedBody } from '../job/card-ended.js';
import { createWorkingBody } from '../job/card-working.js';
import { isCode, referenceOf } from '../shared/code.js';
import { element } from '../shared/element.js';
import { isCalm, isFinal } from '../job/failure-kind.js';
import { cancel, restart } from '../job/hashing.js';
import { allJobs } from '../job/state.js';
import { summaryWords, warningWords } from '../job/summary.js';
import { t } from '../shared/words.js';
import { giveFiles, put, takeOut } from './comparing.js';
import { createEnterCode } from './enter-code.js';
import { filesIn } from './state.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Place} Place */

/** @param {Place} place */
export function createPlace(place) {
  const files = element('ul', { class: 'place-files' });
  const known = element('div', { class: 'place-known' });
  const help = element('p', { class: 'place-help' }, t(`place.${place}.help`));
  const choose = element('span', {});
  const input = element('input', {
    type: 'file',
    class: 'unseen',
    multiple: place === 'b',
    'data-testid': `input-${place}`,
    'aria-label': t(`place.${place}.input`),
    onchange: () => {
      giveFiles(place, [...(input.files ?? [])]);
      input.value = '';
    },
  });
  const label = element('label', { class: 'button choose-file' }, choose, input);
  const code = createEnterCode(place);
  const title = element('h2', {});
  const whole = element(
    'section',
    { class: 'place', 'data-place': place, 'data-testid': `place-${place}` },
    title,
    help,
    files,
    label,
    code.element,
    known,
  );
  /** @type {Map<Job, ReturnType<typeof createFile>>} */
  let rows = new Map();

  function update() {
    const jobs = filesIn(place);
    rows = new Map(jobs.map((job) => [job, rows.get(job) ?? createFile(place, job)]));
    const wanted = [...rows.values()].map((row) => row.element);
    // Rows that stay keep the focus.
    const hadFocus = files.contains(document.activeElement);
    if (wanted.length !== files.children.length || wanted.some((row, at) => files.children[at] !== row))
      files.replaceChildren(...wanted);
    whole.toggleAttribute('data-filled', jobs.length > 0);
    help.hidden = jobs.length > 0;
    // Whoever was sent a code reads other words than a journalist.
    const isAsked = filesIn('a').some(isCode);
    title.textContent = t(isAsked ? `place.${place}.asked` : `place.${place}`);
    // Only one thing is left to do: put a video into B.
    label.hidden = isAsked && place === 'a';
    code.element.hidden = isAsked;
    choose.textContent = t(jobs.length ? `place.${place}.change` : `place.${place}.choose`);
    label.classList.toggle('primary', !jobs.length);
    showKnown(known, place);
    if (hadFocus && !files.contains(document.activeElement)) input.focus();
  }
  /** @param {Job} job */
  const updateFile = (job) => rows.get(job)?.update();
  update();
  return { element: whole, update, updateFile, enterCode: code.open };
}

/** Offers files that are hashed already. @param {HTMLElement} holder @param {Place} place */
function showKnown(holder, place) {
  const known = allJobs().filter(
    (job) => job.phase === 'done' && !filesIn('a').includes(job) && !filesIn('b').includes(job),
  );
  const names = known.map((job) => job.id).join();
  if (holder.dataset.known === names && holder.hasChildNodes() === known.length > 0) return;
  holder.dataset.known = names;
  const buttons = known.map((job) =>
    element(
      'button',
      { class: 'button small', type: 'button', 'data-testid': `known-${place}`, onclick: () => put(place, [job]) },
      job.file.name,
    ),
  );
  holder.replaceChildren(...(known.length ? [element('span', { class: 'note' }, t('place.known')), ...buttons] : []));
}

/** @param {Place} place @param {Job} job */
function createFile(place, job) {
  const summary = element('p', { class: 'summary' });
  const body = element('div', { class: 'place-body' });
  const buttons = element('div', { class: 'buttons' });
  const name = element('p', { class: 'place-name', title: job.file.name, 'data-testid': 'place-name' });
  const head = element('div', { class: 'place-head' }, element('div', {}, name, summary), buttons);
  const whole = element('li', { class: 'place-file', 'data-testid': 'place-file' }, head, body);
  /** @type {import('../hash/card.js').Body|null} */
  let working = null;
  let shown = '';

  function update() {
    if (shown !== job.phase) {
      shown = job.phase;
      whole.dataset.state = job.phase;
      whole.toggleAttribute('data-calm', isCalm(job.failure));
      name.textContent = isCode(job) ? t('place.code', { reference: referenceOf(job.result?.facts.file.sha256 ?? '') }) : job.file.name;
      summary.textContent = [summaryWords(job), warningWords(job)].filter(Boolean).join(' · ');
      const hadFocus = buttons.contains(document.activeElement);
      buttons.replaceChildren(...buttonsFor(place, job));
      // The pressed button is gone; the focus goes to the one in its place.
      if (hadFocus) /** @type {HTMLElement} */ (buttons.firstElementChild).focus();
      working = bodyOf(job);
      body.replaceChildren(...(working ? [working.element] : []));
    }
    working?.update(job);
  }
  update();
  return { element: whole, update };
}

/** @param {Job} job */
function bodyOf(job) {
  if (job.phase === 'done') return null;
  return job.phase === 'failed' || job.phase === 'cancelled' ? createEndedBody(job) : createWorkingBody(job);
}

/** @param {Place} place @param {Job} job */
function buttonsFor(place, job) {
  const { name } = job.file;
  /** @param {string} words @param {string} label @param {string} id @param {() => void} onclick */
  const make = (words, label, id, onclick) =>
    element(
      'button',
      { class: 'button small', type: 'button', 'aria-label': label, 'data-testid': id, onclick },
      words,
    );
  const out = make(t('place.out'), t('place.out.label', { name, letter: place.toUpperCase() }), 'take-out', () =>
    takeOut(place, job),
  );
  if (job.phase === 'done' || isFinal(job.failure)) return [out];
  if (job.phase === 'failed' || job.phase === 'cancelled')
    return [make(t('card.again'), t('card.again.label', { name }), 'again', () => restart(job)), out];
  return [make(t('card.cancel'), t('card.cancel.label', { name }), 'cancel', () => cancel(job))];
}
