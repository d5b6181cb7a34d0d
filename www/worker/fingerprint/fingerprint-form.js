// @ts-check
// Recognises fingerprints that were packed, or saved again by a text editor, on their way. A fingerprint is read only as it was
// written; so the page says what happened to it.

/** The start of every fingerprint: docs/format.md, section "Header". */
const BEGINNING = '{"cotejo":';
const GZIP = [0x1f, 0x8b, 0x08];
/** Byte order marks that editors put before a text, by encoding. */
const MARKS = /** @type {const} */ ([['utf-8', [0xef, 0xbb, 0xbf]], ['utf-16le', [0xff, 0xfe]], ['utf-16be', [0xfe, 0xff]]]);
/** Longer than a header in any encoding. */
const HEAD_BYTES = 4096;

/**
 * @param {File} file
 * @returns {Promise<'fingerprint-packed' | 'fingerprint-resaved' | null>} null for fingerprints as they were written, and for anything else
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

/** The first letters of a packed file's contents; empty if it cannot be unpacked. @param {File} file */
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
