// @ts-check
/**
 * Where a picture is not found surely, the person may help: the picture with the rectangles that the core takes for pictures
 * within it. One is chosen or drawn, by pointer, finger or keyboard, and only that part is looked for. A pointer draws anew, or takes
 * hold of a corner; keys move and resize.
 */
import { element } from '../shared/element.js';
import { percent } from '../shared/format.js';
import { say } from '../shared/say.js';
import { t } from '../shared/words.js';
import { lookForPart } from './comparing.js';
import { button } from './player-controls.js';
import { between, moved, oppositeOfCorner, resized, smallestAt } from './rectangle.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('./types.js').View} View */
/** @typedef {import('./rectangle.js').Place} Place */

/** What an arrow key moves or resizes by, as a share of the side. */
const STEP = 0.01;
/** How near to a corner a finger or pointer takes hold of it, in pixels: half of what a finger needs. */
const REACH_PX = 22;
/** A pointer that moves less than this presses, and draws nothing, in pixels. */
const PRESS_PX = 4;
/** Of the rectangles that the core sees, only the most plausible are shown: more hide each other. Chosen. */
const MOST_SEEN = 5;
/** Where nothing was chosen and no picture is seen in it: the middle, easy to see and to move. @type {View} */
const MIDDLE = [0.25, 0.25, 0.5, 0.5];
/** @type {Record<string, Place>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What was marked last, kept while the page is drawn anew, as for another language. @type {WeakMap<Answer, View>} */
const marked = new WeakMap();

/** Whether a part may tell more. @param {Reading} reading */
export const mayNeedPart = ({ isStill, reason }) => isStill && reason !== 'frames-agree' && reason !== 'few-frames';

/** @param {Answer} answer @param {Reading} reading */
export function createPartChoice(answer, reading) {
  const { subject, subjectJob } = reading;
  const pictures = reading.pictures.slice(0, MOST_SEEN);
  const url = URL.createObjectURL(subjectJob.file);
  const readout = element('p', { class: 'part-readout', 'data-testid': 'part-readout' });
  const chosen = element('div', { class: 'part-chosen', tabindex: 0, role: 'application', 'data-testid': 'part-chosen', onkeydown: pressKey });
  const image = element('img', { src: url, alt: t('part.picture', { letter: subject }), draggable: 'false' });
  const seen = pictures.map((view, i) => placed(element('div', { class: 'part-seen', 'aria-hidden': 'true' }, element('span', {}, String(i + 1))), view));
  const stage = element('div', { class: 'part-stage', 'data-testid': 'part-stage', onpointerdown: press }, image, ...seen, chosen);
  const take = pictures.map((view, i) => {
    const number = i + 1;
    return element('button', { class: 'button small', type: 'button', 'data-testid': 'part-seen', 'aria-label': t('part.take', { number, place: words(view) }), onclick: () => mark(view) }, String(number));
  });
  const look = button(t('part.look'), () => lookForPart(answer, view), 'part-look');
  look.classList.add('primary');
  let view = marked.get(answer) ?? reading.part ?? pictures[0] ?? MIDDLE;

  /** @param {View} next */
  function mark(next) {
    view = next;
    marked.set(answer, view);
    placed(chosen, view);
    readout.textContent = words(view);
    chosen.setAttribute('aria-label', `${words(view)} ${t('part.keys')}`);
    take.forEach((one, i) => one.setAttribute('aria-pressed', String(pictures[i] === view)));
  }
  /** @param {KeyboardEvent} event */
  function pressKey(event) {
    const by = ARROWS[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    mark((event.shiftKey ? resized : moved)(view, by[0] * STEP, by[1] * STEP));
    say(words(view));
  }
  /** @param {PointerEvent} event */
  function press(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    chosen.focus({ preventScroll: true });
    const box = stage.getBoundingClientRect();
    /** @param {PointerEvent} event @returns {Place} */
    const placeOf = ({ clientX, clientY }) => [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
    const start = placeOf(event);
    const corner = oppositeOfCorner(view, start, [REACH_PX / box.width, REACH_PX / box.height]);
    let isDrawing = false;
    /** @param {PointerEvent} event */
    const move = (event) => {
      const now = placeOf(event);
      isDrawing ||= Math.hypot((now[0] - start[0]) * box.width, (now[1] - start[1]) * box.height) >= PRESS_PX;
      if (!isDrawing) return;
      mark(between(corner ?? start, now));
    };
    const listening = new AbortController();
    const { signal } = listening;
    const end = () => {
      listening.abort();
      const pressed = isDrawing ? null : smallestAt(pictures, start);
      if (pressed) mark(pressed);
    };
    stage.setPointerCapture(event.pointerId);
    stage.addEventListener('pointermove', move, { signal });
    stage.addEventListener('pointerup', end, { signal });
    stage.addEventListener('pointercancel', () => listening.abort(), { signal });
  }
  mark(view);
  const choices = take.length ? [element('div', { class: 'part-choices', role: 'group', 'aria-label': t('part.seen') }, element('span', { class: 'note' }, t('part.seen')), ...take)] : [];
  const whole = element(
    'section',
    { class: 'part', 'data-testid': 'part' },
    element('h3', {}, t('part.label')),
    element('p', { class: 'note' }, t('part.help', { letter: subject })),
    stage,
    ...choices,
    readout,
    element('div', { class: 'buttons' }, look, ...(reading.part ? [button(t('part.whole'), () => lookForPart(answer, null), 'part-whole')] : [])),
  );
  return { element: whole, close: () => URL.revokeObjectURL(url) };
}

/** Lays an element over a part of the picture. @template {HTMLElement} Of @param {Of} over @param {View} view */
function placed(over, [x, y, width, height]) {
  Object.assign(over.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });
  return over;
}

/** @param {View} view */
function words([x, y, width, height]) {
  const [left, top, wide, high] = [x, y, width, height].map((share) => percent(share));
  return t('part.place', { left, top, width: wide, height: high });
}
