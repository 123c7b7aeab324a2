import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { HqEvent, Lane } from '../../domain/contract/hq.ts';
import type { JournalRecord } from './emitter.ts';
import { readJournal } from './journal-read.ts';
import { bringLevel } from './recover-in-place.ts';
import { createRecoveryJournal } from './recover-journal.ts';
import { createOutbox } from './outbox.ts';
import { createStoreReader } from './reader.ts';
import { replayRecords } from './replay.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { catalogue, createReplayRig, emptyStore, onCopy, rigKeyHex } from './testing/replay-rig.ts';

function withRig(check: (rig: ReplayRig) => void): void {
  const rig = createReplayRig();
  try {
    check(rig);
  } finally {
    rig.dispose();
  }
}

const depsOf = (rig: ReplayRig) => ({ now: rig.now, newId: rig.newId });
const recordsIn = (rig: ReplayRig) => readJournal({ folder: rig.journalFolder, keysHex: [rigKeyHex] }).records;

function laneOf(database: Database, lane: Lane): readonly JournalRecord[] {
  return database.prepare<[string], HqEvent & { epoch: number }>(
    'SELECT epoch, sequence, id, kind, version, at, boot, monotonic_ms AS monotonicMs, payload, hash FROM outbox WHERE lane = ? ORDER BY epoch, sequence').all(lane)
    .map(({ epoch, ...event }) => ({ kind: 'event', lane, epoch, event }));
}

/** As HQ keeps them: every event of both stories, each once. */
function toldMoves(...databases: readonly Database[]): readonly string[] {
  const rows = databases.flatMap((database) => database.prepare<[], { id: string; payload: string }>("SELECT id, payload FROM outbox WHERE kind = 'stock.moved'").all());
  return [...new Map(rows.map(({ id, payload }) => [id, JSON.parse(payload) as { offerId: string; change: number; reason: string }])).values()]
    .filter(({ change }) => change !== 0).map(({ offerId, change, reason }) => `${offerId} ${change} ${reason}`).sort();
}

const keptMoves = (database: Database) =>
  database.prepare<[], string>("SELECT offer_id || ' ' || change || ' ' || reason FROM stock_moves WHERE change <> 0").pluck().all().sort();
const sumsApart = (database: Database) =>
  database.prepare('SELECT lot_id, available, (SELECT sum(change) FROM stock_moves WHERE stock_moves.lot_id = stock_lots.lot_id) AS moved FROM stock_lots WHERE available <> moved').all();

/** HQ tells of orders first and of stock then, each in a replay of its own. */
function hear(rig: ReplayRig, store: Database, other: Database): void {
  for (const lane of ['orders', 'stock'] as const) replayRecords(store, laneOf(other, lane), { ...depsOf(rig), source: 'hq' });
}

describe('moves of stock that two stores of one kiosk have told', () => {
  it('both have given the goods of an order back: both rows are kept, as HQ keeps them, and the shelf has them once', () => withRig((rig) => {
    const order = rig.place({ cola: 2 }, 300);
    const copy = rig.copy();
    const own = onCopy(rig, copy);
    rig.writer.endOrder(order.id, 'expire');
    own.writer.endOrder(order.id, 'expire');
    // What sync does before it asks for the history.
    for (const lane of ['orders', 'stock'] as const) own.outbox.openEpoch(lane, 1, 2, 'unacknowledged');
    hear(rig, copy, rig.database);
    expect(own.reader.available().get('cola')).toBe(6);
    expect(keptMoves(copy).filter((line) => line === 'cola 2 released')).toHaveLength(2);
    expect(keptMoves(copy)).toEqual(toldMoves(copy, rig.database));
    expect(sumsApart(copy)).toEqual([]);
    const before = keptMoves(copy);
    hear(rig, copy, rig.database);
    expect(keptMoves(copy)).toEqual(before);
  }));

  it('one has sold what the other has given up: what the customer took is off the shelf', () => withRig((rig) => {
    const order = rig.place({ cola: 2 }, 300);
    const copy = rig.copy();
    const own = onCopy(rig, copy);
    rig.writer.endOrder(order.id, 'expire');
    own.writer.settleAttempt(own.writer.startAttempt(order.id, order.total).id, { state: 'approved', card: { receiptNumber: '0042' } });
    for (const lane of ['orders', 'stock'] as const) own.outbox.openEpoch(lane, 1, 2, 'unacknowledged');
    hear(rig, copy, rig.database);
    expect(own.reader.order(order.id)?.state).toBe('paid');
    expect(own.reader.available().get('cola')).toBe(4);
    expect(keptMoves(copy)).toEqual(toldMoves(copy, rig.database));
    expect(sumsApart(copy)).toEqual([]);
  }));

  it('both have counted an offer in: both firsts stand, as at HQ, and what takes one of them away, once', () => withRig((rig) => {
    const copy = rig.copy();
    const own = onCopy(rig, copy);
    for (const each of [rig, own]) {
      each.writer.saveCatalogue(catalogue(2, ['cola', 'charger', 'water']));
      each.tick();
    }
    own.place({ water: 1 }, 300);
    for (const lane of ['orders', 'stock'] as const) own.outbox.openEpoch(lane, 1, 2, 'unacknowledged');
    for (let time = 0; time < 2; time++) hear(rig, copy, rig.database);
    expect(own.reader.available().get('water')).toBe(3);
    expect(keptMoves(copy).filter((line) => line.startsWith('water'))).toEqual(['water -1 reserved', 'water -4 counted', 'water 4 initial', 'water 4 initial']);
    expect(keptMoves(copy)).toEqual(toldMoves(copy, rig.database));
    expect(sumsApart(copy)).toEqual([]);
  }));

  it.each([1, 2, 3, 1000])('and a store that hears all of that anew, %i events at a time, has what is there', (atOnce) => withRig((rig) => {
    const copy = rig.copy();
    const own = onCopy(rig, copy);
    const before = rig.copy();
    for (const each of [rig, own, onCopy(rig, before)]) each.writer.saveCatalogue(catalogue(2, ['cola', 'charger', 'water']));
    for (const lane of ['orders', 'stock'] as const) own.outbox.openEpoch(lane, 1, 2, 'unacknowledged');
    hear(rig, copy, rig.database);
    const records = (['orders', 'stock'] as const).flatMap((lane) => [...laneOf(rig.database, lane), ...laneOf(copy, lane)]);
    const lost = emptyStore();
    try {
      // One that has nothing, and one that had gone back and counted in a third time.
      for (const store of [lost.database, before]) {
        if (store === before) for (const lane of ['orders', 'stock'] as const) createOutbox(store).openEpoch(lane, 1, 3, 'unacknowledged');
        for (let time = 0; time < 2; time++) for (let from = 0; from < records.length; from += atOnce) replayRecords(store, records.slice(from, from + atOnce), { ...depsOf(rig), source: 'hq' });
        expect(createStoreReader(store).available().get('water')).toBe(4);
        expect(sumsApart(store)).toEqual([]);
      }
    } finally {
      lost.dispose();
    }
  }));

  it('a move whose event was pruned, and which HQ tells again, is not counted again', () => withRig((rig) => {
    rig.stock.move({ moveId: rig.newId(), staff: '1001', reason: 'refilled', changes: [{ lot: { offerId: 'cola', slot: 'A1' }, change: 4 }] });
    const order = rig.place({ cola: 2 }, 300);
    rig.writer.endOrder(order.id, 'expire');
    const copy = rig.copy();
    const own = onCopy(rig, copy);
    const before = keptMoves(copy);
    own.outbox.openEpoch('stock', 1, 2, 'unacknowledged');
    copy.exec("DELETE FROM outbox WHERE lane = 'stock'");
    hear(rig, copy, rig.database);
    expect(keptMoves(copy)).toEqual(before);
    expect(own.reader.available().get('cola')).toBe(10);
  }));
});

describe('after a disk that lied', () => {
  it('a move that the outbox tells and the table has forgotten stands in the table again, and its lot is the sum of its moves', () => withRig((rig) => {
    rig.stock.move({ moveId: rig.newId(), staff: '1001', reason: 'refilled', changes: [{ lot: { offerId: 'cola', slot: 'A1' }, change: 4 }] });
    rig.stock.move({ moveId: rig.newId(), staff: '1001', reason: 'wasted', why: 'damaged', changes: [{ lot: { offerId: 'charger' }, change: -1 }] });
    const copy = rig.copy();
    // The moves are of an older moment than the outbox; of the lots one is older, too, and one is not.
    copy.exec("DELETE FROM stock_moves WHERE reason IN ('refilled', 'wasted'); UPDATE stock_lots SET available = 9 WHERE lot_id = 'charger'; UPDATE stock SET available = 9 WHERE offer_id = 'charger'");
    replayRecords(copy, recordsIn(rig), depsOf(rig));
    expect(keptMoves(copy)).toEqual(toldMoves(rig.database));
    expect(sumsApart(copy)).toEqual([]);
    expect(onCopy(rig, copy).reader.available()).toEqual(rig.reader.available());
    const before = keptMoves(copy);
    replayRecords(copy, recordsIn(rig), depsOf(rig));
    expect(keptMoves(copy)).toEqual(before);
  }));

  it('an index that knows of a move which its table has not does not keep it away: what the journal tells is brought back', () => withRig((rig) => {
    const copy = rig.copy();
    const moveId = rig.newId();
    rig.stock.move({ moveId, staff: '1001', reason: 'refilled', changes: [{ lot: { offerId: 'cola' }, change: 4 }] });
    knowInIndexOnly(copy, 'stock_moves_by_move', moveId, 'cola');
    const deps = { folder: rig.folder, keysHex: [rigKeyHex], now: rig.now };
    bringLevel({ ...deps, journal: { ...createRecoveryJournal(rig.folder, deps.keysHex, rig.now, {}), write: () => undefined } }, copy, undefined);
    expect(keptMoves(copy)).toEqual(keptMoves(rig.database));
    expect(onCopy(rig, copy).reader.available().get('cola')).toBe(10);
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  }));
});

/** Pages of two times: the index is of the later one. */
function knowInIndexOnly(database: Database, index: string, moveId: string, offerId: string): void {
  database.prepare("INSERT INTO stock_moves (offer_id, lot_id, change, available_after, lot_after, reason, at, move_id) VALUES (?, ?, 0, 0, 0, 'refilled', 0, ?)").run(offerId, offerId, moveId);
  database.unsafeMode(true);
  database.pragma('writable_schema = ON');
  const { sql } = database.prepare<[string], { sql: string }>('SELECT sql FROM sqlite_schema WHERE name = ?').get(index)!;
  // For a moment it is an index of other rows, so that the row goes and its entry stays.
  const rename = (text: string) => {
    database.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(text, index);
    database.pragma(`schema_version = ${Number(database.pragma('schema_version', { simple: true })) + 1}`);
  };
  rename(sql.replace('WHERE move_id IS NOT NULL', 'WHERE move_id IS NULL AND lot_id IS NULL'));
  database.prepare('DELETE FROM stock_moves WHERE move_id = ?').run(moveId);
  rename(sql);
  database.pragma('writable_schema = OFF');
  database.unsafeMode(false);
  if (database.prepare('SELECT id FROM stock_moves WHERE move_id = ?').get(moveId) === undefined) throw new Error('the index was to know of it');
}
