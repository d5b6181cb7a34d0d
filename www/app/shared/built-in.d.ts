// build.mjs puts these in: the worker's whole script, packed with xz.
declare module 'cotejo-worker' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** The script of the worker where the browser runs no WebAssembly, as text. */
declare module 'cotejo-worker-without-core' {
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
