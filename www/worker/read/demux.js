// @ts-check
// In: a file. Out: its first video track, as the container describes it, with times in whole ticks.

import { BlobSource, EncodedPacketSink, Input, Logging, LogLevel, MATROSKA, MP4, MPEG_TS, QTFF, WEBM } from 'mediabunny';
import { withIndex } from './bare.js';
import { findBox, wholeFile } from './boxes.js';
import { UNKNOWN, colourOf } from './colour.js';
import { displayOf, NOT_TURNED } from './display.js';
import { AS_STORED, editsOf } from './editlist.js';
import { Failure, isFileChange } from '../shared/failure.js';
import { bytesOf } from '../shared/bytes.js';
import { inTurn, offsetCrop } from '../shared/core.js';
import { checkIndex } from './index-check.js';
import { asVideo } from './sequence.js';
import { otherVideoCodec } from './tsprogram.js';

// mediabunny's warnings go nowhere; problems are in the result, where the user sees them.
Logging.level = LogLevel.Silent;

/** ffmpeg's names of codecs, by mediabunny's. */
const CODEC_NAMES = { avc: 'h264', hevc: 'hevc', vp8: 'vp8', vp9: 'vp9', av1: 'av1', prores: 'prores' };
/** Names of other codecs, by their identifiers in containers: the MP4 Registration Authority's list, and Matroska's codec mappings. */
const OTHER_CODECS = {
  mp4v: 'mpeg4', 'V_MPEG4/ISO/ASP': 'mpeg4', 'V_MPEG4/ISO/SP': 'mpeg4', 'V_MPEG2': 'mpeg2video', 'V_MPEG1': 'mpeg1video',
  s263: 'h263', jpeg: 'mjpeg', mjpa: 'mjpeg', V_MJPEG: 'mjpeg', 'V_THEORA': 'theora', vvc1: 'vvc',
};
/** Enough packets to estimate the rate for a progress bar. */
const PACKETS_FOR_RATE = 60;

/**
 * @typedef {import('mediabunny').InputVideoTrack} Track
 * @typedef {import('mediabunny').EncodedPacket} Packet
 *
 * `crop` is the visible rectangle if decoders cannot be trusted to find it. `packetsFrom` gives a packet and those after
 * it; `keyAfter` the next packet at which decoding can begin again; `shownAt` when a packet's frame is shown, in ticks (null: never).
 * Nothing is shown from `endTicks` on. `hasWholeIndex`: one index lists every packet.
 * @typedef {{
 *   input: Input, track: Track, sink: EncodedPacketSink, config: VideoDecoderConfig, codec: string,
 *   display: import('./display.js').Display, timeBase: [number, number], crop: DOMRectInit | null, colour: import('./colour.js').Colour,
 *   packetsFrom: (packet: Packet) => AsyncGenerator<Packet, void>, keyAfter: (packet: Packet) => Promise<Packet | null>,
 *   shownAt: (packet: Packet) => number | null, endTicks: number, hasWholeIndex: boolean,
 * }} Video
 */

/** The files that this worker reads, held for the reason given in filescan.js: the demuxer reads through streams, too. */
const opened = new Set();

/**
 * Turns the demuxer's errors into a failure: it throws if the index or the stream's headers make no sense.
 * @template T
 * @param {Promise<T>} reading
 */
export async function understood(reading) {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof Failure || isFileChange(cause)) throw cause;
    throw new Failure('no-frames', { message: String(cause) });
  }
}

/**
 * Opens the first video track, as `ffmpeg -map 0:v:0` does.
 * @param {File} file
 * @returns {Promise<Video>}
 */
export const openVideo = (file) => understood(open(file));

/**
 * Whether frames before the first key packet should be shown: no decoder can begin with them.
 * @param {Video} video
 */
export const beginsWithin = (video) => understood(readBeginning(video));

/** @param {Video} video */
async function readBeginning({ sink, packetsFrom, shownAt }) {
  const key = await sink.getFirstKeyPacket({ metadataOnly: true });
  const first = await sink.getFirstPacket({ metadataOnly: true });
  if (!key || !first) return false;
  for await (const packet of packetsFrom(first)) {
    if (packet.sequenceNumber >= key.sequenceNumber) return false;
    if (shownAt(packet) !== null) return true;
  }
  return false;
}

/** The packet at which decoding begins. @param {Pick<Video, 'sink'>} video */
export const firstPacket = ({ sink }) => understood(sink.getFirstKeyPacket().then((key) => key ?? sink.getFirstPacket()));

/**
 * Gives a packet and those after it, each read when asked for. The sink's own iterator holds a second's packets, hundreds
 * in a small video, and loses them where the container stops making sense.
 * @param {EncodedPacketSink} sink @param {Packet | null} packet
 */
async function* packetsFrom(sink, packet) {
  for (; packet; packet = await sink.getNextPacket(packet)) yield packet;
}

/** The next key packet; null if there is none, or it cannot be found. @param {EncodedPacketSink} sink @param {Packet} after */
async function keyAfter(sink, after) {
  try {
    return await sink.getNextKeyPacket(after);
  } catch (cause) {
    if (isFileChange(cause)) throw cause;
    return null;
  }
}

/** @param {File} given @returns {Promise<Video>} */
async function open(given) {
  const bare = await withIndex(given);
  const file = bare?.file ?? await asVideo(given) ?? given;
  const { isFragmented, shortColours } = await checkIndex(file);
  const passable = without(file, shortColours);
  // A list of fragments at the file's end may point anywhere, also at what was never checked. The last four bytes lead to it; as
  // zeros, they lead nowhere, and the demuxer goes from fragment to fragment.
  const read = isFragmented ? new Blob([passable, new Uint8Array(4)]) : passable;
  const source = new BlobSource(read, { handleUnhandledError: () => {} });
  const input = new Input({ formats: [MP4, QTFF, MATROSKA, WEBM, MPEG_TS], source });
  opened.add(input);
  if (!await input.canRead()) throw new Failure('not-a-video');
  const [track] = await input.getVideoTracks();
  if (!track) throw await whyNoTrack(file, input);
  const isBoxed = [MP4, QTFF].includes(await input.getFormat());
  if (isBoxed && await isHybrid(file, track)) throw new Failure('unsupported-container', { container: 'hybrid-mp4' });
  const codec = await codecName(track);
  const found = await track.getDecoderConfig();
  if (!found) throw new Failure('unsupported-codec', { codec });
  // A copy: the demuxer's own is a view of the whole index, which would be sent along.
  const config = found.description ? { ...found, description: bytesOf(found.description).slice() } : found;
  const [sink, resolution] = [new EncodedPacketSink(track), await track.getTimeResolution()];
  const first = await firstPacket({ sink });
  const { shownAt, endTicks } = isBoxed ? await editsOf(file, track.id, resolution) : AS_STORED;
  const ticksUp = bare?.up ?? 1;
  return {
    input, track, sink, config, codec,
    display: isBoxed ? await displayOf(file, track.id) : NOT_TURNED,
    crop: codec === 'h264' ? await cropOf(config) : null,
    timeBase: bare ? reduced(bare.up, bare.down) : timeBaseOf(resolution),
    colour: first ? await colourOf({ codec, config }, first.data) : UNKNOWN,
    packetsFrom: (packet) => packetsFrom(sink, packet),
    keyAfter: (packet) => keyAfter(sink, packet),
    // mediabunny divides the container's integer by the resolution; multiplying restores it.
    shownAt: ({ timestamp }) => shownAt(Math.round(timestamp * resolution / ticksUp)),
    endTicks,
    hasWholeIndex: isBoxed && !isFragmented,
  };
}

/**
 * The visible part of H.264 pictures if it does not begin at the corner. Chromium 156 ignores where it begins, so frames are copied
 * from there.
 * @param {VideoDecoderConfig} config @returns {Promise<DOMRectInit | null>}
 */
async function cropOf({ description }) {
  if (!description) return null;
  const crop = await inTurn(() => offsetCrop(bytesOf(description)));
  if (!crop) return null;
  const [x, y, width, height] = crop;
  return { x, y, width, height };
}

/**
 * The file with other types for some boxes, so that the demuxer passes over them.
 * @param {File} file @param {number[]} types places of the boxes' types, in order
 */
function without(file, types) {
  if (types.length === 0) return file;
  const parts = types.flatMap((at, i) => [file.slice(i === 0 ? 0 : types[i - 1] + 4, at), 'free']);
  return new Blob([...parts, file.slice(/** @type {number} */ (types.at(-1)) + 4)]);
}

/**
 * Some recorders write the first part of a video into the index and the rest into fragments. The demuxer gives
 * the first part only and says nothing, so such a file is refused rather than hashed in part.
 * @param {File} file @param {Track} track
 */
async function isHybrid(file, track) {
  if (!await findBox(file, wholeFile(file), ['moov', 'mvex'])) return false;
  const first = await new EncodedPacketSink(track).getFirstPacket({ metadataOnly: true });
  const hasFragments = await findBox(file, wholeFile(file), ['moof']) !== null;
  // The demuxer numbers packets of the index from 0, packets of fragments from their place in the file.
  return first?.sequenceNumber === 0 && hasFragments;
}

/**
 * Why the file has no track that can be read. The demuxer does not list other codecs in a transport stream, so this looks for
 * them. "Only sound" may be said only if there is sound: a damaged index may name no track at all.
 * @param {File} file @param {Input} input
 */
async function whyNoTrack(file, input) {
  const codec = await input.getFormat() === MPEG_TS && await otherVideoCodec(file);
  if (codec) return new Failure('unsupported-codec', { codec });
  if ((await input.getAudioTracks()).length > 0) return new Failure('no-video-track');
  return new Failure((await input.getTracks()).length > 0 ? 'not-a-video' : 'no-index');
}

/** @param {Track} track */
async function codecName(track) {
  const codec = await track.getCodec();
  if (codec) return CODEC_NAMES[codec];
  const id = await track.getInternalCodecId();
  return typeof id === 'string' ? OTHER_CODECS[/** @type {keyof typeof OTHER_CODECS} */ (id)] ?? id : 'unknown';
}

/**
 * Seconds per tick as a fraction in lowest terms. Matroska counts in nanoseconds per tick, so its
 * ticks per second need not be whole.
 * @param {number} resolution ticks per second
 * @returns {[number, number]}
 */
function timeBaseOf(resolution) {
  if (Number.isInteger(resolution)) return [1, resolution];
  return reduced(Math.round(1e9 / resolution), 1e9);
}

/** @param {number} up @param {number} down @returns {[number, number]} */
function reduced(up, down) {
  const common = greatestCommonDivisor(up, down);
  return [up / common, down / common];
}

/** @param {number} a @param {number} b @returns {number} */
const greatestCommonDivisor = (a, b) => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/**
 * What the container promises, from its index alone. `promisedEndS`: when the last frame of a whole index ends;
 * ffmpeg uses the same. Other containers give a length that may not be this track's, or this file's, as in one segment of a
 * stream. `endS`, `frames`: estimates of when the last frame ends, and of how many there are. Null if not known.
 * @param {Video} video
 */
export const promiseOf = (video) => understood(readPromise(video));

/** @param {Video} video */
async function readPromise({ track, hasWholeIndex, endTicks, timeBase: [up, down] }) {
  const promisedEndS = hasWholeIndex ? Math.min(await track.computeDuration(), endTicks * up / down) : null;
  const indexEndS = await track.getDurationFromMetadata();
  if (indexEndS === null) return { promisedEndS, endS: null, frames: null };
  const endS = Math.min(indexEndS, endTicks * up / down);
  const { averagePacketRate } = await track.computePacketStats(PACKETS_FOR_RATE);
  const durationS = endS - Math.max(0, await track.getFirstTimestamp());
  return { promisedEndS, endS, frames: Math.max(1, Math.round(durationS * averagePacketRate)) };
}
