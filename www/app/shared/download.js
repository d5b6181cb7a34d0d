// @ts-check
/** Gives files to the user as downloads; nothing goes anywhere else. */
import { element } from './element.js';

/** Browsers drop downloads that start in the same instant. */
const BETWEEN_DOWNLOADS_MS = 350;
/** Releases the memory after this time, enough for a slow disk to start reading. */
const KEEP_URL_MS = 60_000;

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = element('a', { href: url, download: name, class: 'unseen' });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_URL_MS);
  return new Promise((resolve) => setTimeout(resolve, BETWEEN_DOWNLOADS_MS));
}
