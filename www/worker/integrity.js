// @ts-check
// Damage that decoders pass over in silence. In MP4 and Matroska an H.264 or HEVC packet is a chain of units, each
// with its length before it; where the chain does not end with the packet, bytes were lost or overwritten.
// (ISO/IEC 14496-15, 5.3.4.2; the size of the length field is in the decoder configuration record.)

/** Where the configuration record says how long a length field is. */
const LENGTH_SIZE_AT = /** @type {{ [codec: string]: number }} */ ({ h264: 4, hevc: 21 });

/**
 * @param {Uint8Array} data a packet
 * @param {{ codec: string, config: VideoDecoderConfig }} video
 * @returns {boolean} whether the packet is certainly damaged; false says little
 */
export function isBroken(data, { codec, config: { description } }) {
  const at = LENGTH_SIZE_AT[codec];
  if (at === undefined || description === undefined) return false;
  const record = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength) : new Uint8Array(description);
  const lengthSize = (record[at] & 3) + 1;
  let next = 0;
  while (next + lengthSize < data.length) {
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + data[next + i];
    // The first bit of a unit is always zero (forbidden_zero_bit).
    if (length === 0 || data[next + lengthSize] >= 0x80) return true;
    next += lengthSize + length;
  }
  return next !== data.length;
}
