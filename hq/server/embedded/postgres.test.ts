import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { checkDurability, connectDatabase } from '../database.ts';
import { lockFolder } from './folder-lock.ts';
import { findOwner, reach } from './owner.ts';
import { explain, run } from './run.ts';
import type { OwnedPostgres } from './postgres.ts';
import { startPostgres } from './postgres.ts';
import { temporaryFolder } from '../testing/database.ts';

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

const isRoot = process.getuid?.() === 0;

/** Beneath a folder of mode 0700. What PostgreSQL's own user can and cannot reach is a matter only where HQ is root. */
describe('the data folder', () => {
  let top: string;
  beforeAll(async () => {
    top = await temporaryFolder();
    const sql = connectDatabase((await start(join(top, 'first'))).url, { maxConnections: 1 });
    await sql`create table kept (x int)`;
    await sql`insert into kept values (42)`;
    await sql.end();
    for (const clean of cleanups.splice(0)) await clean();
  }, 60_000);
  afterAll(() => rm(top, { recursive: true, force: true }));

  async function kept(dataFolder: string): Promise<unknown> {
    const owned = await start(dataFolder);
    const sql = connectDatabase(owned.url, { maxConnections: 1 });
    try {
      const [table] = await sql<{ found: string | null }[]>`select to_regclass('kept') as found`;
      return table?.found ? await sql`select x from kept` : undefined;
    } finally {
      await sql.end();
      await owned.stop();
    }
  }

  test("is HQ's alone, and holds nothing but the cluster and its password", async () => {
    const { mode } = await stat(join(top, 'first'));
    expect(mode & 0o777).toBe(isRoot && process.platform !== 'linux' ? 0o711 : 0o700);
    expect((await readdir(join(top, 'first'))).sort()).toEqual(['postgres', 'postgres.password']);
  });

  test.runIf(isRoot && process.platform === 'linux')("as root: serves from a folder that PostgreSQL's own user cannot reach by its name", async () => {
    const owner = await findOwner();
    const cluster = join(top, 'first', 'postgres');
    expect((await stat(top)).mode & 0o777).toBe(0o700);
    expect((await stat(cluster)).uid).toBe(owner.uid);
    expect((await run('ls', [cluster], owner)).output).toMatch(/Permission denied/);
    expect(await kept(join(top, 'first'))).toEqual([{ x: 42 }]);
  }, 60_000);

  test('may be copied, by root too, whose copies belong to root', async () => {
    await cp(join(top, 'first'), join(top, 'copy'), { recursive: true });
    expect(await kept(join(top, 'copy'))).toEqual([{ x: 42 }]);
  }, 60_000);

  test('may be moved, and one made anew at its old place is empty', async () => {
    await rename(join(top, 'first'), join(top, 'moved'));
    expect(await kept(join(top, 'first'))).toBeUndefined();
    expect(await kept(join(top, 'moved'))).toEqual([{ x: 42 }]);
  }, 60_000);

  test('of which a killed HQ had made only a part is made anew', async () => {
    const folder = join(top, 'interrupted');
    await mkdir(join(folder, 'postgres.new', 'data', 'base'), { recursive: true });
    await writeFile(join(folder, 'postgres.new', 'password'), 'old');
    expect(await kept(folder)).toBeUndefined();
    expect((await readdir(folder)).sort()).toEqual(['postgres', 'postgres.password']);
  }, 60_000);

  test.each([
    [{ uid: 7, gid: 7 }, 'linux', '/proc/self/cwd'],
    [{}, 'linux', '/data/postgres'],
    [{ uid: 7, gid: 7 }, 'darwin', '/data/postgres'],
    [{}, 'win32', '/data/postgres'],
  ] as const)('for %o on %s is called %s by PostgreSQL', (owner, platform, path) => {
    expect(reach('/data/postgres', owner, platform)).toEqual({ cwd: '/data/postgres', path });
  });
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
