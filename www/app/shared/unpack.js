// @ts-check
// What `gzip` packed, unpacked.

/**
 * What is being unpacked. Held here, and written by hand instead of piped from a Blob: Chromium 156 may collect a stream of
 * a Blob that only its own pending read refers to, and whoever waits for it waits for ever.
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
