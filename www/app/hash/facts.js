// @ts-check
/** The facts of a result as a definition list. Each value has its own element, for tests to find. */
import { createCopyButton } from '../shared/copy-button.js';
import { element } from '../shared/element.js';
import { hasExactChoice } from './exact-choice.js';
import * as format from '../shared/format.js';
import { properName } from '../shared/names.js';
import { chosenRow } from '../shared/rows.js';
import { isShownAsStored } from '../shared/shown-ratio.js';
import { hasWords, t } from '../shared/words.js';

/** @typedef {import('../shared/types.js').Facts} Facts */
/** @typedef {{id: string, label: string, value: string, hash?: boolean, raw?: string, note?: string}} Fact */

/** @param {import('../shared/types.js').HashResult} result */
export function createFacts(result) {
  const { facts } = result;
  const list =
    facts.kind === 'picture'
      ? [
          ...pictureFacts(result),
          ...fileFacts(facts),
          visibleFact(facts),
          ...(isShownAsStored(facts) ? [] : [rotationFact(facts)]),
        ]
      : [...fileFacts(facts), ...videoFacts(facts), tierFact(facts)];
  return element(
    'section',
    { class: 'facts', 'data-testid': 'facts' },
    element('h3', {}, t('facts.label')),
    element('dl', {}, ...list.filter((fact) => fact !== null).map(factRow)),
  );
}

/** @param {Fact} fact */
function factRow({ id, label, value, hash, raw, note }) {
  const shown = element(
    hash ? 'code' : 'span',
    { class: hash ? 'hash' : undefined, 'data-testid': `facts-${id}`, 'data-value': raw },
    value,
  );
  const main = hash ? element('span', { class: 'with-copy' }, shown, createCopyButton(value, label)) : shown;
  return element(
    'div',
    { class: `fact fact-${id}` },
    element('dt', {}, label),
    element('dd', {}, main, note ? element('p', { class: 'note' }, note) : ''),
  );
}

/** @param {Facts} facts @returns {Fact[]} */
function fileFacts({ file: { sha256, bytes, container } }) {
  const kind = container === null ? t('facts.unknown') : properName(container);
  return [
    { id: 'sha256', label: t('facts.sha256'), value: sha256, hash: true },
    {
      id: 'size',
      label: t('facts.size'),
      value: t('facts.size.value', { size: format.size(bytes), bytes }),
      raw: String(bytes),
    },
    { id: 'container', label: t('facts.container'), value: kind, raw: container ?? '' },
  ];
}

/** @param {Facts} facts @returns {Fact[]} */
function videoFacts(facts) {
  const { codec, decoder, pixelFormat, range, durationS, frames } = facts;
  const isConverted = decoder === 'webcodecs-rgb';
  const pixels = t(isConverted ? 'facts.pixels.converted' : `facts.range.${range}`, { format: pixelFormat });
  const length = `${format.duration(durationS)} (${format.clock(durationS)})`;
  return [
    { id: 'codec', label: t('facts.codec'), value: properName(codec), raw: codec },
    { id: 'pixels', label: t('facts.pixels'), value: pixels, raw: pixelFormat },
    visibleFact(facts),
    rotationFact(facts),
    { id: 'duration', label: t('facts.duration'), value: length, raw: String(durationS) },
    { id: 'frames', label: t('facts.frames'), value: format.number(frames), raw: String(frames) },
    rateFact(facts),
  ];
}

/** @param {Facts} facts @returns {Fact} */
function visibleFact({ width, height }) {
  const value = t('facts.visible.value', { width: String(width), height: String(height) });
  return { id: 'visible', label: t('facts.visible'), value, raw: `${width}x${height}` };
}

/** @param {Facts} facts @returns {Fact} */
function rotationFact({ rotation, mirrored }) {
  const key = mirrored ? (rotation ? 'mirrored.value' : 'mirrored') : rotation ? 'value' : 'none';
  const raw = mirrored ? `mirrored ${rotation}` : String(rotation);
  return { id: 'rotation', label: t('facts.rotation'), value: t(`facts.rotation.${key}`, { degrees: rotation }), raw };
}

/** @param {Facts} facts @returns {Fact} */
function rateFact({ frames, rate: { constant, fps } }) {
  const kind = constant ? 'constant' : 'variable';
  const value = frames < 2 ? t('facts.rate.one') : t(`facts.rate.${kind}`, { fps: format.number(fps, 3) });
  return { id: 'rate', label: t('facts.rate'), value, raw: kind };
}

/** The kind of fingerprint, why it is that kind, and what that means. @param {Facts} facts @returns {Fact|null} */
function tierFact(facts) {
  const { tier, tierReason, codec } = facts;
  if (tier === null) return null;
  const label = t('facts.tier');
  if (tier === 'exact') return { id: 'tier', label, value: t('tier.exact'), raw: tier, note: t('tier.exact.means') };
  const key = `tier.reason.${tierReason}`;
  const reason = hasWords(key) ? t(key, { codec: properName(codec) }) : tierReason ? t('tier.reason.other', { reason: tierReason }) : '';
  return {
    id: 'tier',
    label,
    value: t('tier.perceptual'),
    raw: tier,
    note: [reason, t('tier.perceptual.means'), t(hasExactChoice(facts) ? 'tier.advice' : 'tier.advice.other')].join(' ').trim(),
  };
}

/** @param {import('../shared/types.js').HashResult} result @returns {Fact[]} */
function pictureFacts(result) {
  const classic = Object.entries(result.facts.classicHashes ?? {});
  const { quality, pdq } = chosenRow(result, 0);
  return [
    { id: 'pdq', label: t('facts.pdq'), value: pdq, hash: true },
    {
      id: 'quality',
      label: t('facts.quality'),
      value: t('facts.quality.value', { quality }),
      raw: String(quality),
    },
    ...classic.map(([name, hash]) => ({
      id: `classic-${name}`,
      label: t('facts.classic', { name }),
      value: hash,
      hash: true,
    })),
  ];
}
