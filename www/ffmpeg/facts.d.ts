// What the page was built with, put in by build.mjs.
declare module 'cotejo-ffmpeg' {
  /** `sha256` in base64. */
  const facts: { name: string; bytes: number; sha256: string; version: string };
  export default facts;
}
