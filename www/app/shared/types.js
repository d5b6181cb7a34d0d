// @ts-check
/**
 * The page's own state, as types; nothing here runs. What crosses between the page and its workers is declared once,
 * in ../worker/protocol.d.ts, and only given its short names here. Times are seconds unless the name says otherwise.
 */

/** @typedef {import('../../shared/protocol.js').Job} Request */
/** @typedef {import('../../shared/protocol.js').Reply} Reply */
/** @typedef {import('../../shared/protocol.js').Format} ExportFormat */
/** @typedef {import('../../shared/protocol.js').Result} HashResult */
/** @typedef {import('../../shared/protocol.js').Facts} Facts */
/** @typedef {Facts['problems'][number]} Problem */

/** What the page knows of a run's speed; null until it can be told.
 * @typedef {{framesPerS: number|null, secondsLeft: number|null}} Estimate */

/** @typedef {{framesDone: number, framesExpected: number|null, bytesRead: number, bytesTotal: number}} Progress */

/** @typedef {{code: string, details: Record<string, string|number>, sha256?: string, bytes?: number}} Failure */

/** A representative frame's picture. @typedef {{index: number, blob: Blob, url: string, width: number, height: number}} Picture */

/** @typedef {'waiting'|'working'|'done'|'failed'|'cancelled'} Phase */

/**
 * One file that the user gave, and what became of it. Only state.js changes it.
 * @typedef {object} Job
 * @property {number} id
 * @property {File} file
 * @property {Phase} phase
 * @property {Progress|null} progress
 * @property {Estimate} estimate
 * @property {HashResult|null} result
 * @property {Failure|null} failure
 * @property {Map<number, Picture>} pictures  by frame index
 * @property {boolean} picturesFailed
 * @property {boolean} exact  whether the user wants ffmpeg to decode it
 * @property {boolean} byFfmpeg  whether ffmpeg decodes it
 * @property {boolean} open  whether the card shows all of its parts
 */

export {};
