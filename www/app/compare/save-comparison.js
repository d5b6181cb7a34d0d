// @ts-check
/** Saves a comparison: as JSON for machines, as one page for people. Neither holds a file's name. */
import { say } from '../shared/say.js';
import { isCode } from '../shared/code.js';
import { element } from '../shared/element.js';
import { createPreview } from '../shared/preview.js';
import { download } from '../shared/download.js';
import { t } from '../shared/words.js';
import { button } from './player-controls.js';
import { reportPage, reportView } from './report-page.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Reading} Reading */

/** @param {Answer} answer @param {Reading} reading @param {() => import('./report-page.js').Looked|null} lookedAt */
export function createSaveComparison(answer, reading, lookedAt) {
  // Whoever answers a question must not give pictures away by mistake.
  const isAsked = isCode(answer.a) || isCode(answer.b);
  const check = element('input', { type: 'checkbox', 'data-testid': 'save-comparison-pictures', checked: !isAsked });
  const withPictures = element('label', { class: 'check-row' }, check, t('keep.pictures'));
  withPictures.hidden = !reading.matches.length;

  const looked = () => (check.checked ? lookedAt() : null);
  /** @param {string} ending @param {string} type @param {string} text */
  const saved = (ending, type, text) => ({ name: `${nameOf(answer)}.${ending}`, blob: new Blob([text], { type }) });
  const json = () => saved('json', 'application/json', `${JSON.stringify(recordOf(answer), null, 2)}\n`);
  /** The pictures of the previewed report: these are saved even if the players have moved on. @type {ReturnType<typeof looked>|undefined} */
  let seen;
  const html = () => saved('html', 'text/html', reportPage(reading, seen === undefined ? looked() : seen));
  const save = (/** @type {() => import('../shared/preview.js').Saved} */ make) => async () => {
    const { name, blob } = make();
    await download(blob, name);
    say(t('save.done', { name }));
  };
  const preview = createPreview([
    { label: t('keep.html'), make: async () => { seen = looked(); return html(); }, show: () => reportView(reading, seen ?? null) },
    { label: t('keep.json'), make: async () => { seen = undefined; return json(); } },
  ]);
  preview.element.addEventListener('toggle', () => { if (!preview.element.open) seen = undefined; });
  check.addEventListener('change', preview.update);
  return element(
    'section',
    { class: 'save', 'data-testid': 'save-comparison' },
    element('h3', {}, t('keep.label')),
    element(
      'div',
      { class: 'buttons' },
      button(t('keep.html'), save(html), 'save-comparison-html'),
      button(t('keep.json'), save(json), 'save-comparison-json'),
    ),
    withPictures,
    preview.element,
    element('p', { class: 'note' }, t('keep.help')),
  );
}

/** @param {Answer} answer */
function nameOf({ a, b }) {
  const start = (/** @type {import('./types.js').Job} */ job) => job.result?.facts.file.sha256.slice(0, 12);
  return `cotejo-${start(a)}-${start(b)}`;
}

/** The core's result, and the files that it is about; as in the command's JSON, without what only the page needs. @param {Answer} answer */
function recordOf({ a, b, result }) {
  const about = (/** @type {import('./types.js').Job} */ job) => {
    if (!job.result) return null;
    const { kind, file, durationS, width, height, rotation, mirrored } = job.result.facts;
    return { kind: isCode(job) ? 'code' : kind, sha256: file.sha256, bytes: file.bytes, duration_s: durationS, width, height, rotation, mirrored };
  };
  const part = (result && 'part' in result && result.part) || undefined;
  return { a: about(a), b: about(b), ...result, part, pictures: undefined, isOpen: undefined };
}
