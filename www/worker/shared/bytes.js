// @ts-check
// The bytes of buffers, which browsers and the demuxer give in several forms.

/** @param {AllowSharedBufferSource} source */
export const bytesOf = (source) => (ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source));
