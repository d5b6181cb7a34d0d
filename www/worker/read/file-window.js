// @ts-check
// Reads a file for ffmpeg, which wants small pieces synchronously, mostly one after the other. Any read takes a browser about a
// millisecond, so a larger piece is read ahead and the small ones are cut from it.

/** Large enough that reading takes little time compared to decoding, small enough to waste little when ffmpeg jumps. */
const WINDOW_BYTES = 1 << 20;

export class FileWindow {
  /** @param {File} file */
  constructor(file) {
    this.file = file;
    this.reader = new FileReaderSync();
    this.start = 0;
    this.bytes = new Uint8Array(0);
  }

  /**
   * Puts the bytes at `position` into `target`.
   * @param {Int8Array} target @param {number} position
   * @returns {number} how many; fewer at the window's end than `target` holds, none at the file's end
   */
  read(target, position) {
    const isInside = position >= this.start && position < this.start + this.bytes.length;
    if (!isInside) this.#move(position);
    const found = this.bytes.subarray(position - this.start, position - this.start + target.length);
    target.set(found);
    return found.length;
  }

  /** @param {number} position */
  #move(position) {
    this.bytes = new Uint8Array(this.reader.readAsArrayBuffer(this.file.slice(position, position + WINDOW_BYTES)));
    this.start = position;
  }
}
