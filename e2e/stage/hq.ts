import type { ChildProcess } from 'node:child_process';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { endChild, root, startScript } from '../../build/start/child.ts';
import type { readKioskRoute } from '../../hq/contract/api/fleet.ts';
import type { ApiAnswer } from '../../hq/contract/api/route.ts';
import type { OrderInFull, OrderPage } from '../../hq/contract/console.ts';

export type KioskInFull = ApiAnswer<typeof readKioskRoute>;

/** HQ in its own process on its own PostgreSQL, with a carrier that credits its own books alone (docs/hq.md), which can be off and come back at the same address. */
export interface StageHq {
  readonly url: string;
  /** Everything that it keeps: database and signing key. */
  readonly dataFolder: string;
  /** Its administrator for development, as which a browser may sign in. */
  readonly account: { readonly name: string; readonly password: string };
  start(): Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL for HQ; what becomes of its PostgreSQL is its own affair. */
  kill(): Promise<void>;
  /** `npm run hq -- …` beside it; answers what it printed. */
  tell(...args: string[]): Promise<string>;
  orders(): Promise<readonly OrderInFull[]>;
  kiosk(): Promise<KioskInFull>;
}

export interface StageHqOptions {
  readonly folder: string;
  readonly kioskId: string;
  readonly code: string;
  /** Beside what a stage sets anyhow. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function startHq({ folder, kioskId, code, env = {} }: StageHqOptions): Promise<StageHq> {
  const dataFolder = path.join(folder, 'hq');
  const account = { name: 'dev', password: randomBytes(18).toString('base64url') };
  let url = '';
  let cookie: string | undefined;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = await startScript<{ kind: 'ready'; url: string }>({
      script: 'hq/server/main.ts',
      quiet: true,
      env: { PORT: url ? new URL(url).port : '0', HOST: '127.0.0.1', DATA_FOLDER: dataFolder, HQ_DEV_KIOSK: `${kioskId}:${code}`, HQ_DEV_ACCOUNT: `${account.name}:${account.password}`, HQ_DEV_STAFF: 'yes', SERVICES: 'loopback', ...env },
    });
    child = started.child;
    url = started.ready.url;
  }

  async function signIn(): Promise<string> {
    const response = await fetch(new URL('/api/session', url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(account) });
    if (!response.ok) throw new Error(`HQ answered ${response.status} to the sign-in`);
    return response.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  async function ask<T>(route: string): Promise<T> {
    cookie ??= await signIn();
    const response = await fetch(new URL(route, url), { headers: { cookie } });
    if (!response.ok) throw new Error(`HQ answered ${response.status} to ${route}`);
    return (await response.json()) as T;
  }

  await start();
  return {
    get url() {
      return url;
    },
    dataFolder, account, start,
    async stop() {
      if (child) await endChild(child);
      child = undefined;
    },
    async kill() {
      const killed = child;
      child = undefined;
      if (!killed) return;
      const ended = once(killed, 'exit');
      killed.kill('SIGKILL');
      await ended;
    },
    async tell(...args) {
      const { stdout } = await promisify(execFile)(process.execPath, [path.join(root, 'hq/server/cli.ts'), ...args], { cwd: root, env: { ...process.env, DATA_FOLDER: dataFolder } });
      return stdout;
    },
    kiosk: () => ask<KioskInFull>(`/api/fleet/${kioskId}`),
    async orders() {
      const { orders } = await ask<OrderPage>('/api/orders?limit=100');
      return Promise.all(orders.map((row) => ask<OrderInFull>(`/api/orders/${row.kioskId}/${row.orderId}`)));
    },
  };
}
