// @ts-check
// Removes what an H.264 stream tells of its frames' order, or makes it false, in the sequence parameter set of an MP4 (ITU-T H.264,
// 7.3.2.1.1 and E.1.1), like encoders that other people use.

/** Profiles whose parameter set tells the chroma format. */
const HIGH_PROFILES = new Set([100, 110, 122, 244]);

/**
 * The file with nothing told at all (`frames` is null), or with that many frames to hold back. Bytes stay where they are: what is left
 * of the set is filled with zeros.
 * @param {Buffer} bytes whose index holds one set, as x264 writes it @param {number | null} frames
 */
export function tellReordering(bytes, frames) {
  const record = bytes.indexOf('avcC') + 4;
  const set = bytes.subarray(record + 8, record + 8 + bytes.readUInt16BE(record + 6));
  const bits = new Bits(set);
  bits.u(8);
  const profile = bits.u(8);
  bits.u(16);
  bits.ue();
  if (HIGH_PROFILES.has(profile)) for (const skip of [() => bits.ue(), () => bits.ue(), () => bits.ue(), () => bits.u(2)]) skip();
  bits.ue();
  if (bits.ue() !== 0) throw new Error('pic_order_cnt_type is not 0');
  bits.ue();
  bits.ue();
  bits.u(1);
  bits.ue();
  bits.ue();
  if (!bits.u(1)) bits.u(1);
  bits.u(1);
  if (bits.u(1)) for (let side = 0; side < 4; side++) bits.ue();
  if (frames === null) {
    bits.end('0');
    return bytes;
  }
  skipVui(bits);
  bits.end(ue(frames) + ue(Math.max(frames, 1)));
  return bytes;
}

/** Up to max_num_reorder_frames. @param {Bits} bits */
function skipVui(bits) {
  bits.u(1);
  if (bits.u(1) && bits.u(8) === 255) bits.u(32);
  if (bits.u(1)) bits.u(1);
  if (bits.u(1) && (bits.u(4), bits.u(1))) bits.u(24);
  if (bits.u(1)) [bits.ue(), bits.ue()];
  if (bits.u(1)) bits.u(65);
  if (bits.u(2) !== 0) throw new Error('HRD parameters, which are not expected here');
  bits.u(1);
  if (!bits.u(1)) throw new Error('no bitstream restriction');
  bits.u(1);
  for (let number = 0; number < 4; number++) bits.ue();
}

/** @param {number} value */
const ue = (value) => (value + 1).toString(2).padStart(2 * Math.floor(Math.log2(value + 1)) + 1, '0');

/** Bits of a set, without the bytes that keep start codes out of it (7.4.1). */
class Bits {
  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    const plain = bytes.filter((byte, i) => !(byte === 3 && bytes[i - 1] === 0 && bytes[i - 2] === 0));
    this.text = [...plain].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    this.at = 0;
  }

  /** Right up to 32 bits. @param {number} count */
  u(count) {
    this.at += count;
    return parseInt(this.text.slice(this.at - count, this.at), 2);
  }

  ue() {
    const zeros = this.text.indexOf('1', this.at) - this.at;
    this.at += zeros;
    return this.u(zeros + 1) - 1;
  }

  /** Writes the last bits, and the one that ends them. @param {string} last */
  end(last) {
    const plain = `${this.text.slice(0, this.at)}${last}1`.match(/.{1,8}/g)?.map((byte) => parseInt(byte.padEnd(8, '0'), 2)) ?? [];
    /** @type {number[]} */
    const escaped = [];
    for (const byte of plain) {
      if (byte <= 3 && escaped.at(-1) === 0 && escaped.at(-2) === 0) escaped.push(3);
      escaped.push(byte);
    }
    if (escaped.length > this.bytes.length) throw new Error('no room');
    this.bytes.fill(0).set(escaped);
  }
}
