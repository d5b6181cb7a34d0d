// @ts-check
// Makes files of the page's reference clips, for ffmpeg and the page itself.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, MkvOutputFormat, Output } from 'mediabunny';
import { REFERENCE_CLIPS } from '../../www/worker/decode/reference-clips.js';

/** @typedef {import('../../www/worker/decode/self-check.js').ReferenceClip} ReferenceClip */

export const references = /** @type {ReferenceClip[]} */ (/** @type {unknown} */ (REFERENCE_CLIPS));

/** mediabunny's names of codecs, where they differ from ffmpeg's. */
const CODECS = /** @type {{ [codec: string]: 'avc' }} */ ({ h264: 'avc' });
const SECONDS_BETWEEN_FRAMES = 0.4;

/** @param {ReferenceClip} clip */
export const nameOf = ({ codec, pixelFormat }) => `reference-${codec}-${pixelFormat}.mkv`;

/** @param {ReferenceClip} clip @param {string} folder @returns {Promise<string>} its path */
export async function writeReference(clip, folder) {
  const path = join(folder, nameOf(clip));
  await writeFile(path, await matroskaOf(clip));
  return path;
}

/** @param {ReferenceClip} clip */
async function matroskaOf({ codec, config, description, chunks }) {
  const target = new BufferTarget();
  const output = new Output({ format: new MkvOutputFormat(), target });
  const track = new EncodedVideoPacketSource(CODECS[codec] ?? /** @type {'vp9'} */ (codec));
  output.addVideoTrack(track, { frameRate: 1 / SECONDS_BETWEEN_FRAMES });
  await output.start();
  const decoderConfig = { ...config, ...(description && { description: Buffer.from(description, 'base64') }) };
  for (const [i, [timestampUs, data]] of chunks.entries()) {
    const bytes = Buffer.from(data, 'base64');
    await track.add(new EncodedPacket(bytes, i === 0 ? 'key' : 'delta', timestampUs / 1e6, SECONDS_BETWEEN_FRAMES), { decoderConfig });
  }
  await output.finalize();
  return Buffer.from(/** @type {ArrayBuffer} */ (target.buffer));
}
