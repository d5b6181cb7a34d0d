// @ts-check
// Unpacks gzip.

/**
 * Streams in use. Held here, and written to instead of piped from a Blob: Chromium 156 may collect a Blob's stream
 * that only its own pending read refers to, and then that read never ends.
 * @type {Set<DecompressionStream>}
 */
const working = new Set();

/** @param {Uint8Array<ArrayBuffer>[]} parts @returns {Promise<ArrayBuffer>} */
export async function unpack(parts) {
  const stream = new DecompressionStream('gzip');
  working.add(stream);
  const writer = stream.writable.getWriter();
  const write = async () => {
    for (const part of parts) await writer.write(part);
    await writer.close();
  };
  const [unpacked] = await Promise.all([new Response(stream.readable).arrayBuffer(), write()]);
  working.delete(stream);
  return unpacked;
}
