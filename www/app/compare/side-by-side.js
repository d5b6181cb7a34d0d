// @ts-check
/**
 * Both films at a moment that they share: the controls, and what each one does. Where the user stays, the two are
 * aligned.
 */
import { element } from '../shared/element.js';
import { t } from '../shared/words.js';
import { correspond } from './correspond.js';
import { createInStep, rangeOf } from './in-step.js';
import { createStretchChoice, createTransport, createViewChoice } from './player-controls.js';
import { lengthOf } from './runs.js';
import { createTwoPictures } from './two-pictures.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Match} Match */
/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('./two-pictures.js').Films} Films */
/** @typedef {import('./player-controls.js').Shown} Shown */

/** How long the user must stay at a moment before the two are aligned there. */
const REST_MS = 200;
/** A frame's length if the file does not say. */
const USUAL_FRAME_S = 0.04;

/** @param {Job} job */
const frameSeconds = ({ result }) => (result?.facts.rate.fps ? 1 / result.facts.rate.fps : USUAL_FRAME_S);

/** @param {Reading} reading @param {Films} films at least one */
export function createSideBySide(reading, films) {
  const { matches, subject, objectJob } = reading;
  const pictures = createTwoPictures(reading, films);
  const lengthS = objectJob.result?.facts.durationS ?? 0;
  /** The view shown, and of which stretch; `aligned`: the stretch as aligned here. */
  const now = {
    shown: /** @type {Shown} */ ('part'),
    match: matches[0],
    aligned: matches[0],
    range: rangeOf(matches[0], lengthS),
  };
  const inStep = createInStep(films, objectJob.result?.times ?? null, { draw, onEnd: () => transport.showPlaying(false), onRest });
  const align = createAligner(reading, films, inStep);

  function draw() {
    transport.show(inStep.momentS(), now.range);
    pictures.draw(now.shown, now.aligned, { subject: inStep.subjectS(), object: inStep.momentS() });
  }
  async function onRest() {
    const aligned = await align(now.match);
    if (!aligned) return;
    now.aligned = aligned;
    draw();
    pictures.pair.toggleAttribute('data-aligned', true);
  }
  function pause() {
    inStep.pause();
    transport.showPlaying(false);
  }
  /** @param {number} place */
  function look(place) {
    pause();
    const match = matches[place];
    Object.assign(now, { match, aligned: match, range: rangeOf(match, lengthS) });
    stretches.show(place);
    direction.hidden = !match.backwards || !films.subject;
    void inStep.follow(match, now.range);
  }
  const actions = actionsOf(inStep, frameSeconds(objectJob), pause, () => transport.showPlaying(true));
  const transport = createTransport(actions, films.object?.kind === 'played' && films.subject?.kind !== 'stills');
  transport.element.hidden = reading.isInStill;
  const stretches = createStretchChoice(matches, look);
  const views = /** @type {Shown[]} */ (
    films.subject && films.object ? ['part', 'difference', 'whole'] : ['part', 'whole']
  );
  const choice = createViewChoice(views, (shown) => {
    now.shown = shown;
    draw();
  });
  const direction = element('p', { class: 'note', 'data-testid': 'players-direction' }, t('players.backwards', { letter: subject }));
  look(matches.length > 1 ? longestPlace(reading) : 0);
  const bar = element('div', { class: 'players-bar' }, choice, ...(matches.length > 1 ? [stretches.element] : []));
  return {
    elements: [bar, pictures.pair, pictures.outcome, transport.element, direction, pictures.help],
    look,
    pause,
    lookedAt: pictures.lookedAt,
    close() {
      pause();
      films.subject?.close();
      films.object?.close();
    },
  };
}

/** @typedef {ReturnType<typeof createInStep>} InStep */

/** @param {InStep} inStep @param {number} frameS @param {() => void} pause @param {() => void} showPlaying */
function actionsOf(inStep, frameS, pause, showPlaying) {
  return {
    goTo: (/** @type {number} */ momentS) => void inStep.goTo(momentS),
    step: (/** @type {number} */ frames) => {
      pause();
      void inStep.goTo(inStep.momentS() + frames * frameS);
    },
    toggle: () => {
      if (inStep.isPlaying()) return pause();
      showPlaying();
      void inStep.play();
    },
    setPace: inStep.setPace,
  };
}

/**
 * Aligns the match where the user stays; null if they move on, or there are no two pictures.
 * @param {Reading} reading @param {Films} films @param {InStep} inStep
 */
function createAligner({ subjectJob }, { subject, object }, inStep) {
  const stepS = subject?.kind === 'played' ? frameSeconds(subjectJob) : 0;
  let visits = 0;
  return async (/** @type {Match} */ match) => {
    visits += 1;
    const visit = visits;
    const isWanted = () => visit === visits && !inStep.isPlaying();
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (!subject || !object || !isWanted()) return null;
    const aligned = await correspond(match, { subject, object }, { stepS, shift: inStep.shift, isWanted });
    return isWanted() ? aligned : null;
  };
}

/** @param {Reading} reading */
function longestPlace({ isStill, matches }) {
  if (isStill) return 0;
  const lengths = matches.map(lengthOf);
  return lengths.indexOf(Math.max(...lengths));
}
