import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../testing/database.ts';
import { createLoopbackCarrier } from './loopback-carrier.ts';
import { numberInBook } from './number-book.ts';
import type { ServiceOrder } from './provider.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let clock = 1_800_000_000_000;
const order = (key: string, phone = '13912345678'): ServiceOrder => ({ key, service: 'top_up', offerId: 'top-up-50', quantity: 1, amount: { amount: 4990, currency: 'CNY' }, form: { phone } });
const soon = () => AbortSignal.timeout(20);
const carrier = (name: string) => createLoopbackCarrier({ folder: join(folder, name), now: () => clock });

test('credits a number after a short time, once for each key, however many carriers share the books', async () => {
  const [one, two] = [carrier('shared'), carrier('shared')];
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).submit(order('k-1'), soon())));
  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
  expect(await readdir(join(folder, 'shared'))).toEqual(['k-1.json']);
  expect(await two.query('k-1', soon())).toEqual({ kind: 'pending' });
  expect(await two.query('k-2', soon())).toEqual({ kind: 'not_found' });
  clock += 2000;
  const done = await one.query('k-1', soon());
  expect(done).toEqual({ kind: 'done', reference: expect.stringMatching(/^LB[0-9A-F]{12}$/) });
  // Submitted late, by one that did not hear: the same answer, and nothing more.
  expect(await two.submit(order('k-1'), soon())).toEqual(done);
  expect(await readFile(join(folder, 'shared', 'k-1.json'), 'utf8')).not.toContain('13912345678');
});

test.each([
  ['13900000001', 'accepted', 5000, { kind: 'refused', detail: 'the number is not in service' }],
  ['13900000002', 'unknown', 21_000, { kind: 'done', reference: expect.any(String) }],
  ['13900000003', 'accepted', 5000, { kind: 'pending' }],
  ['13900000003', 'accepted', 60_000, { kind: 'done', reference: expect.any(String) }],
  ['13900000004', 'unknown', 86_400_000, { kind: 'unknown', detail: expect.any(String) }],
  ['13900000006', 'accepted', 16_000, { kind: 'refused', detail: expect.any(String) }],
] as const)('misbehaves by number: %s is %s, and after %i ms it says so', async (phone, said, afterMs, then) => {
  const one = carrier(`rule-${phone}-${afterMs}`);
  expect(await one.submit(order('k', phone), soon())).toMatchObject({ kind: said });
  clock += afterMs;
  expect(await one.query('k', soon())).toEqual(then);
});

test('breaks off before it has heard of a number that ends in 05', async () => {
  const one = carrier('broken');
  await expect(one.submit(order('k', '13900000005'), soon())).rejects.toThrow('cut off');
  expect(await one.query('k', soon())).toEqual({ kind: 'not_found' });
});

test('has every number in its book, the same each time, and no whole name', () => {
  const found = Array.from({ length: 50 }, (_, index) => numberInBook(`139000000${String(index).padStart(2, '0')}`));
  expect(numberInBook('13900000000')).toEqual(found[0]);
  for (const { owner, balance } of found) {
    expect(owner).toMatch(/^\*.$/u);
    expect(balance).toBeGreaterThanOrEqual(0);
  }
  expect(new Set(found.map(({ plan }) => plan.planId)).size).toBe(3);
});

test.each([
  ['13900000099', { kind: 'found', owner: expect.stringMatching(/^\*.$/u), plan: { planId: expect.any(String), name: expect.any(Object), price: expect.any(Object) }, balance: expect.any(Object), effectiveOn: expect.stringMatching(/^\d{4}-\d{2}-01$/) }],
  ['13900000007', { kind: 'unknown_number' }], ['13900000008', { kind: 'not_for_it' }], ['13900000009', { kind: 'unknown', detail: expect.any(String) }], ['12', { kind: 'unknown_number' }],
] as const)('says of %s before a sale what its book has', async (number, said) => {
  expect(await carrier('lookups').lookUp({ number, service: 'plan_change', offerId: 'plan-light' }, soon())).toEqual(said);
});

test('takes back what has no outcome yet, for good, and what it never had, should it come later', async () => {
  const one = carrier('back');
  await one.submit(order('k-1', '13900000010'), soon());
  expect([await one.reverse('k-1', soon()), await carrier('back').reverse('k-1', soon())]).toEqual([{ kind: 'reversed' }, { kind: 'reversed' }]);
  clock += 86_400_000;
  expect(await one.query('k-1', soon())).toEqual({ kind: 'refused', detail: 'it was taken back' });
  expect(await one.reverse('k-2', soon())).toEqual({ kind: 'reversed' });
  expect(await one.submit(order('k-2'), soon())).toEqual({ kind: 'refused', detail: 'it was taken back' });
});

test('keeps what is credited, and says so, and what the network has already', async () => {
  const one = carrier('kept');
  await one.submit(order('k-1'), soon());
  await one.submit(order('k-2', '13900000011'), soon());
  clock += 2000;
  expect(await one.reverse('k-1', soon())).toEqual({ kind: 'done', reference: expect.any(String) });
  expect(await one.reverse('k-2', soon())).toEqual({ kind: 'cannot', detail: expect.any(String) });
  expect(await one.query('k-2', soon())).toEqual({ kind: 'pending' });
});
