// @ts-check
// Writes www/worker/decode/reference-clips.js: for each kind of video that WebCodecs decodes, a few frames, and the
// command's hashes of them. Run it if a kind is added or the hashes change; the build needs neither it nor ffmpeg.
//   cargo build --bin cotejo && node www/reference/make.mjs

import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { hashesIn } from '../worker/shared/hashes-in.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const COMMAND = process.env.COTEJO ?? join(ROOT, 'target/debug/cotejo');

/**
 * A zoom into a fractal whose colours turn: texture, motion and colour everywhere, none of it beyond what red, green and
 * blue can hold. Frames are 0.4 s apart, which is as far as the motion signature looks back: so it compares each with the one before.
 */
const SCENE = ['-f', 'lavfi', '-i', "mandelbrot=s=64x64:r=5/2:start_scale=1.2:end_scale=0.5:end_pts=4:maxiter=24,hue=H='n/3':s=0.5,eq=contrast=0.8"];
const FRAMES = 3;
/** Names the colour matrix in the stream, so that Firefox need not guess it when it converts to RGB. VP8 knows only the older one. */
const matrixOf = (/** @type {string} */ codec) => (codec === 'vp8' ? ['smpte170m', 'bt601'] : ['bt709', 'bt709']);

// Without the encoder's description of itself, which is longer than a frame.
const h264 = ['-bsf:v', 'filter_units=remove_types=6', '-c:v', 'libx264', '-preset', 'veryslow', '-crf', '40', '-bf', '1', '-x264-params', 'b-adapt=0:ref=2:keyint=100:scenecut=0:rc-lookahead=4'];
const hevc = ['-c:v', 'libx265', '-preset', 'slow', '-crf', '40', '-x265-params', 'log-level=none:bframes=1:b-adapt=0:keyint=100:scenecut=0:info=0'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'good', '-b:v', '10k', '-qmin', '45', '-qmax', '55', '-auto-alt-ref', '1', '-lag-in-frames', '4', '-g', '100'];
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'good', '-crf', '52', '-b:v', '0', '-auto-alt-ref', '1', '-lag-in-frames', '4', '-g', '100'];
const av1 = ['-c:v', 'libaom-av1', '-cpu-used', '4', '-crf', '48', '-b:v', '0', '-lag-in-frames', '4', '-g', '100'];

/** @type {[codec: string, args: string[], pixelFormats: string[]][]} */
const KINDS = [
  ['h264', h264, ['yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10le', 'yuv422p10le', 'yuv444p10le']],
  ['hevc', hevc, ['yuv420p', 'yuv420p10le']],
  ['vp8', vp8, ['yuv420p']],
  ['vp9', vp9, ['yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10le', 'yuv422p10le', 'yuv444p10le']],
  ['av1', av1, ['yuv420p', 'yuv420p10le', 'yuv444p']],
];

/** @param {string} folder @param {string} codec @param {string[]} args @param {string} pixelFormat */
async function referenceClip(folder, codec, args, pixelFormat) {
  const path = join(folder, codec === 'hevc' ? 'clip.mp4' : 'clip.mkv');
  const tag = codec === 'hevc' ? ['-tag:v', 'hvc1'] : [];
  const [colours, matrix] = matrixOf(codec);
  const tags = ['-colorspace', colours, '-color_primaries', colours, '-color_trc', colours, '-color_range', 'tv'];
  const scale = `scale=out_color_matrix=${matrix}:out_range=tv,format=${pixelFormat}`;
  const same = ['-bitexact', '-threads', '1', '-map_metadata', '-1'];
  execFileSync('ffmpeg', ['-loglevel', 'error', '-y', ...SCENE, '-frames:v', `${FRAMES}`, '-vf', scale, ...tags, ...args, ...tag, ...same, path]);
  const expected = hashesIn(execFileSync(COMMAND, ['hash', '--quiet', path]).toString());
  if (expected.sha256.length !== FRAMES) throw new Error(`${codec} ${pixelFormat}: ${expected.sha256.length} frames`);
  return { codec, pixelFormat, ...await streamIn(await readFile(path)), ...expected };
}

/** The input of a decoder. @param {Buffer} bytes of a file */
async function streamIn(bytes) {
  const track = await new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) }).getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new Error('mediabunny finds no video');
  const chunks = [];
  for await (const { microsecondTimestamp, data } of new EncodedPacketSink(track).packets()) {
    chunks.push([microsecondTimestamp, base64(data)]);
  }
  const { description, ...rest } = config;
  return { config: rest, ...(description && { description: base64(/** @type {Uint8Array} */ (description)) }), chunks };
}

/** @param {Uint8Array} bytes */
const base64 = (bytes) => Buffer.from(bytes).toString('base64');

const folder = await mkdtemp(join(tmpdir(), 'cotejo-reference-'));
const clips = [];
for (const [codec, args, pixelFormats] of KINDS) {
  for (const pixelFormat of pixelFormats) clips.push(await referenceClip(folder, codec, args, pixelFormat));
}
await rm(folder, { recursive: true });
const lines = clips.map((clip) => `  ${JSON.stringify(clip)},`);
await writeFile(join(ROOT, 'www/worker/decode/reference-clips.js'), `// Made by www/reference/make.mjs; what it means is said in self-check.js.
export const REFERENCE_CLIPS = [
${lines.join('\n')}
];
`);
