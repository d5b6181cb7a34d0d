// @ts-check
/** The two pictures with their captions, drawn for every moment, and their differences in words. */
import { element } from '../shared/element.js';
import { clock, percent } from '../shared/format.js';
import { t } from '../shared/words.js';
import { drawDifferences, drawParts, drawWhole } from './stage.js';

/** @typedef {import('./film.js').Film} Film */
/** @typedef {import('./types.js').Match} Match */
/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('./player-controls.js').Shown} Shown */
/** @typedef {{subject: Film|null, object: Film|null}} Films */

const SIDES = /** @type {const} */ (['subject', 'object']);
/** Below this share of the picture, the words say "no difference". */
const NOTHING_BELOW = 0.005;

/** @param {Reading} reading @param {Films} films */
export function createTwoPictures(reading, films) {
  const pictures = { subject: createPicture('subject', films.subject), object: createPicture('object', films.object) };
  const present = Object.values(pictures).filter(({ film }) => film);
  const outcome = element('p', { class: 'outcome', 'data-testid': 'difference-words' });
  const help = element('p', { class: 'note' });
  const pair = element('div', { class: 'pair' }, ...present.map(({ figure }) => figure));

  /** @param {Shown} shown @param {Match} match @param {{subject: number, object: number}} moments in seconds */
  function draw(shown, match, moments) {
    outcome.textContent = drawShown(shown, match, pictures);
    help.textContent = helpWords(reading, shown, match);
    for (const side of SIDES)
      pictures[side].caption.textContent = captionWords(reading, side, shown, Math.max(0, moments[side]));
  }
  return {
    pair,
    outcome,
    help,
    draw,
    /** The pictures shown now, for the report. */
    lookedAt: () => ({
      pictures: present.map(({ canvas, caption }) => ({
        url: canvas.toDataURL('image/jpeg', 0.85),
        words: wordsIn(caption),
      })),
      notes: [outcome, help].map(wordsIn).filter(Boolean),
    }),
  };
}

/** @param {HTMLElement} from */
const wordsIn = (from) => from.textContent ?? '';

/** @param {'subject'|'object'} side @param {Film|null} film */
function createPicture(side, film) {
  const canvas = element('canvas', { class: 'seen', 'data-testid': `seen-${side}` });
  const caption = element('figcaption', { 'data-testid': `caption-${side}` });
  return { film, canvas, caption, figure: element('figure', {}, canvas, caption) };
}

/** @typedef {ReturnType<typeof createPicture>} Picture */

/** Draws; returns the words for what was found. @param {Shown} shown @param {Match} match @param {{subject: Picture, object: Picture}} pictures */
function drawShown(shown, match, { subject, object }) {
  const [one, other] = [subject, object].map(({ canvas, film }) => (film ? { canvas, film } : null));
  if (shown === 'difference' && one && other) return differenceWords(drawDifferences(match, one, other));
  if (shown === 'whole') {
    if (one) drawWhole(one, match.subjectView);
    if (other) drawWhole(other, match.objectView);
  } else drawParts(match, one, other);
  return '';
}

/** What is shown, and what was taken back for it. @param {Reading} reading @param {Shown} shown @param {Match} match */
function helpWords({ subject }, shown, { negative }) {
  const inverted = negative && shown !== 'whole' ? [t('players.negative', { letter: subject })] : [];
  return [...inverted, t(`players.${shown}.help`)].join(' ');
}

/** @param {number|null} share */
function differenceWords(share) {
  if (share === null) return t('players.difference.plain');
  const isNothing = share < NOTHING_BELOW;
  return isNothing ? t('players.difference.none') : t('players.difference.share', { percent: percent(share) });
}

/** @param {Reading} reading @param {'subject'|'object'} side @param {Shown} shown @param {number} seconds */
function captionWords(reading, side, shown, seconds) {
  const differs = shown === 'difference' && side === 'subject' ? /** @type {const} */ ('.difference') : '';
  const isPicture = reading.isInStill || (reading.isStill && side === 'subject');
  const picture = isPicture ? /** @type {const} */ ('.picture') : '';
  return t(`players.at${differs}${picture}`, { letter: reading[side], time: clock(seconds, 2) });
}
