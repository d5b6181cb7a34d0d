// @ts-check
// The page's limit: a page that grew above it is not built.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSize } from '../../www/build.mjs';

test('a page above the limit is refused, and the error says its size and the limit', () => {
  checkSize('a page', 100);
  assert.throws(() => checkSize('a page', 10), /index\.html: 2\d bytes gzipped, the limit is 10;/);
});
