import fs from 'node:fs';
import path from 'node:path';
import { copiesFolder, isFromBeforeMigration, listCopies } from './copies-files.ts';

export interface OldFilesDeps {
  readonly folder: string;
  /** config.store.personalDays */
  readonly personalDays: number;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
}

const dayMs = 24 * 3_600_000;
/** What a recovery put aside (recover.ts), by the time in its name. */
const damaged = /^damaged-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)/;

/**
 * Removes whole stores of long ago: what a recovery put aside, and the copy from before a migration. They hold the keys of customers' words, which are
 * forgotten only when no file has them any more. The hourly copies replace each other by themselves, and are needed as they are.
 * @returns the names of what was removed
 */
export function removeOldStores({ folder, personalDays, now }: OldFilesDeps): readonly string[] {
  const before = now() - personalDays * dayMs;
  const copies = listCopies([copiesFolder(folder)]);
  const hasHourly = copies.some((copy) => !isFromBeforeMigration(copy));
  const oldCopies = copies.filter((copy) => isFromBeforeMigration(copy) && copy.madeAt < before && hasHourly).map(({ file }) => file);
  const oldAside = fs.readdirSync(folder).flatMap((name) => {
    const [, day, hours, minutes, seconds] = damaged.exec(name) ?? [];
    return day !== undefined && Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`) < before ? [path.join(folder, name)] : [];
  });
  const old = [...oldCopies, ...oldAside];
  for (const file of old) fs.rmSync(file, { recursive: true, force: true });
  return old.map((file) => path.basename(file));
}
