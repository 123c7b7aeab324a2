import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runWithLoopDisk } from './testing/loop-disk.ts';
import type { PowerCutFindings } from './testing/power-cut-run.ts';

const run = fileURLToPath(new URL('./testing/power-cut-run.ts', import.meta.url));
const cutPower = async (cuts: number, weakness: 'none' | 'normal' | 'lazy_journal') => JSON.parse(await runWithLoopDisk(run, String(cuts), weakness)) as PowerCutFindings;

it('power cuts at the level of blocks (ext4 on a loop device whose disk forgets what was not flushed): all that was confirmed is in the store and, of payments, in the journal', async () => {
  const { said, lost, lostInJournal, faults, cuts } = await cutPower(9, 'none');
  expect({ lost, lostInJournal, faults, cuts }).toEqual({ lost: 0, lostInJournal: 0, faults: [], cuts: 12 });
  expect(said).toBeGreaterThan(50);
});

it('the same cuts do take away what did not wait for the disk: orders of a store with synchronous=NORMAL, payments of a journal without fdatasync', { concurrent: false }, async () => {
  const [store, journal] = await Promise.all([cutPower(5, 'normal'), cutPower(5, 'lazy_journal')]);
  expect(store.lost).toBeGreaterThan(0);
  expect(journal.lostInJournal).toBeGreaterThan(0);
});
