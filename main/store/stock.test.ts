import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { Order } from '../../domain/order/order.ts';
import { compareLots, isFresh } from '../../domain/stock/stock.ts';
import { createStockReader } from './stock.ts';
import type { StaffMove } from './stock.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig } from './testing/replay-rig.ts';

/** The rig's clock stands on this day at its shop, and goes on by a second a step. */
const today = '2023-11-15';
const slots = ['A2', 'A1', 'B1'];

function withRig(check: (rig: ReplayRig) => void): void {
  const rig = createReplayRig();
  try {
    check(rig);
  } finally {
    rig.dispose();
  }
}

/** HQ's planogram in force: A2 stands before A1. */
function putPlanogram({ database }: ReplayRig): void {
  const text = JSON.stringify({ slots: slots.map((slot) => ({ slot, offerId: slot === 'B1' ? 'charger' : 'cola', par: 6, capacity: 50 })) });
  database.prepare("INSERT INTO documents (kind, place, revision, scope, sha256, signature, text, taken_at) VALUES ('planogram', 'applied', 1, 'all', 'a', '', ?, 1)").run(text);
}

const moved = ({ database }: ReplayRig) =>
  database.prepare<[], { payload: string }>("SELECT payload FROM outbox WHERE kind = 'stock.moved' ORDER BY sequence").all().map(({ payload }) => JSON.parse(payload) as HqEventPayload<'stock.moved'>);
const lotsIn = ({ database }: ReplayRig) => database.prepare<[], { lot_id: string; offer_id: string; slot: string | null; best_before: string | null; available: number }>('SELECT * FROM stock_lots ORDER BY lot_id').all();
const movesOf = ({ database }: ReplayRig, { id }: Pick<Order, 'id'>) => database.prepare<[string], { lot_id: string; change: number }>('SELECT lot_id, change FROM stock_moves WHERE order_id = ? ORDER BY id').all(id);
const fill = (rig: ReplayRig, change: number, bestBefore?: string, slot?: string, offerId = 'cola', moveId = rig.newId()): StaffMove => {
  const move: StaffMove = { moveId, staff: '1001', reason: 'refilled', changes: [{ lot: { offerId, slot, bestBefore }, change }] };
  rig.stock.move(move);
  return move;
};

describe('the ledger', () => {
  it('an order of one lot is one move, with the lot in its event', () => withRig((rig) => {
    const { id } = rig.place({ cola: 2 }, 300);
    expect(moved(rig).filter(({ orderId }) => orderId === id)).toEqual([{ offerId: 'cola', change: -2, left: 4, reason: 'reserved', orderId: id, lotId: 'cola', lotLeft: 4 }]);
  }));

  it('a note with half of a character or a NUL in it is told so that HQ can keep it, with its move', () => withRig((rig) => {
    fill(rig, 3, undefined, 'A1');
    const lot = { offerId: 'cola', id: 'cola' };
    rig.stock.move({ moveId: rig.newId(), staff: '1001', reason: 'wasted', why: 'other', note: 'dropped \ud83d\0', changes: [{ lot, change: -1 }] });
    expect(moved(rig).at(-1)?.note).toBe('dropped \ufffd ');
    expect(rig.database.prepare("SELECT note FROM stock_moves WHERE reason = 'wasted'").pluck().get()).toBe('dropped \ufffd ');
  }));

  it('what must be sold soonest goes first, of equals that which lies first in the planogram, and what keeps goes last', () => withRig((rig) => {
    putPlanogram(rig);
    fill(rig, 1, '2024-02-01', 'A1');
    fill(rig, 2, '2024-01-01', 'A1');
    fill(rig, 2, '2024-01-01', 'A2');
    fill(rig, 5, '2023-11-14', 'A1');
    const order = rig.place({ cola: 6 }, 300);
    const lots = lotsIn(rig);
    expect(movesOf(rig, order).map(({ lot_id: id, change }) => {
      const found = lots.find((candidate) => candidate.lot_id === id)!;
      return [found.slot, found.best_before, change];
    })).toEqual([['A2', '2024-01-01', -2], ['A1', '2024-01-01', -2], ['A1', '2024-02-01', -1], [null, null, -1]]);
  }));

  it('what is past its day is not sold, and not shown as there; on its last day it is', () => withRig((rig) => {
    fill(rig, 3, '2023-11-14', undefined, 'water');
    expect([rig.reader.available().get('water'), rig.reader.available(['water'], today).get('water'), rig.reader.available(undefined, '2023-11-14').get('water')]).toEqual([3, 0, 3]);
    expect(() => rig.place({ water: 1 }, 300)).toThrow(/does not have 1 pieces/);
    fill(rig, 1, today, undefined, 'water');
    rig.place({ water: 1 }, 300);
    expect(() => rig.place({ water: 1 }, 300)).toThrow(/does not have/);
    expect(rig.reader.available(['water', 'none'], today)).toEqual(new Map([['water', 0]]));
  }));

  it('what an order gives back goes into the lots that it came from, also where it is past its day by then or was emptied since', () => withRig((rig) => {
    fill(rig, 2, today, 'A1');
    const before = lotsIn(rig);
    const order = rig.place({ cola: 4 }, 300);
    expect(movesOf(rig, order)).toHaveLength(2);
    rig.writer.endOrder(order.id, 'expire');
    expect(lotsIn(rig)).toEqual(before);
    expect(moved(rig).slice(-2)).toMatchObject([{ change: 2, reason: 'released', slot: 'A1', bestBefore: today, lotLeft: 2 }, { change: 2, lotId: 'cola', lotLeft: 6, left: 8 }]);
  }));

  it('a move id counts once: the same again writes nothing at all', () => withRig((rig) => {
    const move = fill(rig, 3, '2024-01-01', 'A1');
    const before = [lotsIn(rig), moved(rig), rig.shelves.openVisit('1001')];
    rig.tick();
    expect(rig.stock.move(move)).toBe('known');
    expect(rig.stock.move({ ...move, staff: '1002', changes: [{ lot: { offerId: 'charger' }, change: -1 }] })).toBe('known');
    expect([lotsIn(rig), moved(rig), rig.shelves.openVisit('1001')]).toEqual(before);
  }));

  it('no lot goes below nothing, and what was refused leaves nothing behind, no visit either', () => withRig((rig) => {
    const act = (change: number) => rig.stock.move({ moveId: rig.newId(), staff: '1001', reason: 'wasted', why: 'damaged', changes: [{ lot: { offerId: 'charger', id: 'charger' }, change: -1 }, { lot: { offerId: 'cola', id: 'cola' }, change }] });
    expect(() => act(-7)).toThrow(/CHECK/);
    expect([rig.shelves.openVisit('1001'), rig.reader.available().get('charger')]).toEqual([undefined, 9]);
    act(-6);
    expect(Object.fromEntries(rig.reader.available())).toMatchObject({ cola: 0, charger: 8 });
  }));

  it('a lot that nobody has placed comes to lie where it is first put, and stays there', () => withRig((rig) => {
    const count = (slot: string) => rig.stock.move({ moveId: rig.newId(), staff: '1001', reason: 'counted', changes: [{ lot: { id: 'cola', offerId: 'cola', slot }, change: 0 }] });
    count('A2');
    count('A1');
    expect(lotsIn(rig).find(({ lot_id: id }) => id === 'cola')?.slot).toBe('A2');
    expect(moved(rig).at(-1)).toMatchObject({ change: 0, slot: 'A2', reason: 'counted' });
  }));
});

describe('a visit', () => {
  it('begins with the first thing that is done in it, tells what was done, and ends once, with one event', () => withRig((rig) => {
    fill(rig, 3, undefined, 'A1');
    const { visitId, startedAt } = rig.shelves.openVisit('1001')!;
    rig.tick();
    fill(rig, 2, undefined, 'B1', 'charger');
    rig.stock.move({ moveId: rig.newId(), staff: '1001', reason: 'wasted', why: 'expired', note: 'soft', changes: [{ lot: { id: 'cola', offerId: 'cola' }, change: -2 }] });
    rig.stock.move({ moveId: rig.newId(), staff: '1001', reason: 'counted', why: 'missing', changes: [{ lot: { id: 'cola', offerId: 'cola' }, change: -1 }] });
    rig.stock.move({ moveId: rig.newId(), staff: '1001', reason: 'counted', changes: [{ lot: { id: 'charger', offerId: 'charger' }, change: 0 }] });
    expect(rig.shelves.openVisit('1002')).toBeUndefined();
    rig.tick();
    const ended = rig.stock.finishVisit('1001');
    expect(ended).toMatchObject({ visitId, startedAt, endedAt: startedAt + 2000, piecesIn: 5, piecesOut: 2, differences: 1, slots: [{ slot: 'A1' }, { slot: 'B1' }, { slot: undefined, offerId: 'cola' }, { offerId: 'charger' }] });
    expect(rig.stock.finishVisit('1001')).toBeUndefined();
    const events = rig.database.prepare("SELECT lane, payload FROM outbox WHERE kind = 'restock.visited'").all();
    expect(events).toEqual([{ lane: 'stock', payload: JSON.stringify({ visitId, staff: '1001', startedAt, endedAt: startedAt + 2000, slots: 4, piecesIn: 5, piecesOut: 2, differences: 1 }) }]);
    expect(moved(rig).at(-3)).toMatchObject({ why: 'expired', note: 'soft', visitId, staff: '1001' });
  }));

  it('that was left open is gone on with by its own member after a start, and ended by whoever comes next', () => withRig((rig) => {
    fill(rig, 1);
    const first = createStockReader(rig.database).openVisit('1001')!.visitId;
    fill(rig, 1);
    expect(rig.shelves.openVisit('1001')).toMatchObject({ visitId: first, piecesIn: 2 });
    rig.stock.move({ moveId: rig.newId(), staff: '1002', reason: 'counted', changes: [{ lot: { id: 'cola', offerId: 'cola' }, change: 0 }] });
    expect(rig.shelves.openVisit('1001')).toBeUndefined();
    expect(rig.shelves.visit(first)?.endedAt).toBe(rig.now());
    expect(rig.shelves.openVisit('1002')).toBeDefined();
  }));
});

describe('what an unpaid order has taken', () => {
  it('is held until it is paid or over, also while nobody knows whether it was paid', () => withRig((rig) => {
    const held = () => rig.shelves.lots().find(({ id }) => id === 'cola')?.held;
    const order = rig.place({ cola: 6 }, 300);
    expect(rig.shelves.lots().find(({ id }) => id === 'cola')).toMatchObject({ count: 0, held: 6 });
    const { id } = rig.writer.startAttempt(order.id, order.total);
    expect(held()).toBe(6);
    rig.writer.settleAttempt(id, { state: 'unknown' });
    expect(held()).toBe(6);
    rig.writer.settleAttempt(id, { state: 'approved', card: { receiptNumber: '0042' } });
    expect(held()).toBeUndefined();
    const other = rig.place({ charger: 2 }, 300);
    expect(rig.shelves.lots().find(({ id: lot }) => lot === 'charger')?.held).toBe(2);
    rig.writer.endOrder(other.id, 'cancel');
    expect(rig.shelves.lots().find(({ id: lot }) => lot === 'charger')?.held).toBe(0);
  }));
});

describe('whatever customers and staff do in whatever order', () => {
  const days = [undefined, '2023-11-14', today, '2024-01-01'];
  const step = fc.oneof(
    fc.record({ do: fc.constant('order' as const), wish: fc.constantFrom({ cola: 1 }, { cola: 4 }, { cola: 2, charger: 3 }, { charger: 1 }) }),
    fc.record({ do: fc.constant('end' as const), which: fc.nat(5) }),
    fc.record({ do: fc.constant('fill' as const), offerId: fc.constantFrom('cola', 'charger'), day: fc.constantFrom(...days), slot: fc.constantFrom(undefined, 'A1', 'A2', 'B1'), pieces: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ do: fc.constant('take' as const), which: fc.nat(9), pieces: fc.integer({ min: -2, max: 3 }), both: fc.boolean() }),
    fc.record({ do: fc.constant('again' as const), which: fc.nat(9) }),
    fc.record({ do: fc.constant('finish' as const) }),
  );

  it('an offer has the sum of its lots, each lot the sum of its moves, never below nothing; HQ is told the same; orders take in the right order, and nothing past its day', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => withRig((rig) => {
      putPlanogram(rig);
      const orders: Order[] = [];
      const done: StaffMove[] = [];
      const act = (move: StaffMove) => {
        const lots = lotsIn(rig);
        if (move.changes.some(({ lot, change }) => change < 0 && (lots.find(({ lot_id: id }) => id === lot.id)?.available ?? 0) < -change)) return expect(() => rig.stock.move(move)).toThrow(/CHECK/);
        expect(rig.stock.move(move)).toBe('done');
        done.push(move);
      };
      for (const wish of steps) {
        rig.tick();
        switch (wish.do) {
          case 'order': {
            const before = lotsIn(rig).filter((lot) => lot.available > 0 && isFresh(lot.best_before, today));
            const has = (offerId: string) => before.filter((lot) => lot.offer_id === offerId).reduce((sum, lot) => sum + lot.available, 0);
            for (const offerId of ['cola', 'charger']) expect(rig.reader.available(undefined, today).get(offerId)).toBe(has(offerId));
            if (Object.entries(wish.wish).some(([offerId, pieces]) => has(offerId) < pieces)) {
              expect(() => rig.place(wish.wish, 300)).toThrow(/does not have/);
              break;
            }
            const order = rig.place(wish.wish, 300);
            orders.push(order);
            const slotAt = ({ slot, offer_id: offerId }: (typeof before)[number]) => slots.indexOf(slot ?? (offerId === 'cola' ? 'A2' : 'B1'));
            const wanted = Object.entries(wish.wish).flatMap(([offerId, pieces]) => {
              let missing = pieces;
              return before.filter((lot) => lot.offer_id === offerId)
                .sort((a, b) => compareLots({ bestBefore: a.best_before ?? undefined, id: '' }, { bestBefore: b.best_before ?? undefined, id: '' }) || slotAt(a) - slotAt(b) || (a.lot_id < b.lot_id ? -1 : 1))
                .flatMap(({ lot_id: id, available }) => {
                  const change = Math.min(available, missing);
                  missing -= change;
                  return change === 0 ? [] : [{ lot_id: id, change: -change }];
                });
            });
            expect(movesOf(rig, order)).toEqual(wanted);
            break;
          }
          case 'end': {
            const [order] = orders.splice(wish.which % Math.max(1, orders.length), 1);
            if (!order) break;
            const taken = movesOf(rig, order);
            rig.writer.endOrder(order.id, 'cancel');
            const given = movesOf(rig, order).slice(taken.length);
            expect(given).toEqual(taken.map(({ lot_id: id, change }) => ({ lot_id: id, change: -change })));
            break;
          }
          case 'fill':
            act({ moveId: rig.newId(), staff: '1001', reason: 'refilled', changes: [{ lot: { offerId: wish.offerId, slot: wish.slot, bestBefore: wish.day }, change: wish.pieces }] });
            break;
          case 'take': {
            const lots = lotsIn(rig);
            const at = wish.which % lots.length;
            const changes = [lots[at]!, ...(wish.both && lots.length > 1 ? [lots[(at + 1) % lots.length]!] : [])].map((lot) => ({ lot: { id: lot.lot_id, offerId: lot.offer_id }, change: -wish.pieces }));
            act({ moveId: rig.newId(), staff: '1002', reason: wish.both ? 'wasted' : 'counted', why: 'other', changes });
            break;
          }
          case 'again': {
            const move = done[wish.which % Math.max(1, done.length)];
            if (!move) break;
            const before = [lotsIn(rig), moved(rig).length];
            expect(rig.stock.move(move)).toBe('known');
            expect([lotsIn(rig), moved(rig).length]).toEqual(before);
            break;
          }
          default:
            rig.stock.finishVisit('1001');
        }
        expectWhole(rig);
      }
    })), { numRuns: 60 });
  }, 60_000);

  function expectWhole(rig: ReplayRig): void {
    const sums = (sql: string) => new Map(rig.database.prepare<[], { id: string; pieces: number }>(sql).all().map(({ id, pieces }) => [id, pieces]));
    const stock = sums('SELECT offer_id AS id, available AS pieces FROM stock');
    const lots = sums('SELECT lot_id AS id, available AS pieces FROM stock_lots');
    expect(sums('SELECT offer_id AS id, sum(available) AS pieces FROM stock_lots GROUP BY offer_id')).toEqual(stock);
    expect(sums('SELECT offer_id AS id, sum(change) AS pieces FROM stock_moves GROUP BY offer_id')).toEqual(stock);
    expect(sums('SELECT lot_id AS id, sum(change) AS pieces FROM stock_moves GROUP BY lot_id')).toEqual(lots);
    expect([...lots.values()].every((pieces) => pieces >= 0)).toBe(true);
    expect(rig.reader.available()).toEqual(stock);
    const [toldStock, toldLots, sumLots] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
    for (const { offerId, left, lotId, lotLeft, change } of moved(rig)) {
      toldStock.set(offerId, left);
      toldLots.set(lotId!, lotLeft!);
      sumLots.set(lotId!, (sumLots.get(lotId!) ?? 0) + change);
    }
    expect([toldStock, toldLots, sumLots]).toEqual([stock, lots, lots]);
    const open = rig.database.prepare('SELECT count(*) FROM restock_visits WHERE ended_at IS NULL').pluck().get();
    expect(open).toBeLessThanOrEqual(1);
  }
});
