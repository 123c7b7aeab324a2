import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { KioskId } from '../domain/ids.ts';
import { createHq } from '../hq/server/app.ts';
import type { Sql } from '../hq/server/database.ts';
import { connectDatabase } from '../hq/server/database.ts';
import { reinstate } from '../hq/server/identity/decisions.ts';
import { decodePublicKey } from '../hq/server/identity/keys.ts';
import { signingKeyOf } from '../hq/server/identity/signing-key.ts';
import { reapply } from '../hq/server/ingest/reapply.ts';
import { ensureKiosk } from '../hq/server/kiosks.ts';
import { createBells } from '../hq/server/live/bells.ts';
import { createLiveHub } from '../hq/server/live/hub.ts';
import { migrate, readMigrations } from '../hq/server/migrate.ts';
import { startPostgres } from '../hq/server/postgres.ts';
import { checkNotGreen } from '../hq/server/proof/run.ts';
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
  approve(kioskId: KioskId, publicKey: string): Promise<void>;
  /** A person has switched one of two machines off. */
  reinstate(kioskId: KioskId): Promise<void>;
  /** What HQ's timers do: late applications, checks of closed days. */
  work(): Promise<void>;
  isUp(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** HQ is set up again from its backup. */
  goBack(): Promise<boolean>;
  keepCopy(): Promise<void>;
  close(): Promise<void>;
}

export interface SimHqDeps {
  readonly database: SimDatabase;
  readonly now: () => number;
}

const signingKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
export const simHqKey = signingKey.publicKey;

export async function createSimHq({ database, now }: SimHqDeps): Promise<SimHq> {
  let app: FastifyInstance | undefined;
  let sql: Sql | undefined;
  let closers: (() => Promise<unknown>)[] = [];

  async function start(): Promise<void> {
    const url = database.url();
    const pool = connectDatabase(url, { maxConnections: 2 });
    const hub = createLiveHub({ url, sql: pool, onProblem: () => {} });
    const bells = createBells({ url, onProblem: () => {} });
    const running = await createHq({ sql: pool, hub, bells, signingKey, now, logger: false, webFolder: '/nowhere', console: 'withheld', requestsPerKiosk: 'none' });
    closers = [() => running.close(), () => hub.close(), () => bells.close(), () => pool.end({ timeout: 1 })];
    app = running;
    sql = pool;
  }

  async function stop(): Promise<void> {
    app = undefined;
    sql = undefined;
    for (const close of closers.splice(0)) await close();
  }

  const database_ = () => {
    if (!sql) throw new Error('HQ is down');
    return sql;
  };
  await start();

  return {
    server: async ({ method, url, headers, body }) => {
      if (!app) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
      const answer = await app.inject({
        method: method === 'GET' ? 'GET' : 'POST', url: `${url.pathname}${url.search}`, headers: { ...headers, host: url.host }, ...(body.length > 0 ? { payload: body } : {}),
      });
      return { status: answer.statusCode, headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])), body: answer.rawPayload };
    },
    sql: database_,
    isUp: () => app !== undefined,
    async approve(kioskId, publicKey) {
      const key = decodePublicKey(publicKey);
      if (!key) throw new Error('no key');
      await ensureKiosk(database_(), kioskId, kioskId, now());
      await database_()`
        insert into kiosk_keys (kiosk_id, fingerprint, public_key, state, app, enrolled_at, decided_at)
        values (${kioskId}, ${key.fingerprint}, ${key.spki}, 'approved', '0', ${now()}, ${now()}) on conflict do nothing`;
    },
    reinstate: async (kioskId) => void (await reinstate(database_(), kioskId, now())),
    async work() {
      if (!sql) return;
      await reapply(sql, now());
      await checkNotGreen(sql, undefined, now());
    },
    start,
    stop,
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
