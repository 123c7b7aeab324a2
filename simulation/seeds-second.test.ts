import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SimPostgres } from './hq.ts';
import { startSimPostgres } from './hq.ts';
import { describeFailures, runSeeds } from './simulation-rig.ts';

let postgres: SimPostgres;
beforeAll(async () => {
  postgres = await startSimPostgres();
});
afterAll(() => postgres.stop());

it('kiosks and HQ have the same books after whatever happens to them: seeds 101 to 200', async () => {
  expect(describeFailures(await runSeeds(postgres, 101, 100))).toBe('');
}, 900_000);
