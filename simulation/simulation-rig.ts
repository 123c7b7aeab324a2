import type { SimPostgres } from './hq.ts';
import type { Outcome } from './run.ts';
import { runSeed } from './run.ts';

/** Few of the world's hours, so that many seeds take little time. Faults come as often as in a long run. */
export const shortHours = 1;

export async function runSeeds(postgres: SimPostgres, first: number, count: number): Promise<readonly Outcome[]> {
  const failed: Outcome[] = [];
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await runSeed({ seed, hours: shortHours, postgres });
    if (outcome.wrongs.length > 0) failed.push(outcome);
  }
  return failed;
}

export function describeFailures(failed: readonly Outcome[]): string {
  return failed.map(({ seed, wrongs, faults, last }) => [
    `seed ${seed}: npm run sim -- --seed ${seed} --hours ${shortHours} --verbose`, ...wrongs.slice(0, 10), 'faults:', ...faults, 'at the end:', ...last,
  ].join('\n  ')).join('\n\n');
}
