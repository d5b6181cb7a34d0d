// @ts-check
/** A result's save buttons, and the choice of file names. */
import { say } from '../shared/say.js';
import { element } from '../shared/element.js';
import { isOpenedFingerprint } from '../job/hashing.js';
import { exportName, namedInLine } from '../job/file-names.js';
import { createPreview } from '../shared/preview.js';
import { exportOf, saveExport, saveFrames } from '../job/save-files.js';
import { setUseFileName, usesFileName } from '../job/state.js';
import { plural, t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */
/** @typedef {import('../shared/types.js').ExportFormat} ExportFormat */

/** @param {Job} job */
export function createSave(job) {
  const outcome = element('p', { class: 'save-outcome', role: 'alert' });
  const { buttons, frames } = createButtons(job, attemptInto(outcome));
  const naming = createNaming(job);
  const preview = createPreview(formatsOf(job).map((format) => ({ label: t(`save.${format}`), make: () => exportOf(job, format) })));
  const whole = element(
    'section',
    { class: 'save', 'data-testid': 'save' },
    element('h3', {}, t('save.label')),
    element('div', { class: 'buttons' }, ...buttons),
    outcome,
    ...naming.elements,
    preview.element,
    element('p', { class: 'note' }, t('save.care')),
  );

  function update() {
    if (naming.update()) preview.update();
    if (frames) frames.disabled = job.pictures.size === 0;
  }
  update();
  return { element: whole, update };
}

/** Runs an action and says the words that it returns; shows a failure in `outcome`. @param {HTMLElement} outcome */
function attemptInto(outcome) {
  return async (/** @type {() => Promise<string>} */ action) => {
    outcome.textContent = '';
    try {
      say(await action());
    } catch (error) {
      outcome.textContent = t('save.failed', { reason: error instanceof Error ? error.message : String(error) });
    }
  };
}

/** The choice between neutral file names and the original's. @param {Job} job */
function createNaming(job) {
  const change = () => setUseFileName(check.checked);
  const check = element('input', { type: 'checkbox', 'data-testid': 'use-name', onchange: change });
  const help = element('p', { class: 'note', 'data-testid': 'save-help' });

  /** @returns {boolean} whether names have changed */
  function update() {
    const use = usesFileName();
    const before = help.textContent;
    check.checked = use;
    const names = { example: exportName(job, 'fingerprint', use), line: namedInLine(job, use) };
    help.textContent = t(use ? 'save.help.named' : 'save.help', names);
    return help.textContent !== before;
  }
  return { elements: [element('label', { class: 'check-row' }, check, t('save.useName')), help], update };
}

/** @param {Job} job @returns {ExportFormat[]} */
const formatsOf = ({ result }) => ['fingerprint', 'csv', 'sha256sum', ...(result?.kind === 'picture' ? [] : /** @type {const} */ (['vpdq']))];

/** @param {Job} job @param {(action: () => Promise<string>) => void} attempt */
function createButtons(job, attempt) {
  /** @param {ExportFormat} format */
  const exporter = (format) =>
    element(
      'button',
      {
        class: format === 'fingerprint' ? 'button primary' : 'button',
        type: 'button',
        'data-testid': `save-${format}`,
        onclick: () => attempt(async () => t('save.done', { name: await saveExport(job, format) })),
      },
      t(`save.${format}`),
    );
  const buttons = formatsOf(job).map(exporter);
  if (job.result?.kind === 'picture' || isOpenedFingerprint(job)) return { buttons, frames: null };
  const frames = element(
    'button',
    {
      class: 'button',
      type: 'button',
      'data-testid': 'save-frames',
      onclick: () => attempt(async () => plural('save.frames.done', await saveFrames(job))),
    },
    t('save.frames'),
  );
  return { buttons: [...buttons, frames], frames };
}
