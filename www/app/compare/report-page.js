// @ts-check
/**
 * A comparison as one HTML page that loads nothing, prints well, and says of files only what is in them. Built from elements,
 * not of strings, so that no text can become markup.
 */
import { isCode } from '../shared/code.js';
import { element } from '../shared/element.js';
import { clock } from '../shared/format.js';
import { language, t } from '../shared/words.js';
import { crossedWords, joinedDrawing } from './joined.js';
import { createTable, meanings, chanceWords, unknowns } from './numbers.js';
import { courseWords, identityWords, partWords, reasonWords, sentence } from './verdict-words.js';

/** @typedef {import('./types.js').Reading} Reading */

const PAPER_PX = 680;

/** The report's own policy: wherever it is opened, it loads and sends nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const STYLE = `
:root { color-scheme: light; }
body { margin: 2rem auto; max-width: 44rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1c2023; background: #fff; }
h1 { font-size: 1.125rem; color: #596168; font-weight: 500; margin: 0 0 1.5rem; }
h2 { font-size: 1rem; margin: 2rem 0 0.5rem; break-after: avoid; }
.sentence { font-size: 1.375rem; font-weight: 600; line-height: 1.35; margin: 0.25rem 0 0.75rem; }
.verdict { font-weight: 600; color: #0f5c7c; margin: 0; }
.note { color: #596168; font-size: 0.875rem; margin: 0.25rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
th, td { text-align: start; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid #d9dcda; vertical-align: top; }
thead th { color: #596168; font-weight: 600; }
code { font: 0.75rem ui-monospace, monospace; overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; }
.joined-bar { fill: #e4e7e5; } .joined-stretch { fill: #0f5c7c; } .joined-band { fill: #0f5c7c; opacity: 0.2; }
.plot-label { font: 12px system-ui, sans-serif; fill: #596168; } .joined-letter { font: 600 16px system-ui, sans-serif; fill: #1c2023; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; break-inside: avoid; }
figure { margin: 0; } img { width: 100%; } figcaption { font-size: 0.875rem; color: #596168; }
ul { padding-inline-start: 1.25rem; margin: 0; } tr, li { break-inside: avoid; }
* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
@media print { body { margin: 0; max-width: none; } }
`;

/** The pictures in view when the report was made. @typedef {{pictures: {url: string, words: string}[], notes: string[]}} Looked */

/** @param {Reading} reading @param {Looked|null} looked @returns {string} */
export function reportPage(reading, looked) {
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('title', {}, titleOf(reading)),
    element('style', {}, STYLE),
  );
  const body = element('body', {}, ...bodyParts(reading, looked));
  return `<!doctype html>\n${element('html', { lang: language(), dir: t('language.direction') }, head, body).outerHTML}\n`;
}

/** The report inside this page; its styles do not reach the page. @param {Reading} reading @param {Looked|null} looked */
export function reportView(reading, looked) {
  const host = element('div', { class: 'preview-report', 'data-testid': 'preview-report', tabindex: 0, role: 'region', 'aria-label': titleOf(reading) });
  const view = host.attachShadow({ mode: 'open' });
  const styles = new CSSStyleSheet();
  styles.replaceSync(STYLE.replace(':root', ':host').replace('body', '.paper'));
  view.adoptedStyleSheets = [styles];
  view.append(element('div', { class: 'paper' }, ...bodyParts(reading, looked)));
  return host;
}

/** @param {Reading} reading */
const titleOf = ({ isStill }) => t(isStill ? 'report.title.still' : 'report.title');

/** @param {Reading} reading @param {Looked|null} looked */
function bodyParts(reading, looked) {
  const { verdict, matches } = reading;
  const identity = identityWords(reading);
  const agreement =
    matches.length && !reading.isInStill ? [heading('joined.label'), joinedDrawing(reading, PAPER_PX)] : [];
  if (crossedWords(reading)) agreement.push(element('p', { class: 'note' }, crossedWords(reading)));
  const numbers = [...(matches.length ? [createTable(reading, null)] : []), ...meanings(reading)];
  const pictures = looked ? [heading('report.pictures'), ...pairOf(looked)] : [];
  return [
    element('h1', {}, titleOf(reading)),
    element('p', { class: 'verdict' }, t(`verdict.${verdict}`)),
    element('p', { class: 'sentence' }, sentence(reading)),
    ...(courseWords(reading) ? [element('p', {}, courseWords(reading))] : []),
    ...(partWords(reading) ? [element('p', {}, partWords(reading))] : []),
    element('p', {}, reasonWords(reading)),
    ...(identity ? [element('p', {}, identity)] : []),
    ...(chanceWords(reading) ? [element('p', { class: 'note' }, chanceWords(reading))] : []),
    ...agreement,
    ...pictures,
    ...(numbers.length ? [heading('numbers.label'), ...numbers] : []),
    heading('unknown.label'),
    element('ul', {}, ...unknowns(reading).map((words) => element('li', {}, words))),
    heading('report.files'),
    filesTable(reading),
    element('p', { class: 'note' }, t('report.made')),
  ];
}

/** @param {import('../shared/words.js').Key} key */
const heading = (key) => element('h2', {}, t(key));

/** @param {Looked} looked */
function pairOf({ pictures, notes }) {
  const figures = pictures.map(({ url, words }) =>
    element('figure', {}, element('img', { src: url, alt: words }), element('figcaption', {}, words)),
  );
  return [
    element('div', { class: 'pair' }, ...figures),
    ...notes.map((words) => element('p', { class: 'note' }, words)),
  ];
}

/** @param {Reading} reading */
function filesTable({ subject, object, subjectJob, objectJob }) {
  const keys = /** @type {const} */ (['report.file', 'report.kind', 'report.length', 'report.size', 'report.sha256']);
  const head = element('tr', {}, ...keys.map((key) => element('th', { scope: 'col' }, t(key))));
  const rows = /** @type {const} */ ([
    [subject, subjectJob],
    [object, objectJob],
  ])
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([letter, job]) => fileRow(letter, job));
  return element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
}

/** @param {string} letter @param {import('./types.js').Job} job */
function fileRow(letter, job) {
  const { result } = job;
  if (!result) return element('tr');
  const { kind, durationS, width, height, file } = result.facts;
  const length = kind === 'video' ? clock(durationS, 1) : '–';
  const sides = t('facts.visible.value', { width: String(width), height: String(height) });
  const cells = [t(isCode(job) ? 'report.kind.code' : `report.kind.${kind}`), length, sides, element('code', {}, file.sha256)];
  return element('tr', {}, element('th', { scope: 'row' }, letter), ...cells.map((cell) => element('td', {}, cell)));
}
