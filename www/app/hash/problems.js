// @ts-check
/** The problems of a file, one sentence each; an empty text node if there are none. */
import { element } from '../shared/element.js';
import { hasWords, t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Problem} Problem */

/** @param {Problem} problem */
function problemWords({ code, frame }) {
  const place = frame === undefined ? '.nowhere' : '';
  const keys = [
    `problem.${code}${place}`,
    `problem.${code}`,
    frame === undefined ? 'problem.other' : 'problem.other.frame',
  ];
  const key = keys.find(hasWords) ?? 'problem.other';
  return t(/** @type {import('../shared/words.js').Key} */ (key), { code, frame: frame ?? '?' });
}

/** @param {import('../shared/types.js').Facts} facts @returns {Node} */
export function createProblems({ problems, complete }) {
  const sentences = problems.map((problem) => ({ code: problem.code, words: problemWords(problem) }));
  if (!complete && !sentences.length) sentences.push({ code: 'incomplete', words: t('problem.incomplete') });
  if (!sentences.length) return document.createTextNode('');
  return element(
    'section',
    { class: 'problems', 'data-testid': 'problems' },
    element('h3', {}, t('problems.label')),
    element('ul', {}, ...sentences.map(({ code, words }) => element('li', { 'data-code': code }, words))),
  );
}
