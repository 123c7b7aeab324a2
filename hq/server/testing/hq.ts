import type { FastifyInstance } from 'fastify';
import type { HqEvent } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { createHq } from '../app.ts';
import { ensureKiosk } from '../kiosks.ts';
import type { LiveHub } from '../live/hub.ts';
import { createLiveHub } from '../live/hub.ts';
import type { TestDatabase } from './database.ts';

export const testKiosk = kioskIdSchema.parse('kiosk-001');
export const testToken = 'a-token-for-tests-0123456789';
/** HQ's clock in tests. */
export const testNow = Date.UTC(2026, 10, 22, 5, 0, 0);

export interface TestHq {
  readonly app: FastifyInstance;
  readonly hub: LiveHub;
  readonly send: (events: readonly HqEvent[], more?: { readonly epoch?: number; readonly kioskId?: KioskId; readonly token?: string }) => Promise<{ readonly status: number; readonly body: unknown }>;
  readonly close: () => Promise<void>;
}

/** HQ on a test's database, knowing one kiosk. */
export async function startTestHq({ sql, url }: TestDatabase, options: { readonly heartbeatMs?: number; readonly webFolder?: string; readonly console?: 'loopback' | 'withheld' } = {}): Promise<TestHq> {
  await ensureKiosk(sql, testKiosk, 'Lobby', testToken, testNow);
  const hub = createLiveHub({ url, sql, onProblem: () => {}, retryMs: 20 });
  const app = await createHq({
    sql, hub, now: () => testNow, logger: false, console: options.console ?? 'loopback', webFolder: options.webFolder ?? '/nowhere',
    ...(options.heartbeatMs ? { heartbeatMs: options.heartbeatMs } : {}),
  });
  return {
    app,
    hub,
    send: async (events, { epoch = 1, kioskId = testKiosk, token = testToken } = {}) => {
      const answer = await app.inject({
        method: 'POST', url: '/api/kiosk/events', headers: { authorization: `Bearer ${token}` }, payload: { kioskId, lane: 'orders', epoch, events },
      });
      return { status: answer.statusCode, body: answer.json() };
    },
    close: async () => {
      await app.close();
      await hub.close();
    },
  };
}
