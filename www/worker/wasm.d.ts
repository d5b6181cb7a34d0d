declare module 'cotejo-wasm/bytes' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** The same, packed with gzip. */
declare module 'cotejo-wasm/packed' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
