// @ts-check
/** One representative frame, large, in a dialog; arrow keys and buttons go to its neighbours. */
import { element } from '../shared/element.js';
import { clock } from '../shared/format.js';
import { chosenRow } from '../shared/rows.js';
import { saveFrame } from '../job/save-files.js';
import { shownRatio, turnClass } from '../shared/shown-ratio.js';
import { t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */

/** @param {Job} job @param {number} first place among the representative frames */
export function openViewer(job, first) {
  const result = /** @type {import('../shared/types.js').HashResult} */ (job.result);
  const picture = element('img', { class: turnClass(result.facts), 'data-testid': 'viewer-picture' });
  const caption = element('p', { class: 'viewer-caption' });
  const hash = element('code', { class: 'hash' });
  let place = first;

  /** @param {number} step */
  function go(step) {
    place = (place + step + result.chosen.length) % result.chosen.length;
    const index = result.chosen[place];
    const { quality, pdq } = chosenRow(result, place);
    const values = { frame: index, time: clock(result.times[index]), quality };
    picture.src = job.pictures.get(index)?.url ?? '';
    picture.alt = t('viewer.alt', values);
    caption.textContent = t('viewer.caption', values);
    hash.textContent = pdq;
  }

  go(0);
  const box = element('div', { class: 'viewer-box' }, picture);
  box.style.setProperty('--ratio', String(shownRatio(result.facts)));
  const dialog = createDialog(
    box,
    element('div', { class: 'viewer-words', 'aria-live': 'polite' }, caption, hash),
    go,
    () => saveFrame(job, place),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {HTMLElement} box @param {HTMLElement} words @param {(step: number) => void} go @param {() => void} save */
function createDialog(box, words, go, save) {
  /** @param {string} label @param {() => void} action @param {string} id */
  const button = (label, action, id) =>
    element('button', { class: 'button', type: 'button', 'data-testid': id, onclick: action }, label);
  const close = button(t('viewer.close'), () => dialog.close(), 'viewer-close');
  close.autofocus = true;
  /** @type {HTMLDialogElement} */
  const dialog = element(
    'dialog',
    {
      class: 'viewer',
      'aria-label': t('viewer.label'),
      'data-testid': 'viewer',
      onclose: () => dialog.remove(),
      onclick: (event) => event.target === dialog && dialog.close(),
      onkeydown: (event) => {
        if (event.key === 'ArrowLeft') go(-1);
        if (event.key === 'ArrowRight') go(1);
      },
    },
    box,
    words,
    element(
      'div',
      { class: 'buttons' },
      button(t('viewer.previous'), () => go(-1), 'viewer-previous'),
      button(t('viewer.next'), () => go(1), 'viewer-next'),
      button(t('viewer.save'), save, 'viewer-save'),
      close,
    ),
  );
  return dialog;
}
