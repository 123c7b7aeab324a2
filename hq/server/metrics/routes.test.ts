import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase } from '../database.ts';
import { sendError } from '../errors.ts';
import { createMetrics, databaseSources } from './metrics.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { healthRoutes } from '../routes/health.ts';
import { measure, metricsRoute } from './routes.ts';

let postgres: TestPostgres;
let database: TestDatabase;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
}, 60_000);
afterAll(() => postgres?.stop());

function createApp(access: 'loopback' | 'open' = 'loopback', sql = database.sql) {
  const app = Fastify();
  const metrics = createMetrics({ ...databaseSources(sql), openBells: () => 3, isListening: () => true });
  measure(app, metrics);
  metricsRoute(app, { metrics, access });
  app.post('/api/kiosk/events', async (request, reply) => ((request.body as { events: unknown[] }).events.length > 2 ? sendError(reply, 'HQ_SEQUENCE_GAP', 'gap') : { ok: true }));
  app.get('/orders/:id', async () => ({ code: 'NOT_A_REFUSAL' }));
  return { app, metrics };
}
const numbers = async (app: ReturnType<typeof createApp>['app']) => (await app.inject({ url: '/metrics', headers: { host: 'localhost' } })).body;

describe('metrics', () => {
  test('count batches, events, refusals by code and durations by route, never by address', async () => {
    const { app, metrics } = createApp();
    for (const events of [[1], [1, 2], [1, 2, 3]]) await app.inject({ method: 'POST', url: '/api/kiosk/events', payload: { events } });
    metrics.signIn('wrong');
    metrics.consoleCall({ area: 'people', outcome: 'refused' });
    for (const id of ['a', 'b', 'c']) await app.inject({ url: `/orders/${id}` });
    await app.inject({ url: '/no/such/place' });
    const text = await numbers(app);
    expect(text).toContain('counter24_ingest_batches_total 2\n');
    expect(text).toContain('counter24_ingest_events_total 3\n');
    expect(text).toContain('counter24_refusals_total{code="HQ_SEQUENCE_GAP"} 1\n');
    expect(text).not.toContain('NOT_A_REFUSAL');
    expect(text).toContain('counter24_sign_ins_total{outcome="wrong"} 1\n');
    expect(text).toContain('counter24_console_calls_total{area="people",outcome="refused"} 1\n');
    expect(text).toContain('counter24_http_seconds_count{route="/orders/:id",method="GET",status="200"} 3\n');
    expect(text).toContain('counter24_http_seconds_count{route="(none)",method="GET",status="404"} 1\n');
    expect(text).not.toContain('/orders/a');
  });

  test('tell what the database holds for all processes', async () => {
    const { app } = createApp();
    await database.sql`insert into webhook_deliveries (kiosk_id, webhook_id, event_id, kind, at, data, state, attempts, next_at, created_at)
      values ('kiosk-001', '01936a00-0000-7000-8000-000000000001', '01936a00-0000-7000-8000-000000000002', 'alarm', 1, '{}', 'due', 0, 1, 1)`;
    const text = await numbers(app);
    expect(text).toContain('counter24_webhooks_due 1\n');
    expect(text).toContain('counter24_sessions_open 0\n');
    expect(text).toContain('counter24_people_sessions 0\n');
    expect(text).toContain('counter24_audit_entries 0\n');
    expect(text).toContain('counter24_audit_whole 1\n');
    await database.sql`update hq_audit_head set trouble = 'entry 3 is missing'`;
    expect(await numbers(app)).toContain('counter24_audit_whole 0\n');
    await database.sql`update hq_audit_head set trouble = ''`;
    expect(text).toContain('counter24_bells_open 3\n');
    expect(text).toMatch(/counter24_database_connections [1-9]/);
  });

  test('leave out what cannot be told while the database is away, and tell the rest', async () => {
    const away = connectDatabase('postgres://hq@127.0.0.1:1/hq', { maxConnections: 1 });
    const { app } = createApp('loopback', away);
    const text = await numbers(app);
    expect(text).toContain('counter24_bells_open 3\n');
    expect(text).not.toMatch(/^counter24_webhooks_due /m);
    await away.end();
  });

  test('of two apps in one process are two', async () => {
    const [one, two] = [createApp(), createApp()];
    await one.app.inject({ url: '/orders/a' });
    expect(await numbers(two.app)).not.toContain('route="/orders/:id"');
  });

  test('are for this machine alone, unless they were opened', async () => {
    const { app } = createApp();
    const ask = async (of: typeof app, more: { remoteAddress?: string; headers?: Record<string, string> }) => (await of.inject({ url: '/metrics', ...more, headers: { host: 'localhost', ...more.headers } })).statusCode;
    expect(await ask(app, {})).toBe(200);
    expect(await ask(app, { remoteAddress: '::ffff:127.0.0.1' })).toBe(200);
    expect(await ask(app, { remoteAddress: '10.0.0.7' })).toBe(404);
    expect(await ask(app, { headers: { host: 'hq.example' } })).toBe(404);
    expect(await ask(app, { headers: { 'x-forwarded-for': '127.0.0.1' } })).toBe(404);
    expect(await ask(createApp('open').app, { remoteAddress: '10.0.0.7' })).toBe(200);
  });
});

describe('readiness', () => {
  test('is refused with the reason while HQ stops or the database does not answer soon; health is not', async () => {
    let why: string | undefined;
    const app = Fastify();
    healthRoutes(app, { sql: database.sql, unready: () => why });
    expect((await app.inject({ url: '/ready' })).json()).toEqual({ status: 'ready' });
    why = 'HQ is stopping';
    const refused = await app.inject({ url: '/ready' });
    expect([refused.statusCode, refused.json(), refused.headers['retry-after']]).toEqual([503, { status: 'not ready', why }, '5']);
    expect((await app.inject({ url: '/health' })).statusCode).toBe(200);
  });

  test('does not wait for a database that hangs', async () => {
    const hanging = connectDatabase(database.url, { maxConnections: 1 });
    // The only connection of this pool is busy.
    const busy = hanging`select pg_sleep(30)`.catch(() => {});
    const app = Fastify();
    healthRoutes(app, { sql: hanging, timeoutMs: 100 });
    const answer = await app.inject({ url: '/ready' });
    expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'not ready', why: 'the database does not answer' }]);
    await database.sql`select pg_cancel_backend(pid) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()`;
    await busy;
    await hanging.end();
  });
});
