// @ts-check
// Reads a transport stream's program map (ISO/IEC 13818-1, 2.4.4), to name the codec of a video
// that the demuxer does not list.

/** Codecs that the demuxer does not know, by stream_type (table 2-34). */
const VIDEO_TYPES = /** @type {{ [streamType: number]: string }} */ ({
  0x01: 'mpeg1video', 0x02: 'mpeg2video', 0x10: 'mpeg4', 0x21: 'jpeg2000', 0x33: 'vvc', 0x42: 'cavs', 0xea: 'vc1',
});
const PACKET_BYTES = 188;
const SYNC = 0x47;
const PROGRAM_MAP = 2;
/** Where to look for a program map: several come every second, and this is a second even at broadcast rates. */
const SEARCH_BYTES = 4 << 20;

/**
 * @param {File} file
 * @returns {Promise<string | null>} the first video codec named in a program map
 */
export async function otherVideoCodec(file) {
  const bytes = new Uint8Array(await file.slice(0, SEARCH_BYTES).arrayBuffer());
  for (let at = 0; at + PACKET_BYTES <= bytes.length;) {
    if (bytes[at] !== SYNC) {
      at++;
      continue;
    }
    const codec = codecInMap(bytes.subarray(at, at + PACKET_BYTES));
    if (codec) return codec;
    at += PACKET_BYTES;
  }
  return null;
}

/** @param {Uint8Array} packet */
function codecInMap(packet) {
  const startsUnit = (packet[1] & 0x40) !== 0;
  const adaptationBytes = packet[3] & 0x20 ? 1 + packet[4] : 0;
  // A section begins after the pointer field; a map begins with its table_id.
  const table = 4 + adaptationBytes + 1 + packet[4 + adaptationBytes];
  if (!startsUnit || packet[table] !== PROGRAM_MAP) return null;
  const end = Math.min(table + 3 + readLength(packet, table + 1) - 4, PACKET_BYTES - 4);
  let entry = table + 12 + readLength(packet, table + 10);
  while (entry < end) {
    const codec = VIDEO_TYPES[packet[entry]];
    if (codec) return codec;
    entry += 5 + readLength(packet, entry + 3);
  }
  return null;
}

/** The twelve-bit lengths of sections and descriptors. @param {Uint8Array} packet @param {number} at */
const readLength = (packet, at) => ((packet[at] & 0x0f) << 8) | packet[at + 1];
