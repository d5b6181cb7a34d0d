// @ts-check
/** The controls below the two pictures: show state, report clicks, decide nothing. */
import { element } from '../shared/element.js';
import { t } from '../shared/words.js';
import { moment } from './verdict-words.js';

/** @typedef {import('./types.js').Match} Match */
/** @typedef {'part'|'whole'|'difference'} Shown */

const PACES = /** @type {const} */ (['1', '0.5', '0.25']);
/** What one arrow key moves the slider by, in seconds. */
const SLIDER_STEP_S = 0.04;

/** Numbers the groups of radio buttons: they belong together by name, and there may be several answers. */
let groups = 0;

/** @param {string} label @param {() => void} action @param {string} id */
export function button(label, action, id) {
  return element('button', { class: 'button', type: 'button', 'data-testid': id, onclick: action }, label);
}

/** @param {string} label @param {HTMLElement} field */
const labelled = (label, field) => element('label', { class: 'field' }, element('span', {}, label), field);

/** @param {Shown[]} choices @param {(shown: Shown) => void} onChoice */
export function createViewChoice(choices, onChoice) {
  groups += 1;
  const name = `view-${groups}`;
  const options = choices.map((shown, place) => {
    const input = element('input', {
      type: 'radio',
      class: 'unseen',
      name,
      value: shown,
      checked: place === 0,
      'data-testid': `view-${shown}`,
      onchange: () => onChoice(shown),
    });
    return element('label', { class: 'choice' }, input, element('span', {}, t(`players.view.${shown}`)));
  });
  return element('div', { class: 'choices', role: 'radiogroup', 'aria-label': t('players.view') }, ...options);
}

/** @param {Match[]} matches @param {(place: number) => void} onChoice */
export function createStretchChoice(matches, onChoice) {
  const options = matches.map(({ object: [start, end] }, place) => {
    const values = { number: place + 1, start: moment(start), end: moment(end) };
    return element('option', { value: place }, t('players.stretch.value', values));
  });
  const select = element(
    'select',
    { 'data-testid': 'stretch-choice', onchange: () => onChoice(Number(select.value)) },
    ...options,
  );
  return {
    element: labelled(t('players.stretch'), select),
    show: (/** @type {number} */ place) => {
      select.value = String(place);
    },
  };
}

/** @param {{goTo: (momentS: number) => void, step: (frames: number) => void, toggle: () => void, setPace: (pace: number) => void}} actions @param {boolean} plays */
export function createTransport({ goTo, step, toggle, setPace }, plays) {
  const slider = element('input', {
    type: 'range',
    class: 'moment',
    'aria-label': t('players.moment'),
    step: SLIDER_STEP_S,
    'data-testid': 'moment',
    oninput: () => goTo(Number(slider.value)),
  });
  const playing = button(t('players.play'), toggle, 'play');
  playing.classList.add('primary');
  const paces = PACES.map((pace) => element('option', { value: pace }, t(`players.pace.${pace}`)));
  const pace = element('select', { 'data-testid': 'pace', onchange: () => setPace(Number(pace.value)) }, ...paces);
  const parts = [
    button(t('players.back'), () => step(-1), 'frame-back'),
    ...(plays ? [playing] : []),
    button(t('players.forward'), () => step(1), 'frame-forward'),
    ...(plays ? [labelled(t('players.pace'), pace)] : []),
  ];
  return {
    element: element('div', { class: 'transport' }, slider, element('div', { class: 'buttons' }, ...parts)),
    /** @param {number} momentS @param {{startS: number, endS: number}} range */
    show(momentS, { startS, endS }) {
      Object.assign(slider, { min: String(startS), max: String(endS), value: String(momentS) });
      slider.setAttribute('aria-valuetext', moment(momentS));
    },
    /** @param {boolean} isPlaying */
    showPlaying(isPlaying) {
      playing.textContent = t(isPlaying ? 'players.pause' : 'players.play');
    },
  };
}
