// @ts-check
// Another worker that helps this one: it hashes ranges of a video, one after the other. The page starts it and ends it: in
// Firefox, workers that were started by a worker sometimes wait for ever.

import { HELPER_PATIENCE_MS, createWatch } from '../../shared/watch.js';

let helpers = 0;

export class Helper {
  /** By which the page knows it; it is started with its first range. */
  #id = ++helpers;
  #stop = () => {};

  /**
   * Has it hash a range, after the one before has ended.
   * @template Message
   * @param {import('../../shared/protocol.js').Help} job
   * @param {(message: Message) => void} hear what comes of it
   * @param {() => void} onSilence called when nothing has come for long, and again after as long
   * @returns {MessagePort} through which the helper can be told more
   */
  begin(job, hear, onSilence) {
    const { port1, port2 } = new MessageChannel();
    const watch = createWatch(() => { watch.start(); onSilence(); }, HELPER_PATIENCE_MS);
    watch.start();
    port1.onmessage = ({ data }) => { watch.start(); hear(data); };
    // A port that is open is held, and all that hears it, by the browser.
    this.#stop = () => { watch.stop(); port1.close(); };
    /** @type {import('../../shared/protocol.js').Reply} */
    const wish = { type: 'help', helper: this.#id, job: { ...job, port: port2 } };
    self.postMessage(wish, { transfer: [port2] });
    return port1;
  }

  /** Nothing more is wanted of its range. */
  end() {
    this.#stop();
  }

  /** It is not needed any more, whatever it is doing. */
  dismiss() {
    this.end();
    /** @type {import('../../shared/protocol.js').Reply} */
    const wish = { type: 'dismiss', helper: this.#id };
    self.postMessage(wish);
  }
}
