// @ts-check
import { runMutants } from '../tests/browser/mutation-run.mjs';
import { outcomeOf } from '../tests/browser/mutation-outcome.mjs';
import { writeFileSync, appendFileSync, mkdirSync } from 'node:fs';
const count = Number(process.argv[2]), seed = Number(process.argv[3]);
const tally = new Map();
mkdirSync('target/mutants', { recursive: true });
const log = `target/mutants/${count}-${seed}.txt`;
writeFileSync(log, '');
await runMutants(count, seed, (pair) => {
  const { outcome, because } = outcomeOf(pair);
  tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
  appendFileSync(log, `${pair.mutant.index}\t${pair.mutant.seed}\t${pair.mutant.kind}\t${outcome}\t${because.replaceAll('\n', ' ')}\n`);
});
console.log(tally);
