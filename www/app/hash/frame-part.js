// @ts-check
/** The part of a card that holds the frame table: closed at first, with a field to go to a frame or a time. */
import { element } from '../shared/element.js';
import { parseClock } from '../shared/format.js';
import { frameAt } from '../shared/frame-at.js';
import { createFrameTable } from './frame-table.js';
import { plural, t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').HashResult} HashResult */

/** @param {HashResult} result */
export function createFramePart(result) {
  const table = createFrameTable(result);
  const part = element(
    'details',
    { class: 'frames', 'data-testid': 'table-details', ontoggle: () => part.open && table.update() },
    element('summary', { 'data-testid': 'table-open' }, plural('table.summary', result.times.length)),
  );

  /** Opens the table at a frame. @param {number} index */
  function show(index) {
    part.open = true;
    table.update();
    table.show(index);
  }
  part.append(
    createGoTo(result.times, show),
    table.element,
    element('p', { class: 'note' }, t('table.copy.help')),
  );
  return { element: part, show };
}

/** The frame that the user's text means, by number or time; null if none. @param {string} text @param {Float64Array} times */
function wantedFrame(text, times) {
  if (/^\d+$/.test(text)) return Math.min(Number(text), times.length - 1);
  const seconds = parseClock(text);
  return seconds === null ? null : frameAt(times, seconds);
}

/** @param {Float64Array} times @param {(index: number) => void} show */
function createGoTo(times, show) {
  const help = element('span', { class: 'note', role: 'status' }, t('table.go.help'));
  const field = element('input', {
    type: 'text',
    inputmode: 'text',
    size: '12',
    placeholder: t('table.go.placeholder'),
    'data-testid': 'table-go',
  });
  return element(
    'form',
    {
      class: 'go-to',
      onsubmit: (event) => {
        event.preventDefault();
        const index = wantedFrame(field.value.trim(), times);
        help.textContent = t(index === null ? 'table.go.bad' : 'table.go.help');
        if (index === null) field.select();
        else show(index);
      },
    },
    element('label', {}, t('table.go'), ' ', field),
    element('button', { class: 'button small', type: 'submit' }, t('table.go.button')),
    help,
  );
}
