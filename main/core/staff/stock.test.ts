import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../domain/catalogue/catalogue.ts';
import type { MoveResult, Shelves, StaffMember } from '../../../domain/contract/staff.ts';
import { staffRequests } from '../../../domain/contract/staff.ts';
import type { CartId, JobId, OrderId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import type { Shop } from '../../../domain/receipt/shop.ts';
import { dayAt } from '../../../domain/sync/day-closing.ts';
import type { PlanogramSlot } from '../../../domain/stock/stock.ts';
import type { Emitter } from '../../store/emitter.ts';
import { createEmitter } from '../../store/emitter.ts';
import { migrations } from '../../store/migrations/all.ts';
import type { StoreReader } from '../../store/reader.ts';
import { createStoreReader } from '../../store/reader.ts';
import { createStockReader, createStockWriter } from '../../store/stock.ts';
import type { StoreWriter } from '../../store/writer.ts';
import { createStoreWriter } from '../../store/writer.ts';
import { rigCatalogue } from '../testing/catalogue-rig.ts';
import type { StaffStock } from './stock.ts';
import { createMoves } from './moves.ts';
import { createStaffStock } from './stock.ts';

const shop: Shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '021', timeZone: 'Asia/Shanghai' };
const member: StaffMember = { number: '1001', name: 'Wang', role: 'restocker', acts: [], idleMs: 60_000 };
const planogramOf = (...slots: readonly [slot: string, offerId: string, par: number, capacity: number, code?: string][]): readonly PlanogramSlot[] =>
  slots.map(([slot, offerId, par, capacity, code]) => ({ slot, offerId, par, capacity, shelf: 'Left', ...(code === undefined ? {} : { code }) }));

let database: Database.Database;
let reader: StoreReader;
let writer: StoreWriter;
let staff: StaffStock;
let transaction: Emitter['transaction'];
let planogram: readonly PlanogramSlot[] | undefined;
let catalogue: Catalogue;
let time: number;
let ids: number;
let changes: number;
let printed: Receipt[];
const newId = () => uuidV7From(1_700_000_000_000 + ++ids, new Uint8Array(10));

beforeEach(() => {
  database = new Database(':memory:');
  database.pragma('foreign_keys = ON');
  for (const { sql, finish } of migrations) {
    database.exec(sql);
    finish?.(database);
  }
  // Monday, 23 November 2026, noon in Shanghai.
  [time, ids, changes, printed, planogram, catalogue] = [Date.UTC(2026, 10, 23, 4), 0, 0, [], undefined, rigCatalogue];
  const now = () => time;
  const emitter = createEmitter({ database, now, newId });
  ({ transaction } = emitter);
  reader = createStoreReader(database);
  writer = createStoreWriter({ database, reader, now, newId, emitter });
  writer.saveCatalogue(rigCatalogue);
  staff = createStaffStock({
    reader: createStockReader(database), moves: createMoves(database), writer: createStockWriter({ database, emitter, now, newId }), catalogue: () => catalogue, planogram: () => planogram && { slots: planogram }, shop, now,
    today: () => dayAt(time, shop.timeZone), onStockChange: () => void (changes += 1), print: (document) => `job-${printed.push(document)}` as JobId, printed: async () => 'done',
  });
});
afterEach(() => void database.close());

type Params<M extends keyof StaffStock['handlers']> = Parameters<StaffStock['handlers'][M]>[0];
function ask<M extends 'stock.fill' | 'stock.count' | 'stock.waste'>(method: M, params: Omit<Params<M>, 'moveId'> & { readonly moveId?: string }): MoveResult {
  const handler = staff.handlers[method] as (params: unknown, member: StaffMember) => { readonly ok: true; readonly value: MoveResult };
  const { value } = handler({ moveId: randomUUID(), ...params }, member);
  // What goes over the border is as the contract says.
  expect(staffRequests[method].result.parse(value)).toEqual(value);
  return value;
}
function shelves(): Shelves {
  const answer = staff.handlers['stock.shelves']({}, member) as { readonly value: Shelves };
  return staffRequests['stock.shelves'].result.parse(answer.value);
}
const slotOf = (slot: string) => shelves().slots.find((view) => view.slot === slot);
const events = (kind: string) => database.prepare<[string], string>('SELECT payload FROM outbox WHERE kind = ? ORDER BY position').pluck().all(kind).map((text) => JSON.parse(text) as Record<string, unknown>);

function order(offerId: string, quantity: number): OrderId {
  const id = newId() as OrderId;
  writer.placeOrder({
    id, cartId: newId() as CartId, number: 'A001', placedAt: time, language: 'zh', catalogueRevision: 1, total: money(100, 'CNY'), taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
    lines: [{ offerId, name: { zh: '水', en: 'Water' }, fulfilment: { kind: 'goods', initialStock: 1 }, choices: [], quantity, unitPrice: 100, total: 100, tax: { basisPoints: 0, included: true, amount: 0 }, form: {}, fields: [] }],
  }, shop, 'https://hq.example/r/x');
  return id;
}

describe('on the first day, without a planogram', () => {
  it('each counted offer is a slot of its own, and nothing has to be brought', () => {
    expect(shelves()).toMatchObject({ slots: [{ slot: 'cola', count: 40, par: 40, expired: 0, lots: [{ lotId: 'cola', count: 40 }] }, { slot: 'umbrella' }, { slot: 'city-map' }], bring: [], today: '2026-11-23' });
    expect(shelves().visit).toBeUndefined();
  });

  it('what is sold is to be brought, and filled up in one go; customers have it at once', () => {
    order('cola', 5);
    expect(shelves().bring).toMatchObject([{ offerId: 'cola', has: 35, par: 40, bring: 5, remove: 0 }]);
    transaction(() => {
      expect(ask('stock.fill', { slot: 'cola', quantity: 5 })).toMatchObject({ kind: 'done', slot: { count: 40, held: 5 }, visit: { slotsDone: ['cola'], piecesIn: 5 } });
      expect(changes, 'only when all that is around it is committed').toBe(0);
    })();
    expect([changes, reader.available().get('cola'), shelves().bring]).toEqual([1, 40, []]);
  });
});

describe('by a planogram', () => {
  beforeEach(() => {
    planogram = planogramOf(['A1', 'cola', 20, 30, 'SHELF-1'], ['A2', 'cola', 20, 30], ['A3', 'umbrella', 2, 4]);
  });

  it('what was there before it is in its offer\'s first slot, and what has no slot stands beside', () => {
    expect(shelves().slots.map(({ slot, offerId, count, par, capacity, shelf }) => [slot, offerId, count, par, capacity, shelf])).toEqual([
      ['A1', 'cola', 40, 20, 30, 'Left'], ['A2', 'cola', 0, 20, 30, 'Left'], ['A3', 'umbrella', 1, 2, 4, 'Left'], ['city-map', 'city-map', 100, 0, 0, undefined],
    ]);
    expect(shelves().bring.map(({ offerId, bring }) => [offerId, bring])).toEqual([['cola', 20], ['umbrella', 1]]);
  });

  it('the list has what each slot lacks, though another slot of the offer has too much; so does its paper', () => {
    ask('stock.count', { slot: 'A1', counted: 26, reason: 'miscounted' });
    ask('stock.fill', { slot: 'A2', quantity: 4 });
    ask('stock.fill', { slot: 'A3', quantity: 1 });
    expect(shelves().bring).toMatchObject([{ offerId: 'cola', has: 30, par: 40, bring: 16 }]);
    expect(staff.handlers['stock.finish']({ print: true, language: 'en' }, member)).toMatchObject({ ok: true });
    expect(printed).toMatchObject([{ lines: expect.arrayContaining([expect.objectContaining({ rows: [[expect.any(String), '30', '40', '16']] })]) }]);
  });

  it('no more is put in than fits; unknown slots are said', () => {
    expect(ask('stock.fill', { slot: 'A3', quantity: 4 })).toEqual({ kind: 'too_many', fits: 3 });
    expect(ask('stock.fill', { slot: 'A9', quantity: 1 })).toEqual({ kind: 'unknown_slot' });
    expect([events('stock.moved').filter(({ reason }) => reason !== 'initial'), shelves().visit]).toEqual([[], undefined]);
  });

  it('a change of it loses nothing: what lies in the slot of another offer is shown until it is counted out', () => {
    ask('stock.fill', { slot: 'A2', quantity: 3 });
    planogram = planogramOf(['A2', 'umbrella', 2, 4], ['B1', 'cola', 20, 30]);
    expect(slotOf('A2 cola')).toMatchObject({ count: 3, par: 0, capacity: 0, offerId: 'cola' });
    expect(ask('stock.fill', { slot: 'A2 cola', quantity: 1 })).toEqual({ kind: 'too_many', fits: 0 });
    const moveId = randomUUID();
    const gone = ask('stock.count', { moveId, slot: 'A2 cola', counted: 0, reason: 'other' });
    expect(gone).toMatchObject({ kind: 'done', slot: { slot: 'A2 cola', offerId: 'cola', count: 0, lots: [] } });
    expect(slotOf('A2 cola')).toBeUndefined();
    expect(ask('stock.count', { moveId, slot: 'A2 cola', counted: 0, reason: 'other' }), 'the same again, when its place is gone').toEqual(gone);
  });

  it('lots by their day, soonest first; what is past it is not to be sold, and is to be taken out', () => {
    ask('stock.fill', { slot: 'A2', quantity: 2, bestBefore: '2026-11-24' });
    ask('stock.fill', { slot: 'A2', quantity: 3, bestBefore: '2026-11-23' });
    expect(slotOf('A2')?.lots.map(({ bestBefore, count, expired }) => [bestBefore, count, expired])).toEqual([['2026-11-23', 3, false], ['2026-11-24', 2, false]]);
    // Eleven at night there, then past midnight.
    time = Date.UTC(2026, 10, 23, 15);
    expect(slotOf('A2')?.expired).toBe(0);
    time += 3_600_000;
    expect(slotOf('A2')).toMatchObject({ count: 5, expired: 3 });
    expect(shelves().bring.find(({ offerId }) => offerId === 'cola')).toMatchObject({ has: 42, remove: 3 });
    expect(ask('stock.waste', { slot: 'A2', quantity: 3, reason: 'expired', note: 'soft' })).toMatchObject({ kind: 'done', slot: { count: 2, expired: 0 }, visit: { piecesIn: 5, piecesOut: 3 } });
    expect(events('stock.moved').at(-1)).toMatchObject({ change: -3, reason: 'wasted', why: 'expired', note: 'soft', slot: 'A2', bestBefore: '2026-11-23', staff: '1001' });
  });

  it('a code names the shelf, and a barcode the slots of its product', () => {
    catalogue = { ...rigCatalogue, offers: rigCatalogue.offers.map((offer) => (offer.id === 'cola' ? { ...offer, barcode: '4006381333931' } : offer)) };
    expect([staff.slotsOfCode('SHELF-1'), staff.slotsOfCode('4006381333931'), staff.slotsOfCode('4006381333932'), staff.slotsOfCode('SHELF-2')]).toEqual([['A1'], ['A1', 'A2'], [], []]);
    expect(slotOf('A1')?.codes).toEqual(['SHELF-1', '4006381333931']);
  });
});

describe('a count', () => {
  it('that differs asks for a reason, and writes nothing until there is one', () => {
    const moveId = randomUUID();
    expect(ask('stock.count', { moveId, slot: 'cola', counted: 38 })).toEqual({ kind: 'reason_needed', books: 40, difference: -2 });
    expect(reader.available().get('cola')).toBe(40);
    expect(ask('stock.count', { moveId, slot: 'cola', counted: 38, reason: 'missing' })).toMatchObject({ kind: 'done', slot: { count: 38 }, visit: { differences: 1 } });
    expect(ask('stock.count', { moveId, slot: 'cola', counted: 38, reason: 'missing' }), 'said again').toMatchObject({ kind: 'done', slot: { count: 38 }, visit: { differences: 1 } });
    expect(reader.available().get('cola')).toBe(38);
  });

  it('that agrees is written down, and is no difference', () => {
    expect(ask('stock.count', { slot: 'cola', counted: 40 })).toMatchObject({ kind: 'done', visit: { slotsDone: ['cola'], differences: 0 } });
    expect(events('stock.moved').at(-1)).toMatchObject({ change: 0, reason: 'counted', left: 40 });
  });

  it('finds what an unpaid order has taken lying there still, and leaves it to that order', () => {
    const id = order('cola', 10);
    expect(ask('stock.count', { slot: 'cola', counted: 40 })).toMatchObject({ kind: 'done', slot: { count: 30, held: 10 } });
    expect(ask('stock.count', { slot: 'cola', counted: 4, reason: 'stolen' })).toMatchObject({ kind: 'done', slot: { count: 0, held: 10 } });
    writer.endOrder(id, 'expire');
    // Those that the order gave back are not there: the next count finds it.
    expect(ask('stock.count', { slot: 'cola', counted: 4 })).toEqual({ kind: 'reason_needed', books: 10, difference: -6 });
  });
});

describe('throwing away', () => {
  it('more than there is says how many there are', () => {
    order('cola', 10);
    expect(ask('stock.waste', { slot: 'cola', quantity: 31, reason: 'damaged' })).toEqual({ kind: 'too_few', has: 30 });
  });
});

describe('a visit', () => {
  const finish = (print: boolean) => staff.handlers['stock.finish']({ print, language: 'en' }, member);

  it('is gone on with after a crash: by its own member, from what stands in the books', () => {
    ask('stock.fill', { slot: 'cola', quantity: 2 });
    const again = createStockReader(database).openVisit('1001');
    expect(shelves().visit).toEqual({ visitId: again?.visitId, startedAt: time, slotsDone: ['cola'], piecesIn: 2, piecesOut: 0, differences: 0 });
  });

  it('ends with its event, prints what is still to bring where it is asked to, and ends once', () => {
    expect(finish(true)).toEqual({ ok: true, value: {} });
    ask('stock.count', { slot: 'umbrella', counted: 0, reason: 'stolen' });
    expect(finish(true)).toMatchObject({ ok: true, value: { visit: { differences: 1 } } });
    expect([events('restock.visited'), printed.length]).toMatchObject([[{ staff: '1001', slots: 1, differences: 1 }], 1]);
    expect(finish(false)).toEqual({ ok: true, value: {} });
    expect(JSON.stringify(printed[0]?.lines)).toContain('umbrella');
  });

  it('the list of what to bring is printed, and says what became of it', async () => {
    expect(await staff.handlers['stock.bring_print']({ language: 'zh' }, member)).toEqual({ ok: true, value: { state: 'done' } });
    expect(printed).toMatchObject([{ language: 'zh' }]);
  });

  it('an id that comes again with another act is refused: the page would take that one for done', () => {
    const moveId = randomUUID();
    const call = (method: 'stock.fill' | 'stock.waste', params: Record<string, unknown>, by = member) => (staff.handlers[method] as (given: unknown, member: StaffMember) => unknown)({ moveId, ...params }, by);
    expect(call('stock.fill', { slot: 'cola', quantity: 2 })).toMatchObject({ ok: true, value: { kind: 'done' } });
    for (const other of [
      () => call('stock.fill', { slot: 'cola', quantity: 3 }), () => call('stock.fill', { slot: 'umbrella', quantity: 2 }), () => call('stock.waste', { slot: 'cola', quantity: 2, reason: 'broken' }),
      () => call('stock.fill', { slot: 'cola', quantity: 2 }, { ...member, number: '9999' }),
    ]) expect(other()).toMatchObject({ ok: false, error: { code: 'CONTRACT_MALFORMED' } });
    expect(call('stock.fill', { slot: 'cola', quantity: 2 })).toMatchObject({ ok: true });
    expect(slotOf('cola')?.count).toBe(42);
  });

  it('a call that comes again after its visit was ended writes nothing, and begins no other', () => {
    const moveId = randomUUID();
    ask('stock.fill', { moveId, slot: 'cola', quantity: 2 });
    finish(false);
    expect(ask('stock.fill', { moveId, slot: 'cola', quantity: 2 })).toMatchObject({ kind: 'done', slot: { count: 42 }, visit: { piecesIn: 0 } });
    expect(shelves().visit).toBeUndefined();
  });
});
