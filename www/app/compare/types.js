// @ts-check
/** What comparing adds to the page's state, as types; nothing here runs. */

/** @typedef {import('../shared/types.js').Job} Job */
/** @typedef {import('../../shared/protocol.js').Comparison} Comparison */
/** @typedef {import('../../shared/protocol.js').StillSearch} StillSearch */
/** x, y, width, height in fractions, from the top left. @typedef {[number, number, number, number]} View */

/** Where files are put: the one in question, and what it is compared with. @typedef {'a'|'b'} Place */

/**
 * What became of one file of A and one of B. Only state.js changes it.
 * @typedef {object} Answer
 * @property {Job} a
 * @property {Job} b
 * @property {'working'|'done'|'failed'|'cancelled'} phase
 * @property {number} fraction  how far it is, 0..1
 * @property {Comparison|StillSearch|null} result
 * @property {import('../shared/types.js').Failure|null} failure
 */

/**
 * One stretch that both show, in pictures as players show them. The subject is what the sentence speaks of: A, or the
 * picture. The object is what it was found in.
 * @typedef {object} Match
 * @property {[number, number]|null} subject  start and end in seconds after its first frame; null for a picture
 * @property {[number, number]} object  the same in the object
 * @property {number} best  the moment of the object to show first
 * @property {number} speed  seconds of the object in a second of the subject
 * @property {number|null} score  how well the motion agrees, at most 1
 * @property {number|null} distanceBits  PDQ bits between a picture and its frame
 * @property {boolean} mirrored  the subject is the object mirrored left to right,
 * @property {number} turned  and then turned clockwise by so many degrees
 * @property {View} subjectView  the part of the subject that shows what both share
 * @property {View} objectView
 */

/**
 * An answer as it is told.
 * @typedef {object} Reading
 * @property {boolean} isStill  whether a picture was looked for
 * @property {boolean} isInStill  and that in another picture
 * @property {'A'|'B'} subject  its letter
 * @property {'A'|'B'} object
 * @property {Job} subjectJob
 * @property {Job} objectJob
 * @property {Comparison['verdict']|StillSearch['verdict']} verdict
 * @property {string} reason
 * @property {number} confidence
 * @property {Match[]} matches
 */

export {};
