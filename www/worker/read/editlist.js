// @ts-check
// Reads from the edit list of an MP4 or QuickTime track which frames are shown, and when (ISO/IEC 14496-12, 8.6.6).
// A phone that trims a video keeps the frames outside the cut, because others need them; players and ffmpeg
// hide them. The demuxer applies the first edit's start, but reports no edit's end, so the list is
// read here.

import { boxes, findBox, read, wholeFile } from './boxes.js';

const MAX_EDITS = 1_000;
const MAX_LIST_BYTES = 8 + MAX_EDITS * 20;

/**
 * An edit shows the media times from `start` up to, not including, `end`, moved by `shift`; all in ticks.
 * @typedef {{ start: number, end: number, shift: number }} Edit
 * @typedef {import('./boxes.js').Box} Box
 */

/**
 * @param {File} file
 * @param {number} trackId
 * @param {number} resolution the track's ticks per second
 * @returns {Promise<{ shownAt: (ticks: number) => number | null, endTicks: number }>}
 *   the demuxer's time of a frame -> when it is shown (null: never), and when the last edit ends
 */
export async function editsOf(file, trackId, resolution) {
  const edits = await readEdits(file, trackId, resolution);
  if (edits.length === 0) return AS_STORED;
  const [{ shift: demuxerShift }] = edits;
  const shownAt = (/** @type {number} */ ticks) => {
    const mediaTicks = ticks - demuxerShift;
    const edit = edits.find(({ start, end }) => mediaTicks >= start && mediaTicks < end);
    return edit ? mediaTicks + edit.shift : null;
  };
  return { shownAt, endTicks: Math.max(...edits.map(({ end, shift }) => end + shift)) };
}

/** Without an edit list: every frame is shown at its own time. */
export const AS_STORED = { shownAt: (/** @type {number} */ ticks) => ticks, endTicks: Infinity };

/** @param {File} file @param {number} trackId @param {number} resolution @returns {Promise<Edit[]>} */
async function readEdits(file, trackId, resolution) {
  const movie = await findBox(file, wholeFile(file), ['moov']);
  const header = movie && await findBox(file, movie, ['mvhd']);
  // ffmpeg does not apply the edit list of a fragmented file, whose frames come after it.
  if (!movie || !header || await findBox(file, movie, ['mvex'])) return [];
  const movieView = await read(file, header.start, 32);
  const movieResolution = movieView.getUint32(movieView.getUint8(0) === 1 ? 20 : 12);
  const track = await trackOf(file, movie, trackId);
  const list = track && await findBox(file, track, ['edts', 'elst']);
  return list ? editsIn(await read(file, list.start, Math.min(list.end - list.start, MAX_LIST_BYTES)), resolution / movieResolution) : [];
}

/** @param {File} file @param {Box} movie @param {number} trackId @returns {Promise<Box | null>} */
export async function trackOf(file, movie, trackId) {
  for await (const track of boxes(file, movie)) {
    if (track.type === 'trak' && await idOf(file, track) === trackId) return track;
  }
  return null;
}

/** @param {File} file @param {Box} track */
async function idOf(file, track) {
  const header = await findBox(file, track, ['tkhd']);
  const view = header && await read(file, header.start, 32);
  return view && view.getUint32(view.getUint8(0) === 1 ? 20 : 12);
}

/**
 * @param {DataView} view the list's content
 * @param {number} ticksPerMovieTick lengths are in the movie's ticks, media times in the track's
 */
function editsIn(view, ticksPerMovieTick) {
  const wide = view.getUint8(0) === 1;
  const count = Math.min(view.getUint32(4), MAX_EDITS, Math.floor((view.byteLength - 8) / (wide ? 20 : 12)));
  const edits = [];
  let shown = 0;
  for (let i = 0; i < count; i++) {
    const at = 8 + i * (wide ? 20 : 12);
    const length = Math.round((wide ? Number(view.getBigUint64(at)) : view.getUint32(at)) * ticksPerMovieTick);
    const start = wide ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
    // A start of -1 is an empty edit: nothing is shown for its length. A length of 0 has no end.
    if (start >= 0) edits.push({ start, end: length === 0 ? Infinity : start + length, shift: shown - start });
    shown += length;
  }
  return edits;
}
