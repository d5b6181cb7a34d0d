// @ts-check
/** The state of the whole page: `data-state` on the body (empty, working, done), and the progress in the tab's title. */
import { fractionDone } from '../job/estimate.js';
import { percent } from '../shared/format.js';
import { allJobs } from '../job/state.js';
import { t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */

/** @param {Job} job */
const isGoing = (job) => job.phase === 'working' || job.phase === 'waiting';

export function showPageState() {
  const jobs = allJobs();
  const going = jobs.some(isGoing);
  document.body.dataset.state = !jobs.length ? 'empty' : going ? 'working' : 'done';
  // Never a file's name: titles end up in the browser's history and in the task list.
  document.title = going ? t('page.title.working', { percent: percent(doneOf(jobs)) }) : t('page.title');
}

/** @param {readonly Job[]} jobs */
function doneOf(jobs) {
  const fractions = jobs.map((job) => (isGoing(job) ? (job.progress ? fractionDone(job.progress) : 0) : 1));
  return fractions.reduce((sum, fraction) => sum + fraction, 0) / jobs.length;
}
