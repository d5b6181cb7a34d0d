// @ts-check
/** A question in the page's address: the code after its `#`, which browsers send to no server. */
import { fileOfCode, holdsCode } from '../shared/code.js';

/**
 * The code, if a link opened the page. Removes it from the address, so that neither the address bar nor a
 * bookmark keeps it.
 * @returns {File|null}
 */
export function takeQuestion() {
  const { hash, pathname, search } = location;
  if (!holdsCode(hash)) return null;
  history.replaceState(null, '', pathname + search);
  return fileOfCode(hash);
}
