// @ts-check
/**
 * Both files side by side at any moment that they share; if only one has pictures, that one. Opened when
 * first shown, because each file takes a decoder; closed for good by `close`.
 */
import { isCode } from '../shared/code.js';
import { element } from '../shared/element.js';
import { t } from '../shared/words.js';
import { openFilm } from './film.js';
import { createSideBySide } from './side-by-side.js';

/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./film.js').Film} Film */
/** @typedef {{subject: Film|null, object: Film|null}} Films */

/** @param {Reading} reading which has matches */
export function createPlayers(reading) {
  const whole = element('section', { class: 'players', 'data-testid': 'players', 'data-state': 'opening' });
  whole.append(element('h3', {}, t('players.label')), element('p', { class: 'note' }, t('players.loading')));
  /** @type {ReturnType<typeof createSideBySide>|null} */
  let stage = null;
  let isClosed = false;
  const opened = open();

  async function open() {
    const [subject, object] = await Promise.all([reading.subjectJob, reading.objectJob].map(openFilm));
    if (isClosed) return [subject, object].forEach((film) => film?.close());
    const notes = noteWords(reading, { subject, object });
    whole.lastElementChild?.remove();
    whole.append(...notes.map((words) => element('p', { class: 'note', 'data-testid': 'players-note' }, words)));
    if (subject || object) {
      stage = createSideBySide(reading, { subject, object });
      whole.append(...stage.elements);
    }
    whole.dataset.state = stage ? 'open' : 'none';
  }

  return {
    element: whole,
    /** Shows a stretch. @param {number} place */
    async look(place) {
      await opened;
      stage?.look(place);
      whole.scrollIntoView({ block: 'nearest' });
    },
    pause: () => stage?.pause(),
    /** The pictures shown now, for the report. */
    lookedAt: () => stage?.lookedAt() ?? null,
    close() {
      isClosed = true;
      stage?.close();
    },
  };
}

/** What cannot be shown, and why. @param {Reading} reading @param {Films} films */
function noteWords({ subject, object, subjectJob, objectJob }, films) {
  /** @param {string} letter @param {Job} job @param {Film|null} film */
  const wordsFor = (letter, job, film) => {
    if (film) return film.kind === 'stills' ? [t('players.stills', { letter })] : [];
    if (isCode(job)) return [t('players.none.code', { letter })];
    const isFingerprint = job.result?.chosenTicks.length === 0;
    return [t(isFingerprint ? 'players.none' : 'players.unreadable', { letter })];
  };
  return [...wordsFor(subject, subjectJob, films.subject), ...wordsFor(object, objectJob, films.object)];
}
