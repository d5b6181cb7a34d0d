// @ts-check
/** "Ask someone to compare": the link, the message and the QR code that carry a video's compact code. */
import { element, drawing } from '../shared/element.js';
import { createCopyButton } from '../shared/copy-button.js';
import { referenceOf } from '../shared/code.js';
import { clock, parseClock } from '../shared/format.js';
import { ask } from '../job/jobs.js';
import { createLanguageOf } from '../shared/language-of.js';
import { t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Job} Job */
/** @typedef {import('../../shared/protocol.js').Code} Code */
/** @typedef {import('../../shared/protocol.js').Part} Part */

/** Light squares around a QR code; cameras need them. */
const QUIET = 4;
/** The longest video that one code holds: MAX_SECONDS in src/format/compact_code/mod.rs. */
const LONGEST_S = 600;
/** Shorter stretches say too little to be found. */
const SHORTEST_S = 5;
/** The part proposed of a longer video: its code fits in one or two messages. */
const PROPOSED_S = 60;

/** @param {Job} job a hashed video */
export function createAsk(job) {
  const holder = element('div', { class: 'ask-body' });
  const whole = element(
    'details',
    { class: 'ask', 'data-testid': 'ask', ontoggle: () => fill(job, holder) },
    element('summary', {}, t('ask.title')),
    element('p', { class: 'note' }, t('ask.help')),
    holder,
  );
  return whole;
}

/** @param {Job} job @param {HTMLElement} holder */
async function fill(job, holder) {
  if (holder.hasChildNodes()) return;
  if (Number(job.result?.facts.durationS) > LONGEST_S) return holder.append(...createPartChoice(job));
  return show(job, null, holder);
}

/** @param {Job} job @param {Part | null} part @param {HTMLElement} holder */
async function show(job, part, holder) {
  holder.replaceChildren(element('p', { class: 'note' }, t('ask.working')));
  const fingerprint = /** @type {Blob} */ (job.result?.fingerprint);
  try {
    const code = await ask({ op: 'code', fingerprint, address: addressOfPage(), part });
    const counted = part && element('p', {}, t('ask.part.times', { start: clock(part.startS, 0), end: clock(part.endS, 0) }));
    holder.replaceChildren(...(counted ? [counted] : []), createLanguageOf((say) => parts(code, say)));
  } catch (error) {
    holder.replaceChildren(part ? failed('ask.part.wrong') : failed('ask.failed', { reason: String(error) }));
  }
}

/** @param {import('../shared/words.js').Key} key @param {import('../shared/words.js').Values} [values] */
const failed = (key, values) => element('p', { class: 'error', role: 'alert' }, t(key, values));

/** Lets the user choose which part of a long video to ask about. @param {Job} job */
function createPartChoice(job) {
  const start = element('input', { type: 'text', value: clock(0, 0), size: '8', 'data-testid': 'ask-start' });
  const end = element('input', { type: 'text', value: clock(PROPOSED_S, 0), size: '8', 'data-testid': 'ask-end' });
  const holder = element('div', { class: 'ask-body' });
  function make(/** @type {Event} */ event) {
    event.preventDefault();
    const [startS, endS] = [parseClock(start.value) ?? NaN, parseClock(end.value) ?? NaN];
    if (endS - startS >= SHORTEST_S) void show(job, { startS, endS }, holder);
    else holder.replaceChildren(failed('ask.part.wrong'));
  }
  const form = element(
    'form',
    { class: 'go-to', 'data-testid': 'ask-part', onsubmit: make },
    element('label', {}, t('ask.part.from'), ' ', start),
    element('label', {}, t('ask.part.to'), ' ', end),
    element('button', { class: 'button small', 'data-testid': 'ask-make' }, t('ask.part.make')),
  );
  return [element('p', {}, t('ask.long')), form, holder];
}

/** The start of a link to this page; empty if the page was opened from disk, where nobody else can open it. */
const addressOfPage = () => (location.protocol === 'file:' ? '' : `${location.origin}${location.pathname}#`);

/** @typedef {<T>(words: () => T) => T} Say */

/** @param {Code} code @param {Say} say words in the other person's language */
function parts({ text, parts, sha256, qr }, say) {
  const address = addressOfPage();
  const link = address + text;
  const message = say(() => t(address ? 'ask.message' : 'ask.message.code', { link }));
  return [
    ...(parts.length ? inMessages(parts, say) : []),
    field(t('ask.text'), message, 'ask-message'),
    ...(address ? [field(t('ask.link'), link, 'ask-link')] : [element('p', { class: 'note' }, t('ask.nolink'))]),
    ...(qr.length ? [picture(qr)] : [element('p', { class: 'note' }, t('ask.noqr'))]),
    element('p', { class: 'note', 'data-testid': 'ask-reference' }, t('ask.reference', { reference: referenceOf(sha256) })),
    element('p', { class: 'note' }, t('ask.reveals')),
  ];
}

/** A long code, in parts short enough for any messenger. @param {string[]} parts @param {Say} say */
function inMessages(parts, say) {
  const fields = parts.map((link, i) => {
    const place = { part: i + 1, parts: parts.length };
    const first = i ? '' : say(() => t('ask.message.code', { link: '\n\n' }));
    return field(t('ask.text.part', place), `${first}${say(() => t('ask.message.part', place))}\n\n${link}`, `ask-part-${i + 1}`);
  });
  return [element('p', {}, t('ask.parts', { parts: parts.length })), ...fields, element('p', {}, t('ask.whole'))];
}

/** @param {string} label @param {string} text @param {string} id */
function field(label, text, id) {
  const area = element('textarea', { readonly: true, rows: '4', 'aria-label': label, 'data-testid': id }, text);
  return element('div', { class: 'ask-field' }, element('h4', {}, label), area, createCopyButton(text, label, 'button'));
}

/** @param {Uint8Array} squares one byte each */
function picture(squares) {
  const side = Math.sqrt(squares.length);
  let path = '';
  for (let i = 0; i < squares.length; i++)
    if (squares[i]) path += `M${(i % side) + QUIET} ${Math.floor(i / side) + QUIET}h1v1h-1z`;
  const whole = side + 2 * QUIET;
  const label = t('ask.qr');
  const svg = drawing(
    'svg',
    { viewBox: `0 0 ${whole} ${whole}`, class: 'qr', role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges', 'data-testid': 'ask-qr' },
    drawing('rect', { width: whole, height: whole, class: 'qr-light' }),
    drawing('path', { d: path, class: 'qr-dark' }),
  );
  return element('figure', { class: 'qr-figure' }, svg, element('figcaption', { class: 'note' }, label));
}
