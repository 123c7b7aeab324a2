import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { checkDurability, connectDatabase } from './database.ts';
import { explain } from './embedded/run.ts';
import { lockFolder } from './embedded/folder-lock.ts';
import type { OwnedPostgres } from './postgres.ts';
import { startPostgres } from './postgres.ts';
import { temporaryFolder } from './testing/database.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** One folder for all: making a cluster is what takes long. */
let dataFolder: string;
beforeAll(async () => {
  dataFolder = await temporaryFolder();
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

async function start(dataFolder: string): Promise<OwnedPostgres> {
  const owned = await startPostgres({ dataFolder });
  cleanups.push(owned.stop);
  return owned;
}

describe('the embedded PostgreSQL', () => {
  test('keeps what it was given over a stop, durably and behind a password that only HQ can read', async () => {
    const first = await start(dataFolder);
    const sql = connectDatabase(first.url);
    expect(await checkDurability(sql)).toBeUndefined();
    await sql`create table kept (x int)`;
    await sql`insert into kept values (42)`;
    await sql.end();
    expect((await stat(join(dataFolder, 'postgres.password'))).mode & 0o777).toBe(0o600);
    const intruder = connectDatabase(first.url.replace(/:[^:@/]+@/, ':wrong@'), { maxConnections: 1 });
    await expect(intruder`select 1`).rejects.toThrow(/password/);
    await intruder.end();
    await first.stop();
    const second = connectDatabase((await start(dataFolder)).url);
    expect(await second`select x from kept`).toEqual([{ x: 42 }]);
    await second.end();
  }, 60_000);

  test('refuses a second HQ on the same folder in one sentence, and does not disturb the first', async () => {
    const first = await start(dataFolder);
    await expect(startPostgres({ dataFolder })).rejects.toThrow(`Another HQ is running on ${dataFolder}.`);
    const sql = connectDatabase(first.url, { maxConnections: 1 });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await sql.end();
  }, 60_000);

  test('gives the folder back after a start that failed', async () => {
    const other = await temporaryFolder();
    cleanups.push(() => rm(other, { recursive: true, force: true }));
    await writeFile(join(other, 'postgres'), 'not a folder');
    await expect(startPostgres({ dataFolder: other })).rejects.toThrow(/postgres/);
    const lock = await lockFolder(other);
    expect(lock).toBeDefined();
    await lock?.release();
  }, 60_000);

  test('says so when its password is gone', async () => {
    await rm(join(dataFolder, 'postgres.password'));
    await expect(startPostgres({ dataFolder })).rejects.toThrow(/postgres\.password is missing/);
  }, 60_000);
});

describe('what PostgreSQL says when it does not start', () => {
  test.each([
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', /disk is full/],
    ['initdb: error: could not access directory "/root/x": Permission denied', /DATA_FOLDER that it can reach/],
    ['2026 LOG: x\nFATAL:  lock file "postmaster.pid" already exists', /lock file "postmaster.pid" already exists/],
  ])('%s becomes one clear sentence', (output, sentence) => {
    expect(explain(output, '/data').message).toMatch(sentence);
  });
});
