// @ts-check
/** The timeline in sentences: for those who cannot see it, and for quoting. */
import { clock, duration } from '../shared/format.js';
import { CHANGE_PER_S } from '../shared/timeline-plot.js';
import { plural, t } from '../shared/words.js';

const MOST_TIMES = 8;

/** @param {import('../shared/types.js').HashResult} result */
export function timelineWords({ times, timeline }) {
  const { change, cuts, plain } = timeline;
  const sentences = [cutWords(Array.from(cuts, (frame) => times[frame])), plainWords(plain)];
  const peak = change.reduce((best, value, at) => (value > change[best] ? at : best), 0);
  if (change[peak] > 0) sentences.push(t('timeline.text.peak', { time: clock(peak / CHANGE_PER_S, 1) }));
  return sentences.join(' ');
}

/** @param {number[]} timesS */
function cutWords(timesS) {
  if (!timesS.length) return t('timeline.text.cuts.none');
  const shown = timesS
    .slice(0, MOST_TIMES)
    .map((seconds) => clock(seconds, 2))
    .join(', ');
  return plural('timeline.text.cuts', timesS.length, {
    times: timesS.length > MOST_TIMES ? t('timeline.text.more', { times: shown }) : shown,
  });
}

/** @param {Float64Array} plain */
function plainWords(plain) {
  if (!plain.length) return t('timeline.text.plain.none');
  let totalS = 0;
  for (let at = 0; at < plain.length; at += 2) totalS += plain[at + 1] - plain[at];
  return plural('timeline.text.plain', plain.length / 2, { total: duration(totalS) });
}
