// @ts-check
/** Tells screen readers what happened, through one polite live region. */
import { byId } from './element.js';

/** @param {string} words */
export function say(words) {
  byId('status').textContent = words;
}
