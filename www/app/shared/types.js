// @ts-check
/**
 * Types of the page's own state; nothing here runs. Messages between the page and its workers are declared once,
 * in ../../shared/protocol.d.ts; here they get short names. Times are seconds unless the name says otherwise.
 */

/** @typedef {import('../../shared/protocol.js').Job} Request */
/** @typedef {import('../../shared/protocol.js').Reply} Reply */
/** @typedef {import('../../shared/protocol.js').Format} ExportFormat */
/** @typedef {import('../../shared/protocol.js').Result} HashResult */
/** @typedef {import('../../shared/protocol.js').Facts} Facts */
/** @typedef {Facts['problems'][number]} Problem */

/** A run's speed and time left; null until known.
 * @typedef {{framesPerS: number|null, secondsLeft: number|null}} Estimate */

/** @typedef {{framesDone: number, framesExpected: number|null, bytesRead: number, bytesTotal: number}} Progress */

/** @typedef {{code: string, details: Record<string, string|number>, sha256?: string, bytes?: number}} Failure */

/** A representative frame's picture. @typedef {{index: number, blob: Blob, url: string, width: number, height: number}} Picture */

/** @typedef {'waiting'|'working'|'done'|'failed'|'cancelled'} Phase */

/**
 * One file from the user, and its outcome. Only state.js changes it.
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
