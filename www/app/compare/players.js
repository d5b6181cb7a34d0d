// @ts-check
/**
 * Both files side by side at any moment that they share, or, where only one has pictures, that one. Opened when it is
 * first shown, since each file takes a decoder; closed for good by `close`.
 */
import { element } from '../element.js';
import { clock } from '../format.js';
import { percent } from '../format.js';
import { t } from '../words.js';
import { correspond } from './correspond.js';
import { openFilm } from './film.js';
import { createInStep, rangeOf } from './in-step.js';
import { createStretchChoice, createTransport, createViewChoice } from './player-controls.js';
import { drawDifferences, drawParts, drawWhole } from './stage.js';

/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./film.js').Film} Film */
/** @typedef {import('./player-controls.js').Shown} Shown */
/** @typedef {{subject: Film|null, object: Film|null}} Films */

/** @param {Reading} reading which has matches */
export function createPlayers(reading) {
  const whole = element('section', { class: 'players', 'data-testid': 'players', 'data-state': 'opening' });
  whole.append(element('h3', {}, t('players.label')), element('p', { class: 'note' }, t('players.loading')));
  /** @type {ReturnType<typeof createStage>|null} */
  let stage = null;
  let isClosed = false;
  const opened = open();

  async function open() {
    const [subject, object] = await Promise.all([reading.subjectJob, reading.objectJob].map(openFilm));
    if (isClosed) return [subject, object].forEach((film) => film?.close());
    const notes = noteWords(reading, { subject, object });
    whole.lastElementChild?.remove();
    whole.append(...notes.map((words) => element('p', { class: 'note', 'data-testid': 'players-note' }, words)));
    if (subject || object) {
      stage = createStage(reading, { subject, object });
      whole.append(...stage.elements);
    }
    whole.dataset.state = stage ? 'open' : 'none';
  }

  return {
    element: whole,
    /** Shows a stretch. @param {number} place */
    async look(place) {
      await opened;
      stage?.look(place);
      whole.scrollIntoView({ block: 'nearest' });
    },
    pause: () => stage?.pause(),
    /** What is shown now, for the report. */
    lookedAt: () => stage?.lookedAt() ?? null,
    close() {
      isClosed = true;
      stage?.close();
    },
  };
}

/** How long the user must stay at a moment before the two are brought to correspond there. */
const REST_MS = 200;
/** A frame's length where a file does not tell. */
const USUAL_FRAME_S = 0.04;

/** @param {Job} job */
const frameSeconds = ({ result }) => (result?.facts.rate.fps ? 1 / result.facts.rate.fps : USUAL_FRAME_S);

/** What cannot be shown, and why. @param {Reading} reading @param {Films} films */
function noteWords({ subject, object, subjectJob, objectJob }, films) {
  /** @param {string} letter @param {Job} job @param {Film|null} film */
  const wordsFor = (letter, job, film) => {
    if (film) return film.kind === 'stills' ? [t('players.stills', { letter })] : [];
    const isFingerprint = job.result?.chosenTicks.length === 0;
    return [t(isFingerprint ? 'players.none' : 'players.unreadable', { letter })];
  };
  return [...wordsFor(subject, subjectJob, films.subject), ...wordsFor(object, objectJob, films.object)];
}

/** @param {Reading} reading @param {Films} films */
function createStage(reading, films) {
  const seats = { subject: createSeat('subject', films.subject), object: createSeat('object', films.object) };
  const outcome = element('p', { class: 'outcome', 'data-testid': 'difference-words' });
  const help = element('p', { class: 'note' });
  const frameS = frameSeconds(reading.objectJob);
  const subjectFrameS = frameSeconds(reading.subjectJob);
  const lengthS = reading.objectJob.result?.facts.durationS ?? 0;
  /** @type {Shown} */
  let shown = 'part';
  let match = reading.matches[0];
  let range = rangeOf(match, lengthS);
  let visits = 0;

  const inStep = createInStep(films, draw, () => transport.showPlaying(false), () => void bringTogether());
  const deeds = {
    goTo: (/** @type {number} */ momentS) => void inStep.goTo(momentS),
    step: (/** @type {number} */ frames) => {
      pause();
      void inStep.goTo(inStep.momentS() + frames * frameS);
    },
    toggle: () => {
      if (inStep.isPlaying()) return pause();
      transport.showPlaying(true);
      void inStep.play();
    },
    setPace: inStep.setPace,
  };
  const transport = createTransport(deeds, films.object?.kind === 'played' && films.subject?.kind !== 'stills');
  const stretches = createStretchChoice(reading.matches, look);
  const both = films.subject && films.object;
  const choice = createViewChoice(both ? ['part', 'difference', 'whole'] : ['part', 'whole'], (chosen) => {
    shown = chosen;
    draw();
  });

  function draw() {
    outcome.textContent = drawShown(shown, match, seats);
    help.textContent = t(`players.${shown}.help`);
    transport.show(inStep.momentS(), range);
    for (const side of /** @type {const} */ (['subject', 'object'])) {
      const seconds = side === 'object' ? inStep.momentS() : inStep.subjectS();
      seats[side].caption.textContent = captionWords(reading, side, shown, Math.max(0, seconds));
    }
  }
  /** Waits until the user stays at a moment, then looks for what corresponds there. */
  async function bringTogether() {
    const visit = (visits += 1);
    const isWanted = () => visit === visits;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const { subject, object } = films;
    if (!subject || !object || !isWanted() || inStep.isPlaying()) return;
    const stepS = subject.kind === 'played' ? subjectFrameS : 0;
    const found = await correspond(match, { subject, object }, { stepS, shift: inStep.shift, isWanted });
    if (!isWanted()) return;
    match = found;
    draw();
    pair.dataset.aligned = String(visit);
  }
  function pause() {
    inStep.pause();
    transport.showPlaying(false);
  }
  /** @param {number} place */
  function look(place) {
    pause();
    match = reading.matches[place];
    range = rangeOf(match, lengthS);
    stretches.show(place);
    void inStep.follow(match, range);
  }
  look(reading.matches.length > 1 ? longestPlace(reading) : 0);

  const bar = element('div', { class: 'players-bar' }, choice);
  if (reading.matches.length > 1) bar.append(stretches.element);
  const seated = Object.values(seats).filter(({ film }) => film);
  const pair = element('div', { class: 'pair' }, ...seated.map(({ figure }) => figure));
  return {
    elements: [bar, pair, outcome, transport.element, help],
    look,
    pause,
    lookedAt: () => ({
      pictures: seated.map(({ canvas, caption }) => ({ url: canvas.toDataURL('image/jpeg', 0.85), words: wordsIn(caption) })),
      notes: [outcome, help].map(wordsIn).filter(Boolean),
    }),
    close() {
      pause();
      films.subject?.close();
      films.object?.close();
    },
  };
}

/** @param {HTMLElement} from */
const wordsIn = (from) => from.textContent ?? '';

/** @param {'subject'|'object'} side @param {Film|null} film */
function createSeat(side, film) {
  const canvas = element('canvas', { class: 'seen', 'data-testid': `seen-${side}` });
  const caption = element('figcaption', { 'data-testid': `caption-${side}` });
  return { film, canvas, caption, figure: element('figure', {}, canvas, caption) };
}

/** @typedef {ReturnType<typeof createSeat>} Seat */

/** Draws, and gives the words for what was found. @param {Shown} shown @param {import('./types.js').Match} match @param {{subject: Seat, object: Seat}} seats */
function drawShown(shown, match, { subject, object }) {
  const [one, other] = [subject, object].map(({ canvas, film }) => (film ? { canvas, film } : null));
  if (shown === 'difference' && one && other) return differenceWords(drawDifferences(match, one, other));
  if (shown === 'whole') {
    if (one) drawWhole(one, match.subjectView);
    if (other) drawWhole(other, match.objectView);
  } else drawParts(match, one, other);
  return '';
}

/** @param {number|null} share */
function differenceWords(share) {
  if (share === null) return t('players.difference.plain');
  return share < 0.005 ? t('players.difference.none') : t('players.difference.share', { percent: percent(share) });
}

/** @param {Reading} reading @param {'subject'|'object'} side @param {Shown} shown @param {number} seconds */
function captionWords(reading, side, shown, seconds) {
  const differs = shown === 'difference' && side === 'subject' ? /** @type {const} */ ('.difference') : '';
  const picture = reading.isStill && side === 'subject' ? /** @type {const} */ ('.picture') : '';
  return t(`players.at${differs}${picture}`, { letter: reading[side], time: clock(seconds, 2) });
}

/** @param {Reading} reading */
function longestPlace({ isStill, matches }) {
  if (isStill) return 0;
  const lengths = matches.map(({ object: [start, end] }) => end - start);
  return lengths.indexOf(Math.max(...lengths));
}
