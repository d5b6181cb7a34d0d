// @ts-check
/**
 * The Rust core in WebAssembly, packed in the page: unpacked and compiled once, while the user chooses a file, and
 * lent to every worker.
 */
import packed from 'cotejo-core';
import { XzReadableStream } from 'xz-decompress';

/** @type {Promise<WebAssembly.Module|null>|undefined} */
let compiled;

/** @returns {Promise<WebAssembly.Module|null>} null if this browser does not run WebAssembly */
export function core() {
  return compiled ??= compile().catch(() => null);
}

async function compile() {
  const unpacked = new XzReadableStream(new ReadableStream({ start(controller) { controller.enqueue(packed); controller.close(); } }));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}
