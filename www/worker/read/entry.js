// @ts-check
// Whether a decoder can begin with a packet and lose nothing. Containers also call recovery points and open groups key
// packets, after which frames may refer to what was before; an IDR picture (H.264 and HEVC, 7.4.1.2.4 and 7.4.2.2) ends all that.

/** Where the configuration record says how long a length field is (ISO/IEC 14496-15, 5.3.3.1.2 and 8.3.3.1.2). */
const LENGTH_SIZE_AT = /** @type {{ [codec: string]: number }} */ ({ h264: 4, hevc: 21 });
/** Whether a unit, by its first byte, is a part of an IDR picture. */
const IS_IDR = /** @type {{ [codec: string]: (byte: number) => boolean }} */ ({
  h264: (byte) => (byte & 31) === 5,
  hevc: (byte) => [19, 20].includes((byte >> 1) & 63),
});

/**
 * @param {Uint8Array} data a packet
 * @param {{ codec: string, config: VideoDecoderConfig }} video
 * @returns {boolean} true also for codecs that have no such pictures: their key frames are entries
 */
export function isEntryPicture(data, { codec, config: { description } }) {
  const isIdr = IS_IDR[codec];
  if (!isIdr) return true;
  const starts = description ? afterLengths(data, bytesOf(description)[LENGTH_SIZE_AT[codec]]) : afterStartCodes(data);
  return starts.some((at) => isIdr(data[at]));
}

/** @param {AllowSharedBufferSource} description */
const bytesOf = (description) => (ArrayBuffer.isView(description)
  ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength) : new Uint8Array(description));

/** @param {Uint8Array} data @param {number} sizeByte */
function afterLengths(data, sizeByte) {
  const [starts, size] = [/** @type {number[]} */ ([]), (sizeByte & 3) + 1];
  for (let at = 0; at + size < data.length;) {
    let length = 0;
    for (let i = 0; i < size; i++) length = length * 256 + data[at + i];
    starts.push(at + size);
    at += size + length;
  }
  return starts;
}

/** @param {Uint8Array} data */
function afterStartCodes(data) {
  const starts = [];
  for (let at = 0; at + 3 < data.length; at++) {
    if (data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 1) starts.push(at + 3);
  }
  return starts;
}
