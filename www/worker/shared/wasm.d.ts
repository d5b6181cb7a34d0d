declare module 'cotejo-wasm/bytes' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
