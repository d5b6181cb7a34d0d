// @ts-check
/** One answer: the sentence first, then what it rests on, then what it cannot say, then saving. */
import { createEndedBody } from '../job/card-ended.js';
import { failureWords } from '../job/failure-words.js';
import { element } from '../shared/element.js';
import { percent } from '../shared/format.js';
import { t } from '../shared/words.js';
import { CANCELLED, cancelAnswer, compareAgain, lookForPart, lookThrough, mayLookThrough } from './comparing.js';
import { createJoined } from './joined.js';
import { createSaveComparison } from './save-comparison.js';
import { createNumbers, createUnknowns, chanceWords } from './numbers.js';
import { button } from './player-controls.js';
import { createPartChoice, mayNeedPart } from './part-choice.js';
import { createPlayers } from './players.js';
import { isTelling, readingOf, soughtPlace } from './reading.js';
import { createReply } from './reply.js';
import { courseWords, identityWords, partWords, reasonWords, sentence } from './verdict-words.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {ReturnType<typeof createPlayers>} Players */

/** @param {Answer} answer @param {boolean} isAlone whether it is the only answer: it then needs no name, and does not fold */
export function createAnswer(answer, isAlone) {
  const whole = element('article', { class: 'card answer', 'data-testid': 'answer', tabindex: '-1' });
  const progress = createProgress(answer);
  /** @type {Players|null} */
  let players = null;
  /** @type {ReturnType<typeof createPartChoice>|null} */
  let part = null;
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
      part = mayNeedPart(reading) ? createPartChoice(answer, reading) : null;
      holder.append(...(isBrief ? why(answer, reading) : []), ...evidence(answer, reading, players, part?.element ?? null));
    };
    if (isAlone) fill();
    const folded = element(
      'details',
      { ontoggle: fill },
      element('summary', { 'data-testid': 'evidence-open' }, t('compare.evidence')),
      holder,
    );
    return [...headline(reading), ...(isBrief ? [] : why(answer, reading)), isAlone ? holder : folded];
  }
  function close() {
    players?.close();
    part?.close();
    players = part = null;
  }
  function update() {
    if (shown !== answer.phase) show();
    progress.show();
  }
  update();
  return { element: whole, update, close, pause: () => players?.pause() };
}

/** @param {string} words @param {string} id @param {() => void} action */
const stop = (words, id, action) => element('div', { class: 'buttons' }, button(words, action, id));

/** Whether comparing again would fail the same way. @param {Answer} answer */
const isFinal = ({ failure }) => failure?.code === 'picture-needed';

/** @param {Answer} answer */
function createProgress(answer) {
  const bar = element('progress', {
    max: '1',
    'aria-label': t('compare.working.label'),
    'data-testid': 'compare-progress',
  });
  const [what, words] = [element('span', { 'data-testid': 'compare-what' }), element('span', {})];
  return {
    element: element('div', { class: 'working' }, bar, element('p', { class: 'working-words' }, what, words)),
    show() {
      what.textContent = workWords(answer);
      if (answer.fraction) bar.value = answer.fraction;
      else bar.removeAttribute('value');
      words.textContent = answer.fraction ? t('compare.working.done', { percent: percent(answer.fraction) }) : '';
    },
  };
}

/** What is being done. @param {Answer} answer */
function workWords({ a, b, looking, lookingOf }) {
  if (!looking) return t('compare.working');
  if (lookingOf) return t('compare.looking.of', { name: (lookingOf === 'a' ? a : b).file.name });
  const { name } = (soughtPlace(a, b) === 'a' ? b : a).file;
  return t(looking === 'again' ? 'compare.looking.again' : 'compare.looking', { name });
}

/** @param {Reading} reading */
function headline(reading) {
  return [
    element('p', { class: 'verdict', 'data-testid': 'verdict' }, t(`verdict.${reading.verdict}`)),
    element('h2', { class: 'sentence', 'data-testid': 'sentence' }, sentence(reading)),
  ];
}

/** @param {Answer} answer @param {Reading} reading */
function why(answer, reading) {
  const [identity, course, part] = [identityWords(reading), courseWords(reading), partWords(reading)];
  const chance = chanceWords(reading);
  const words = element('p', { class: 'reason', 'data-testid': 'reason' }, reasonWords(reading));
  return [
    element(
      'div', { class: 'why' },
      ...(course ? [element('p', { class: 'reason', 'data-testid': 'course' }, course)] : []),
      words,
      ...(part ? [element('p', { class: 'reason', 'data-testid': 'part-only' }, part)] : []),
      ...(identity ? [element('p', { class: 'reason' }, identity)] : []),
    ),
    ...unlooked(answer, reading),
    ...(part && reading.reason === 'frames-agree' ? [stop(t('part.whole'), 'part-whole', () => lookForPart(answer, null))] : []),
    ...(chance ? [element('p', { class: 'strength', 'data-testid': 'strength' }, chance)] : []),
  ];
}

/** Why pixels were not looked through to the end, and a way to do it. @param {Answer} answer @param {Reading} reading */
function unlooked(answer, { objectJob, isStill }) {
  const { unlooked: failure } = answer;
  if (mayLookThrough(answer)) return [stop(t('compare.look.videos'), 'look-through', () => lookThrough(answer))];
  if (!failure) return [];
  const { name } = objectJob.file;
  const cancelled = isStill ? t('compare.unlooked.cancelled', { name }) : t('compare.unlooked.cancelled.videos');
  const failed = isStill ? t('compare.unlooked', { name }) : t('compare.unlooked.videos');
  const because = failure.code === CANCELLED ? cancelled : `${failed} ${failureWords(failure).what}`;
  return [
    element('p', { class: 'reason', 'data-testid': 'unlooked' }, because),
    stop(t(isStill ? 'compare.look' : 'compare.look.videos'), 'look-through', () => compareAgain(answer)),
  ];
}

/** @param {Answer} answer @param {Reading} reading @param {Players|null} players @param {HTMLElement|null} part */
function evidence(answer, reading, players, part) {
  const reply = createReply(reading);
  const look = players ? (/** @type {number} */ place) => void players.look(place) : null;
  return [
    ...(reply ? [reply] : []),
    // Where nothing was found, the person may help; else the pictures come first.
    ...(part && !players ? [part] : []),
    ...(players && !reading.isInStill ? [createJoined(reading)] : []),
    ...(players ? [players.element] : []),
    ...(part && players ? [folded(part)] : []),
    createNumbers(reading, reading.matches.length > 1 ? look : null),
    createUnknowns(reading),
    createSaveComparison(answer, reading, () => players?.lookedAt() ?? null),
  ];
}

/** @param {HTMLElement} part */
const folded = (part) => element('details', {}, element('summary', { 'data-testid': 'part-open' }, t('part.open')), part);
