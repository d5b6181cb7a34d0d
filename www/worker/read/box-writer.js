// @ts-check
// Writes the boxes of an MP4 file (ISO/IEC 14496-12, 4.2).

/** @param {string} type @param {...Uint8Array} contents @returns {Uint8Array<ArrayBuffer>} */
export function box(type, ...contents) {
  const length = contents.reduce((sum, content) => sum + content.length, 8);
  const whole = new Uint8Array(length);
  whole.set(numbers(length));
  whole.set(letters(type), 4);
  let at = 8;
  for (const content of contents) {
    whole.set(content, at);
    at += content.length;
  }
  return whole;
}

/** 32-bit numbers, alone or in lists: a table may have millions. @param {...(number | number[])} all */
export function numbers(...all) {
  const flat = all.flat();
  const view = new DataView(new ArrayBuffer(4 * flat.length));
  flat.forEach((number, i) => view.setUint32(4 * i, number));
  return new Uint8Array(view.buffer);
}

/** @param {string} text */
export const letters = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** @param {number} count */
export const zeros = (count) => new Uint8Array(count);
