import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { writeKioskFiles } from '../../../../build/start/kiosk-files.ts';
import { kioskIdSchema } from '../../../../domain/ids.ts';
import { connectDatabase } from '../../../../hq/server/database.ts';
import type { Sql } from '../../../../hq/server/database.ts';
import { signingKeyOf } from '../../../../hq/server/identity/signing-key.ts';
import { ensureKiosk } from '../../../../hq/server/identity/kiosks.ts';
import type { Behaviour } from '../../../../hq/server/services/loopback-carrier.ts';
import { createLoopbackCarrier } from '../../../../hq/server/services/loopback-carrier.ts';
import { createHttpProvider } from '../../../../hq/server/services/http/provider.ts';
import { startCarrierServer } from '../../../../hq/server/sim/carrier/server.ts';
import type { LoopbackGateways } from '../../../../hq/server/sim/wallets/gateways.ts';
import { createLoopbackGateways } from '../../../../hq/server/sim/wallets/gateways.ts';
import type { GatewayKeys } from '../../../../hq/server/sim/wallets/keys.ts';
import { readWallets } from '../../../../hq/server/wallets/config.ts';
import { openStore } from '../../../store/open.ts';
import { rigCatalogue } from '../catalogue-rig.ts';
import type { MatrixClock } from './clock.ts';
import type { HqProcess } from './hq-process.ts';
import { startHqProcess } from './hq-process.ts';
import type { Work } from './idle.ts';
import { createWork } from './idle.ts';
import type { KillSwitch } from './kill-switch.ts';
import { createKillSwitch } from './kill-switch.ts';
import type { KioskProcess } from './kiosk-process.ts';
import { keyHex, startKioskProcess } from './kiosk-process.ts';

export const kioskId = kioskIdSchema.parse('kiosk-001');
const code = 'matrix-code-of-development';
const carrierKey = { id: 'hq-1', secret: Buffer.alloc(32, 9) };
const signingKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey);

/** What all cases of one process share. */
export interface Ground {
  /** A world that has just begun: empty books everywhere, HQ up, the kiosk in service and known to HQ. */
  open(carrier: Partial<Behaviour>): Promise<World>;
  close(): Promise<void>;
}

/** One case's kiosk, HQ, gateways and carrier. */
export interface World {
  readonly gateways: LoopbackGateways;
  readonly carrierScript: Awaited<ReturnType<typeof startCarrierServer>>['script'];
  readonly carrierFolder: string;
  readonly kills: KillSwitch;
  /** The judge's own line to HQ's books. */
  readonly sql: Sql;
  now(): number;
  nowMs(): number;
  /** The one that runs now; a killed one comes up again by itself a little later. */
  kiosk(): KioskProcess | undefined;
  hq(): HqProcess | undefined;
  pass(ms: number): Promise<void>;
  leap(ms: number): Promise<void>;
  /** Until it holds, or so much time has passed. */
  until(holds: () => boolean, withinMs: number): Promise<boolean>;
  settle(): Promise<void>;
  stopKiosk(): Promise<void>;
  startKiosk(): void;
  /** A new run of either calls back. */
  onKioskStarted(listener: (kiosk: KioskProcess) => void): void;
  readonly problems: string[];
  readonly trace: string[];
  tell(line: string): void;
  close(): Promise<void>;
}

export interface GroundDeps {
  readonly clock: MatrixClock;
  readonly databaseUrl: string;
  readonly folder: string;
  readonly keys: GatewayKeys;
  /** Every event is told of as it happens. */
  readonly isLoud: boolean;
}

const kioskAgainMs = 2_000;
const hqAgainMs = 5_000;
/** Errors of the log that are no fault of anybody's here. */
const expectedLines = /killed|it is dead|The database connection is not open|no such device|cannot open|HQ_UNAVAILABLE|COMMAND_REFUSED|DEVICE|card terminal|receipt printer/i;

export async function createGround({ clock, databaseUrl, folder, keys, isLoud }: GroundDeps): Promise<Ground> {
  fs.mkdirSync(folder, { recursive: true });
  let hqNow: HqProcess | undefined;
  let opened = 0;
  const work: Work = createWork(clock, () => hqNow?.isBusy() ?? false);
  const sql = connectDatabase(databaseUrl, { maxConnections: 1 });
  const tables = (await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public' and tablename not like '%migration%'`).map(({ name }) => name);
  // What the migrations themselves have written stays.
  const kept = new Set((await Promise.all(tables.map(async (name) => ((await sql.unsafe(`select 1 from "${name}" limit 1`)).length > 0 ? name : undefined)))).filter((name) => name !== undefined));
  const emptied = tables.filter((name) => !kept.has(name)).map((name) => `"${name}"`).join(', ');

  const template = path.join(folder, 'template');
  const made = openStore({ folder: path.join(template, 'store'), keyHex, keyProvider: 'test' });
  if (!made.ok) throw new Error(made.error.detail);
  made.value.close();
  const catalogueFile = path.join(folder, 'catalogue.json');
  fs.writeFileSync(catalogueFile, JSON.stringify(rigCatalogue));

  // Gateways call HQ over a real line.
  const door = createServer((message, response) => {
    const parts: Buffer[] = [];
    message.on('data', (part: Buffer) => parts.push(part));
    message.on('end', () => {
      const hq = hqNow;
      if (!hq) return void response.destroy();
      const stop = hq.onDead(() => response.destroy());
      hq.serve({ method: 'POST', url: message.url ?? '/', headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])), body: Buffer.concat(parts) }).then(({ status, headers, body }) => {
        stop();
        response.writeHead(status, headers);
        response.end(body);
      }, () => response.destroy());
    });
  });
  await new Promise<void>((resolve) => void door.listen(0, '127.0.0.1', resolve));
  const doorUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const configFile = writeKioskFiles({
    folder: path.join(folder, 'config'), printerPath: path.join(folder, 'no-printer'), terminalPath: path.join(folder, 'no-terminal'), hqUrl: doorUrl,
    changes: { catalogueFile, times: { idleWarningMs: 45_000, idleEndMs: 25_000, resultMs: 20_000, unpaidOrderMs: 600_000, receiptMs: 60_000, walletMs: 60_000 } },
  });
  const realFetch = globalThis.fetch;
  // Notifications of the gateways.
  globalThis.fetch = async (input, init) => {
    const done = work.begin();
    try {
      const answer = await realFetch(input, init);
      const body = await answer.arrayBuffer();
      return new Response(answer.status === 204 ? null : body, { status: answer.status, headers: answer.headers });
    } finally {
      done();
    }
  };

  return {
    async open(mood) {
      opened += 1;
      clock.reset();
        work.reset();
      const own = path.join(folder, `case-${opened}`);
      const dataFolder = path.join(own, 'data');
      fs.cpSync(template, dataFolder, { recursive: true, filter: (from) => !from.endsWith('store.lock') });
      await sql.unsafe(`truncate ${emptied}`);
      // Generated keys are good from now on.
      const epochMs = Math.ceil(Date.now() / 1000) * 1000 + 3_600_000;
      const now = () => Math.round(epochMs + clock.nowMs());
      await ensureKiosk(sql, kioskId, 'Lobby', now());
      const gateways = await createLoopbackGateways({ keys, now });
      const variables = gateways.environment({ hqUrl: doorUrl, folder: path.join(folder, 'merchant') });
      const wallets = await readWallets(variables, now);
      const carrierFolder = path.join(own, 'carrier');
      const carrier = await startCarrierServer({ books: createLoopbackCarrier({ folder: carrierFolder, now, script: () => mood }), keys: [carrierKey], now });
      const provider = createHttpProvider({ baseUrl: new URL(carrier.url), keys: [carrierKey], name: 'carrier', now });
      const kills = createKillSwitch();
      const problems: string[] = [];
      const trace: string[] = [];
      const started: ((kiosk: KioskProcess) => void)[] = [];
      /** What goes on whoever dies. */
      const matrix = { name: 'matrix', isAlive: true };
      let kiosk: KioskProcess | undefined;
      let runs = 0;
      let isOver = false;
      const seconds = () => (clock.nowMs() / 1000).toFixed(1).padStart(7);
      const tell = (line: string) => {
        trace.push(`${seconds()} ${line}`);
        if (isLoud) process.stdout.write(`${seconds()} ${line}\n`);
      };

      const fetchOf = (isAlive: () => boolean, die: () => void): typeof globalThis.fetch => (input, init = {}) => new Promise<Response>((resolve, reject) => {
        const url = new URL(input instanceof Request ? input.url : input);
        const body = init.body instanceof Uint8Array ? Buffer.from(init.body) : Buffer.alloc(0);
        const isWallet = url.pathname === '/api/kiosk/wallet';
        const act = isWallet ? (JSON.parse(body.toString('utf8')) as { act: string }).act : url.pathname.split('/').at(-1)!;
        const done = isWallet ? () => {} : work.begin();
        let stop = () => {};
        let isEnded = false;
        const end = (then: () => void) => {
          if (isEnded) return;
          isEnded = true;
          done();
          stop();
          if (isAlive()) then();
        };
        const fail = (what: string) => end(() => reject(new TypeError('fetch failed', { cause: new Error(what) })));
        init.signal?.addEventListener('abort', () => end(() => reject(init.signal?.reason as Error)), { once: true });
        // The doorbell rings over a stream, which this network has not: the kiosk polls.
        if (act === 'bell') return void fail('no streams here');
        if (kills.at('kiosk', `ask ${act}`, 'before')) return die();
        const hq = hqNow;
        if (!hq) return void fail('connect ECONNREFUSED');
        if (kills.at('hq', `hear ${act}`, 'before')) {
          hq.kill();
          return void fail('socket hang up');
        }
        stop = hq.onDead(() => fail('socket hang up'));
        hq.serve({ method: init.method === 'GET' ? 'GET' : 'POST', url: `${url.pathname}${url.search}`, headers: { ...Object.fromEntries(new Headers(init.headers)), host: url.host }, body }).then((answer) => {
          if (kills.at('hq', `hear ${act}`, 'after')) {
            hq.kill();
            return fail('socket hang up');
          }
          if (isAlive() && kills.at('kiosk', `ask ${act}`, 'after')) die();
          if (isWallet) tell(`${act}: ${(JSON.parse(answer.body.toString('utf8')) as { state?: string; detail?: string; refunds?: { state: string }[] }).state ?? answer.status} ${answer.status}`);
          end(() => resolve(new Response(answer.status === 204 ? null : new Uint8Array(answer.body), { status: answer.status, headers: answer.headers })));
        }, (cause: unknown) => fail(String(cause)));
      });

      function startKiosk(): void {
        runs += 1;
        kiosk = startKioskProcess({
          name: `kiosk ${runs}`, clock, kills, folder: dataFolder, configFile, now, code, fetch: fetchOf,
          random: (count) => randomBytes(count),
          onLine(line) {
            const { level, message } = JSON.parse(line) as { level: string; message: string };
            if (level !== 'info' && isLoud) tell(`kiosk ${level}: ${line.slice(0, 300)}`);
            else if (level === 'info' && /wallet|refund|payment|service/.test(message)) tell(`kiosk: ${message} ${line.slice(0, 400).replace(/.*"message":"[^"]*",?/, '')}`);
            if (level === 'error' && !expectedLines.test(line)) problems.push(`kiosk: ${line.slice(0, 400)}`);
          },
          onKilled() {
            tell('KIOSK KILLED');
            kiosk = undefined;
            clock.own(matrix, () => void setTimeout(() => !isOver && startKiosk(), kioskAgainMs));
          },
        });
        tell(`kiosk runs (${runs})`);
        for (const listener of started) listener(kiosk);
      }

      async function startHq(): Promise<void> {
        const done = work.begin();
        const hq = await startHqProcess({
          name: 'hq', clock, work, kills, databaseUrl, now, signingKey, kiosk: { kioskId, code }, gateways: wallets, provider,
          onProblem(where, error) {
            if (/CONNECTION_|ECONNRESET/.test(String((error as { code?: string }).code))) return;
            problems.push(`hq ${where}: ${error instanceof Error ? error.stack : String(error)}`);
          },
          onKilled() {
            tell('HQ KILLED');
            hqNow = undefined;
            clock.own(matrix, () => void setTimeout(() => !isOver && void startHq(), hqAgainMs));
          },
        });
        hqNow = hq;
        done();
        tell('hq runs');
      }
      await startHq();
      clock.own(matrix, startKiosk);
      const settle = work.settle;

      const world: World = {
        gateways, carrierScript: carrier.script, carrierFolder, kills, sql, now, problems, trace, tell, settle,
        nowMs: clock.nowMs,
        kiosk: () => kiosk,
        hq: () => hqNow,
        pass: (ms) => clock.pass(ms, settle),
        leap: (ms) => clock.leap(ms, settle),
        async until(holds, withinMs) {
          const endMs = clock.nowMs() + withinMs;
          await settle();
          while (!holds() && clock.nowMs() < endMs) await clock.pass(100, settle);
          return holds();
        },
        async stopKiosk() {
          const stopping = kiosk;
          kiosk = undefined;
          await stopping?.stop();
        },
        startKiosk: () => clock.own(matrix, startKiosk),
        onKioskStarted: (listener) => void started.push(listener),
        async close() {
          isOver = true;
          await kiosk?.stop();
          await hqNow?.stop();
          hqNow = undefined;
          provider.close();
          await Promise.all([gateways.close(), carrier.close()]);
          clock.reset();
          fs.rmSync(own, { recursive: true, force: true });
        },
      };
      return world;
    },
    async close() {
      await new Promise((resolve) => {
        door.close(resolve);
        door.closeAllConnections();
      });
      await sql.end({ timeout: 1 });
    },
  };
}
