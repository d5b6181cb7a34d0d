// The worker's whole source as one text, put in by build.mjs.
declare module 'cotejo-worker' {
  const source: string;
  export default source;
}
