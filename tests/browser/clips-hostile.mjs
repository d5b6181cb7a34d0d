// @ts-check
// Hostile files: small videos whose index has a false number, which would cost a reader that believes it gigabytes or
// minutes; and what page and command must make of them.

/**
 * `failed`: how the page ends. `command`: how many frames the command hashes; null if it refuses the file.
 * @typedef {import('./clips.mjs').Clip & { hostile: { failed: string, command: number | null } }} HostileClip
 */

const MOST = 0xffffffff;
const MEDIA = ['moov', 'trak', 'mdia', 'minf', 'stbl'];
/** Four billion keys (ISO/IEC 23001-7, 8.1), none of which is there. */
const KEYS_OF_NOTHING = box('pssh', numbers(0x01000000, 0, 0, 0, 0, MOST, 0));
/** A sequence parameter set (ITU-T H.264, 7.3.2.1.1) that counts pictures in a cycle of four billion, in its record. */
const LONG_CYCLE = Buffer.from('0142001effe1000e6742001ed30000030001ffffffff01000468ce3880', 'hex');
/** Boxes in boxes. */
const DEEP = Array.from({ length: 40 }).reduce((/** @type {Buffer} */ inner) => box('mdia', inner), Buffer.alloc(0));

/** @type {HostileClip[]} */
export const hostile = [
  made('sizes-of-no-bits.mp4', 'four billion frame sizes of no bits', inBox([...MEDIA, 'stsz'], () => box('stz2', numbers(0, 0, MOST)))),
  made('sizes-of-other-bits.mp4', 'a table that goes on into the boxes after it', inBox([...MEDIA, 'stsz'], (sizes) => box('stsz', numbers(0, 0, 40), sizes.subarray(12))), { command: 30 }),
  made('times.mp4', 'four billion frames by the tables of times', inBox([...MEDIA, 'stts'], () => Buffer.concat([box('stts', numbers(0, 1, MOST, 1)), box('ctts', numbers(0, 1, 1, 1))])), { command: 30 }),
  made('times-in-parts.mp4', 'a hundred thousand frames, ten thousand in each entry', inBox([...MEDIA, 'stts'], () => box('stts', numbers(0, 10, ...Array(10).fill([10_000, 1]).flat()))), { command: 30 }),
  made('offsets.mp4', 'times for four billion frames, eight times over', inBox([...MEDIA, 'stts'], (times) => Buffer.concat([box('stts', times), box('ctts', numbers(0, 8, ...Array(8).fill([MOST, 1]).flat()))])), { command: 30 }),
  made('chunk.mp4', 'four billion frames in a chunk', inBox([...MEDIA, 'stsc'], () => box('stsc', numbers(0, 1, 1, MOST, 1))), { command: 1 }),
  made('edits.mp4', 'more edits than there is room for', inBox(['moov', 'trak', 'edts', 'elst'], () => box('elst', numbers(0, MOST, 0, MOST, 0x10000)))),
  made('keys.mp4', 'four billion keys', inBox(['moov', 'mvhd'], (header) => Buffer.concat([box('mvhd', header), KEYS_OF_NOTHING])), { command: 30 }),
  made('names.mp4', 'four billion names of no length', inBox(['moov', 'udta'], () => box('meta', box('hdlr', numbers(0, 0)), box('keys', numbers(0, MOST, 0, 0)))), { command: 30 }),
  made('depth.mp4', 'boxes in boxes in boxes', inBox(['moov', 'mvhd'], (header) => Buffer.concat([box('mvhd', header), DEEP]))),
  made('entry.mp4', 'a lie inside the description of a picture', inBox([...MEDIA, 'stsd', 'avc1'], (entry) => box('avc1', entry, KEYS_OF_NOTHING))),
  made('fragment.mp4', 'four billion frames in a fragment', inBox(['moof', 'traf', 'trun'], () => box('trun', numbers(0, MOST))), { from: 'small-fragmented.mp4' }),
  made('fragment-keys.mp4', 'four billion keys in a fragment', inBox(['moof', 'mfhd'], (header) => Buffer.concat([box('mfhd', header), KEYS_OF_NOTHING])), { from: 'small-fragmented.mp4' }),
  made('cycle.mp4', 'pictures counted in a cycle of four billion', inBox([...MEDIA, 'stsd', 'avc1', 'avcC'], () => box('avcC', LONG_CYCLE)), { failed: 'no-frames' }),
];

/**
 * @param {string} name @param {string} what @param {(bytes: Buffer) => Buffer} change
 * @param {{ from?: string, failed?: string, command?: number | null }} [but]
 * @returns {HostileClip}
 */
function made(name, what, change, { from = 'small.mp4', failed = 'no-index', command = null } = {}) {
  return { name: `false-${name}`, what, from, change, expect: {}, hostile: { failed, command } };
}

/** @param {string} type @param {Buffer[]} contents */
export function box(type, ...contents) {
  const content = Buffer.concat(contents);
  return Buffer.concat([numbers(content.length + 8), Buffer.from(type, 'latin1'), content]);
}

/** Numbers of 32 bits. @param {number[]} all */
export function numbers(...all) {
  const bytes = Buffer.alloc(4 * all.length);
  for (const [i, number] of all.entries()) bytes.writeUInt32BE(number, 4 * i);
  return bytes;
}

/** Where boxes begin in those that first hold something else: a table of descriptions, and a description of pictures. */
const FIRST_INSIDE = /** @type {{ [type: string]: number }} */ ({ stsd: 8, avc1: 78 });

/**
 * Puts what is made of a box in its place, and tells the boxes around it their new lengths. Small clips have their index at the end,
 * and fragments count from their own begin, so nothing else moves.
 * @param {string[]} path @param {(content: Buffer) => Buffer} make
 * @param {number} [from]
 * @returns {(bytes: Buffer) => Buffer}
 */
export function inBox([type, ...rest], make, from = 0) {
  return (bytes) => {
    for (let at = from; at + 8 <= bytes.length;) {
      const end = at + bytes.readUInt32BE(at);
      if (bytes.toString('latin1', at + 4, at + 8) === type) {
        const content = bytes.subarray(at + 8, end);
        const instead = rest.length > 0 ? box(type, inBox(rest, make, FIRST_INSIDE[type])(content)) : make(content);
        return Buffer.concat([bytes.subarray(0, at), instead, bytes.subarray(end)]);
      }
      at = end;
    }
    throw new Error(`no box ${type}`);
  };
}
