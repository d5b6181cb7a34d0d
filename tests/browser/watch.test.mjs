// @ts-check
// The watch over a decoder that cannot be asked how it is.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createWatch } from '../../www/app/watch.js';

mock.timers.enable({ apis: ['setTimeout'] });

test('20 seconds without progress are too many, once', () => {
  const onStuck = mock.fn();
  createWatch(onStuck).start();
  mock.timers.tick(10_000);
  mock.timers.tick(9_999);
  assert.equal(onStuck.mock.callCount(), 0);
  mock.timers.tick(1);
  mock.timers.tick(60_000);
  assert.equal(onStuck.mock.callCount(), 1);
});

test('progress begins the time anew, and a watch that is stopped says nothing', () => {
  const onStuck = mock.fn();
  const watch = createWatch(onStuck);
  for (let i = 0; i < 9; i++) {
    watch.start();
    mock.timers.tick(10_000);
    mock.timers.tick(5_000);
  }
  watch.stop();
  mock.timers.tick(60_000);
  assert.equal(onStuck.mock.callCount(), 0);
});
