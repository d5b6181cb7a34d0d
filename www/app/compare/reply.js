// @ts-check
/** A reply to the sender of a code: a short text that says nothing of the answerer's file, shown in full before it is copied. */
import { isCode, referenceOf } from '../shared/code.js';
import { createCopyButton } from '../shared/copy-button.js';
import { element } from '../shared/element.js';
import { number } from '../shared/format.js';
import { createLanguageOf } from '../shared/language-of.js';
import { t } from '../shared/words.js';
import { chanceWords } from './numbers.js';
import { moment } from './verdict-words.js';

/** @typedef {import('./types.js').Reading} Reading */

/** Null if no code was compared. @param {Reading} reading */
export function createReply(reading) {
  if (!replyText(reading)) return null;
  return element(
    'section',
    { class: 'save reply', 'data-testid': 'reply' },
    element('h3', {}, t('reply.label')),
    createLanguageOf((say) => {
      const text = say(() => replyText(reading));
      return [
        element('p', { class: 'reply-text', 'data-testid': 'reply-text' }, text),
        // Before the button: nobody need read on after copying.
        ...(isAdmission(reading) ? [element('p', { class: 'notice', 'data-testid': 'reply-care' }, t('reply.care'))] : []),
        createCopyButton(text, t('reply.what'), 'button primary'),
      ];
    }),
    element('p', { class: 'note' }, t('reply.help')),
  );
}

/** Whether the reply reveals that the answerer has the footage. @param {Reading} reading */
const isAdmission = ({ verdict }) => verdict === 'same-footage' || verdict === 'same-scene';

/** @param {Reading} reading */
function replyText(reading) {
  const { subjectJob, objectJob, verdict, matches, isStill } = reading;
  const isAsked = isCode(subjectJob);
  const code = isAsked ? subjectJob : objectJob;
  if (isStill || !isCode(code) || (isAsked && isCode(objectJob))) return '';
  const { file, durationS } = /** @type {import('../shared/types.js').HashResult} */ (code.result).facts;
  const about = t('reply.about', { reference: referenceOf(file.sha256), length: moment(durationS) });
  const spans = matches.map(({ subject, object, score }) => {
    const [from, to] = /** @type {[number, number]} */ (isAsked ? subject : object);
    return t('reply.span', { from: moment(from), to: moment(to), score: number(score ?? 0, 2) });
  });
  const said = t(/** @type {import('../shared/words.js').Key} */ (`reply.${verdict}`));
  return [about, said, ...spans, chanceWords(reading)].filter(Boolean).join(' ');
}
