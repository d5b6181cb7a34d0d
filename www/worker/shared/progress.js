// @ts-check
// Reports a job's progress to the page, at most ten times a second, and at once which decoder runs: while one does, the page
// watches for progress.

const EVERY_MS = 100;

export class Progress {
  /** @param {number} bytesTotal @param {(reply: import('../../shared/protocol.js').Reply) => void} send */
  constructor(bytesTotal, send) {
    this.send = send;
    this.state = { framesDone: 0, framesExpected: /** @type {number | null} */ (null), bytesRead: 0, bytesTotal };
    this.lastMs = -Infinity;
  }

  /** Begins to count frames. @param {number | null} framesExpected */
  expectFrames(framesExpected) { this.lastMs = -Infinity; this.tell({ framesExpected, framesDone: 0 }); }

  /** @param {number} framesDone */
  framesDone(framesDone) { this.tell({ framesDone }); }

  /** @param {number} bytesRead */
  bytesRead(bytesRead) { this.tell({ bytesRead }); }

  /** @param {import('../../shared/protocol.js').Runs} runs */
  decoder(runs) { this.send({ type: 'decoder', runs }); }

  /** @param {Partial<typeof this.state>} change */
  tell(change) {
    Object.assign(this.state, change);
    const nowMs = performance.now();
    if (nowMs - this.lastMs < EVERY_MS) return;
    this.lastMs = nowMs;
    this.send({ type: 'progress', ...this.state });
  }
}
