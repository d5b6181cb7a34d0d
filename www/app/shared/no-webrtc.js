// @ts-check
/**
 * Removes WebRTC before anything else runs: it can send data, and no content security policy of today's browsers
 * forbids it. Nothing here uses it; this guards against code that should not be here (docs/privacy.md).
 */
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'mozRTCPeerConnection'])
  Object.defineProperty(window, name, { value: undefined, writable: false, configurable: false });
