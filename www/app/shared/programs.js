// @ts-check
/**
 * What workers run: the Rust core in WebAssembly, and their script. Both are packed in the page, and unpacked once, while the user
 * chooses a file.
 */
import packedCore from 'cotejo-core';
import packedWorker from 'cotejo-worker';
import workerWithoutCore from 'cotejo-worker-without-core';
import { XzReadableStream } from 'xz-decompress';

/** `core` is null if this browser does not run WebAssembly; `worker` is a script. @typedef {{ core: WebAssembly.Module | null, worker: string }} Programs */

/** @type {Promise<Programs>|undefined} */
let unpacked;

/** @returns {Promise<Programs>} */
export function programs() {
  return unpacked ??= unpackBoth().catch(() => ({ core: null, worker: workerWithoutCore }));
}

async function unpackBoth() {
  const core = await WebAssembly.compile(await unpack(packedCore).arrayBuffer());
  return { core, worker: await unpack(packedWorker).text() };
}

/** @param {Uint8Array<ArrayBuffer>} packed by xz; what unpacks it is WebAssembly */
function unpack(packed) {
  return new Response(new XzReadableStream(new ReadableStream({ start(controller) { controller.enqueue(packed); controller.close(); } })));
}
