// @ts-check
// A file as ffmpeg reads it: in small pieces and at once, mostly one after the other. A browser takes about a millisecond to
// read however little, so a larger piece is read ahead and the small ones are cut from it.

/** Enough that reading costs nothing beside decoding, and little to read in vain where ffmpeg jumps. */
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
   * @returns {number} how many; fewer than there is room for at the window's end, none at the file's
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
