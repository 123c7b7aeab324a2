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
