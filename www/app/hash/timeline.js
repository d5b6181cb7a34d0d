// @ts-check
/**
 * How much the picture changes over the whole video, with cuts, too-plain stretches and the frames of the strip marked.
 * Pointing or arrow keys read a time; a click or Enter passes the frame to `onFrame`. The same facts stand
 * below as a sentence.
 */
import { drawing, element } from '../shared/element.js';
import { clock, percent } from '../shared/format.js';
import { frameAt } from '../shared/frame-at.js';
import { CHANGE_PER_S, PLOT_HEIGHT_PX, drawPlot } from '../shared/timeline-plot.js';
import { timelineWords } from './timeline-words.js';
import { t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').HashResult} HashResult */

/** This many presses of an arrow key lead through the whole video. */
const KEY_STEPS = 200;

/** @param {HashResult} result @param {(index: number) => void} onFrame */
export function createTimeline(result, onFrame) {
  const durationS = lastMoment(result);
  const plot = drawing('svg', { class: 'plot', height: PLOT_HEIGHT_PX, 'aria-hidden': 'true', focusable: 'false' });
  const cursor = element('div', { class: 'plot-cursor' });
  const slider = createSlider(durationS, plot, cursor);
  const reading = element('p', { class: 'timeline-reading', 'data-testid': 'timeline-reading' }, t('timeline.help'));

  /** @param {number} seconds */
  function read(seconds) {
    const words = readingWords(result, seconds);
    cursor.style.left = `${(100 * seconds) / durationS}%`;
    slider.setAttribute('aria-valuenow', seconds.toFixed(1));
    slider.setAttribute('aria-valuetext', words);
    reading.textContent = words;
    slider.toggleAttribute('data-reading', true);
  }
  listen(slider, { durationS, result, read, onFrame });
  drawWhenWide(slider, plot, { result, durationS });

  const title = element('h3', {}, t('timeline.label'));
  const words = element('figcaption', { class: 'note', 'data-testid': 'timeline-words' }, timelineWords(result));
  const figure = { class: 'timeline', 'data-testid': 'timeline' };
  return { element: element('figure', figure, title, reading, slider, legend(result), words) };
}

/** @param {number} durationS @param {Element[]} children */
function createSlider(durationS, ...children) {
  const attributes = {
    class: 'plot-slider',
    role: 'slider',
    tabindex: '0',
    'aria-label': t('timeline.slider'),
    'aria-valuemin': '0',
    'aria-valuemax': durationS.toFixed(1),
    'aria-valuenow': '0',
    'data-testid': 'timeline-slider',
  };
  return element('div', attributes, ...children);
}

/** Draws the plot whenever its width changes. @param {HTMLElement} holder @param {SVGElement} plot @param {{result: HashResult, durationS: number}} view */
function drawWhenWide(holder, plot, view) {
  let drawnPx = 0;
  new ResizeObserver(() => {
    const widthPx = holder.clientWidth;
    if (!widthPx || widthPx === drawnPx) return;
    drawnPx = widthPx;
    drawPlot(plot, { ...view, widthPx });
  }).observe(holder);
}

/** @param {HashResult} result */
function lastMoment({ facts, times, timeline }) {
  return Math.max(facts.durationS ?? 0, times.at(-1) ?? 0, timeline.change.length / CHANGE_PER_S, 0.1);
}

/** @param {HashResult} result @param {number} seconds */
function readingWords({ times, timeline }, seconds) {
  const change = timeline.change[Math.min(timeline.change.length - 1, Math.floor(seconds * CHANGE_PER_S))];
  const values = { time: clock(seconds, 2), frame: frameAt(times, seconds), change: percent(change) };
  return t(isPlain(timeline.plain, seconds) ? 'timeline.read.plain' : 'timeline.read', values);
}

/** @param {Float64Array} plain @param {number} seconds */
function isPlain(plain, seconds) {
  for (let at = 0; at < plain.length; at += 2) {
    if (seconds >= plain[at] && seconds <= plain[at + 1]) return true;
  }
  return false;
}

/**
 * @param {HTMLElement} slider
 * @param {{durationS: number, result: HashResult, read: (seconds: number) => void, onFrame: (index: number) => void}} what
 */
function listen(slider, { durationS, result, read, onFrame }) {
  const { times } = result;
  let placeS = 0;
  /** @param {number} seconds */
  const goTo = (seconds) => {
    placeS = Math.min(durationS, Math.max(0, seconds));
    read(placeS);
  };
  /** @param {PointerEvent|MouseEvent} event */
  const pointed = (event) =>
    goTo((durationS * (event.clientX - slider.getBoundingClientRect().left)) / slider.clientWidth);
  slider.addEventListener('pointermove', pointed);
  slider.addEventListener('pointerdown', pointed);
  slider.addEventListener('click', (event) => {
    pointed(event);
    onFrame(frameAt(times, placeS));
  });
  slider.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') onFrame(frameAt(times, placeS));
    const seconds = placeAfterKey(event.key, placeS, durationS, result);
    if (seconds === null) return;
    event.preventDefault();
    goTo(seconds);
  });
}

/** The time after a key press: arrows go by steps, Page keys from cut to cut. @param {string} key @param {number} fromS @param {number} durationS @param {HashResult} result */
function placeAfterKey(key, fromS, durationS, { times, timeline }) {
  const stepS = Math.max(1 / CHANGE_PER_S, durationS / KEY_STEPS);
  const cutsS = Array.from(timeline.cuts, (frame) => times[frame]);
  if (key === 'ArrowRight' || key === 'ArrowUp') return fromS + stepS;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return fromS - stepS;
  if (key === 'PageUp') return cutsS.find((cutS) => cutS > fromS) ?? durationS;
  if (key === 'PageDown') return cutsS.reverse().find((cutS) => cutS < fromS) ?? 0;
  if (key === 'Home') return 0;
  if (key === 'End') return durationS;
  return null;
}

/** @param {HashResult} result */
function legend({ timeline, chosen }) {
  /** @param {import('../shared/words.js').Key} key @param {string} look */
  const entry = (key, look) =>
    element('li', {}, element('span', { class: `legend-mark ${look}`, 'aria-hidden': 'true' }), t(key));
  const entries = [entry('timeline.legend.change', 'of-change')];
  if (timeline.cuts.length) entries.push(entry('timeline.legend.cut', 'of-cut'));
  if (timeline.plain.length) entries.push(entry('timeline.legend.plain', 'of-plain'));
  if (chosen.length) entries.push(entry('timeline.legend.chosen', 'of-chosen'));
  return element('ul', { class: 'legend' }, ...entries);
}
