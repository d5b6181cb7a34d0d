// @ts-check
// A helper: another worker that hashes ranges of a video, one after the other. The page starts and ends it: in
// Firefox, workers started by a worker sometimes hang.

import { HELPER_PATIENCE_MS, createWatch } from '../../shared/watch.js';

let helpers = 0;

export class Helper {
  /** The page's number for it. The page starts it at its first range. */
  #id = ++helpers;
  #stop = () => {};

  /**
   * Has it hash a range, after the previous one has ended.
   * @template Message
   * @param {import('../../shared/protocol.js').Help} job
   * @param {(message: Message) => void} hear called with each result
   * @param {() => void} onSilence called after each HELPER_PATIENCE_MS without a result
   * @returns {MessagePort} for further messages to the helper
   */
  begin(job, hear, onSilence) {
    const { port1, port2 } = new MessageChannel();
    const watch = createWatch(() => { watch.start(); onSilence(); }, HELPER_PATIENCE_MS);
    watch.start();
    port1.onmessage = ({ data }) => { watch.start(); hear(data); };
    // Closes the port: the browser keeps open ports, and all that listens to them, in memory.
    this.#stop = () => { watch.stop(); port1.close(); };
    /** @type {import('../../shared/protocol.js').Reply} */
    const wish = { type: 'help', helper: this.#id, job: { ...job, port: port2 } };
    self.postMessage(wish, { transfer: [port2] });
    return port1;
  }

  /** Ends its range. */
  end() {
    this.#stop();
  }

  /** Ends the helper, whatever it is doing. */
  dismiss() {
    this.end();
    /** @type {import('../../shared/protocol.js').Reply} */
    const wish = { type: 'dismiss', helper: this.#id };
    self.postMessage(wish);
  }
}
