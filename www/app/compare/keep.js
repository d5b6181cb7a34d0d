// @ts-check
/** Saving a comparison: as JSON for machines, as one page for people. Neither carries a file's name. */
import { say } from '../announce.js';
import { isCode } from '../code.js';
import { element } from '../element.js';
import { download } from '../save-files.js';
import { t } from '../words.js';
import { button } from './player-controls.js';
import { reportPage } from './report-page.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Reading} Reading */

/** @param {Answer} answer @param {Reading} reading @param {() => import('./report-page.js').Looked|null} lookedAt */
export function createKeep(answer, reading, lookedAt) {
  const check = element('input', { type: 'checkbox', 'data-testid': 'keep-pictures', checked: true });
  const withPictures = element('label', { class: 'check-row' }, check, t('keep.pictures'));
  withPictures.hidden = !reading.matches.length;

  /** @param {string} ending @param {Blob} blob */
  const save = async (ending, blob) => {
    const name = `${nameOf(answer)}.${ending}`;
    await download(blob, name);
    say(t('save.done', { name }));
  };
  const json = () => save('json', new Blob([`${JSON.stringify(recordOf(answer))}\n`], { type: 'application/json' }));
  const html = () =>
    save('html', new Blob([reportPage(reading, check.checked ? lookedAt() : null)], { type: 'text/html' }));
  return element(
    'section',
    { class: 'save keep', 'data-testid': 'keep' },
    element('h3', {}, t('keep.label')),
    element(
      'div',
      { class: 'buttons' },
      button(t('keep.html'), html, 'keep-html'),
      button(t('keep.json'), json, 'keep-json'),
    ),
    withPictures,
    element('p', { class: 'note' }, t('keep.help')),
  );
}

/** @param {Answer} answer */
function nameOf({ a, b }) {
  const start = (/** @type {import('./types.js').Job} */ job) => job.result?.facts.file.sha256.slice(0, 12);
  return `cotejo-${start(a)}-${start(b)}`;
}

/** The core's own words, and which files they are about. @param {Answer} answer */
function recordOf({ a, b, result }) {
  const about = (/** @type {import('./types.js').Job} */ job) => {
    if (!job.result) return null;
    const { kind, file, durationS, width, height, rotation } = job.result.facts;
    return { kind: isCode(job) ? 'code' : kind, sha256: file.sha256, bytes: file.bytes, duration_s: durationS, width, height, rotation };
  };
  return { a: about(a), b: about(b), ...result };
}
