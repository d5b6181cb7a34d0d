// @ts-check
// The reason why a job failed, as a code that the page turns into a sentence.

/** An expected end without a result: `code` picks the sentence, `details` fill its blanks. */
export class Failure extends Error {
  /**
   * @param {string} code in kebab-case
   * @param {{ [name: string]: string | number }} [details]
   */
  constructor(code, details = {}) {
    super(`${code} ${JSON.stringify(details)}`);
    this.name = 'Failure';
    this.code = code;
    this.details = details;
    /** @type {{ sha256: string, bytes: number } | undefined} what is known of the file nevertheless */
    this.file = undefined;
  }
}

/** Whether an error means that the file was changed or removed after it was chosen. @param {unknown} cause */
export function isFileChange(cause) {
  return cause instanceof DOMException && ['NotReadableError', 'NotFoundError', 'AbortError'].includes(cause.name);
}

/**
 * Makes any thrown value a failure. The core's errors have a code.
 * @param {unknown} cause
 * @returns {Failure}
 */
export function asFailure(cause) {
  if (cause instanceof Failure) return cause;
  if (isFileChange(cause)) return new Failure('file-changed');
  // Emscripten throws its own objects, which look like errors.
  const { name = '', message = String(cause), code } = typeof cause === 'object' && cause !== null ? /** @type {Partial<Error & { code: unknown }>} */ (cause) : {};
  if (typeof code === 'string') return new Failure(code, { message });
  return new Failure('internal', { message: name && name !== 'Error' ? `${name}: ${message}` : message });
}

/**
 * The failure to report. In a page opened from disk, WebKit lets no worker read a file, not even a Blob, and reports it like a changed file.
 * @param {unknown} cause
 */
export async function reasonOf(cause) {
  const failure = asFailure(cause);
  const canRead = () => new Blob(['x']).text().then(() => true, () => false);
  return failure.code === 'file-changed' && !await canRead() ? new Failure('unreadable-from-disk') : failure;
}
