// @ts-check
// A file for those who read a few bytes here and there, mostly not far from the last ones: pieces of it are kept for a while,
// because a browser takes about a millisecond to read however little.

const PIECE_BYTES = 1 << 16;

export class FilePieces {
  /** @param {Blob} file */
  constructor(file) {
    this.file = file;
    this.start = 0;
    this.bytes = new ArrayBuffer(0);
  }

  /** Fewer bytes at the file's end. @param {number} at @param {number} length no more than a piece has */
  async read(at, length) {
    const end = Math.min(at + length, this.file.size);
    if (at >= end) return new DataView(new ArrayBuffer(0));
    if (at < this.start || end > this.start + this.bytes.byteLength) {
      this.bytes = await this.file.slice(at, at + PIECE_BYTES).arrayBuffer();
      this.start = at;
    }
    return new DataView(this.bytes, at - this.start, end - at);
  }
}
