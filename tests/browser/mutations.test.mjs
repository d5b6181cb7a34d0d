// @ts-check
// Page and command neither crash nor hang on damaged videos. These are a few of those that `cargo xtask mutate` makes;
// docs/robustness.md has the outcomes, and how often a digest is wrong without a warning.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds, mutant, seeds } from './mutations.mjs';
import { outcomeOf } from './mutation-outcome.mjs';
import { runMutants } from './mutation-run.mjs';

/** Each video five times, every kind of damage five to seven times. */
const COUNT = 60;
const SEED = 3;

test(`${COUNT} damaged videos: both give a result or a sentence, and no digest is wrong without a word`, async () => {
  /** @type {string[]} */
  const bad = [];
  let done = 0;
  await runMutants(COUNT, SEED, (pair) => {
    const { outcome, because } = outcomeOf(pair);
    done++;
    if (outcome === 'died' || outcome === 'wrong') bad.push(`${pair.mutant.index} ${pair.mutant.seed}, ${pair.mutant.kind}: ${because}`);
  });
  assert.deepEqual(bad, []);
  assert.equal(done, COUNT);
});

test('the same number makes the same damage, another one another', () => {
  const videos = new Map(seeds.map(({ name }, i) => [name, Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * (i + 7)) & 255))]));
  const differing = Array.from({ length: seeds.length * kinds.length }, (_, index) => index).filter((index) => {
    assert.ok(mutant(videos, 1, index).bytes.equals(mutant(videos, 1, index).bytes));
    return !mutant(videos, 1, index).bytes.equals(mutant(videos, 2, index).bytes);
  });
  assert.ok(differing.length > 0.9 * seeds.length * kinds.length);
});
