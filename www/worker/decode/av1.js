// @ts-check
// AV1 on the ffmpeg route. Its ffmpeg has no AV1 decoder, so one of this project's own build takes the place of the
// browser's, and the pipeline of the WebCodecs route does the rest. Imitates WebCodecs as far as the pipeline uses it.
// The decoder, and what its answers mean: av1/src/lib.rs.

/**
 * @typedef {{
 *   memory: WebAssembly.Memory, open: () => number, step: (decoder: number) => number,
 *   packet: (decoder: number, bytes: number, timestamp: number) => number, frame: (decoder: number) => number,
 * }} Av1
 * The part of a decoder's configuration that is used. @typedef {Pick<VideoDecoderConfig, 'codec' | 'hardwareAcceleration'>} Config
 */

/** How many numbers describe a frame. */
const FACTS = 11;
/** Layouts, by the decoder's numbers. */
const LAYOUTS = ['I400', 'I420', 'I422', 'I444'];

/**
 * Replaces WebCodecs in this worker by this decoder. A worker does one job and is then thrown away.
 * @param {WebAssembly.Module} module
 */
export function useAv1(module) {
  Object.assign(self, {
    VideoDecoder: class extends Av1Decoder {
      constructor(/** @type {VideoDecoderInit} */ init) { super(module, init); }
    },
    EncodedVideoChunk: class {
      constructor(/** @type {EncodedVideoChunkInit} */ init) { Object.assign(this, init); }
    },
    VideoFrame: Frame,
  });
}

/** Like VideoDecoder, but decodes immediately: its queue is always empty. */
class Av1Decoder {
  /** Supports only "no preference", like a chip, so that the video is not split: helpers would use the browser's decoder. @param {Config} config */
  static async isConfigSupported({ codec, hardwareAcceleration }) {
    return { supported: codec.startsWith('av01') && hardwareAcceleration === 'no-preference' };
  }

  /** @param {WebAssembly.Module} module @param {VideoDecoderInit} init */
  constructor(module, { output, error }) {
    /** Whether the decoder reported damage since the last frame, although a frame may not be missing. */
    this.complained = false;
    this.av1 = start(module, () => { this.complained = true; });
    this.decoder = this.av1.open();
    this.output = output;
    this.error = error;
    this.decodeQueueSize = 0;
    this.state = 'configured';
  }

  /** Does nothing: sequence headers come with the key frames. */
  configure() {}

  /** @param {{ data: Uint8Array, timestamp: number }} chunk */
  decode({ data, timestamp }) {
    this.attempt(({ packet, memory }) => {
      const place = packet(this.decoder, data.length, timestamp);
      new Uint8Array(memory.buffer, place, data.length).set(data);
    });
  }

  async flush() {
    this.attempt(() => {});
  }

  close() {
    this.state = 'closed';
  }

  /** Does some work, and outputs the frames that result. @param {(av1: Av1) => void} work */
  attempt(work) {
    try {
      work(this.av1);
      for (;;) {
        const outcome = this.av1.step(this.decoder);
        if (outcome < 0) throw new Error('damaged AV1 data');
        if (outcome === 0) return;
        const frame = new Frame(this.av1.memory, this.av1.frame(this.decoder), this.complained);
        this.complained = false;
        this.output(/** @type {VideoFrame} */ (/** @type {unknown} */ (frame)));
      }
    } catch (cause) {
      // After an error or a trap this decoder is of no more use.
      this.close();
      this.error(/** @type {DOMException} */ (cause));
    }
  }
}

/** WASI's EBADF: the answer for an output that was never opened; Rust then does without it. */
const NOT_OPEN = 8;

/** Starts a program without any system: whatever it asks for is missing. @param {WebAssembly.Module} module @param {() => void} onLine called when it writes to its log */
function start(module, onLine) {
  const system = Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, () => NOT_OPEN]));
  const fd_write = () => { onLine(); return NOT_OPEN; };
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: { ...system, fd_write } });
  return /** @type {Av1} */ (/** @type {unknown} */ (exports));
}

/** Like VideoFrame: a copy of the samples, because the decoder reuses its memory. */
class Frame {
  /** @param {WebAssembly.Memory} memory @param {number} place address of the decoder's description @param {boolean} broken as in Decoded */
  constructor({ buffer }, place, broken) {
    this.broken = broken;
    const [y, u, v, lumaStride, chromaStride, width, height, layout, bits, fullRange, timestamp] = new Float64Array(buffer, place, FACTS);
    const name = LAYOUTS[layout];
    this.format = name + (bits > 8 ? `P${bits}` : '');
    this.timestamp = timestamp;
    this.codedWidth = width;
    this.codedHeight = height;
    this.visibleRect = { x: 0, y: 0, width, height };
    this.colorSpace = { fullRange: fullRange === 1 };
    const sampleBytes = bits > 8 ? 2 : 1;
    const chromaWidth = name === 'I444' ? width : (width + 1) >> 1;
    const chromaHeight = name === 'I420' ? (height + 1) >> 1 : height;
    this.planes = [packed(buffer, y, lumaStride, width * sampleBytes, height)];
    if (u && v) this.planes.push(...[u, v].map((place) => packed(buffer, place, chromaStride, chromaWidth * sampleBytes, chromaHeight)));
  }

  /** Copies the whole frame: AV1 has no crop. The core's planes are packed the same way. @param {Uint8Array} target @param {{ layout: PlaneLayout[] }} places */
  copyTo(target, { layout }) {
    for (const [i, { offset }] of layout.entries()) target.set(this.planes[i], offset);
  }

  close() {
    this.planes = [];
  }
}

/** Copies rows without the padding between them. @param {ArrayBuffer} memory @param {number} place @param {number} stride @param {number} rowBytes @param {number} rows */
function packed(memory, place, stride, rowBytes, rows) {
  const plane = new Uint8Array(rowBytes * rows);
  for (let row = 0; row < rows; row++) plane.set(new Uint8Array(memory, place + row * stride, rowBytes), row * rowBytes);
  return plane;
}
