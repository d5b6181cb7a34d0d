// @ts-check
/** One file's card: its head, and a body that depends on the phase. */
import { createCodeBody } from './card-code.js';
import { createDoneBody } from './card-done.js';
import { createEndedBody } from '../job/card-ended.js';
import { createPictureBody } from './card-picture.js';
import { createWorkingBody } from '../job/card-working.js';
import { isCode } from '../shared/code.js';
import { element } from '../shared/element.js';
import { isCalm, isFinal } from '../job/failure-kind.js';
import { cancel, remove, restart } from '../job/hashing.js';
import { setOpen } from '../job/state.js';
import { summaryWords, warningWords } from '../job/summary.js';
import { t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */
/** @typedef {{element: HTMLElement, update: (job: Job) => void}} Body */

/** @param {Job} job @returns {Body} */
function createBody(job) {
  if (job.phase === 'done' && job.result)
    return isCode(job) ? createCodeBody(job) : job.result.kind === 'picture' ? createPictureBody(job) : createDoneBody(job);
  if (job.phase === 'failed' || job.phase === 'cancelled') return createEndedBody(job);
  return createWorkingBody(job);
}

/** Whether a result has parts that fold away. @param {Job} job */
const isFoldable = (job) => job.result?.kind === 'video' && !isCode(job);

/** @param {Job} job */
export function createCard(job) {
  const titleId = `job-${job.id}`;
  const summary = element('p', { class: 'summary', 'data-testid': 'summary' });
  const buttons = element('div', { class: 'buttons' });
  const title = element('h2', { id: titleId, title: job.file.name, 'data-testid': 'name' }, job.file.name);
  const head = element(
    'header',
    { class: 'card-head' },
    element('div', { class: 'card-title' }, title, summary),
    buttons,
  );
  const whole = element('article', { class: 'card', 'data-testid': 'card', 'aria-labelledby': titleId });
  /** @type {Body} */
  let body;

  function showPhase() {
    body = createBody(job);
    whole.dataset.state = job.phase;
    whole.toggleAttribute('data-calm', isCalm(job.failure));
    summary.replaceChildren(...summaryParts(job));
    whole.replaceChildren(head, body.element);
  }

  /** @param {import('../job/state.js').Change} change */
  function update(change) {
    if (change === 'phase') showPhase();
    if (change !== 'progress') showButtons(buttons, job);
    whole.toggleAttribute('data-folded', isFoldable(job) && !job.open);
    body.update(job);
  }

  update('phase');
  return { element: whole, update };
}

/** @param {Job} job */
function summaryParts(job) {
  const warning = warningWords(job);
  return warning ? [summaryWords(job), ' ', element('span', { class: 'warning-mark' }, warning)] : [summaryWords(job)];
}

/** @typedef {'cancel'|'again'|'remove'|'more'|'less'} Action */
/** @type {Record<Action, (job: Job) => void>} */
const ACTIONS = {
  cancel,
  again: restart,
  remove,
  more: (job) => setOpen(job, true),
  less: (job) => setOpen(job, false),
};

/** @param {Job} job @returns {Action[]} */
function actionsFor(job) {
  if (job.phase === 'waiting' || job.phase === 'working') return ['cancel'];
  if (job.phase === 'done') return isFoldable(job) ? [job.open ? 'less' : 'more', 'remove'] : ['remove'];
  return isFinal(job.failure) ? ['remove'] : ['again', 'remove'];
}

/** @param {HTMLElement} holder @param {Job} job */
function showButtons(holder, job) {
  const actions = actionsFor(job);
  if (holder.dataset.actions === actions.join()) return;
  const hadFocus = holder.contains(document.activeElement);
  holder.dataset.actions = actions.join();
  holder.replaceChildren(...actions.map((action) => createButton(action, job)));
  // The pressed button is gone; the focus goes to the one in its place.
  if (hadFocus) /** @type {HTMLElement} */ (holder.firstElementChild).focus();
}

/** @param {Action} action @param {Job} job */
function createButton(action, job) {
  const quiet = action === 'remove' || action === 'more' || action === 'less';
  return element(
    'button',
    {
      class: quiet ? 'button quiet' : 'button',
      type: 'button',
      'data-testid': action,
      'aria-label': t(`card.${action}.label`, { name: job.file.name }),
      'aria-expanded': action === 'more' ? 'false' : action === 'less' ? 'true' : undefined,
      onclick: () => ACTIONS[action](job),
    },
    t(`card.${action}`),
  );
}
