import { expect, it } from 'vitest';
import type { EventId, OrderId } from '../../domain/ids.ts';
import { chainText, genesisHash } from '../../domain/sync/chain.ts';
import type { JournalRecord } from './emitter.ts';
import { hashOf } from './emitter.ts';
import { createStoreReader } from './reader.ts';
import { replayRecords } from './replay.ts';
import { emptyStore } from './testing/replay-rig.ts';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const orderId = id(1) as OrderId;
const order = {
  id: orderId, cartId: id(2), number: 'A007', placedAt: 5, language: 'zh', catalogueRevision: 1, receiptToken: 'abcdefghijklmnopqrstuv',
  lines: [{ offerId: 'top-up', name: { zh: '充值', en: 'Top-up' }, fulfilment: { kind: 'telecom', service: 'top_up' }, choices: [], quantity: 1, unitPrice: 3000, total: 3000, form: { phone: 'sealed:AAAA' } }],
  total: { amount: 3000, currency: 'CNY' }, taxes: [{ ratePerMille: 60, gross: 3000, tax: 170 }],
};
const shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '021', timeZone: 'Asia/Shanghai' };

/** As version 2 of these events was written, in one chain. */
function records(): JournalRecord[] {
  const told = [
    ['order.placed', { order, shop, receiptUrl: 'https://hq.example/r/x' }],
    ['service.requested', { jobId: id(3), orderId, offerId: 'top-up', service: 'top_up', quantity: 1, amount: 3000, phone: 'sealed:AAAA' }],
  ] as const;
  let head = genesisHash;
  return told.map(([kind, payload], index) => {
    const unsigned = { sequence: index + 1, id: id(10 + index) as EventId, kind, version: 2, at: 6, boot: id(9), monotonicMs: 0, payload: JSON.stringify(payload) };
    head = hashOf(chainText(head, 'orders', 1, unsigned));
    return { kind: 'event', lane: 'orders', epoch: 1, event: { ...unsigned, hash: head } };
  });
}

it.each(['journal', 'hq'] as const)('what an earlier Counter24 wrote comes back from the %s: the order with its taxes by line, its service, and its events byte for byte', (source) => {
  const { database, dispose } = emptyStore();
  try {
    const result = replayRecords(database, records(), { now: () => 7, newId: () => id(99), source });
    expect(result.conflicts).toEqual([]);
    const reader = createStoreReader(database);
    expect(reader.order(orderId)?.order).toMatchObject({ number: 'A007', lines: [{ tax: { basisPoints: 600, included: true, amount: 170 }, fields: [{ id: 'phone' }] }], taxes: [{ basisPoints: 600, gross: 3000, tax: 170 }] });
    expect(reader.services(orderId)).toMatchObject([{ jobId: id(3), nth: 0, state: 'asked' }]);
    expect(database.prepare('SELECT payload FROM outbox ORDER BY position').pluck().all().slice(0, 2)).toEqual(records().map((record) => (record.kind === 'event' ? record.event.payload : '')));
  } finally {
    dispose();
  }
});

it.each(['journal', 'hq'] as const)('stock that was told before there were lots comes back from the %s: as one lot an offer, with moves that told more since', (source) => {
  const { database, dispose } = emptyStore();
  try {
    let head = genesisHash;
    const told: readonly (readonly [version: number, payload: object])[] = [
      [1, { offerId: 'cola', change: 5, left: 5, reason: 'initial' }],
      [1, { offerId: 'cola', change: -2, left: 3, reason: 'reserved', orderId }],
      [2, { offerId: 'cola', change: 4, left: 7, reason: 'refilled', lotId: 'lot-b', lotLeft: 4, slot: 'A1', bestBefore: '2026-12-01', moveId: id(20), visitId: id(21), staff: '1001' }],
      [2, { offerId: 'cola', change: -1, left: 6, reason: 'wasted', lotId: 'cola', lotLeft: 2, slot: 'A2', moveId: id(22), visitId: id(21), staff: '1001', why: 'damaged', note: 'wet' }],
    ];
    const moves = told.map(([version, payload], index): JournalRecord => {
      const unsigned = { sequence: index + 1, id: id(30 + index) as EventId, kind: 'stock.moved', version, at: 6 + index, boot: id(9), monotonicMs: 0, payload: JSON.stringify(payload) };
      head = hashOf(chainText(head, 'stock', 1, unsigned));
      return { kind: 'event', lane: 'stock', epoch: 1, event: { ...unsigned, hash: head } };
    });
    const result = replayRecords(database, [...records(), ...moves], { now: () => 7, newId: () => id(99), source });
    expect(result.conflicts).toEqual([]);
    expect(createStoreReader(database).available().get('cola')).toBe(6);
    expect(database.prepare('SELECT * FROM stock_lots ORDER BY lot_id').all()).toEqual([
      { lot_id: 'cola', offer_id: 'cola', slot: 'A2', best_before: null, available: 2 }, { lot_id: 'lot-b', offer_id: 'cola', slot: 'A1', best_before: '2026-12-01', available: 4 },
    ]);
    expect(database.prepare('SELECT lot_id, change, lot_after, order_id, why, note FROM stock_moves ORDER BY id').all()).toMatchObject([
      { lot_id: 'cola', change: 5, lot_after: 5 }, { change: -2, lot_after: 3, order_id: orderId }, { lot_id: 'lot-b', lot_after: 4 }, { lot_id: 'cola', lot_after: 2, why: 'damaged', note: 'wet' },
    ]);
    expect(database.prepare('SELECT * FROM restock_visits').all()).toEqual([{ visit_id: id(21), staff: '1001', started_at: 8, ended_at: null }]);
    expect(database.prepare("SELECT count(*) FROM outbox WHERE lane = 'stock'").pluck().get(), 'nothing is told that HQ would not know').toBe(4);
  } finally {
    dispose();
  }
});
