// @ts-check
// Measures decoding alone in this browser: the pipeline's own demuxer and decoder, with every frame closed at once.

import { openVideo } from '../www/worker/read/demux.js';
import { decodeFrames, supportedConfig } from '../www/worker/decode/webcodecs.js';

self.onmessage = async (/** @type {MessageEvent<File>} */ { data: file }) => {
  const video = await openVideo(file);
  const config = await supportedConfig(video);
  const start = performance.now();
  let frames = 0;
  for await (const { frame } of decodeFrames(video, config, await video.sink.getFirstKeyPacket(), null)) {
    frame.close();
    frames++;
  }
  self.postMessage({ frames, seconds: (performance.now() - start) / 1000 });
};
