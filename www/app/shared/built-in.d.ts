// build.mjs puts these in: the worker's whole source as one text.
declare module 'cotejo-worker' {
  const source: string;
  export default source;
}

/** The Rust core, WebAssembly packed with xz. */
declare module 'cotejo-core' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** The words of each language, by its tag. */
declare module 'cotejo-languages' {
  const languages: { [tag: string]: { [key: string]: string } };
  export default languages;
}
