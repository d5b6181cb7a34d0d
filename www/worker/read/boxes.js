// @ts-check
// Finds boxes in an MP4 or QuickTime file (ISO/IEC 14496-12, 4.2). Reads only headers, wherever
// they are, so an index of many megabytes costs no memory.

/** The most boxes to look at: damaged files may seem to have endless ones. */
const MAX_BOXES = 10_000;

/** `start` and `end` of the box's contents. @typedef {{ type: string, start: number, end: number }} Box */

/** @param {File} file @returns {Box} */
export const wholeFile = (file) => ({ type: '', start: 0, end: file.size });

/** The first box at a path of types. @param {File} file @param {Box} within @param {string[]} path @returns {Promise<Box | null>} */
export async function findBox(file, within, [type, ...rest]) {
  for await (const box of boxes(file, within)) {
    if (box.type === type) return rest.length > 0 ? findBox(file, box, rest) : box;
  }
  return null;
}

/** The boxes directly inside a box. @param {File} file @param {Box} within @returns {AsyncGenerator<Box, void>} */
export async function* boxes(file, { start, end }) {
  for (let count = 0; count < MAX_BOXES && start + 8 <= end; count++) {
    const { type, headerLength, length } = headerIn(await read(file, start, 16), end - start);
    if (length < headerLength) return;
    yield { type, start: start + headerLength, end: Math.min(start + length, end) };
    start += length;
  }
}

/**
 * @param {DataView} view the first 16 bytes of a box, fewer at the file's end
 * @param {number} toEnd the length that 0 stands for: up to the end
 */
export function headerIn(view, toEnd = 0) {
  const type = String.fromCharCode(view.getUint8(4), view.getUint8(5), view.getUint8(6), view.getUint8(7));
  const short = view.getUint32(0);
  const isLong = short === 1 && view.byteLength === 16;
  const length = isLong ? Number(view.getBigUint64(8)) : short === 0 ? toEnd : short;
  return { type, headerLength: isLong ? 16 : 8, length };
}

/** @param {File} file @param {number} start @param {number} length */
export async function read(file, start, length) {
  return new DataView(await file.slice(start, start + length).arrayBuffer());
}
