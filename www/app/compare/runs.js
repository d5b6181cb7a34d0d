// @ts-check
/** Stretches that go on from one another, as one: a window that pans, or a zoom, has a view for each. As in src/report/runs.rs. */

/** @typedef {import('./types.js').Match} Match */
/** @typedef {import('./types.js').View} View */

/** Ends this near to each other are one moment, in seconds: ends are found to 0.3 s. */
const JOINS_S = 0.5;
/** Speeds that differ by at most this share are one, measured twice. As in src/compare/evidence.rs. */
export const SAME_SPEED = 0.05;
/** A view moves if its middle does by more than this share of a side, and grows if a side does: views are found to half of it. */
const CHANGES = 0.1;

/** The stretches as runs, in their order. @param {Match[]} matches @returns {Match[][]} */
export function runsOf(matches) {
  /** @type {Match[][]} */
  const runs = [];
  for (const match of matches) {
    const run = runs.find((parts) => goesOn(parts[parts.length - 1], match));
    if (run) run.push(match);
    else runs.push([match]);
  }
  return runs;
}

/** @param {Match} before @param {Match} after */
function goesOn(before, after) {
  if (!before.subject || !after.subject) return false;
  const [end, start] = before.backwards ? [before.object[0], after.object[1]] : [before.object[1], after.object[0]];
  const isAlike = /** @type {const} */ (['mirrored', 'turned', 'backwards', 'negative']).every((key) => before[key] === after[key]);
  const isNear = Math.max(Math.abs(before.subject[1] - after.subject[0]), Math.abs(end - start)) <= JOINS_S;
  return isAlike && isNear && Math.abs(after.speed / before.speed - 1) <= SAME_SPEED;
}

/** A run from end to end, with the view of its longest stretch. @param {Match[]} run @returns {Match} */
export function asOne(run) {
  const longest = run.reduce((best, match) => (lengthOf(match) > lengthOf(best) ? match : best));
  const span = (/** @type {[number, number][]} */ spans) => /** @type {[number, number]} */ ([Math.min(...spans.map(([start]) => start)), Math.max(...spans.map(([, end]) => end))]);
  const subject = longest.subject && span(run.map((match) => match.subject ?? match.object));
  return { ...longest, subject, object: span(run.map((match) => match.object)) };
}

/** How long it is in the object. @param {Match} match */
export const lengthOf = ({ object: [start, end] }) => end - start;

/** How the views of one side change along a run. @param {View[]} views @returns {'moves'|'grows'|null} */
export function changeOf(views) {
  const isVaried = (/** @type {(view: View) => number} */ of) => Math.max(...views.map(of)) - Math.min(...views.map(of)) > CHANGES;
  if (isVaried(([, , width]) => width) || isVaried(([, , , height]) => height)) return 'grows';
  return isVaried(([x, , width]) => x + width / 2) || isVaried(([, y, , height]) => y + height / 2) ? 'moves' : null;
}
