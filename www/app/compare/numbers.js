// @ts-check
/** Every matching stretch as a row of numbers, and what each number means. */
import { element } from '../shared/element.js';
import { duration, number } from '../shared/format.js';
import { t } from '../shared/words.js';
import { pictureWords } from './how.js';
import { moment } from './verdict-words.js';

/** @typedef {import('./types.js').Match} Match */
/** @typedef {import('./types.js').Reading} Reading */

/** Chance is not called rarer than once in so many comparisons, or searches for a picture: no measurement supports more. */
const MOST_COMPARISONS = 100_000_000;
const MOST_SEARCHES = 1_000_000;

/** @param {number[]} span */
const span = ([start, end]) => t('numbers.from-to', { from: moment(start), to: moment(end) });

/** @param {Match} match */
const speedCell = ({ speed, backwards }) =>
  t(backwards ? 'numbers.speed.backwards' : 'numbers.speed.value', { speed: number(speed, 2) });

/** @param {Match[]} matches */
const hasBits = (matches) => matches.some(({ distanceBits }) => distanceBits !== null);

/** The columns of a table of stretches: heading and cell. @param {Reading} reading @returns {[string, (match: Match) => string][]} */
function columnsOf({ isStill, isInStill, subject, object, matches }) {
  /** @type {[string, (match: Match) => string]} */
  const picture = [t('numbers.picture'), (match) => pictureWords(match).join(', ') || t('numbers.picture.same')];
  /** What is found by pixels has no distance. @type {[string, (match: Match) => string][]} */
  const bits = hasBits(matches) ? [[t('numbers.bits'), ({ distanceBits }) => number(distanceBits ?? 0)]] : [];
  if (isInStill) return [...bits, picture];
  if (isStill) return [[t('numbers.moment'), ({ best }) => moment(best)], [object, (match) => span(match.object)], ...bits, picture];
  return [
    [subject, (match) => span(match.subject ?? [0, 0])],
    [object, (match) => span(match.object)],
    [t('numbers.length'), ({ object: [start, end] }) => duration(end - start)],
    [t('numbers.score'), ({ score }) => number(score ?? 0, 2)],
    [t('numbers.speed'), speedCell],
    picture,
  ];
}

/**
 * @param {Reading} reading
 * @param {((place: number) => void)|null} look shows a stretch in the players; null if there are no players
 */
export function createTable(reading, look) {
  const columns = columnsOf(reading);
  const headings = columns.map(([heading]) => element('th', { scope: 'col' }, heading));
  const rows = reading.matches.map((match, place) =>
    element(
      'tr',
      { 'data-testid': 'stretch' },
      element('th', { scope: 'row' }, String(place + 1)),
      ...columns.map(([heading, cell]) => element('td', { 'data-heading': heading }, cell(match))),
      ...(look ? [element('td', { class: 'stretch-look' }, lookButton(place, look))] : []),
    ),
  );
  const number = element('th', { scope: 'col' }, t('numbers.stretch'));
  const head = element('tr', {}, number, ...headings, ...(look ? [element('td')] : []));
  return element('table', { class: 'stretches' }, element('thead', {}, head), element('tbody', {}, ...rows));
}

/** @param {number} place @param {(place: number) => void} look */
function lookButton(place, look) {
  const label = t('numbers.show.label', { number: place + 1 });
  const attributes = { class: 'button small', type: 'button', 'aria-label': label, onclick: () => look(place) };
  return element('button', attributes, t('numbers.show'));
}

/** What the numbers mean, each as a sentence. @param {Reading} reading */
export function meanings(reading) {
  const { isStill, matches } = reading;
  const keys = /** @type {const} */ ([
    ...(chanceWords(reading) ? [isStill ? 'numbers.chance.means.picture' : 'numbers.chance.means'] : []),
    ...(isStill && hasBits(matches) ? ['numbers.bits.means'] : []),
    ...(!isStill && matches.length ? ['numbers.score.means'] : []),
    ...(matches.length ? ['numbers.times.means'] : []),
  ]);
  return keys.map((key) => element('p', { class: 'note' }, t(/** @type {import('../shared/words.js').Key} */ (key))));
}

/** How seldom chance gives such an answer; empty if nothing says it. @param {Reading} reading */
export function chanceWords({ isStill, eValue }) {
  // Identical frames are no matter of chance.
  if (!eValue) return '';
  const most = isStill ? MOST_SEARCHES : MOST_COMPARISONS;
  if (eValue * most <= 1) return t('numbers.chance.less', { count: number(most) });
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(1 / eValue)) - 1);
  return t('numbers.chance', { count: number(Math.floor(1 / eValue / unit) * unit) });
}

/** @param {Reading} reading @param {((place: number) => void)|null} look */
export function createNumbers(reading, look) {
  const table = reading.matches.length
    ? [element('div', { class: 'stretches-holder' }, createTable(reading, look))]
    : [];
  const parts = [...table, ...meanings(reading)];
  const whole = element(
    'section',
    { class: 'numbers', 'data-testid': 'numbers' },
    element('h3', {}, t('numbers.label')),
    ...parts,
  );
  whole.hidden = !parts.length;
  return whole;
}

/** What no number says. @param {Reading} reading @returns {string[]} */
export function unknowns({ verdict }) {
  const isSame = verdict === 'same-footage' || verdict === 'found';
  const codes = /** @type {const} */ (['first', 'true', 'details', 'sound', 'elsewhere']);
  return codes.filter((code) => isSame || code !== 'details').map((code) => t(`unknown.${code}`));
}

/** @param {Reading} reading */
export function createUnknowns(reading) {
  const items = unknowns(reading).map((words) => element('li', {}, words));
  return element(
    'section',
    { class: 'unknowns', 'data-testid': 'unknowns' },
    element('h3', {}, t('unknown.label')),
    element('ul', {}, ...items),
  );
}
