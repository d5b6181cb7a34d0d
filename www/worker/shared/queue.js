// @ts-check
// A queue: values are pushed at one end and taken in order at the other.

/** @template T */
export class Queue {
  /** @param {number} [room] how many values may wait before `push` waits */
  constructor(room = Infinity) {
    this.room = room;
    /** @type {T[]} */
    this.values = [];
    this.isClosed = false;
    /** @type {unknown} */
    this.cause = null;
    /** @type {(() => void)[]} */
    this.wakes = [];
  }

  /** Adds a value; resolves when there is room for another. @param {T} value */
  async push(value) {
    this.values.push(value);
    this.#wake();
    while (this.values.length >= this.room && !this.isClosed) await this.#news();
  }

  /** Ends the queue. After the waiting values, taking throws `cause` if there is one. @param {unknown} [cause] */
  close(cause = null) {
    this.cause ??= cause;
    this.isClosed = true;
    this.#wake();
  }

  /** @returns {AsyncGenerator<T, void>} */
  async* [Symbol.asyncIterator]() {
    for (;;) {
      const value = this.values.shift();
      if (value !== undefined) {
        this.#wake();
        yield value;
      } else if (this.isClosed) {
        if (this.cause) throw this.cause;
        return;
      } else await this.#news();
    }
  }

  /** @returns {Promise<void>} */
  #news() {
    return new Promise((resolve) => { this.wakes.push(resolve); });
  }

  #wake() {
    for (const wake of this.wakes.splice(0)) wake();
  }
}
