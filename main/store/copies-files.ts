import fs from 'node:fs';
import path from 'node:path';
import type { ConnectionOptions } from './connection.ts';
import { openKeyed } from './connection.ts';
import { messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { checkPages } from './integrity.ts';
import { syncFile, syncFolder } from './whole-files.ts';

/** Where copies of the store lie, and what makes a file stay. */
export interface StoreCopy {
  readonly file: string;
  /** Counts the copies of this store, over both places: clocks jump, numbers do not. 0 for one from before a migration. */
  readonly number: number;
  /** Epoch milliseconds UTC, by the clock of then. */
  readonly madeAt: number;
  /** The first of the journal's segments that it does not hold; undefined where it is not known. */
  readonly segment: number | undefined;
}

export const copiesFolder = (folder: string) => path.join(folder, 'copies');

const hourly = /^store-(\d{8})-(\d+)(?:-(\d+))?\.db$/;
const beforeMigration = /^before-migration-(\d+)-(\d+)\.db$/;

export function hourlyName(number: number, madeAt: number, segment: number | undefined): string {
  return `store-${String(number).padStart(8, '0')}-${madeAt}${segment === undefined ? '' : `-${segment}`}.db`;
}

export function beforeMigrationName(version: number, madeAt: number): string {
  return `before-migration-${version}-${madeAt}.db`;
}

/** The copies of these places, the newest first; those from before a migration last. A place that is away holds none. */
export function listCopies(places: readonly string[]): readonly StoreCopy[] {
  const found = places.flatMap((place) => readNames(place).flatMap((name): StoreCopy[] => {
    const file = path.join(place, name);
    const made = hourly.exec(name);
    if (made) return [{ file, number: Number(made[1]), madeAt: Number(made[2]), segment: made[3] === undefined ? undefined : Number(made[3]) }];
    const older = beforeMigration.exec(name);
    return older ? [{ file, number: 0, madeAt: Number(older[2]), segment: undefined }] : [];
  }));
  return found.sort((left, right) => right.number - left.number || right.madeAt - left.madeAt);
}

export function isFromBeforeMigration(copy: StoreCopy): boolean {
  return copy.number === 0;
}

/** Whether a copy is one to go back to: it opens with this key, every page of it is whole, and this Counter24 knows its schema. Answers its version. */
export function verifyCopy(connection: ConnectionOptions, newestVersion: number): Result<number, string> {
  let database;
  try {
    database = openKeyed({ ...connection, readonly: true });
    const version = Number(database.pragma('user_version', { simple: true }));
    if (version < 1 || version > newestVersion) return err(`its schema is version ${version}`);
    const verdict = checkPages(database, 'quick');
    return verdict.kind === 'well' ? ok(version) : err(verdict.detail);
  } catch (cause) {
    return err(messageOf(cause));
  } finally {
    database?.close();
  }
}

export const draftSuffix = '.draft';

/** What a kill has left half made. */
export function removeDrafts(place: string): void {
  for (const name of readNames(place)) if (name.includes(draftSuffix)) fs.rmSync(path.join(place, name), { force: true });
}

/** From a draft that is complete to the file that is found: there whole or not at all, also after a power cut. */
export function putInPlace(draft: string, file: string): void {
  syncFile(draft);
  fs.renameSync(draft, file);
  syncFolder(path.dirname(file));
}

function readNames(place: string): readonly string[] {
  try {
    return fs.readdirSync(place);
  } catch {
    return [];
  }
}
