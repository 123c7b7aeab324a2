import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KioskId } from '../../../domain/ids.ts';
import { listServices } from '../../contract/api/services.ts';
import type { Sql } from '../database.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { ServiceProvider } from './provider.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let sql: Sql;
let hq: TestHq;
beforeAll(async () => { postgres = await startTestPostgres(); }, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  database = await postgres.createDatabase();
  ({ sql } = database);
  hq = await startTestHq(database);
  return async () => {
    await hq.close();
    await sql.end({ timeout: 1 });
  };
});

const job = (n: number) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
async function work(n: number, state: string, kioskId: KioskId = testKiosk): Promise<void> {
  await sql`insert into service_work (kiosk_id, job_id, order_id, asked_at, requested_at, state, next_at, detail, held_at) values (${kioskId}, ${job(n)}, ${job(900_000 + n)}, ${testNow + n}, ${testNow + n}, ${state}, ${testNow}, ${`why ${n}`}, ${state === 'held' ? testNow : null})`;
}
const list = async (query = '') => {
  const answer = await hq.inject({ method: 'GET', url: `/api/services${query}` });
  expect(answer.statusCode).toBe(200);
  return listServices.answer.parse(answer.json());
};
const act = (n: number, what: string, payload: object = {}) => hq.inject({ method: 'POST', url: `/api/services/${testKiosk}/${job(n)}/${what}`, payload, headers: { 'content-type': 'application/json', origin: 'http://localhost', 'sec-fetch-site': 'same-origin' } });

describe('the list of services without an end', () => {
  test('shows what was given up, with why and until when its customer was promised an end, and all that are open on demand', async () => {
    await work(1, 'pending');
    await work(2, 'held');
    expect(await list()).toMatchObject({ open: 2, givenUp: 1, next: null, services: [{ jobId: job(2), kioskName: 'Lobby', state: 'held', detail: 'why 2', untilAt: testNow + 2 + 86_400_000, heldAt: testNow, amount: null, service: null }] });
    expect((await list('?of=open')).services.map(({ jobId }) => jobId)).toEqual([job(1), job(2)]);
    expect((await list('?of=open&kiosk=kiosk-009')).services).toEqual([]);
  });

  test('goes on behind the last of a page, each once', async () => {
    for (let n = 0; n < 120; n++) await work(n, 'held');
    const seen: string[] = [];
    let after = '';
    for (let page = 0; page < 3; page++) {
      const { services, next } = await list(after);
      seen.push(...services.map(({ jobId }) => jobId));
      after = next === null ? '' : `?after=${encodeURIComponent(next)}`;
    }
    expect([seen.length, new Set(seen).size, after]).toEqual([120, 120, '']);
  });
});

describe('a person', () => {
  test('sends what was given up on its way again, and not what HQ still asks for; both are audited', async () => {
    await work(1, 'held');
    await work(2, 'pending');
    expect((await act(1, 'resubmit')).statusCode).toBe(200);
    expect(await sql`select state, resubmitted_by, held_at from service_work where job_id = ${job(1)}`).toEqual([{ state: 'queued', resubmitted_by: 'dev', held_at: null }]);
    expect((await act(1, 'resubmit')).json()).toMatchObject({ code: 'HQ_CHANGED_MEANWHILE' });
    expect((await act(2, 'resubmit')).statusCode).toBe(409);
    const audited = await sql<{ entry: string }[]>`select to_jsonb(a)::text as entry from hq_audit a`;
    expect(audited.filter(({ entry }) => entry.includes('Send a service that was given up on its way again') || entry.includes('/resubmit')).length).toBeGreaterThanOrEqual(3);
  });

  test('settles one, once, and the kiosk is told', async () => {
    await work(1, 'held');
    expect((await act(1, 'settle', { outcome: 'done', reference: 'CM42' })).statusCode).toBe(200);
    expect(await sql`select kind, params from commands`).toEqual([{ kind: 'service_result', params: { jobId: job(1), outcome: 'done', reference: 'CM42' } }]);
    expect((await act(1, 'settle', { outcome: 'refused', isConfirmed: false })).statusCode).toBe(409);
    expect((await act(2, 'settle', { outcome: 'refused', isConfirmed: false })).statusCode).toBe(409);
    expect((await act(1, 'settle', { outcome: 'refused', isConfirmed: true, reference: 'X' })).statusCode).toBe(400);
    expect((await act(1, 'settle', { outcome: 'done', isConfirmed: true })).statusCode).toBe(400);
    expect((await list('?of=open')).services).toEqual([]);
  });

  test('who wants one refused is told what the carrier said to that, and goes on only after a look there; the audit has both', async () => {
    const unlike = () => { throw new Error('not asked here'); };
    const provider: ServiceProvider = { name: 'carrier', submit: unlike, lookUp: unlike, query: async (key) => (key === job(2) ? { kind: 'done', reference: 'C-2' } : { kind: 'pending' }), reverse: async () => ({ kind: 'cannot', detail: 'with the network' }) };
    await hq.close();
    hq = await startTestHq(database, { provider });
    await work(1, 'held');
    await work(2, 'pending');
    const settle = async (n: number, isConfirmed = false) => (await act(n, 'settle', { outcome: 'refused', isConfirmed })).json<unknown>();
    expect(await settle(1)).toEqual({ outcome: 'open', said: 'cannot', detail: 'carrier was asked to take it back, and cannot: with the network' });
    expect((await list()).services).toMatchObject([{ jobId: job(1), state: 'held', reversal: 'cannot' }]);
    expect(await settle(2, true)).toEqual({ outcome: 'done', reference: 'C-2' });
    expect(await settle(1, true)).toEqual({ outcome: 'refused' });
    expect(await sql`select params ->> 'outcome' as outcome from commands order by sequence`).toEqual([{ outcome: 'done' }, { outcome: 'refused' }]);
    const details = (await sql<{ detail: string }[]>`select detail from hq_audit order by number`).map(({ detail }) => detail).filter((detail) => /^(open|done|refused): /.test(detail));
    expect(details).toEqual([
      'open: carrier was asked to take it back, and cannot: with the network', expect.stringMatching(/^done: /), 'refused: settled by dev, who has seen at the carrier that it is not credited: carrier was asked to take it back, and cannot: with the network',
    ]);
  });
});
