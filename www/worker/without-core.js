// @ts-check
// The worker where the browser runs no WebAssembly: then only a file's digest can be found out. It is apart from the whole
// worker, because that is packed in the page, and what unpacks it is WebAssembly, too.

import './shared/no-scripts.js';
import { chunksOf } from './read/chunks.js';
import { reasonOf } from './shared/failure.js';
import { Progress } from './shared/progress.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** @typedef {import('../shared/protocol.js').Message} Message */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const send = (/** @type {import('../shared/protocol.js').Reply} */ reply) => scope.postMessage(reply);

scope.onmessage = async (/** @type {MessageEvent<Message>} */ { data: job }) => {
  try {
    const digest = job.op === 'hash' && job.file.size > 0 ? await digestOf(job.file) : {};
    send({ type: 'failed', code: 'no-wasm', details: {}, ...digest });
  } catch (cause) {
    const { code, details } = await reasonOf(cause);
    send({ type: 'failed', code, details });
  }
};

/** The browser's own digest cannot take a file in parts. @param {File} file */
async function digestOf(file) {
  const progress = new Progress(file.size, send);
  const digest = sha256.create();
  for await (const { bytes, end } of chunksOf(file)) {
    digest.update(bytes);
    progress.bytesRead(end);
  }
  return { sha256: bytesToHex(digest.digest()), bytes: file.size };
}
