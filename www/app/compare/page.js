// @ts-check
/** The second mode as a whole: two places, and below them the answers, the most telling first. */
import { say } from '../shared/say.js';
import { isCode } from '../shared/code.js';
import { byId, element } from '../shared/element.js';
import { plural, t } from '../shared/words.js';
import { createAnswer } from './answer.js';
import { swap } from './comparing.js';
import { createPlace } from './place.js';
import { byRank, isTelling, readingOf } from './reading.js';
import * as state from './state.js';
import { sentence } from './verdict-words.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Place} Place */

const PLACES = /** @type {const} */ (['a', 'b']);
/** Verdicts that found something in common. @type {string[]} */
const FOUND = ['same-footage', 'same-scene', 'found'];

/** The place that an element belongs to; null if none. @param {EventTarget|null} target @returns {Place|null} */
export function placeOf(target) {
  const place = target instanceof Element ? target.closest('[data-place]')?.getAttribute('data-place') : null;
  return place === 'a' || place === 'b' ? place : null;
}

export function createComparePage() {
  const holder = byId('compare');
  let parts = createParts();

  function rebuild() {
    parts.close();
    parts = createParts();
    holder.replaceChildren(...parts.elements);
  }
  state.onChange((change, about) => parts.update(change, about));
  markPlaceUnderPointer(holder);
  rebuild();
  return { rebuild, pause: () => parts.pause(), enterCode: () => parts.enterCode() };
}

function createParts() {
  const places = PLACES.map(createPlace);
  const swapper = element(
    'button',
    { class: 'button small swap', type: 'button', 'data-testid': 'swap', onclick: swap },
    t('place.swap'),
  );
  const question = element('p', { class: 'question', 'data-testid': 'question' });
  const needs = element('p', { class: 'needs', 'data-testid': 'needs' });
  const count = element('p', { class: 'answers-count', 'data-testid': 'answers-count' });
  const list = element('div', { class: 'list' });
  const answers = element(
    'section',
    { class: 'answers', 'aria-label': t('compare.label'), 'data-testid': 'answers' },
    count,
    list,
  );
  /** @type {Map<Answer, ReturnType<typeof createAnswer>>} */
  let shown = new Map();
  let wasAlone = true;

  function updateAnswers() {
    const all = state.allAnswers();
    const isAlone = all.length < 2 && state.filesIn('b').length < 2;
    const ranked = all.toSorted(byRank);
    const next = new Map(
      ranked.map((answer) => [answer, (isAlone === wasAlone && shown.get(answer)) || createAnswer(answer, isAlone)]),
    );
    for (const [answer, card] of shown) if (next.get(answer) !== card) card.close();
    [shown, wasAlone] = [next, isAlone];
    const wanted = [...next.values()].map((card) => card.element);
    // Leaves the list alone if nothing moved: a moved element loses the focus.
    if (wanted.length !== list.children.length || wanted.some((card, at) => list.children[at] !== card))
      list.replaceChildren(...wanted);
    for (const card of next.values()) card.update();
    count.textContent = isAlone ? '' : countWords(all);
    showNeeds();
  }
  function showNeeds() {
    question.hidden = !isAsked();
    const toDo = t(state.filesIn('b').length ? 'question.stays' : 'question.what');
    question.replaceChildren(element('strong', {}, t('question.asks')), ' ', toDo);
    needs.textContent = needsWords();
    needs.hidden = !needs.textContent;
    swapper.hidden = isAsked() || state.filesIn('b').length > 1 || !(state.filesIn('a').length || state.filesIn('b').length);
  }
  /** @param {import('./state.js').Change} change @param {Answer|import('./types.js').Job|null} about */
  function update(change, about) {
    if (change === 'file') for (const place of places) place.updateFile(/** @type {any} */ (about));
    if (change === 'places' || change === 'file') for (const place of places) place.update();
    if (change === 'progress') shown.get(/** @type {Answer} */ (about))?.update();
    else updateAnswers();
    if (change === 'answer') sayEnd(/** @type {Answer} */ (about));
  }
  updateAnswers();
  return {
    elements: [
      question,
      element('div', { class: 'places' }, ...places.map((place) => place.element)),
      element('div', { class: 'between' }, needs, swapper),
      answers,
    ],
    update,
    enterCode: () => places[0].enterCode(),
    pause: () => [...shown.values()].forEach((card) => card.pause()),
    close: () => [...shown.values()].forEach((card) => card.close()),
  };
}

/** Whether A is a code from somebody else. */
const isAsked = () => state.filesIn('a').some(isCode);

/** @param {Answer[]} all */
function countWords(all) {
  const done = all.filter((answer) => answer.phase === 'done');
  if (!done.length) return '';
  const found = done.filter((answer) => FOUND.includes(readingOf(answer).verdict)).length;
  const never = done.every((answer) => isTelling(readingOf(answer))) ? '' : ` ${t('compare.count.never')}`;
  return `${plural('compare.count', done.length, { found })} ${t('compare.count.order')}${never}`;
}

/** What is still missing for an answer. */
function needsWords() {
  const [a, b] = PLACES.map(state.filesIn);
  if (!a.length && !b.length) return t('compare.needs.both');
  if (!a.length) return t('compare.needs.a');
  if (!b.length) return isAsked() ? '' : t('compare.needs.b');
  const isHashing = [...a, ...b].some(({ phase }) => phase === 'waiting' || phase === 'working');
  return isHashing && !state.allAnswers().length ? t('compare.needs.hash') : '';
}

/** @param {Answer} answer */
function sayEnd(answer) {
  if (answer.phase === 'done') say(t('compare.announce', { sentence: sentence(readingOf(answer)) }));
  if (answer.phase === 'cancelled') say(t('compare.cancelled'));
}

/** Marks the place that a dragged file would fall into. @param {HTMLElement} holder */
function markPlaceUnderPointer(holder) {
  /** @param {EventTarget|null} target */
  const mark = (target) => {
    const over = placeOf(target);
    for (const place of holder.querySelectorAll('[data-place]'))
      place.toggleAttribute('data-over', place.getAttribute('data-place') === over);
  };
  window.addEventListener('dragover', (event) => mark(event.target));
  window.addEventListener('drop', () => mark(null));
  window.addEventListener('dragleave', (event) => event.relatedTarget === null && mark(null));
}
