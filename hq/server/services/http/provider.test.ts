import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CarrierRule } from '../../sim/carrier/script.ts';
import { carrierFaults } from '../../sim/carrier/script.ts';
import type { CarrierServer } from '../../sim/carrier/server.ts';
import { startCarrierServer } from '../../sim/carrier/server.ts';
import { temporaryFolder } from '../../testing/database.ts';
import { createLoopbackCarrier } from '../loopback-carrier.ts';
import type { ServiceOrder } from '../provider.ts';
import { createHttpProvider } from './provider.ts';

let folder: string;
let count = 0;
let clock: number;
let server: CarrierServer;
let provider: ReturnType<typeof createHttpProvider>;
const key = { id: 'hq-1', secret: Buffer.alloc(32, 9) };
const job = (n: number) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const order = (n = 1, phone = '13912345678'): ServiceOrder => ({ key: job(n), service: 'top_up', offerId: 'top-up-50', quantity: 1, amount: { amount: 4990, currency: 'CNY' }, form: { phone } });
const soon = (ms = 2000) => AbortSignal.timeout(ms);
beforeAll(async () => { folder = await temporaryFolder(); });
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  clock = 1_795_420_800_000;
  const now = () => clock;
  server = await startCarrierServer({ books: createLoopbackCarrier({ folder: join(folder, String(++count)), now }), keys: [key], now });
  provider = createHttpProvider({ baseUrl: new URL(server.url), keys: [key], name: 'carrier', now, retryAfterMs: 5 });
});
afterEach(async () => {
  provider.close();
  await server.close();
});
const misbehave = (...rules: CarrierRule[]) => server.script.add(rules);

describe('a carrier behind signed HTTP', () => {
  test('takes an order, works on it, credits it, and says its reference', async () => {
    expect(await provider.submit(order(), soon())).toEqual({ kind: 'accepted' });
    expect(await provider.query(job(1), soon())).toEqual({ kind: 'pending' });
    clock += 2000;
    expect(await provider.query(job(1), soon())).toEqual({ kind: 'done', reference: expect.stringMatching(/^LB/) });
    expect(await provider.submit(order(), soon())).toMatchObject({ kind: 'done' });
    expect(await provider.reverse(job(1), soon())).toMatchObject({ kind: 'done' });
    expect(server.calls.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  test('refuses, never had, takes back and cannot take back', async () => {
    expect(await provider.submit(order(1, '13900000007'), soon())).toEqual({ kind: 'refused', detail: 'there is no such number' });
    expect(await provider.query(job(2), soon())).toEqual({ kind: 'not_found' });
    await provider.submit(order(3, '13900000010'), soon());
    expect(await provider.reverse(job(3), soon())).toEqual({ kind: 'reversed' });
    expect(await provider.query(job(3), soon())).toMatchObject({ kind: 'refused' });
    await provider.submit(order(4, '13900000011'), soon());
    expect(await provider.reverse(job(4), soon())).toEqual({ kind: 'cannot', detail: expect.any(String) });
  });

  test('says whose a number is', async () => {
    const ask = (number: string) => provider.lookUp({ number, service: 'plan_change', offerId: 'plan-light' }, soon());
    expect(await ask('13912345678')).toEqual({ kind: 'found', owner: '*伟', plan: expect.objectContaining({ planId: 'plan-classic-99' }), balance: { amount: 2350, currency: 'CNY' }, effectiveOn: '2026-12-01' });
    expect([await ask('13900000007'), await ask('13900000008')]).toEqual([{ kind: 'unknown_number' }, { kind: 'not_for_it' }]);
  });

  test('that names an owner in full is masked all the same', async () => {
    const now = () => clock;
    const frank = await startCarrierServer({ books: { ...createLoopbackCarrier({ folder, now }), lookUp: async () => ({ kind: 'found', owner: '王小明' }) }, keys: [key], now });
    const line = createHttpProvider({ baseUrl: new URL(frank.url), keys: [key], name: 'carrier', now });
    expect(await line.lookUp({ number: '13912345678', service: 'top_up', offerId: 'x' }, soon())).toEqual({ kind: 'found', owner: '王**' });
    line.close();
    await frank.close();
  });

  test('is asked a second time, under the same key, where the line breaks or a proxy is unwell for a moment, and not a third', async () => {
    misbehave({ faults: ['closed'] });
    expect(await provider.submit(order(), soon())).toEqual({ kind: 'accepted' });
    misbehave({ faults: ['status'], status: 503, times: 1 });
    expect(await provider.query(job(1), soon())).toEqual({ kind: 'pending' });
    misbehave({ faults: ['closed'], times: 9 });
    expect(await provider.query(job(1), soon())).toMatchObject({ kind: 'unknown', isAway: true });
    expect(server.script.left()).toMatchObject([{ times: 7 }]);
    expect(new Set(server.calls.map(({ key: of }) => of))).toEqual(new Set([job(1)]));
  });

  test('that asks for fewer questions is left alone at once', async () => {
    misbehave({ faults: ['status'], status: 429, retryAfterSeconds: 30, times: 9 });
    expect(await provider.query(job(1), soon())).toEqual({ kind: 'unknown', detail: 'carrier answers 429', isAway: true });
    expect(server.script.left()).toMatchObject([{ times: 8 }]);
  });

  test('that does not answer is left when its time is over', async () => {
    misbehave({ faults: ['deaf'] });
    expect(await provider.submit(order(), soon(60))).toEqual({ kind: 'unknown', detail: 'carrier did not answer in time', isAway: true });
  });

  test('that is not there at all cannot be reached', async () => {
    await server.close();
    expect(await provider.query(job(1), soon())).toEqual({ kind: 'unknown', detail: 'carrier cannot be reached (ECONNREFUSED)', isAway: true });
  });

  test('refuses what is not signed by its key, late, or a second time', async () => {
    const now = () => clock;
    const other = createHttpProvider({ baseUrl: new URL(server.url), keys: [{ id: 'hq-1', secret: Buffer.alloc(32, 8) }], name: 'carrier', now });
    expect(await other.submit(order(), soon())).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('answers 401'), isAway: false });
    const late = createHttpProvider({ baseUrl: new URL(server.url), keys: [key], name: 'carrier', now: () => clock - 301_000 });
    expect(await late.submit(order(), soon())).toMatchObject({ kind: 'unknown' });
    expect(server.calls.map(({ verdict }) => verdict)).toEqual(['signature', 'clock']);
    expect(await provider.query(job(1), soon())).toEqual({ kind: 'not_found' });
    other.close();
    late.close();
  });

  test('that follows a new key while HQ still has the old one is believed', async () => {
    const now = () => clock;
    const both = createHttpProvider({ baseUrl: new URL(server.url), keys: [key, { id: 'hq-0', secret: Buffer.alloc(32, 4) }], name: 'carrier', now });
    expect(await both.query(job(1), soon())).toEqual({ kind: 'not_found' });
    both.close();
  });

  // Alone and in pairs: whatever comes back is the truth or `unknown`, and what was taken is in the books once.
  const silent = new Set(['silent', 'deaf']);
  const forging = ['unsigned', 'tampered', 'wrong_key', 'stale', 'replayed', 'garbage', 'huge'] as const;
  const pairs = carrierFaults.flatMap((one, index) => [[one] as const, ...carrierFaults.slice(index + 1).map((other) => [one, other] as const)]);
  test.each(pairs.map((faults) => [faults.join(' and '), faults] as const))('that is %s is believed in nothing that is not true', async (_name, faults) => {
    misbehave({ on: 'submit', faults: [...faults], ms: 20, status: 500 });
    const answer = await provider.submit(order(), soon(faults.some((fault) => silent.has(fault)) ? 60 : 2000));
    const isForged = faults.some((fault) => (forging as readonly string[]).includes(fault));
    const isAnswered = !faults.some((fault) => silent.has(fault) || fault === 'status') && !isForged;
    if (isAnswered) expect(answer).toEqual({ kind: 'accepted' });
    else expect(answer.kind === 'unknown' || answer.kind === 'accepted').toBe(true);
    // "status" goes before what would make the answer wrong; a broken line was asked a second time.
    if (isForged && !faults.some((fault) => ['closed', 'lost', 'huge', 'status'].includes(fault) || silent.has(fault))) expect(answer).toMatchObject({ kind: 'unknown', isAway: false });
    clock += 5000;
    server.script.clear();
    const end = await provider.query(job(1), soon());
    expect(end.kind === 'done' || end.kind === 'not_found').toBe(true);
    if (answer.kind === 'accepted') expect(end.kind).toBe('done');
  });
});
