// @ts-check
// Fingerprints that something was done to on their way: packed, or saved anew by a text editor. They are read as they were written or
// not at all; so it is said what they are.

/** What every fingerprint begins with: docs/format.md, section "Header". */
const BEGINNING = '{"cotejo":';
const GZIP = [0x1f, 0x8b, 0x08];
/** Marks that editors put before a text, and what they make of it then. */
const MARKS = /** @type {const} */ ([['utf-8', [0xef, 0xbb, 0xbf]], ['utf-16le', [0xff, 0xfe]], ['utf-16be', [0xfe, 0xff]]]);
/** A header is shorter, in any encoding. */
const HEAD_BYTES = 4096;

/**
 * @param {File} file
 * @returns {Promise<'fingerprint-packed' | 'fingerprint-resaved' | null>} null for fingerprints as they were written, and all else
 */
export async function formOf(file) {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const begins = (/** @type {readonly number[]} */ mark) => mark.every((byte, i) => head[i] === byte);
  if (begins(GZIP)) return await unpackedBeginning(file) === BEGINNING ? 'fingerprint-packed' : null;
  const [encoding] = MARKS.find(([, mark]) => begins(mark)) ?? [];
  const text = new TextDecoder(encoding ?? 'utf-8').decode(head);
  if (!text.startsWith(BEGINNING)) return null;
  return encoding || /^[^\n]*\r/.test(text) ? 'fingerprint-resaved' : null;
}

/** As many letters of what a file unpacks to; empty where it is not packed soundly. @param {File} file */
async function unpackedBeginning(file) {
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let read = await reader.read(); !read.done && text.length < BEGINNING.length; read = await reader.read()) {
      text += decoder.decode(read.value.subarray(0, BEGINNING.length), { stream: true });
    }
  } catch {
    return '';
  } finally {
    reader.cancel().catch(() => {});
  }
  return text.slice(0, BEGINNING.length);
}
