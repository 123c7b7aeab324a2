import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namedAuditEntrySchema } from '../../../domain/contract/staff.ts';
import type { StaffMember } from '../../../domain/contract/staff.ts';
import type { CartId, JobId, OrderId } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import type { Shop } from '../../../domain/receipt/shop.ts';
import { createStoreReader } from '../../store/reader.ts';
import { createStockReader, createStockWriter } from '../../store/stock.ts';
import { createStoreWriter } from '../../store/writer.ts';
import { rigCatalogue } from '../testing/catalogue-rig.ts';
import { createAuditNames } from './audit-names.ts';
import { createMoves } from './moves.ts';
import { openMemoryStore } from './staff.fixture.ts';
import { createStaffStock } from './stock.ts';
import { detailOf, subjectOf } from './wording.ts';

const shop: Shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '021', timeZone: 'Asia/Shanghai' };
const member: StaffMember = { number: '100', name: 'Li Wei', role: 'restocker', acts: [], idleMs: 60_000 };
const nameOf = (id: string) => rigCatalogue.offers.find((offer) => offer.id === id)!.name;
const moveId = (number: number) => `01900000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const now = () => Date.UTC(2026, 10, 23, 4);

let store: ReturnType<typeof openMemoryStore>;
let stock: ReturnType<typeof createStaffStock>['handlers'];
let catalogue: typeof rigCatalogue;
let slots: readonly { readonly slot: string; readonly offerId: string; readonly par: number; readonly capacity: number }[] | undefined;
let names: ReturnType<typeof createAuditNames>;
let orderId: OrderId;
beforeEach(() => {
  store = openMemoryStore(now);
  [catalogue, slots] = [rigCatalogue, [{ slot: 'A1', offerId: 'cola', par: 20, capacity: 60 }, { slot: 'A2', offerId: 'umbrella', par: 2, capacity: 4 }]];
  const { database, emitter, newId } = store;
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now, newId, emitter });
  writer.saveCatalogue(rigCatalogue);
  orderId = newId() as OrderId;
  writer.placeOrder({
    id: orderId, cartId: newId() as CartId, number: 'A007', placedAt: now(), language: 'zh', catalogueRevision: 1, total: money(100, 'CNY'), taxes: [], receiptToken: 'abcdefghijklmnopqrstuv',
    lines: [{ offerId: 'cola', name: nameOf('cola'), fulfilment: { kind: 'goods', initialStock: 1 }, choices: [], quantity: 1, unitPrice: 100, total: 100, tax: { basisPoints: 0, included: true, amount: 0 }, form: {}, fields: [] }],
  }, shop, 'https://hq.example/r/x');
  const planogram = () => slots && { slots };
  stock = createStaffStock({
    reader: createStockReader(database), moves: createMoves(database), writer: createStockWriter({ database, emitter, now, newId }), catalogue: () => catalogue, planogram, shop, now, today: () => '2026-11-23',
    onStockChange: () => {}, print: () => 'job' as JobId, printed: async () => 'done',
  }).handlers;
  names = createAuditNames({ database, members: () => [{ number: '100', name: 'Li Wei' }], catalogue: () => catalogue, planogram });
});
afterEach(() => void store.database.close());

/** Enters it as the gate does, and names it as `audit.see` shows it. */
function named(act: string, params: Readonly<Record<string, unknown>>, staff: string | undefined = '100') {
  store.audit.write({ staff, act, outcome: 'done', subject: subjectOf(params), detail: detailOf(params) });
  return namesNow();
}
function namesNow() {
  const [entry] = store.audit.entries(undefined, 1);
  const [known] = names([entry!]);
  // What goes over the border is as the contract says.
  expect(namedAuditEntrySchema.parse({ ...entry, names: known })).toEqual({ ...entry, names: known });
  return known;
}
function fill(params: { readonly moveId: string; readonly slot: string; readonly quantity: number; readonly bestBefore?: string }) {
  expect(stock['stock.fill'](params, member)).toMatchObject({ ok: true, value: { kind: 'done' } });
  return named('stock.fill', params);
}

describe('what stands behind the ids of an entry', () => {
  it('who it was, as HQ calls them; of who has left, and where nobody was in, the number or nothing', () => {
    expect(named('kiosk.pause', {})).toEqual({ staff: 'Li Wei' });
    expect(named('kiosk.pause', {}, '999')).toEqual({});
    store.audit.write({ act: 'staff.login', outcome: 'refused', detail: 'wrong, an unknown number' });
    expect(namesNow()).toEqual({});
  });

  it('an order by its number, also of what a person had to decide about it', () => {
    store.database.prepare("INSERT INTO attention (id, kind, order_id, document, raised_at, decision) VALUES (?, 'print_uncertain', ?, '{}', 1, 'leave')").run(moveId(50), orderId);
    expect(named('orders.refund', { orderId, reason: 'twice' })).toEqual({ staff: 'Li Wei', order: 'A007' });
    expect(named('attention.decide', { id: moveId(50), decision: 'leave' })).toEqual({ staff: 'Li Wei', attention: 'print_uncertain', order: 'A007' });
    expect(named('orders.reprint', { orderId: moveId(9) })).toEqual({ staff: 'Li Wei' });
    expect(named('attention.decide', { id: moveId(9), decision: 'leave' })).toEqual({ staff: 'Li Wei' });
  });

  it('a move by what was moved, whatever lies in the slot today', () => {
    expect(fill({ moveId: moveId(1), slot: 'A1', quantity: 2 })).toMatchObject({ slot: 'A1', offer: nameOf('cola') });
    slots = [{ slot: 'A1', offerId: 'umbrella', par: 1, capacity: 4 }];
    expect(namesNow()).toMatchObject({ slot: 'A1', offer: nameOf('cola') });
  });

  it('one that was not done tells nothing that is not known: neither an offer nor a lot', () => {
    expect(named('stock.fill', { moveId: moveId(2), slot: 'A1', quantity: 500 })).toEqual({ staff: 'Li Wei' });
    expect(named('stock.count', { moveId: moveId(2), slot: 'A1', lotId: 'nowhere', counted: 1 })).toEqual({ staff: 'Li Wei' });
  });

  it('a lot by its day, and what lies in it', () => {
    fill({ moveId: moveId(3), slot: 'A1', quantity: 2, bestBefore: '2026-12-24' });
    const lotId = store.database.prepare<[], string>("SELECT lot_id FROM stock_lots WHERE best_before = '2026-12-24'").pluck().get()!;
    expect(named('stock.waste', { moveId: moveId(4), slot: 'A1', lotId, quantity: 900, reason: 'damaged' })).toMatchObject({ offer: nameOf('cola'), lot: { bestBefore: '2026-12-24' } });
    expect(named('stock.count', { moveId: moveId(5), slot: 'A2', lotId: 'umbrella', counted: 9 })).toMatchObject({ offer: nameOf('umbrella'), lot: {} });
  });

  it('goods without a slot of their own by their name alone, and what was left in another slot by both', () => {
    slots = undefined;
    expect(fill({ moveId: moveId(6), slot: 'cola', quantity: 2 })).toEqual({ staff: 'Li Wei', offer: nameOf('cola') });
    expect(named('stock.count', { moveId: moveId(7), slot: 'umbrella', counted: 8 })).toEqual({ staff: 'Li Wei', offer: nameOf('umbrella') });
    slots = [{ slot: 'A1', offerId: 'cola', par: 20, capacity: 60 }];
    fill({ moveId: moveId(8), slot: 'A1', quantity: 1, bestBefore: '2026-12-24' });
    slots = [{ slot: 'A1', offerId: 'umbrella', par: 20, capacity: 60 }];
    const params = { moveId: moveId(10), slot: 'A1 cola', counted: 0, reason: 'other' } as const;
    expect(stock['stock.count'](params, member)).toMatchObject({ ok: true, value: { kind: 'done' } });
    expect(named('stock.count', params)).toEqual({ staff: 'Li Wei', slot: 'A1', offer: nameOf('cola') });
  });

  it('what the catalogue has no more stays as it was written', () => {
    fill({ moveId: moveId(11), slot: 'A1', quantity: 2 });
    catalogue = { ...rigCatalogue, offers: [] };
    expect(namesNow()).toEqual({ staff: 'Li Wei' });
  });

  it('a medium by the name on the list of places', () => {
    expect(named('logs.export', { targetId: '/media/kiosk/STICK 1', filter: {} })).toMatchObject({ medium: 'STICK 1' });
  });

  it('no name is kept: the chain is over what was called, and holds', async () => {
    fill({ moveId: moveId(12), slot: 'A1', quantity: 2 });
    named('orders.refund', { orderId, reason: 'twice' });
    expect(await store.audit.check()).toMatchObject({ whole: true });
    expect(JSON.stringify(store.told('staff.acted'))).not.toMatch(/A007|Li Wei/);
  });
});
