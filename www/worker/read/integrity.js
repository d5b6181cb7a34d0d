// @ts-check
// Damage that decoders pass over in silence, as far as it can be seen without decoding. H.264 and HEVC come in units. In MP4
// and Matroska each has its length before it; where that chain does not end with the packet, bytes were lost or overwritten.
// (ISO/IEC 14496-15, 5.3.4.2; the size of the length field is in the decoder configuration record.) And some sequences of
// bytes never occur in a unit, above all three zeros: so that its start can be found. (ITU-T H.264 and H.265, 7.4.1.) Bytes
// that a disk or a transfer lost are often zeros.

/** Where the configuration record says how long a length field is. */
const LENGTH_SIZE_AT = /** @type {{ [codec: string]: number }} */ ({ h264: 4, hevc: 21 });
/** The one byte of MPEG-2's end of a sequence; as in bitcheck/src/nal.rs. */
const SEQUENCE_END = 0xb7;

/**
 * @param {Uint8Array} data a packet
 * @param {{ codec: string, config: VideoDecoderConfig }} video
 * @returns {boolean} whether the packet is certainly damaged; false says little
 */
export function isBroken(data, { codec, config: { description } }) {
  const at = LENGTH_SIZE_AT[codec];
  if (at === undefined) return false;
  if (description === undefined) return hasForbiddenBytes(data, 0, data.length);
  return hasBrokenUnits(data, (bytesOf(description)[at] & 3) + 1);
}

/** @param {AllowSharedBufferSource} source */
export const bytesOf = (source) => (ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source));

/** @param {Uint8Array} data @param {number} lengthSize */
function hasBrokenUnits(data, lengthSize) {
  let next = 0;
  while (next + lengthSize < data.length) {
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + data[next + i];
    next += lengthSize;
    const isEnd = length === 1 && data[next] === SEQUENCE_END;
    // The first bit of a unit is always zero (forbidden_zero_bit).
    if (length === 0 || (data[next] >= 0x80 && !isEnd)) return true;
    if (hasForbiddenBytes(data, next, Math.min(next + length, data.length))) return true;
    next += length;
  }
  return next !== data.length;
}

/**
 * Whether two zeros are followed by a byte that never follows them. Zeros at the end are padding, which some programs write. A
 * start code (00 00 01) may be within a unit that has its length, too: some recorders end a sequence behind one. What it parts, the core reads.
 * @param {Uint8Array} data @param {number} from @param {number} end
 */
function hasForbiddenBytes(data, from, end) {
  for (let at = data.indexOf(0, from); at !== -1 && at + 2 < end; at = data.indexOf(0, at + 1)) {
    if (data[at + 1] !== 0) continue;
    let next = at + 2;
    while (next < end && data[next] === 0) next++;
    if (next === end) return false;
    const hasMore = next > at + 2;
    const byte = data[next];
    if (byte !== 1 && (hasMore || byte === 2)) return true;
    at = next - 1;
  }
  return false;
}
