// @ts-check
/** Types of what comparing adds to the page's state; nothing here runs. */

/** @typedef {import('../shared/types.js').Job} Job */
/** @typedef {import('../../shared/protocol.js').Comparison} Comparison */
/** @typedef {import('../../shared/protocol.js').StillSearch} StillSearch */
/** x, y, width and height as fractions of the picture, from the top left. @typedef {[number, number, number, number]} View */

/** Where the user puts files: a, the one in question; b, those to compare it with. @typedef {'a'|'b'} Place */

/**
 * The comparison of A's file with one of B's. Only state.js changes it.
 * @typedef {object} Answer
 * @property {Job} a
 * @property {Job} b
 * @property {'working'|'done'|'failed'|'cancelled'} phase
 * @property {number} fraction  the finished share, 0..1
 * @property {Comparison|StillSearch|null} result
 * @property {import('../shared/types.js').Failure|null} failure
 * @property {View|null} part  the part of the picture to look for; null: all of it
 * @property {'first'|'again'|null} looking  whether the frames' pixels are looked through, for the first time or once more
 * @property {Place|null} lookingOf  of which of two videos; null if a picture is looked for
 * @property {boolean} isLookWanted  whether the user asked for the pixels of the two videos
 * @property {StillSearch|Comparison|null} byHashes  the answer by hashes while pixels are looked through
 * @property {import('../shared/types.js').Failure|null} unlooked  why pixels were not looked through to the end; null if they were, or need not be
 */

/**
 * One stretch that both show, as players show them. The subject is what the sentence is about: A, or the
 * picture. The object is the file that it was found in.
 * @typedef {object} Match
 * @property {[number, number]|null} subject  start and end in seconds after its first frame; null for a picture
 * @property {[number, number]} object  the same in the object
 * @property {number} best  the moment of the object to show first
 * @property {number} speed  seconds of the object per second of the subject
 * @property {number|null} score  how well the motion agrees, at most 1
 * @property {number|null} distanceBits  PDQ bits between a picture and its frame
 * @property {boolean} mirrored  the subject is the object mirrored left to right,
 * @property {number} turned  and then turned clockwise, in degrees
 * @property {number} tilted  and turned further by about so many
 * @property {boolean} backwards  one plays what the other shows backwards: the subject begins where the object ends
 * @property {boolean} negative  one is the other's negative
 * @property {View} subjectView  the part of the subject that shows what both share
 * @property {View} objectView
 */

/**
 * An answer as the page presents it.
 * @typedef {object} Reading
 * @property {boolean} isStill  whether a picture was looked for
 * @property {boolean} isInStill  whether it was looked for in another picture
 * @property {'A'|'B'} subject  its letter
 * @property {'A'|'B'} object
 * @property {Job} subjectJob
 * @property {Job} objectJob
 * @property {Comparison['verdict']|StillSearch['verdict']} verdict
 * @property {string} reason
 * @property {import('../../shared/protocol.js').Repeat[]} repeats  what one shows of the other more than once
 * @property {number|null} eValue  how many matches, or finds of a picture, as good as this one chance is expected to give; null if there is none
 * @property {Match[]} matches
 * @property {boolean} isByPixels  whether the pixels of frames were looked through
 * @property {View|null} part  the only part of the picture that was looked for; null: all of it
 * @property {View[]} pictures  the parts of the picture that may be pictures within it
 */

export {};
