// @ts-check
/**
 * WebRTC can send data, and no content security policy of today's browsers forbids it; so the page gives it away before
 * anything else runs. Nothing here uses it: this is against code that should not be here (docs/privacy.md).
 */
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'mozRTCPeerConnection'])
  Object.defineProperty(window, name, { value: undefined, writable: false, configurable: false });
