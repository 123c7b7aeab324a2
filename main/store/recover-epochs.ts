import fs from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Lane } from '../../domain/contract/hq.ts';
import { lanes } from '../../domain/contract/hq.ts';
import { writeWhole } from './whole-files.ts';

const fileName = 'store.epochs';

/**
 * The highest epoch of each lane that this store ever had, outside of it: a store that goes back twice to the same copy must not open the same epoch
 * twice.
 */
export type Epochs = Readonly<Record<Lane, number>>;

export function readEpochs(folder: string): Epochs {
  const file = path.join(folder, fileName);
  const numbers = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split(' ').map(Number) : [];
  return Object.fromEntries(lanes.map((lane, index) => [lane, Number.isSafeInteger(numbers[index]) ? numbers[index]! : 0])) as Record<Lane, number>;
}

/** On disk when it returns. An epoch that is remembered and was never used does no harm. */
export function rememberEpochs(folder: string, database: Database): void {
  const known = readEpochs(folder);
  const rows = database.prepare<[], { lane: Lane; epoch: number }>('SELECT lane, epoch FROM lanes').all();
  const newest = lanes.map((lane) => Math.max(known[lane], ...rows.filter((row) => row.lane === lane).map(({ epoch }) => epoch)));
  if (lanes.every((lane, index) => known[lane] === newest[index])) return;
  writeWhole(path.join(folder, fileName), `${newest.join(' ')}\n`);
}
