// @ts-check
/** Which moments of subject and object correspond. Whatever turns times of one into times of the other asks here. */

/** @typedef {import('./types.js').Match} Match */
/** @typedef {Pick<Match, 'subject'|'object'|'speed'|'backwards'>} Times */

/** The object's moments that show what the subject shows at its start and at its end. @param {Times} times @returns {[number, number]} */
export const objectEnds = ({ object: [start, end], backwards }) => (backwards ? [end, start] : [start, end]);

/** The subject's moment that shows what the object shows at `objectS`; 0 for a picture. @param {Times} times @param {number} objectS in seconds */
export function subjectMoment(times, objectS) {
  if (!times.subject) return 0;
  const [atStartS] = objectEnds(times);
  const passedS = times.backwards ? atStartS - objectS : objectS - atStartS;
  return times.subject[0] + passedS / times.speed;
}
