import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runWithLoopDisk } from '../../main/store/testing/loop-disk.ts';
import type { HqPowerCutFindings } from './testing/power-cut-run.ts';

const run = fileURLToPath(new URL('./testing/power-cut-run.ts', import.meta.url));
const cutPower = async (cuts: number, weakness: 'none' | 'no_fsync') => JSON.parse(await runWithLoopDisk(run, String(cuts), weakness)) as HqPowerCutFindings;

it('power cuts of the embedded PostgreSQL at the level of blocks (ext4 on a loop device whose disk forgets what was not flushed): each acknowledged event is there, with its order', async () => {
  const { cuts, acknowledged, lost, faults } = await cutPower(3, 'none');
  expect({ cuts, lost, faults }).toEqual({ cuts: 3, lost: 0, faults: [] });
  expect(acknowledged).toBeGreaterThan(50);
});

it('the same cut does take away what a PostgreSQL without fsync has acknowledged', async () => {
  expect((await cutPower(1, 'no_fsync')).lost).toBeGreaterThan(0);
});
