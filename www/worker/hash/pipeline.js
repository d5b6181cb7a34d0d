// @ts-check
// In: a video file. Out: its fingerprint. Demux -> decode -> hash, in one or several ranges -> record -> finish.
// However long the video is, memory holds a few frames for each decoder, one chunk of the file, and the hashes.

import { VideoRecorder, inTurn } from '../shared/core.js';
import { decodersFor } from '../decode/decoders.js';
import { beginsWithin, firstPacket, openVideo, promiseOf } from '../read/demux.js';
import { Failure } from '../shared/failure.js';
import { Parts, lookBack } from '../fingerprint/fingerprint-file.js';
import { hashFrames } from '../decode/frames.js';
import { Uneven } from './joined.js';
import { hashRanges } from './ranges.js';
import { resultOf } from '../fingerprint/result.js';
import { fromBeginning, supportedConfig } from '../decode/webcodecs.js';

/**
 * @typedef {import('../read/demux.js').Video} Video
 * @typedef {import('../read/filescan.js').Scan} Scan
 * @typedef {import('../decode/self-check.js').SelfCheck} SelfCheck
 * @typedef {import('../decode/frames.js').HashedFrame} HashedFrame
 * @typedef {import('../decode/frames.js').Problem} Problem
 */

/**
 * @param {File} file
 * @param {import('../../shared/protocol.js').Split} split
 * @param {Promise<Scan>} scan the scan of the file's bytes, running in parallel
 * @param {import('../shared/progress.js').Progress} progress
 * @param {SelfCheck} selfCheck
 * @returns {Promise<import('../../shared/protocol.js').Result>}
 */
export async function hashVideo(file, split, scan, progress, selfCheck) {
  const video = await openVideo(file);
  try {
    const config = await supportedConfig(video);
    const promise = await promiseOf(video);
    progress.expectFrames(promise.frames);
    const recording = await record(video, config, decodersFor(video, config, promise, split), progress, selfCheck);
    if (await beginsWithin(video)) recording.note('frames-missing');
    progress.decoder(null);
    const { json, requireUnchanged } = await scan;
    await requireUnchanged();
    return await recording.finish(json, promise.promisedEndS);
  } finally {
    video.input.dispose();
  }
}

/**
 * Uses several decoders if their ranges fit together exactly; else one, whose findings on the file count.
 * @param {Video} video @param {VideoDecoderConfig} config
 * @param {import('../decode/decoders.js').Decoders} decoders
 * @param {import('../shared/progress.js').Progress} progress
 * @param {SelfCheck} selfCheck
 */
async function record(video, config, decoders, progress, selfCheck) {
  if (decoders.count > 1) {
    const inRanges = new Recording(video);
    try {
      await inRanges.take(hashRanges(video, config, decoders, (frames) => progress.framesDone(frames)));
      return inRanges;
    } catch (cause) {
      inRanges.recorder?.free();
      if (!(cause instanceof Uneven)) throw cause;
    }
  }
  return fromBeginning(async () => {
    const recording = new Recording(video);
    try {
      await recording.take(hashFrames(video, config, selfCheck, await firstPacket(video), 0), (frames) => progress.framesDone(frames));
      return recording;
    } catch (cause) {
      recording.recorder?.free();
      throw cause;
    }
  });
}

/** Records one video, from the first frame on. */
class Recording {
  /** @param {Video} video */
  constructor(video) {
    this.video = video;
    /** @type {VideoRecorder | null} */
    this.recorder = null;
    this.parts = new Parts();
    this.firstTicks = 0;
    this.frames = 0;
    /** Problems found before the first frame. @type {Problem['problem'][]} */
    this.early = [];
  }

  /** @param {AsyncIterable<HashedFrame | Problem>} hashed @param {(frames: number) => void} [tell] */
  async take(hashed, tell = () => {}) {
    for await (const one of hashed) {
      await inTurn(() => ('problem' in one ? this.note(one.problem) : this.push(one)));
      tell(this.frames);
    }
  }

  /** @param {Problem['problem']} problem */
  note(problem) {
    // It is not known which frames are missing.
    if (this.recorder) this.recorder.noteProblem(problem, problem === 'frames-missing');
    else this.early.push(problem);
  }

  /** @param {HashedFrame} frame */
  push({ header, ticks, hashes, sha256 }) {
    if (!this.recorder) {
      this.recorder = new VideoRecorder(header, this.parts.take);
      this.firstTicks = ticks;
      for (const problem of this.early) this.note(problem);
    }
    this.recorder.push(ticks, hashes, sha256);
    this.frames++;
  }

  /** @param {string} scanJson @param {number | null} promisedEndS */
  async finish(scanJson, promisedEndS) {
    const { recorder, parts, video: { timeBase: [ticksUp, ticksDown] } } = this;
    /** @type {import('../read/filescan.js').FileFacts} */
    const facts = JSON.parse(scanJson);
    if (!recorder) throw new Failure(facts.cutOff ? 'cut-off-nothing-readable' : 'no-frames');
    const promisedS = promisedEndS === null ? undefined : promisedEndS - this.firstTicks * ticksUp / ticksDown;
    return inTurn(() => {
      // A transport stream has no lengths: the packet at the cut is decoded as if it were whole.
      if (facts.cutOff && facts.file.container === 'mpegts') recorder.noteProblem('decode-error', true);
      recorder.finish(scanJson, promisedS);
      const file = parts.file();
      return resultOf(lookBack(file), file, this.firstTicks);
    });
  }
}
