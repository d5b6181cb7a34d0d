// @ts-check
// The visible rectangle of an H.264 stream whose picture does not begin at the left or top edge of the coded one.
// Chromium 156 ignores where such a rectangle begins, so it is read from the sequence parameter set
// (ITU-T H.264, 7.3.2.1.1) and frames are copied from there.

/** Profiles whose parameter set tells the chroma format. */
const PROFILES_WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Samples of luma per sample of chroma, across and down, by chroma_format_idc. */
const CHROMA_STEPS = [[1, 1], [2, 2], [2, 1], [1, 1]];

/**
 * @param {VideoDecoderConfig} config
 * @returns {DOMRectInit | null} null: the picture begins at the corner, or nothing is known
 */
export function offsetCrop({ description }) {
  if (!description) return null;
  const record = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength) : new Uint8Array(description);
  if ((record[5] & 31) === 0) return null;
  const crop = cropIn(new Bits(record.subarray(9, 8 + record[6] * 256 + record[7])));
  return crop.x > 0 || crop.y > 0 ? crop : null;
}

/** @param {Bits} bits a sequence parameter set after its first byte */
function cropIn(bits) {
  const profile = bits.read(8);
  bits.read(16);
  bits.number();
  const chromaFormat = PROFILES_WITH_CHROMA.has(profile) ? readChromaFormat(bits) : 1;
  bits.number();
  skipOrderCount(bits);
  bits.number();
  bits.read(1);
  const columns = bits.number() + 1;
  const rows = bits.number() + 1;
  const fieldRows = bits.read(1) ? 1 : 2;
  bits.read(fieldRows);
  if (!bits.read(1)) return { x: 0, y: 0, width: 0, height: 0 };
  const [stepX, stepY] = CHROMA_STEPS[chromaFormat];
  const [left, right, top, bottom] = [bits.number(), bits.number(), bits.number(), bits.number()];
  return {
    x: left * stepX,
    y: top * stepY * fieldRows,
    width: columns * 16 - (left + right) * stepX,
    height: (rows * 16 - (top + bottom) * stepY) * fieldRows,
  };
}

/** @param {Bits} bits */
function readChromaFormat(bits) {
  const chromaFormat = bits.number();
  if (chromaFormat === 3) bits.read(1);
  bits.number();
  bits.number();
  bits.read(1);
  const lists = bits.read(1) ? (chromaFormat === 3 ? 12 : 8) : 0;
  for (let list = 0; list < lists; list++) if (bits.read(1)) skipScalingList(bits, list < 6 ? 16 : 64);
  return chromaFormat;
}

/** @param {Bits} bits @param {number} size */
function skipScalingList(bits, size) {
  let last = 8;
  for (let i = 0, next = 8; i < size && next !== 0; i++) {
    next = (last + bits.signedNumber() + 256) & 255;
    last = next || last;
  }
}

/** @param {Bits} bits */
function skipOrderCount(bits) {
  const type = bits.number();
  if (type === 0) bits.number();
  if (type !== 1) return;
  bits.read(1);
  bits.number();
  bits.number();
  // At most 255 by the standard; a lie would take minutes.
  for (let count = Math.min(bits.number(), 255); count > 0; count--) bits.number();
}

/** Bits of a unit, first bit first, without the bytes that keep start codes out of it (7.4.1). */
class Bits {
  /** @param {Uint8Array} unit */
  constructor(unit) {
    this.bytes = unit.filter((byte, i) => !(byte === 3 && unit[i - 1] === 0 && unit[i - 2] === 0));
    this.at = 0;
  }

  /** @param {number} count */
  read(count) {
    let value = 0;
    for (; count > 0; count--, this.at++) value = value * 2 + ((this.bytes[this.at >> 3] >> (7 - (this.at & 7))) & 1);
    return value;
  }

  /** An Exp-Golomb number (9.1). */
  number() {
    let zeros = 0;
    while (zeros < 32 && !this.read(1)) zeros++;
    return 2 ** zeros - 1 + this.read(zeros);
  }

  signedNumber() {
    const number = this.number();
    return number % 2 ? (number + 1) / 2 : -number / 2;
  }
}
