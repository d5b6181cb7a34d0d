// @ts-check
/** A question that came with the page's address: the code behind its `#`, which no server ever sees. */
import { fileOfCode, holdsCode } from '../shared/code.js';

/**
 * The code, if the page was opened by such a link. It is taken out of the address, so that neither the address bar nor a
 * bookmark keeps it.
 * @returns {File|null}
 */
export function takeQuestion() {
  const { hash, pathname, search } = location;
  if (!holdsCode(hash)) return null;
  history.replaceState(null, '', pathname + search);
  return fileOfCode(hash);
}
