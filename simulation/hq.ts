import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { KioskId } from '../domain/ids.ts';
import { createHq } from '../hq/server/app.ts';
import type { Sql } from '../hq/server/database.ts';
import { connectDatabase } from '../hq/server/database.ts';
import { approve, reinstate } from '../hq/server/identity/decisions.ts';
import { makeCode } from '../hq/server/identity/enrolment.ts';
import { signingKeyOf } from '../hq/server/identity/signing-key.ts';
import { reapply } from '../hq/server/ingest/reapply.ts';
import { migrate, readMigrations } from '../hq/server/migrate.ts';
import { startPostgres } from '../hq/server/embedded/postgres.ts';
import { checkEvery, checkNotGreen } from '../hq/server/proof/run.ts';
import type { Server } from './network.ts';

/** One PostgreSQL for all runs of a process: each run has a database of its own in it. */
export interface SimPostgres {
  createDatabase(): Promise<SimDatabase>;
  stop(): Promise<void>;
}

/** HQ's database, which can go back to an older copy of itself. Nobody may be connected while it does. */
export interface SimDatabase {
  url(): string;
  /** Keeps a copy of how it is now, in place of the one before. */
  keepCopy(): Promise<void>;
  goBack(): Promise<boolean>;
  drop(): Promise<void>;
}

export async function startSimPostgres(): Promise<SimPostgres> {
  const dataFolder = fs.mkdtempSync(path.join(fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'counter24-sim-hq-'));
  const owned = await startPostgres({ dataFolder, isThrowaway: true });
  const urlOf = (name: string) => owned.url.replace(/[^/]+$/, name);
  const admin = connectDatabase(urlOf('postgres'), { maxConnections: 1 });
  const template = connectDatabase(owned.url, { maxConnections: 1 });
  await migrate(template, await readMigrations(), Date.now);
  await template.end({ timeout: 5 });
  let count = 0;

  return {
    async createDatabase() {
      const name = `sim_${++count}`;
      let copies = 0;
      let current = name;
      let copy: string | undefined;
      await admin.unsafe(`create database ${name} template counter24 strategy file_copy`);
      return {
        url: () => urlOf(current),
        async keepCopy() {
          const next = `${name}_copy_${++copies}`;
          await admin.unsafe(`create database ${next} template ${current} strategy file_copy`);
          if (copy) await admin.unsafe(`drop database ${copy}`);
          copy = next;
        },
        async goBack() {
          if (!copy) return false;
          await admin.unsafe(`drop database ${current}`);
          current = copy;
          copy = undefined;
          return true;
        },
        async drop() {
          for (const each of [current, copy]) if (each) await admin.unsafe(`drop database ${each} with (force)`);
        },
      };
    },
    async stop() {
      await admin.end({ timeout: 1 });
      await owned.stop();
      fs.rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** HQ's real code on a real database, without its socket. It keeps nothing in memory that a restart may lose. */
export interface SimHq {
  readonly server: Server;
  readonly sql: () => Sql;
  /** A new code for a kiosk's enrolment. */
  code(kioskId: KioskId): Promise<string>;
  /** A person looks at what waits to be approved. */
  approve(kioskId: KioskId): Promise<void>;
  isCloned(kioskId: KioskId): Promise<boolean>;
  /** A person has switched one of two machines off. */
  reinstate(kioskId: KioskId): Promise<void>;
  /** What HQ's timers do: late applications, checks of closed days. */
  work(): Promise<void>;
  checkAll(): Promise<void>;
  isUp(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The process dies within the transaction of the next batch, just before its commit. */
  dieInNextBatch(): void;
  /** HQ is set up again from its backup. */
  goBack(): Promise<boolean>;
  keepCopy(): Promise<void>;
  close(): Promise<void>;
}

export interface SimHqDeps {
  readonly database: SimDatabase;
  readonly now: () => number;
  /** It has died by itself, as was asked for. */
  readonly onDied: () => void;
}

export const simSigningKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey);

export async function createSimHq({ database, now, onDied }: SimHqDeps): Promise<SimHq> {
  let app: FastifyInstance | undefined;
  let sql: Sql | undefined;
  let closers: (() => Promise<unknown>)[] = [];
  let isDying = false;
  let isDead = false;

  async function start(): Promise<void> {
    if (app) return;
    isDying = false;
    isDead = false;
    const pool = connectDatabase(database.url(), { maxConnections: 2 });
    // Streams are not simulated (kiosks poll), so nobody has to listen to the database.
    const hub = { subscribe: () => () => {}, isListening: () => true, close: async () => {} };
    const bells = { open: () => undefined, count: () => 0, isListening: () => true, close: async () => {} };
    const running = await createHq({
      sql: pool, hub, bells, signingKey: simSigningKey, now, logger: false, webFolder: '/nowhere', console: 'withheld', requestsPerKiosk: 'none',
      onEffective: async () => {
        if (!isDying) return;
        isDead = true;
        throw new Error('HQ was killed before its commit');
      },
    });
    closers = [() => running.close(), () => pool.end({ timeout: 1 })];
    app = running;
    sql = pool;
  }

  async function stop(): Promise<void> {
    app = undefined;
    sql = undefined;
    for (const close of closers.splice(0)) await close();
  }

  const open = () => {
    if (!sql) throw new Error('HQ is down');
    return sql;
  };
  await start();

  return {
    server: async ({ method, url, headers, body }) => {
      if (!app || isDead) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
      const answer = await app.inject({
        method: method === 'GET' ? 'GET' : 'POST', url: `${url.pathname}${url.search}`, headers: { ...headers, host: url.host }, ...(body.length > 0 ? { payload: body } : {}),
      });
      if (isDead) {
        onDied();
        throw new TypeError('fetch failed', { cause: new Error('socket hang up') });
      }
      return { status: answer.statusCode, headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])), body: answer.rawPayload };
    },
    sql: open,
    isUp: () => app !== undefined,
    code: async (kioskId) => (await makeCode(open(), kioskId, undefined, now(), 365 * 24 * 3_600_000)).code,
    approve: async (kioskId) => void (await approve(open(), kioskId, '', now())),
    isCloned: async (kioskId) => (await open()`select 1 from kiosks where kiosk_id = ${kioskId} and cloned_at is not null`).length > 0,
    reinstate: async (kioskId) => void (await reinstate(open(), kioskId, '', now())),
    async work() {
      if (!sql) return;
      await reapply(sql, now);
      await checkNotGreen(sql, undefined, now());
    },
    checkAll: async () => void (await checkEvery(open(), undefined, now())),
    start,
    stop,
    dieInNextBatch() {
      isDying = true;
    },
    async goBack() {
      await stop();
      const went = await database.goBack();
      await start();
      return went;
    },
    async keepCopy() {
      await stop();
      await database.keepCopy();
      await start();
    },
    async close() {
      await stop();
      await database.drop();
    },
  };
}
