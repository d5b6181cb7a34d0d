// @ts-check
// Reads a few bytes of a file here and there, mostly not far from the last ones. It keeps pieces of the file for a while,
// because any read takes a browser about a millisecond.

const PIECE_BYTES = 1 << 16;

export class FilePieces {
  /** @param {Blob} file */
  constructor(file) {
    this.file = file;
    this.start = 0;
    this.bytes = new ArrayBuffer(0);
  }

  /** Reads `length` bytes; fewer at the file's end. @param {number} at @param {number} length at most a piece's */
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
