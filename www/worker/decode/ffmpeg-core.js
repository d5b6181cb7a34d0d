// @ts-check
// One ffmpeg in this worker. A file is mounted for it, and its output is handed over as it comes. Of the video, memory
// holds only what ffmpeg is reading, and the frame that it is writing.

import { allowedArguments, decodersArguments, probeArguments, requireAllowed } from '../shared/core.js';
import { Failure, isFileChange } from '../shared/failure.js';
import { FileWindow } from '../read/file-window.js';

/** Where ffmpeg sees the file; its own name could be taken for a pattern or a playlist. */
const FOLDER = '/in';
export const INPUT = `file:${FOLDER}/video`;
/** Number of the first device for output; any that the runtime does not use. */
const FIRST_DEVICE = 64 << 8;

/**
 * The part of Emscripten's interface used here.
 * @typedef {{
 *   exec: (...args: string[]) => number, ffprobe: (...args: string[]) => number, reset: () => void,
 *   setLogger: (log: (line: { type: string, message: string }) => void) => void,
 *   FS: {
 *     mkdir: (path: string) => void, mount: (type: Workerfs, options: { blobs: { name: string, data: Blob }[] }, at: string) => void,
 *     registerDevice: (device: number, operations: { write: (stream: unknown, heap: Int8Array, offset: number, length: number) => number }) => void,
 *     mkdev: (path: string, mode: number, device: number) => void, filesystems: { WORKERFS: Workerfs },
 *   },
 * }} Core
 * @typedef {{ stream_ops: { read: (stream: unknown, heap: Int8Array, offset: number, length: number, position: number) => number } }} Workerfs
 */

/** Thrown to end a run from within, when nothing more needs to be read. */
export class Enough extends Error {}

export class Ffmpeg {
  /** @param {Core} core */
  constructor(core) {
    this.core = core;
    this.devices = 0;
    /** @type {(line: string) => void} */
    this.onComplaint = () => {};
    this.written = '';
    /** Arguments that limit the decoders and demuxers that a file may reach. @type {string[]} */
    this.allowed = [];
    core.setLogger(({ type, message }) => {
      if (type === 'stdout') this.written += `${message}\n`;
      else this.onComplaint(message);
    });
  }

  /**
   * @param {WebAssembly.Module} module
   * @param {File} file
   * @param {(position: number) => void} onRead called with the position up to which the file was read
   */
  static async start(module, file, onRead) {
    // The glue, before this worker's own source, declares it: www/app/job/jobs.js.
    const { createFFmpegCore } = /** @type {{ createFFmpegCore: (options: object) => Promise<Core> }} */ (/** @type {unknown} */ (self));
    /** @param {WebAssembly.Imports} imports @param {(instance: WebAssembly.Instance) => void} done */
    const instantiateWasm = (imports, done) => {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    };
    const ffmpeg = new Ffmpeg(await createFFmpegCore({ instantiateWasm }));
    ffmpeg.allowed = allowedArguments(ffmpeg.#list(decodersArguments()));
    ffmpeg.#mount(file, onRead);
    return ffmpeg;
  }

  /** @param {File} file @param {(position: number) => void} onRead */
  #mount(file, onRead) {
    const { FS } = this.core;
    const { WORKERFS } = FS.filesystems;
    FS.mkdir(FOLDER);
    FS.mount(WORKERFS, { blobs: [{ name: 'video', data: file }] }, FOLDER);
    const window = new FileWindow(file);
    WORKERFS.stream_ops.read = (_, heap, offset, length, position) => {
      const bytes = window.read(heap.subarray(offset, offset + length), position);
      onRead(position + bytes);
      return bytes;
    };
  }

  /** What ffmpeg lists about itself. @param {string[]} args */
  #list(args) {
    this.written = '';
    this.run(args);
    return this.written;
  }

  /** Makes a device that ffmpeg can write to. @param {(bytes: Uint8Array) => void} take @returns {string} its path for ffmpeg */
  device(take) {
    const { FS } = this.core;
    const device = FIRST_DEVICE + this.devices++;
    const path = `/device${device}`;
    FS.registerDevice(device, {
      write: (_, heap, offset, length) => {
        take(new Uint8Array(heap.buffer, heap.byteOffset + offset, length));
        return length;
      },
    });
    FS.mkdev(path, 0o666, device);
    return `file:${path}`;
  }

  /** The output of `ffprobe`, as JSON; without streams if it gives the file up. */
  probe() {
    this.written = '';
    let complaints = '';
    this.onComplaint = (line) => { complaints += `${line}\n`; };
    // ffprobe's return value means nothing.
    const status = this.#call(() => { this.core.ffprobe(...probeArguments(this.allowed, INPUT)); return 0; });
    this.onComplaint = () => {};
    const json = status === 0 && this.written || '{}';
    // ffprobe does not call it a failure if the container is not allowed.
    if (!JSON.parse(json).streams) requireAllowed(complaints);
    return json;
  }

  /** Runs `ffmpeg` to its end, or to Enough. @param {string[]} args @returns {boolean} whether ffmpeg reports success */
  run(args) {
    return this.#call(() => this.core.exec(...args)) === 0;
  }

  /** @param {() => number} call */
  #call(call) {
    this.core.reset();
    try {
      return call();
    } catch (cause) {
      if (cause instanceof Enough) return 0;
      // ffprobe exits when it gives a file up.
      const { name, status } = /** @type {{ name?: string, status?: number }} */ (cause);
      if (name === 'ExitStatus') return status ?? 1;
      // A trap: the program is broken, or out of memory. Errors from this side are passed on.
      if (cause instanceof WebAssembly.RuntimeError || cause instanceof RangeError) throw new Failure('decoder-failed', { message: cause.message });
      if (isFileChange(cause)) throw new Failure('file-changed');
      throw cause;
    }
  }
}

/**
 * Has the core hash what ffmpeg decodes: a whole video or a range.
 * @param {Ffmpeg} ffmpeg
 * @param {import('../shared/core.js').FfmpegHasher | import('../shared/core.js').FfmpegRange} hasher
 * @param {(frames: number) => void} tell called with the number of hashed frames
 * @returns {boolean} whether ffmpeg reports success
 */
export function runHashing(ffmpeg, hasher, tell) {
  const frames = ffmpeg.device((bytes) => {
    hasher.takeFrames(bytes);
    tell(hasher.frames);
    if (hasher.isOver) throw new Enough();
  });
  const lines = ffmpeg.device((bytes) => {
    hasher.takeLines(bytes);
    if (hasher.isOver) throw new Enough();
  });
  ffmpeg.onComplaint = (line) => hasher.complain(line);
  return ffmpeg.run(hasher.arguments(ffmpeg.allowed, INPUT, frames, lines));
}
