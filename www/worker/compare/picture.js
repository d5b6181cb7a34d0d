// @ts-check
// In: a picture, a fingerprint, and if it is at hand the video itself. Out: where the picture is, by hashes, and where they tell no
// moment by the pixels of the frames, as the command does it (src/cli/compare.rs).

import { PixelSearch, findStill, inTurn, picturesIn } from '../shared/core.js';
import { fromBeginning } from '../decode/webcodecs.js';
import { readFingerprint } from '../fingerprint/fingerprint-file.js';
import { Failure } from '../shared/failure.js';

/** @typedef {import('../../shared/protocol.js').StillSearch} StillSearch */
/** @typedef {import('../../shared/protocol.js').View} View */
/** Gives all frames of the video to a search, once. @typedef {(search: PixelSearch) => Promise<void>} GiveFrames */

/** Numbers of a view. */
const VIEW_LENGTH = 4;

/**
 * @param {Uint8Array} picture the bytes of its file
 * @param {View | null} part the part of it to look for; null: all of it
 * @param {Blob} fingerprint
 * @param {GiveFrames | null} giveFrames null if the video is not at hand
 * @param {(byHashes: StillSearch, isAgain: boolean) => void} tell called before the frames are given, once or twice
 * @returns {Promise<StillSearch>}
 */
export async function findPicture(picture, part, fingerprint, giveFrames, tell) {
  const video = readFingerprint(fingerprint);
  const chosen = part && Float64Array.from(part);
  const found = findStill(picture, chosen, video);
  const pictures = found.isMoment ? [] : viewsIn(picture);
  const byHashes = { ...JSON.parse(found.json()), searched: 'hashes', part, pictures };
  if (found.isMoment || !giveFrames) return byHashes;
  const pixels = await fromBeginning(async () => {
    const search = new PixelSearch(picture, chosen, video);
    let isAgain = false;
    do {
      tell(byHashes, isAgain);
      await giveFrames(search);
      if (search.given < search.frames) throw new Failure('file-changed');
      isAgain = await inTurn(() => search.again());
    } while (isAgain);
    return search.finish();
  });
  return { ...byHashes, ...JSON.parse(found.withPixels(pixels).json()), searched: 'pixels' };
}

/** The parts of a picture that may be pictures within it. @param {Uint8Array} picture @returns {View[]} */
function viewsIn(picture) {
  const numbers = [...picturesIn(picture)];
  return Array.from({ length: numbers.length / VIEW_LENGTH }, (_, i) => /** @type {View} */ (numbers.slice(VIEW_LENGTH * i, VIEW_LENGTH * (i + 1))));
}
