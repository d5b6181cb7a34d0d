// The ffmpeg route's file that the page was built with; build.mjs puts it in.
declare module 'cotejo-ffmpeg' {
  /** `sha256` is in base64. */
  const facts: { name: string; bytes: number; sha256: string; version: string };
  export default facts;
}
