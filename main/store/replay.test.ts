import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Lane } from '../../domain/contract/hq.ts';
import { lanes } from '../../domain/contract/hq.ts';
import { chainText, genesisHash } from '../../domain/sync/chain.ts';
import { reconcile } from '../../domain/sync/reconcile.ts';
import { createEmitter, hashOf } from './emitter.ts';
import { readJournal } from './journal-read.ts';
import { segmentName, segmentsOf } from './journal.ts';
import { createOutbox } from './outbox.ts';
import { createStoreReader } from './reader.ts';
import { doubtPrints, recordsOf, replayRecords } from './replay.ts';
import { createStoreWriter } from './writer.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig, emptyStore, historyOf, onCopy, randomStep, rigKeyHex, told } from './testing/replay-rig.ts';

const steps = fc.array(fc.record({ what: fc.oneof(fc.nat(18), fc.integer({ min: 24, max: 29 })), which: fc.nat(99), how: fc.nat(99) }), { minLength: 1, maxLength: 40, size: 'max' });

const recordsIn = (rig: ReplayRig) => readJournal({ folder: rig.journalFolder, keysHex: [rigKeyHex] });
const depsOf = (rig: ReplayRig) => ({ now: rig.now, newId: rig.newId });
const everything = (database: Database) =>
  database.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all().map(({ name }) => [name, database.prepare(`SELECT * FROM ${name}`).all()]);

function withRig(check: (rig: ReplayRig) => void): void {
  const rig = createReplayRig();
  try {
    check(rig);
  } finally {
    rig.dispose();
  }
}

function sumsOf(database: Database): unknown {
  return [
    ...database.prepare('SELECT stock.offer_id, available - sum(change) AS difference FROM stock JOIN stock_moves ON stock_moves.offer_id = stock.offer_id GROUP BY stock.offer_id HAVING difference <> 0').all(),
    ...database.prepare('SELECT stock_lots.lot_id, available - sum(change) AS difference FROM stock_lots JOIN stock_moves ON stock_moves.lot_id = stock_lots.lot_id GROUP BY stock_lots.lot_id HAVING difference <> 0').all(),
    ...database.prepare('SELECT stock.offer_id, stock.available - sum(stock_lots.available) AS difference FROM stock JOIN stock_lots ON stock_lots.offer_id = stock.offer_id GROUP BY stock.offer_id HAVING difference <> 0').all(),
    // A move id counts once, of each lot that it is about.
    ...database.prepare('SELECT move_id, count(DISTINCT visit_id) AS visits FROM stock_moves WHERE move_id IS NOT NULL GROUP BY move_id HAVING visits > 1').all(),
  ];
}

describe('whatever a kiosk did after a copy of its store was made', () => {
  it('the journal brings the copy to where the store was, and brings it there once', () => {
    fc.assert(fc.property(steps, steps, (before, after) => withRig((rig) => {
      for (const step of before) randomStep(rig, step);
      const copy = rig.copy();
      for (const step of after) randomStep(rig, step);
      const { records, problems } = recordsIn(rig);
      expect(problems).toEqual([]);
      const { conflicts } = replayRecords(copy, records, depsOf(rig));
      expect(conflicts).toEqual([]);
      expect(told(copy)).toEqual(told(rig.database));
      expect(sumsOf(copy)).toEqual([]);
      const once = everything(copy);
      expect(replayRecords(copy, records, depsOf(rig))).toMatchObject({ applied: 0, conflicts: [] });
      expect(everything(copy)).toEqual(once);
    })), { numRuns: 15, endOnFailure: true });
  }, 120_000);

  it("HQ's history alone does the same, and all of it counts as acknowledged, to a copy and to an empty store", () => {
    fc.assert(fc.property(steps, steps, fc.boolean(), (before, after, isEmpty) => withRig((rig) => {
      for (const step of before) randomStep(rig, step);
      const empty = emptyStore();
      try {
        const copy = isEmpty ? empty.database : rig.copy();
        const lastOfCopy = Object.fromEntries(lanes.map((lane) => [lane, createOutbox(copy).position(lane).last])) as Record<Lane, number>;
        for (const step of after) randomStep(rig, step);
        const history = historyOf(rig.database);
        // In pages, as it comes.
        for (let at = 0; at < history.events.length; at += 40) {
          const events = history.events.slice(at, at + 40);
          const keys = rig.outbox.keysFor(events.map(({ event }) => event));
          replayRecords(copy, recordsOf({ events, keys }), { ...depsOf(rig), source: 'hq', keys });
        }
        // What no event tells of: transactions of the terminal that are not ours, and refusals with their card.
        const shown = (database: Database) => {
          const { foreign: _, attempts, ...rest } = told(database) as Record<string, unknown> & { attempts: Record<string, unknown>[] };
          return { ...rest, attempts: attempts.map(({ card: _card, refused: _refused, ...attempt }) => attempt) };
        };
        expect(shown(copy)).toEqual(shown(rig.database));
        for (const lane of lanes) {
          const { last, acknowledged } = createOutbox(copy).position(lane);
          const adopted = after.length > 0 && createOutbox(rig.database).position(lane).last > lastOfCopy[lane];
          if (adopted) expect(acknowledged).toBe(last);
        }
        expect(copy.prepare('SELECT * FROM personal_keys ORDER BY order_id').all()).toEqual(rig.database.prepare('SELECT * FROM personal_keys ORDER BY order_id').all());
        const once = everything(copy);
        replayRecords(copy, recordsOf(history), { ...depsOf(rig), source: 'hq', keys: history.keys });
        expect(everything(copy)).toEqual(once);
      } finally {
        empty.dispose();
      }
    })), { numRuns: 15, endOnFailure: true });
  }, 120_000);

  it('a journal that is cut or damaged anywhere never makes the replay throw, and what comes from HQ afterwards makes it whole', () => {
    fc.assert(fc.property(steps, steps, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (before, after, share, isCut) => withRig((rig) => {
      for (const step of before) randomStep(rig, step);
      const copy = rig.copy();
      for (const step of after) randomStep(rig, step);
      damage(rig, share, isCut);
      const { records } = recordsIn(rig);
      replayRecords(copy, records, depsOf(rig));
      expect(copy.pragma('foreign_key_check')).toEqual([]);
      expect(sumsOf(copy), 'stock is the sum of its moves').toEqual([]);
      replayRecords(copy, recordsOf(historyOf(rig.database)), { ...depsOf(rig), source: 'hq' });
      const states = (database: Database) => ({
        orders: database.prepare('SELECT id, state FROM orders ORDER BY id').all(),
        attempts: database.prepare('SELECT id, state FROM payment_attempts ORDER BY id').all(),
        stock: database.prepare('SELECT * FROM stock ORDER BY offer_id').all(),
        lots: database.prepare('SELECT * FROM stock_lots ORDER BY lot_id').all(),
        visits: database.prepare('SELECT * FROM restock_visits ORDER BY visit_id').all(),
        ids: database.prepare("SELECT id FROM outbox ORDER BY id").all(),
      });
      expect(states(copy)).toEqual(states(rig.database));
    })), { numRuns: 15, endOnFailure: true });
  }, 120_000);

  it('and whatever it did on the copy before it heard of it, nothing throws, money is never unlearned, and stock is the sum of its moves', () => {
    fc.assert(fc.property(steps, steps, steps, fc.boolean(), (before, lost, since, fromJournal) => withRig((rig) => {
      for (const step of before) randomStep(rig, step);
      const copy = rig.copy();
      for (const step of lost) randomStep(rig, step);
      const own = onCopy(rig, copy);
      for (const step of since) randomStep(own, step);
      const tookMoney = (database: Database) => database.prepare("SELECT id, order_id FROM payment_attempts WHERE state IN ('approved', 'reversed', 'reversing') ORDER BY id").all() as { id: string; order_id: string }[];
      const paidBefore = [...tookMoney(rig.database), ...tookMoney(copy)];
      const statesOf = () => new Map(copy.prepare<[], { id: string; state: string }>('SELECT id, state FROM orders').all().map(({ id, state }) => [id, state]));
      const statesBefore = statesOf();
      const records = fromJournal ? recordsIn(rig).records : recordsOf(historyOf(rig.database));
      const { conflicts } = replayRecords(copy, records, { ...depsOf(rig), source: fromJournal ? 'journal' : 'hq' });
      expect(copy.pragma('foreign_key_check')).toEqual([]);
      expect(sumsOf(copy)).toEqual([]);
      const after = tookMoney(copy);
      for (const { id, order_id: orderId } of paidBefore) {
        const isTwice = conflicts.some(({ kind, about }) => kind === 'paid_twice' && about === id) || conflicts.some(({ kind, about }) => kind === 'displaced' && about === id);
        expect(isTwice || after.some((attempt) => attempt.id === id), `${id} of ${orderId}`).toBe(true);
      }
      const onlyTo: Readonly<Record<string, readonly string[]>> = { paid: ['paid', 'fulfilled', 'refunded'], fulfilled: ['fulfilled', 'refunded'], refunded: ['refunded'] };
      for (const [id, state] of statesOf()) expect(onlyTo[statesBefore.get(id) ?? ''] ?? [state], `${id} went back`).toContain(state);
      for (const lane of lanes) {
        const { epoch, last, head } = createOutbox(copy).position(lane);
        expect(last === 0 ? genesisHash : createOutbox(copy).hashAt(lane, last), `head of ${lane} ${epoch}`).toBe(head);
      }
      // Every event of both stories is there once, and goes to HQ, or came from there.
      const ids = new Set(copy.prepare('SELECT id FROM outbox').pluck().all());
      for (const { event } of historyOf(rig.database).events) expect(ids.has(event.id)).toBe(true);
      const once = everything(copy);
      replayRecords(copy, records, { ...depsOf(rig), source: fromJournal ? 'journal' : 'hq' });
      expect(everything(copy)).toEqual(once);
      // It goes on selling.
      for (const step of since) randomStep(own, step);
    })), { numRuns: 15, endOnFailure: true });
  }, 120_000);
});

describe('a replay', () => {
  it('leaves what was being paid unsettled, so that the terminal is asked', () => withRig((rig) => {
    const copy = rig.copy();
    const order = rig.place({ noodles: 1 }, 300);
    const attempt = rig.writer.startAttempt(order.id, order.total);
    replayRecords(copy, recordsIn(rig).records, depsOf(rig));
    expect(createStoreReader(copy).unsettledAttempt()).toMatchObject({ id: attempt.id, state: 'started' });
  }));

  it('puts prints that may have come out since on the staff\'s list, and prints none of them', () => withRig((rig) => {
    const copy = rig.copy();
    const [waits, begun] = [rig.place({ noodles: 1 }, 0), rig.place({ noodles: 1 }, 0)];
    rig.writer.setJobState(rig.reader.jobs(begun.id)[0]!.id, 'doing');
    const { unfinishedPrints } = replayRecords(copy, recordsIn(rig).records, depsOf(rig));
    const reader = createStoreReader(copy);
    doubtPrints({ reader, writer: createStoreWriter({ database: copy, reader, ...depsOf(rig) }) }, unfinishedPrints);
    expect(reader.unfinishedPrintJobs()).toEqual([]);
    expect(reader.attention().map(({ kind, orderId }) => [kind, orderId]).sort()).toEqual([waits, waits, begun, begun].map(({ id }) => ['print_uncertain', id]).sort());
  }));

  it('gives no pickup number twice', () => withRig((rig) => {
    const copy = rig.copy();
    const numbers = [1, 2, 3].map(() => rig.place({ noodles: 1 }, 300).number);
    replayRecords(copy, recordsIn(rig).records, depsOf(rig));
    const reader = createStoreReader(copy);
    expect(numbers).not.toContain(createStoreWriter({ database: copy, reader, ...depsOf(rig) }).takePickupNumber());
  }));

  it('an order that was given up here, and had been paid, is paid; its goods are gone from the shelf, and HQ hears of it', () => withRig((rig) => {
    const order = rig.place({ cola: 2 }, 300);
    const copy = rig.copy();
    rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total).id, { state: 'approved', card: { receiptNumber: '0042' } });
    const reader = createStoreReader(copy);
    createStoreWriter({ database: copy, reader, ...depsOf(rig) }).endOrder(order.id, 'expire');
    expect(reader.available().get('cola')).toBe(6);
    replayRecords(copy, recordsOf(historyOf(rig.database)), { ...depsOf(rig), source: 'hq' });
    expect(reader.order(order.id)?.state).toBe('paid');
    expect(reader.available().get('cola')).toBe(4);
    expect(sumsOf(copy)).toEqual([]);
    const last = copy.prepare<[], { payload: string }>("SELECT payload FROM outbox WHERE kind = 'order.state' ORDER BY position DESC LIMIT 1").get()!;
    expect(JSON.parse(last.payload)).toEqual({ orderId: order.id, from: 'expired', to: 'paid' });
  }));

  it('a second unsettled payment waits for a person, without a throw, and comes on the list when the first is settled', () => withRig((rig) => {
    const [first, second] = [rig.place({ noodles: 1 }, 300), rig.place({ noodles: 1 }, 300)];
    const copy = rig.copy();
    const lost = rig.writer.startAttempt(first.id, first.total);
    const reader = createStoreReader(copy);
    let rare = 0;
    const writer = createStoreWriter({ database: copy, reader, ...depsOf(rig), newId: () => `00000000-0000-7000-8000-${String(++rare).padStart(12, 'a')}` });
    const own = writer.startAttempt(second.id, second.total);
    const { conflicts } = replayRecords(copy, recordsOf(historyOf(rig.database)), { ...depsOf(rig), source: 'hq' });
    expect(conflicts).toContainEqual({ kind: 'displaced', about: lost.id });
    expect(reader.unsettledAttempt()?.id).toBe(own.id);
    expect(() => writer.endOrder(first.id, 'expire'), 'money may be on its way').toThrow(/not allowed/);
    writer.settleAttempt(own.id, { state: 'declined', resultCode: '05' });
    replayRecords(copy, [], depsOf(rig));
    expect(reader.attention()).toMatchObject([{ kind: 'payment_unclear', attemptId: lost.id }]);
    writer.settleAttention(reader.attention()[0]!.id, 'paid');
    expect(reader.order(first.id)?.state).toBe('paid');
  }));

  it('an order that was paid in both stories stands on the list, so that one payment is given back', () => withRig((rig) => {
    const order = rig.place({ noodles: 1 }, 300);
    const copy = rig.copy();
    const lost = rig.writer.startAttempt(order.id, order.total);
    rig.writer.settleAttempt(lost.id, { state: 'approved', card: { receiptNumber: '0042' } });
    const reader = createStoreReader(copy);
    const writer = createStoreWriter({ database: copy, reader, ...depsOf(rig) });
    const own = writer.startAttempt(order.id, order.total);
    writer.settleAttempt(own.id, { state: 'approved', card: { receiptNumber: '0043' } });
    const { conflicts } = replayRecords(copy, recordsOf(historyOf(rig.database)), { ...depsOf(rig), source: 'hq' });
    expect(conflicts).toContainEqual({ kind: 'paid_twice', about: lost.id });
    expect(reader.attention()).toMatchObject([{ kind: 'reversal_refused', attemptId: own.id }]);
    expect(reader.attempts(order.id).map(({ id }) => id).sort()).toEqual([lost.id, own.id].sort());
  }));

  it('a wallet payment that lost to another is given back by HQ alone: nobody is told to give one back, too', () => withRig((rig) => {
    const order = rig.place({ noodles: 1 }, 300);
    const copy = rig.copy();
    const lost = rig.writer.startAttempt(order.id, order.total, { tender: 'wechat', mode: 'shown' });
    rig.writer.settleAttempt(lost.id, { state: 'approved', wallet: { transactionId: 'T-1' } });
    const reader = createStoreReader(copy);
    const writer = createStoreWriter({ database: copy, reader, ...depsOf(rig) });
    const own = writer.startAttempt(order.id, order.total);
    writer.settleAttempt(own.id, { state: 'approved', card: { receiptNumber: '0043' } });
    replayRecords(copy, recordsOf(historyOf(rig.database)), { ...depsOf(rig), source: 'hq' });
    const told = copy.prepare<[], string>("SELECT payload FROM outbox WHERE kind = 'payment.attempt' ORDER BY position DESC LIMIT 1").pluck().get();
    expect(JSON.parse(told!)).toMatchObject({ attemptId: lost.id, state: 'not_paid' });
    expect(reader.attention()).toEqual([]);
  }));

  it('what is about an order that was lost waits for it, over a restart too', () => withRig((rig) => {
    const copy = rig.copy();
    const order = rig.place({ cola: 1 }, 300);
    const attempt = rig.writer.startAttempt(order.id, order.total);
    const { records } = recordsIn(rig);
    const withoutOrder = records.filter((record) => record.kind === 'local' || record.event.kind !== 'order.placed');
    expect(replayRecords(copy, withoutOrder, depsOf(rig)).conflicts).toContainEqual(expect.objectContaining({ kind: 'waits' }));
    replayRecords(copy, records, depsOf(rig));
    expect(createStoreReader(copy).attempts(order.id)).toMatchObject([{ id: attempt.id, state: 'started' }]);
    expect(createStoreReader(copy).order(order.id)?.state).toBe('awaiting_payment');
  }));

  it('an event whose place was taken goes to HQ under the next number, with its own id, in a chain that holds', () => withRig((rig) => {
    const copy = rig.copy();
    rig.place({ noodles: 1 }, 300);
    const emitter = createEmitter({ database: copy, ...depsOf(rig) });
    emitter.transaction(() => emitter.emit('clock.skewed', { skewMs: 1 }))();
    const { conflicts } = replayRecords(copy, recordsIn(rig).records, depsOf(rig));
    expect(conflicts.map(({ kind }) => kind)).toContain('renumbered');
    let head = genesisHash;
    for (const event of createOutbox(copy).events('orders', 0, 500)) {
      expect(event.hash).toBe(hashOf(chainText(head, 'orders', 1, event)));
      head = event.hash;
    }
    expect(createOutbox(copy).position('orders').head).toBe(head);
  }));

  it('after a newer epoch at HQ the lane goes on above it, and HQ is not taken for restored', () => withRig((rig) => {
    const copy = rig.copy();
    rig.outbox.openEpoch('orders', 1, 2, 'unacknowledged');
    const order = rig.place({ noodles: 1 }, 300);
    replayRecords(copy, recordsOf(historyOf(rig.database)), { ...depsOf(rig), source: 'hq' });
    const ours = createOutbox(copy).position('orders');
    expect(ours.epoch).toBe(3);
    expect(createStoreReader(copy).order(order.id)?.state).toBe('placed');
    const { last, head } = rig.outbox.position('orders');
    expect(reconcile(ours, { epoch: 2, acknowledged: last, head }, () => undefined)).toEqual({ kind: 'continue', acknowledged: 0, moved: 'no' });
  }));
});

/** Cuts the newest segment there, or flips a bit. */
function damage(rig: ReplayRig, share: number, isCut: boolean): void {
  const file = path.join(rig.journalFolder, segmentName(segmentsOf(rig.journalFolder).at(-1)!));
  const bytes = fs.readFileSync(file);
  const at = 32 + Math.floor(share * (bytes.length - 33));
  if (isCut) return fs.truncateSync(file, at);
  bytes[at] = bytes[at]! ^ 0x10;
  fs.writeFileSync(file, bytes);
}
