// @ts-check
// The watch over a decoder, which cannot be asked whether it is stuck.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createWatch } from '../../www/shared/watch.js';

let nowMs = 0;
mock.timers.enable({ apis: ['setTimeout'] });
mock.method(performance, 'now', () => nowMs);

/** Time passes, and timers come when they are due. @param {number} ms */
function pass(ms) {
  for (let left = ms; left > 0; left -= 100) {
    nowMs += Math.min(left, 100);
    mock.timers.tick(Math.min(left, 100));
  }
}

/** Time passes, and what was due comes at its end. @param {number} ms */
function sleep(ms) {
  nowMs += ms;
  mock.timers.tick(ms);
}

test('20 seconds without progress are too many, once', () => {
  const onStuck = mock.fn();
  createWatch(onStuck).start();
  pass(19_900);
  assert.equal(onStuck.mock.callCount(), 0);
  pass(100);
  pass(60_000);
  assert.equal(onStuck.mock.callCount(), 1);
});

test('progress begins the time anew, and a watch that is stopped says nothing', () => {
  const onStuck = mock.fn();
  const watch = createWatch(onStuck);
  for (let i = 0; i < 9; i++) {
    watch.start();
    pass(15_000);
  }
  watch.stop();
  pass(60_000);
  assert.equal(onStuck.mock.callCount(), 0);
});

test('a sleep never counts, whenever it comes and however often; afterwards 20 seconds are too many again', () => {
  for (let awakeMs = 100; awakeMs < 20_000; awakeMs += 700) {
    const onStuck = mock.fn();
    createWatch(onStuck).start();
    for (let i = 0; i < 3; i++) {
      pass(awakeMs);
      sleep(3_600_000);
      assert.equal(onStuck.mock.callCount(), 0, `after ${awakeMs} ms`);
    }
    pass(19_900);
    assert.equal(onStuck.mock.callCount(), 0, `after ${awakeMs} ms`);
    pass(100);
    assert.equal(onStuck.mock.callCount(), 1, `after ${awakeMs} ms`);
  }
});
