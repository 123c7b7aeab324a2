import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleMatrixChild, matrixFolder } from '../../build/matrix.ts';
import { runCase, caseOfName, nameOfCase } from './testing/matrix/case.ts';
import type { Evidence } from './testing/matrix/evidence.ts';
import { gatherEvidence } from './testing/matrix/evidence.ts';
import { judge } from './testing/matrix/judge.ts';
import { nameOfPoint, pointOfName } from './testing/matrix/kill-point.ts';
import { planMatrix, randomFrom, shuffled } from './testing/matrix/plan.ts';
import type { PlannedCase } from './testing/matrix/plan.ts';
import type { Pool } from './testing/matrix/pool.ts';
import { createPool } from './testing/matrix/pool.ts';
import { runCases } from './testing/matrix/run.ts';
import { scenarios } from './testing/matrix/scenarios.ts';
import { openStage, untilInService } from './testing/matrix/stage.ts';
import { saleAmount } from './testing/matrix/truths.ts';

/** Another seed draws other cases; `npm run matrix` runs all of them. */
const seed = Number(process.env['MATRIX_SEED'] ?? 24);
const drawn = 100;

let folder = '';
let pool: Pool;
let planned: readonly PlannedCase[] = [];

beforeAll(async () => {
  folder = matrixFolder();
  pool = createPool({ childFile: await bundleMatrixChild(folder), spares: 2 });
  planned = await planMatrix(pool);
}, 120_000);

afterAll(async () => {
  await pool.close();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

test('the matrix has more than two thousand cases, each with a name of its own that runs it again', () => {
  expect(planned.length).toBeGreaterThan(2_000);
  const names = planned.map(nameOfCase);
  expect(new Set(names).size).toBe(names.length);
  for (const one of planned) expect(caseOfName(nameOfCase(one))).toEqual({ scenario: one.scenario, point: one.point, truth: one.truth, ...(one.again ? { again: one.again } : {}) });
  for (const { point } of planned) expect(pointOfName(nameOfPoint(point))).toEqual(point);
});

test(`killed at ${drawn} drawn moments: terminal, store, customer, paper and outbox agree, and the next purchase works`, async () => {
  const judged = await runCases(shuffled(planned, randomFrom(seed)).slice(0, drawn), { pool, atOnce: 8 });
  const failed = judged.filter(({ result }) => result.faults.length > 0);
  for (const { result } of failed) console.error(`${result.name}\n${result.trace}`);
  expect(failed.map(({ result }) => `npm run matrix -- --case=${result.name}: ${result.faults.join('; ')}`)).toEqual([]);
}, 300_000);

test('a moment that is never reached is a fault, and no agreement', async () => {
  const result = await runCase(pool, caseOfName('declined/recordAuthorised-1-before/reverses')!);
  expect(result.faults).toContain('the moment recordAuthorised-1-before was not reached');
});

describe('the judge', () => {
  let sale: Evidence;

  beforeAll(async () => {
    const stage = await openStage(pool, {});
    await stage.otherSale(saleAmount);
    const life = await stage.begin();
    await untilInService(life);
    const placed = await life.request('place', stage.placing('cola'));
    if (!placed?.ok || placed.value.kind !== 'placed') throw new Error('not placed');
    await scenarios.sale.act(stage, life, placed.value.order.id);
    sale = gatherEvidence(stage);
    await stage.close();
  });

  const faultsOf = (evidence: Evidence) => judge(evidence, {}).faults.join('; ');
  const order = () => sale.orders[0]!;

  test('finds nothing in a sale that went well', () => {
    expect(judge(sale, {})).toEqual({ faults: [], isHeld: false, passedForOurs: false });
  });

  test.each<[string, () => Partial<Evidence>, RegExp]>([
    ['a payment that the terminal does not have', () => ({ book: sale.book.slice(0, 1) }), /has booked no such payment/],
    ['a payment that belongs to no order', () => ({ foreign: [] }), /belongs to no order/],
    ['a payment of another amount', () => ({ book: sale.book.map((entry) => ({ ...entry, amount: entry.amount + 1 })) }), /no such payment/],
    ['an order that is paid without an attempt', () => ({ orders: [{ ...order(), attempts: [] }] }), /with 0 approved attempts/],
    ['an order that is not paid though its customer was told so', () => ({ orders: [{ ...order(), state: 'awaiting_payment', attempts: [] }] }), /was told "paid", and it is awaiting_payment/],
    ['"to be paid" while the money is taken', () => ({ told: [{ ...sale.told[0]!, approved: sale.book }, ...sale.told.slice(1)] }), /that it is to be paid/],
    ['"to be paid" after "paid"', () => ({ told: [...sale.told, sale.told[0]!] }), /"due" after "paid"/],
    ['a customer who is left with a payment under way', () => ({ told: sale.told.filter(({ view }) => view.payment.kind === 'running') }), /left with a payment under way/],
    ['a receipt that came out twice', () => ({ orders: [{ ...order(), slips: 2 }] }), /came out 2 times/],
    ['a receipt that is printed and did not come out', () => ({ orders: [{ ...order(), slips: 0 }] }), /no slip bears it/],
    ['a gap in the outbox', () => ({ events: sale.events.filter(({ sequence }) => sequence !== 2) }), /a gap/],
    ['events that say something else', () => ({ events: sale.events.filter(({ sequence }) => sequence < sale.events.length - 1), position: { ...sale.position, last: sale.events.length - 2 } }), /its events say/],
    ['stock that is neither sold nor on the shelf', () => ({ colaLeft: sale.colaLeft - 1 }), /pieces are sold/],
  ])('finds %s', (_what, change, fault) => {
    expect(faultsOf({ ...sale, ...change() })).toMatch(fault);
  });
});
