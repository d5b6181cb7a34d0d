// @ts-check
// What is known of a file without Cotejo: ffmpeg's own digests, and the container's description of its packets. A result that
// names no problem must not contradict it.

import { readFingerprint } from '../../tests/browser/command.mjs';

/**
 * @typedef {import('./native.mjs').WithOutput} WithOutput
 * @typedef {ReturnType<typeof readFingerprint>} Fingerprint
 * @typedef {{ pts?: number, flags: string, side_data_list?: { side_data_type?: string }[] }} Packet
 * @typedef {{ digests: string[] | null, size: string, packets: number, shown: number, times: number[], isEncrypted: boolean, pixelFormat?: string, range?: string }} Truth
 *   `shown`: packets that no edit list hides; `times`: their times after the first, in order
 */

/** ffmpeg's names for limited and full range. */
const RANGES = /** @type {{ [name: string]: string }} */ ({ tv: 'limited', pc: 'full' });

/** Layouts, by ffmpeg's names, that are always hashed as full range: docs/format.md. */
const ALWAYS_FULL = /^(yuvj|gbr|rgb|bgr|argb|abgr|0rgb|0bgr|x2rgb|x2bgr|pal8|mono)/;

/** @param {WithOutput} ffmpeg @param {WithOutput} container @returns {Truth} */
export function truthOf(ffmpeg, container) {
  const { packets = [], streams = [] } = container.output ? JSON.parse(container.output.toString()) : {};
  const shown = /** @type {Packet[]} */ (packets).filter(({ flags }) => !flags.includes('D'));
  const times = shown.flatMap(({ pts }) => (pts === undefined ? [] : [pts])).sort((a, b) => a - b);
  const format = /** @type {string | undefined} */ (streams[0]?.pix_fmt);
  const lines = ffmpeg.output?.toString().split('\n') ?? [];
  return {
    digests: ffmpeg.output ? lines.filter((line) => line.startsWith('0,')).map((line) => line.slice(line.lastIndexOf(',') + 1).trim()) : null,
    size: /^#dimensions 0: (\S+)/m.exec(lines.join('\n'))?.[1] ?? '',
    packets: packets.length,
    shown: shown.length,
    times: times.map((time) => time - times[0]),
    isEncrypted: shown.some(({ side_data_list: data = [] }) => data.some((one) => one.side_data_type === 'Encryption info')),
    pixelFormat: format?.replace('yuvj', 'yuv'),
    range: format && ALWAYS_FULL.test(format) ? 'full' : RANGES[streams[0]?.color_range],
  };
}

/** @param {Fingerprint} result one that names no problem @param {Truth} truth @returns {string[]} what contradicts it */
export function contradictions(result, truth) {
  const { header, frames } = result;
  if (header.kind === 'picture') return [];
  const counts = miscount(frames.length, truth);
  return [
    ...(truth.isEncrypted ? ['hashed, though it is encrypted'] : []),
    ...(counts.length > 0 ? counts : [...untimely(frames, truth), ...otherDigest(frames, truth)]),
    ...(header.tier === 'exact' ? otherFacts(header, truth) : []),
  ];
}

/** @param {number} frames @param {Truth} truth */
function miscount(frames, { digests, shown }) {
  // Fields, hidden frames and packed frames are packets without a frame; if ffmpeg counts as we do, these explain the difference.
  if (frames < shown && frames !== digests?.length) return [`${frames} frames of ${shown} that are shown, ffmpeg ${digests?.length ?? 'fails'}`];
  return digests && frames !== digests.length ? [`${frames} frames, ffmpeg ${digests.length}`] : [];
}

/** @param {Fingerprint['frames']} frames @param {Truth} truth */
function untimely(frames, { times }) {
  const at = frames.length === times.length ? frames.findIndex(({ t }, i) => t !== times[i]) : -1;
  return at < 0 ? [] : [`time of frame ${at} is ${frames[at].t}, in the container ${times[at]}`];
}

/** @param {Fingerprint['frames']} frames @param {Truth} truth */
function otherDigest(frames, { digests }) {
  const at = digests ? frames.findIndex(({ sha256 }, i) => sha256 !== undefined && sha256 !== digests[i]) : -1;
  return at < 0 ? [] : [`digest ${at} of ${frames.length} is not ffmpeg's`];
}

/** @param {Fingerprint['header']} header @param {Truth} truth */
function otherFacts({ width, height, pixel_format: format, range }, truth) {
  const said = [[`${width}x${height}`, truth.size], [format, truth.pixelFormat?.replace('nv12', 'yuv420p')], [range, truth.range]];
  return said.filter(([ours, theirs]) => theirs && ours !== theirs).map(([ours, theirs]) => `${ours}, ffmpeg ${theirs}`);
}
