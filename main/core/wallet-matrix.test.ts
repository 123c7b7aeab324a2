import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Books } from './testing/wallet-matrix/books.ts';
import type { MatrixCase } from './testing/wallet-matrix/case.ts';
import { caseOfName, nameOfCase } from './testing/wallet-matrix/case.ts';
import { judge } from './testing/wallet-matrix/judge.ts';
import { planWalletMatrix, randomFrom, shuffled } from './testing/wallet-matrix/plan.ts';
import type { WalletPool } from './testing/wallet-matrix/pool.ts';
import { createWalletPool } from './testing/wallet-matrix/pool.ts';
import type { Told } from './testing/wallet-matrix/story.ts';

/** Another seed draws other cases; `npm run matrix -- --wallets` runs all of them. */
const seed = Number(process.env['MATRIX_SEED'] ?? 24);
const drawn = 100;
const planned = planWalletMatrix();

test('the matrix has more than a thousand cases, each with a name of its own that runs it again', () => {
  expect(planned.length).toBeGreaterThan(1_000);
  const names = planned.map(nameOfCase);
  expect(new Set(names).size).toBe(names.length);
  for (const { group: _group, ...one } of planned) expect(caseOfName(nameOfCase(one))).toEqual(one);
  expect(new Set(planned.map(({ group }) => group)).size).toBe(6);
});

describe('drawn cases', () => {
  let pool: WalletPool;
  beforeAll(async () => {
    pool = await createWalletPool({ workers: 2 });
  }, 120_000);
  afterAll(() => pool.close());

  // A case is a kiosk and HQ with all their parts, through a day: about half a second of a processor each, and twice as many of the database's.
  test(`${drawn} of them: gateway, carrier, HQ and kiosk agree to the cent, nobody is left alone, and the next customer can pay`, async () => {
    const cases = shuffled(planned, randomFrom(seed)).slice(0, drawn).map(nameOfCase);
    const results = await pool.run(cases);
    const failed = results.filter(({ faults }) => faults.length > 0);
    for (const { name, trace } of failed) console.error(`${name}\n${trace.slice(-80).join('\n')}`);
    expect(failed.map(({ name, faults }) => `npm run matrix -- --wallets --case=${name}: ${faults.join('; ')}`)).toEqual([]);
    expect(results).toHaveLength(drawn);
  }, 600_000);

  test('a moment that is never reached is a fault, and no agreement', async () => {
    const [result] = await pool.run(['wechat-shown/cola/cancels/well/kiosk.startReversal.before.1/none']);
    expect(result?.faults).toContain('the moment was not reached');
  }, 120_000);
});

describe('the judge', () => {
  const one: MatrixCase = { wallet: 'wechat', mode: 'shown', cart: 'cola', act: 'pays', faults: [], kill: undefined, after: 'none' };
  const view = { id: 'order-1', payment: { kind: 'paid', tender: 'wechat' } } as Told['lastView'];
  const told: Told = { orderId: undefined, lastView: view, codes: [], nextOrderId: 'order-2' as Told['nextOrderId'], nextView: view, wasReached: false };
  const wallet = { attemptId: 'a1', state: 'paid', amount: 350, isLate: false, isTakenBack: false, isOpen: false, back: 0, asked: 0, refused: 0 } as const;
  const sale: Books = {
    gateway: [{ attemptId: 'a1', wallet: 'wechat', paid: 350, back: 0, state: 'paid' }], totals: [{ wallet: 'wechat', net: 350 }], carrier: [],
    kiosk: { orders: [{ id: 'order-1', state: 'fulfilled', total: 350 }], attempts: [{ id: 'a1', orderId: 'order-1', state: 'approved', amount: 350 }], refunds: [], list: [], waiting: 0, text: '' },
    hq: { payments: [{ attemptId: 'a1', state: 'approved', amount: 350 }], orders: [{ id: 'order-1', state: 'fulfilled' }], refunds: [], wallets: [wallet], services: [], alarms: 0, findings: [], text: '' },
    problems: [],
  };
  const work = { jobId: 'j1', orderId: 'order-1', state: 'done', isAlarmed: false } as const;

  test('finds nothing in a sale that went well', () => {
    expect(judge(one, told, sale)).toEqual([]);
  });

  test.each<[string, Partial<Books>, RegExp]>([
    ['a payment that the kiosk never wrote down', { gateway: [...sale.gateway, { attemptId: 'a9', wallet: 'wechat', paid: 350, back: 0, state: 'paid' }] }, /never wrote down/],
    ['money that is kept for an attempt that was declined', { kiosk: { ...sale.kiosk, attempts: [{ ...sale.kiosk.attempts[0]!, state: 'declined' }] } }, /is declined, and the gateway keeps 350/],
    ['an approved attempt without money', { gateway: [{ ...sale.gateway[0]!, back: 350 }] }, /is approved for 350, 0 back in parts, and the gateway keeps 0/],
    ['more back than was paid', { gateway: [{ ...sale.gateway[0]!, back: 351 }] }, /351 went back/],
    ['two payments of one order that are kept', { gateway: [...sale.gateway, { attemptId: 'a2', wallet: 'wechat', paid: 350, back: 0, state: 'paid' }], kiosk: { ...sale.kiosk, attempts: [...sale.kiosk.attempts, { id: 'a2', orderId: 'order-1', state: 'not_paid', amount: 350 }] } }, /2 payments of one order are kept/],
    ['an attempt without an end', { kiosk: { ...sale.kiosk, attempts: [{ ...sale.kiosk.attempts[0]!, state: 'unknown' }] } }, /has no end: unknown/],
    ['an unclear attempt on no list', { kiosk: { ...sale.kiosk, attempts: [{ ...sale.kiosk.attempts[0]!, state: 'unclear' }] } }, /on no list/],
    ['HQ that believes something else', { hq: { ...sale.hq, wallets: [{ ...wallet, state: 'closed' }] } }, /HQ believes that 0/],
    ['HQ that still asks', { hq: { ...sale.hq, wallets: [{ ...wallet, state: 'closing', isOpen: true }] } }, /HQ has no end/],
    ['events that did not come', { kiosk: { ...sale.kiosk, waiting: 2 } }, /2 events have not come/],
    ['an order that HQ knows otherwise', { hq: { ...sale.hq, orders: [{ id: 'order-1', state: 'paid' }] } }, /is fulfilled at the kiosk and paid at HQ/],
    ['a refund that HQ knows otherwise', { kiosk: { ...sale.kiosk, refunds: [{ id: 'r1', attemptId: 'a1', state: 'done', amount: 100, way: 'tender' }] } }, /refund r1 is done 100 at the kiosk/],
    ['what reconcile finds', { hq: { ...sale.hq, findings: ['paid_twice'] } }, /reconcile finds paid_twice/],
    ['a service that is credited and not paid', { carrier: [{ jobId: 'j1', isCredited: true, isFinal: true }], hq: { ...sale.hq, services: [work] } }, /is credited, and 350 is kept/],
    ['a service that is not credited and paid', { carrier: [{ jobId: 'j1', isCredited: false, isFinal: true }], kiosk: { ...sale.kiosk, orders: [{ ...sale.kiosk.orders[0]!, total: 3000 }] }, hq: { ...sale.hq, services: [{ ...work, state: 'refused' }] } }, /is not credited, and 350 of 3000/],
    ['an order that is sold without a payment', { kiosk: { ...sale.kiosk, attempts: [] } }, /fulfilled with no attempt/],
  ])('finds %s', (_what, change, fault) => {
    expect(judge(one, told, { ...sale, ...change }).join('; ')).toMatch(fault);
  });

  test('finds a screen that hangs, one that lied, a next customer who cannot pay, and a code that was kept', () => {
    const hanging = { ...view, payment: { kind: 'wallet', step: 'show' } } as Told['lastView'];
    expect(judge(one, { ...told, lastView: hanging }, sale).join()).toMatch(/the screen still says/);
    expect(judge(one, { ...told, lastView: { ...view, payment: { kind: 'due', last: 'not_paid' } } as Told['lastView'] }, sale).join()).toMatch(/to be paid, and money is kept/);
    expect(judge(one, { ...told, nextOrderId: undefined }, sale).join()).toMatch(/next customer cannot pay/);
    expect(judge(one, { ...told, codes: ['134567890123456789'] }, { ...sale, hq: { ...sale.hq, text: 'x134567890123456789x' } }).join()).toMatch(/code was kept/);
  });
});
