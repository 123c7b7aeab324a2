import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { endChild, startScript } from '../../build/start/child.ts';
import type { OrderInFull, OrderPage } from '../../hq/contract/console.ts';

/** HQ in its own process on its own PostgreSQL, which can be off and come back at the same address. */
export interface StageHq {
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  orders(): Promise<readonly OrderInFull[]>;
}

export interface StageHqOptions {
  readonly folder: string;
  readonly kioskId: string;
  readonly code: string;
}

export async function startHq({ folder, kioskId, code }: StageHqOptions): Promise<StageHq> {
  let url = '';
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = await startScript<{ kind: 'ready'; url: string }>({
      script: 'hq/server/main.ts',
      quiet: true,
      env: { PORT: url ? new URL(url).port : '0', HOST: '127.0.0.1', DATA_FOLDER: path.join(folder, 'hq'), HQ_DEV_KIOSK: `${kioskId}:${code}` },
    });
    child = started.child;
    url = started.ready.url;
  }

  async function ask<T>(route: string): Promise<T> {
    const response = await fetch(new URL(route, url));
    if (!response.ok) throw new Error(`HQ answered ${response.status} to ${route}`);
    return (await response.json()) as T;
  }

  await start();
  return {
    get url() {
      return url;
    },
    start,
    async stop() {
      if (child) await endChild(child);
      child = undefined;
    },
    async orders() {
      const { orders } = await ask<OrderPage>('/api/orders?limit=100');
      return Promise.all(orders.map((row) => ask<OrderInFull>(`/api/orders/${row.kioskId}/${row.orderId}`)));
    },
  };
}
