// @ts-check
/** One answer: the sentence first, then what it rests on, then what it cannot say, then saving. */
import { createEndedBody } from '../job/card-ended.js';
import { element } from '../shared/element.js';
import { percent } from '../shared/format.js';
import { t } from '../shared/words.js';
import { cancelAnswer, compareAgain } from './comparing.js';
import { createJoined } from './joined.js';
import { createSaveComparison } from './save-comparison.js';
import { createNumbers, createUnknowns, chanceWords } from './numbers.js';
import { button } from './player-controls.js';
import { createPlayers } from './players.js';
import { isTelling, readingOf } from './reading.js';
import { createReply } from './reply.js';
import { courseWords, identityWords, reasonWords, sentence } from './verdict-words.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {ReturnType<typeof createPlayers>} Players */

/** @param {Answer} answer @param {boolean} isAlone whether it is the only answer: it then needs no name, and does not fold */
export function createAnswer(answer, isAlone) {
  const whole = element('article', { class: 'card answer', 'data-testid': 'answer', tabindex: '-1' });
  const progress = createProgress();
  /** @type {Players|null} */
  let players = null;
  let shown = '';

  function show() {
    shown = answer.phase;
    close();
    whole.dataset.state = answer.phase;
    const name = isAlone
      ? []
      : [element('p', { class: 'answer-name', 'data-testid': 'answer-name' }, answer.b.file.name)];
    const hadFocus = whole.contains(document.activeElement);
    whole.replaceChildren(...name, ...partsOf());
    // The pressed button is gone, and its focus with it.
    if (hadFocus) whole.focus({ preventScroll: true });
  }
  function partsOf() {
    if (answer.phase === 'working')
      return [progress.element, stop(t('compare.cancel'), 'cancel-compare', () => cancelAnswer(answer))];
    if (answer.phase === 'done') return doneParts();
    const again = stop(t('compare.again'), 'compare-again', () => compareAgain(answer));
    if (answer.phase === 'cancelled') return [element('p', { class: 'note' }, t('compare.cancelled')), again];
    return [
      createEndedBody(/** @type {any} */ ({ phase: 'failed', failure: answer.failure })).element,
      ...(isFinal(answer) ? [] : [again]),
    ];
  }
  function doneParts() {
    const reading = readingOf(answer);
    whole.dataset.verdict = reading.verdict;
    const holder = element('div', { class: 'evidence', 'data-testid': 'evidence' });
    // In a long list, answers that found nothing must not hide those that did.
    const isBrief = !isAlone && !isTelling(reading);
    const fill = () => {
      if (holder.hasChildNodes()) return;
      players = reading.matches.length ? createPlayers(reading) : null;
      holder.append(...(isBrief ? why(reading) : []), ...evidence(answer, reading, players));
    };
    if (isAlone) fill();
    const folded = element(
      'details',
      { ontoggle: fill },
      element('summary', { 'data-testid': 'evidence-open' }, t('compare.evidence')),
      holder,
    );
    return [...headline(reading), ...(isBrief ? [] : why(reading)), isAlone ? holder : folded];
  }
  function close() {
    players?.close();
    players = null;
  }
  function update() {
    if (shown !== answer.phase) show();
    progress.show(answer.fraction);
  }
  update();
  return { element: whole, update, close, pause: () => players?.pause() };
}

/** @param {string} words @param {string} id @param {() => void} action */
const stop = (words, id, action) => element('div', { class: 'buttons' }, button(words, action, id));

/** Whether comparing again would fail the same way. @param {Answer} answer */
const isFinal = ({ failure }) => failure?.code === 'picture-needed';

function createProgress() {
  const bar = element('progress', {
    max: '1',
    'aria-label': t('compare.working.label'),
    'data-testid': 'compare-progress',
  });
  const words = element('span', {});
  const line = element('p', { class: 'working-words' }, element('span', {}, t('compare.working')), words);
  return {
    element: element('div', { class: 'working' }, bar, line),
    /** @param {number} fraction */
    show(fraction) {
      if (!fraction) return;
      bar.value = fraction;
      words.textContent = t('compare.working.done', { percent: percent(fraction) });
    },
  };
}

/** @param {Reading} reading */
function headline(reading) {
  return [
    element('p', { class: 'verdict', 'data-testid': 'verdict' }, t(`verdict.${reading.verdict}`)),
    element('h2', { class: 'sentence', 'data-testid': 'sentence' }, sentence(reading)),
  ];
}

/** @param {Reading} reading */
function why(reading) {
  const [identity, course] = [identityWords(reading), courseWords(reading)];
  const chance = chanceWords(reading);
  const words = element('p', { class: 'reason', 'data-testid': 'reason' }, reasonWords(reading));
  return [
    element(
      'div', { class: 'why' },
      ...(course ? [element('p', { class: 'reason', 'data-testid': 'course' }, course)] : []),
      words,
      ...(identity ? [element('p', { class: 'reason' }, identity)] : []),
    ),
    ...(chance ? [element('p', { class: 'strength', 'data-testid': 'strength' }, chance)] : []),
  ];
}

/** @param {Answer} answer @param {Reading} reading @param {Players|null} players */
function evidence(answer, reading, players) {
  const reply = createReply(reading);
  const look = players ? (/** @type {number} */ place) => void players.look(place) : null;
  return [
    ...(reply ? [reply] : []),
    ...(players && !reading.isInStill ? [createJoined(reading)] : []),
    ...(players ? [players.element] : []),
    createNumbers(reading, reading.matches.length > 1 ? look : null),
    createUnknowns(reading),
    createSaveComparison(answer, reading, () => players?.lookedAt() ?? null),
  ];
}
