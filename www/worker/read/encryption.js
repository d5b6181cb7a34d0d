// @ts-check
// Whether a video is encrypted, from the few places of a file that tell early. The core says which places, and what they mean.

import { EncryptionLook, inTurn } from '../shared/core.js';

/** @param {File} file */
export async function isEncrypted(file) {
  const look = new EncryptionLook();
  try {
    for (let place = look.next(); place !== undefined; place = look.next()) {
      const piece = new Uint8Array(await file.slice(place, place + look.pieceBytes).arrayBuffer());
      await inTurn(() => look.push(place, piece));
    }
    return look.isEncrypted;
  } finally {
    look.free();
  }
}
