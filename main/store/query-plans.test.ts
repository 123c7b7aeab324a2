import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandInbox } from './commands.ts';
import { createDocumentInbox } from './documents.ts';
import { createIdentityStore } from './identity.ts';
import type { OpenStore } from './open.ts';
import { openStore } from './open.ts';
import { createOutbox } from './outbox.ts';
import { createStockWriter } from './stock.ts';
import { createSyncState } from './sync-state.ts';
import { createSellerRig } from './testing/seller-rig.ts';

let folder: string;
let store: OpenStore;
/** Every statement that is really prepared, by who prepared it first. */
const prepared = new Map<string, string>();

/** The database as it is, with an ear at `prepare`. */
function heard(database: Database, by: string): Database {
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'prepare') return value.bind(target) as unknown;
      return (sql: string) => {
        const text = sql.replace(/\s+/g, ' ').trim();
        if (!prepared.has(text)) prepared.set(text, by);
        return target.prepare(sql);
      };
    },
  });
}

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'store-plans-'));
  const opened = openStore({ folder, keyHex: '9a'.repeat(32), keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.detail);
  store = opened.value;
  const { database } = store;
  const seller = createSellerRig(heard(database, 'writer and reader'));
  createOutbox(heard(database, 'outbox'));
  createCommandInbox(heard(database, 'commands'), '00000000-0000-4000-8000-000000000000');
  createDocumentInbox(heard(database, 'documents'));
  createIdentityStore(heard(database, 'identity'));
  createSyncState(heard(database, 'sync state'));
  const stock = createStockWriter({ database: heard(database, 'stock'), emitter: seller.emitter, now: Date.now, newId: randomUUID });
  // What is prepared only when it is used. No ANALYZE: a kiosk has none either.
  const fill = database.transaction(() => {
    for (let order = 0; order < 300; order++) seller.sell();
    for (let order = 0; order < 20; order++) seller.approve(seller.startPaying());
    for (let order = 0; order < 20; order++) seller.place(seller.cart(0, '13912345678'));
    for (let n = 0; n < 400; n++) stock.move({ moveId: randomUUID(), staff: '1001', reason: 'refilled', changes: [{ lot: { offerId: `offer-${n % 40}`, slot: `A${n % 50}`, bestBefore: `20${30 + (n % 60)}-01-01` }, change: 1 }] });
    stock.finishVisit('1001');
  });
  fill();
});
afterAll(() => {
  store.close();
  fs.rmSync(folder, { recursive: true });
});

interface Step { readonly detail: string }
function planOf(sql: string): readonly string[] {
  const parameters = Array.from({ length: (sql.match(/\?/g) ?? []).length }, () => null);
  return store.database.prepare<null[], Step>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters).map(({ detail }) => detail);
}

/** Tables that stay small whatever is sold: a row for each offer, lane, kind of document, key. */
const smallTables = ['stock', 'lanes', 'last_catalogue', 'documents', 'identity', 'sync_state', 'counters', 'attention', 'commands'];

/** Statements that walk along a whole table on purpose. Each says why it may. */
const walks: readonly { readonly sql: RegExp; readonly why: string }[] = [
  { sql: /FROM foreign_transactions WHERE seen_at >= /, why: 'a row for each start and each refusal, walked along when a payment is unknown' },
];

const isScan = (step: string) => /^SCAN (?!\(|CONSTANT ROW|SUBQUERY)/.test(step);
const tableOf = (step: string) => /^SCAN (\S+)/.exec(step)?.[1] ?? '';
/** An index that holds only what is open, queued or unsettled may be walked along as a whole. */
const isPartialIndex = (step: string) => {
  const [, index] = /USING (?:COVERING )?INDEX (\S+)/.exec(step) ?? [];
  return index !== undefined && / WHERE /.test(String(store.database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(index)));
};
/** Walks along an index or the rows' own order and stops at a LIMIT: as long as what it is asked for, not as the table. */
const isLimited = (sql: string, step: string) => / LIMIT [?1]$/.test(sql) && !/TEMP B-TREE/.test(planOf(sql).join()) && (/USING (COVERING )?INDEX/.test(step) || /ORDER BY (rowid|id|position)/.test(sql));

describe('the plans of every statement that is prepared', () => {
  it('were heard: those of the writer, the reader, the outbox and all others', () => {
    expect(prepared.size).toBeGreaterThan(60);
    expect(new Set(prepared.values())).toEqual(new Set(['writer and reader', 'outbox', 'stock', 'commands', 'documents', 'identity', 'sync state']));
  });

  it('none walks along a table that grows with each sale', () => {
    const scans = [...prepared.keys()].flatMap((sql) => {
      if (walks.some((walk) => walk.sql.test(sql))) return [];
      return planOf(sql).filter((step) => isScan(step) && !smallTables.includes(tableOf(step)) && !isPartialIndex(step) && !isLimited(sql, step)).map((step) => `${step} in: ${sql}`);
    });
    expect(scans).toEqual([]);
  });

  it('each exception is still needed', () => {
    expect(walks.filter(({ sql }) => ![...prepared.keys()].some((text) => sql.test(text)))).toEqual([]);
  });

  it('the next batch is not sorted: it comes in the order of its index', () => {
    const [batch] = [...prepared.keys()].filter((text) => /sequence > \? ORDER BY sequence LIMIT/.test(text));
    expect(planOf(batch!).join()).not.toContain('TEMP B-TREE');
  });

  it.each([
    ['the next batch', /FROM outbox WHERE lane = \? AND epoch = \? AND sequence > \? ORDER BY sequence LIMIT/, /SEARCH outbox USING INDEX sqlite_autoindex_outbox_\d \(lane=\? AND epoch=\? AND sequence>\?\)/],
    ['what goes into a new epoch', /FROM outbox WHERE lane = \? AND epoch (= \? AND sequence > \?|< \?) ORDER BY epoch, sequence LIMIT/, /^SEARCH outbox USING INDEX sqlite_autoindex_outbox_\d \(lane=\? AND epoch.*\)$/],
    ['the event at the mark', /^SELECT hash FROM outbox/, /SEARCH outbox USING INDEX sqlite_autoindex_outbox_\d \(lane=\? AND epoch=\? AND sequence=\?\)/],
    ['an attempt of an order', /^SELECT \* FROM payment_attempts WHERE order_id/, /SEARCH payment_attempts USING INDEX/],
    ['the jobs of an order', /FROM jobs WHERE order_id = \?/, /SEARCH jobs USING INDEX/],
    ['an order', /^SELECT .* FROM orders WHERE id = \?/, /SEARCH orders USING PRIMARY KEY/],
    ['an order of a cart', /FROM orders WHERE cart_id = \?/, /SEARCH orders USING (COVERING )?INDEX/],
    ['the keys to be shredded', /^SELECT order_id FROM personal_keys/, /SEARCH personal_keys USING COVERING INDEX personal_keys_by_age/],
    ['what customers said that HQ has not, by its order', /^SELECT order_id FROM personal_keys/, /SEARCH outbox USING INDEX outbox_feedback/],
    ['whether HQ has their orders', /^SELECT order_id FROM personal_keys/, /SEARCH outbox USING INDEX outbox_placed \(<expr>=\?\)/],
    ['whether their services were requested', /^SELECT order_id FROM personal_keys/, /SEARCH jobs USING INDEX/],
    ['a key that is forgotten', /^DELETE FROM personal_keys/, /SEARCH personal_keys USING PRIMARY KEY/],
    ['keys from the future', /^UPDATE personal_keys/, /SEARCH personal_keys USING COVERING INDEX personal_keys_by_age/],
    ['the lots of an offer that hold something', /FROM stock_lots WHERE offer_id = \? AND available > 0/, /SEARCH stock_lots USING INDEX stock_lots_of_offer \(offer_id=\?\)/],
    ['what is past its day', /FROM stock_lots WHERE best_before < \?/, /SEARCH stock_lots USING INDEX stock_lots_dated \(best_before>\? AND best_before<\?\)|SEARCH stock_lots USING INDEX stock_lots_dated \(best_before<\?\)/],
    ['what an order holds', /FROM stock_moves WHERE order_id = \?/, /SEARCH stock_moves USING INDEX stock_moves_by_order \(order_id=\?\)/],
    ['what open orders hold', /FROM stock_moves WHERE order_id IN/, /SEARCH stock_moves USING INDEX stock_moves_by_order \(order_id=\?\)/],
    ['a move of staff', /FROM stock_moves WHERE move_id = \?/, /SEARCH stock_moves USING (COVERING )?INDEX stock_moves_by_move \(move_id=\?\)/],
    ['the moves of a visit', /FROM stock_moves WHERE visit_id = \?/, /SEARCH stock_moves USING INDEX stock_moves_by_visit \(visit_id=\?\)/],
    ['visits that are open', /FROM restock_visits WHERE ended_at IS NULL/, /restock_visits USING INDEX restock_visits_open/],
    ['an event so many before another', /^SELECT epoch, sequence, hash FROM \(SELECT/, /SEARCH outbox USING INDEX sqlite_autoindex_outbox_\d \(lane=\? AND \(epoch,sequence\)<\(\?,\?\)\)/],
    ['what may be pruned', /^SELECT position, at FROM outbox/, /SEARCH outbox USING INDEX sqlite_autoindex_outbox_\d \(lane=\?/],
  ])('%s: by its index', (_what, sql, plan) => {
    const found = [...prepared.keys()].filter((text) => sql.test(text));
    expect(found.length).toBeGreaterThan(0);
    for (const text of found) expect(planOf(text).join('\n')).toMatch(plan);
  });
});
