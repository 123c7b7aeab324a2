import type { Database } from 'better-sqlite3';
import type { Attention } from '../../domain/attention/attention.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { History } from '../../domain/contract/hq.ts';
import type { AttemptId, AttentionId, JobId, OrderId } from '../../domain/ids.ts';
import type { Currency } from '../../domain/money.ts';
import type { Order, OrderState } from '../../domain/order/order.ts';
import { isOpen, isPaid } from '../../domain/order/order.ts';
import type { Emitter, JournalRecord } from './emitter.ts';
import { createEmitter } from './emitter.ts';
import { createPersonalData } from './personal.ts';
import { currentPayload } from './older-events.ts';
import { levelWithOutbox } from './replay-level.ts';
import type { EffectEvent, EffectOutcome, LocalRow } from './replay-effects.ts';
import { createReplayedEffects } from './replay-effects.ts';
import type { ReplaySource } from './replay-outbox.ts';
import { createOutboxPlacer } from './replay-outbox.ts';
import type { AttemptClash } from './replay-payments.ts';
import { createReplayedAttempts } from './replay-payments.ts';
import { createReplayedStock } from './replay-stock.ts';
import { createStockLedger } from './stock-ledger.ts';
import type { StoreReader } from './reader.ts';
import type { StoreWriter } from './writer.ts';

export interface ReplayDeps {
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
  /** Where the records come from; `journal` unless told. */
  readonly source?: ReplaySource;
  /** With HQ's history: what opens its orders. */
  readonly keys?: History['keys'];
  /** The connection's own, where it has one: with its journal. */
  readonly emitter?: Emitter;
}

export type ReplayConflictKind =
  | Exclude<EffectOutcome, 'done' | 'skipped'> | AttemptClash['kind']
  | 'renumbered' | 'attempt_went_another_way' | 'counted_in_twice' | 'order_unknown' | 'stock_short';

/** Something that did not fit, and what it is about: an event, an order, an attempt, an offer. */
export interface ReplayConflict {
  readonly kind: ReplayConflictKind;
  readonly about: string;
}

export interface ReplayResult {
  /** Events and local records that the store lacked. */
  readonly applied: number;
  readonly skipped: number;
  readonly conflicts: readonly ReplayConflict[];
  /** Print jobs that are waiting or under way by what was told. Before anything is printed, they belong on the staff's list: see `doubtPrints`. */
  readonly unfinishedPrints: readonly JobId[];
}

/** What could not be written yet. It is tried again by each replay, also by one of no records. */
type Waiting =
  | { readonly kind: 'event'; readonly event: EffectEvent }
  | { readonly kind: 'local'; readonly what: string; readonly row: LocalRow }
  /** It gave way to another unsettled attempt: a person decides about it, as soon as there is room for it on the list. */
  | { readonly kind: 'unclear'; readonly attemptId: AttemptId; readonly orderId: OrderId };

/**
 * Brings back what a store lacks: from the journal, or from HQ's history. One transaction; what is there already is passed over, so that the same again
 * changes nothing. Records come in the order in which they were written (HQ's: each lane in order).
 *
 * Each event goes into the outbox (see `OutboxPlacer`) and into the tables. Where the store has gone another way since, money decides, an order
 * never goes back, what a person has decided stays, and HQ is told how it stands now. Not brought back, since nothing tells of it: print documents of no
 * order, paper, the catalogue, documents and commands of HQ (they come down again).
 */
export function replayRecords(database: Database, records: readonly JournalRecord[], deps: ReplayDeps): ReplayResult {
  const emitter = deps.emitter ?? createEmitter({ database, now: deps.now, newId: deps.newId });
  return emitter.transaction(() => replay(database, records, deps, emitter))();
}

function replay(database: Database, records: readonly JournalRecord[], { now, newId, source = 'journal', keys = [] }: ReplayDeps, { emit }: Emitter): ReplayResult {
  const attempts = createReplayedAttempts(database);
  const effects = createReplayedEffects(database, attempts);
  const ledger = createStockLedger(database, emit, now);
  const stock = createReplayedStock(database, ledger, emit, now);
  const placer = createOutboxPlacer(database);
  const personal = createPersonalData(database);
  const epochOf = database.prepare<[string], { epoch: number }>('SELECT epoch FROM lanes WHERE lane = ?');
  const stateOf = database.prepare<[string], { state: OrderState }>('SELECT state FROM orders WHERE id = ?');
  const conflicts: ReplayConflict[] = [];
  const waiting: Waiting[] = [];
  let applied = 0;
  let skipped = 0;

  // Keys first, so that an order with plain words of an older version is not sealed under another one.
  const placedHere = database.prepare<[string], { placed_at: number }>('SELECT placed_at FROM orders WHERE id = ?');
  const placedAt = keys.length === 0 ? undefined : timesOf(records);
  for (const { orderId, key } of keys) personal.keepKey(orderId, Buffer.from(key, 'base64'), placedAt?.get(orderId) ?? placedHere.get(orderId)?.placed_at ?? now());

  const before = takeWaiting(database);
  const fresh: Waiting[] = [];
  const moves: { readonly event: EffectEvent; readonly isOfLeftEpoch: boolean }[] = [];
  for (const record of records) {
    if (record.kind === 'local') {
      fresh.push({ kind: 'local', what: record.what, row: record.row });
      continue;
    }
    const isOfLeftEpoch = record.epoch < epochOf.get(record.lane)!.epoch;
    const placed = placer.place(record, source);
    if (placed === 'known') {
      skipped++;
      continue;
    }
    applied++;
    if (placed === 'at_end') conflicts.push({ kind: 'renumbered', about: record.event.id });
    if (record.event.kind === 'stock.moved') moves.push({ event: record.event, isOfLeftEpoch });
    else fresh.push({ kind: 'event', event: record.event });
  }
  placer.finish();

  // Orders before all that is about them, whatever stands first.
  const all = [...before, ...fresh];
  const isOrder = (entry: Waiting) => entry.kind === 'event' && entry.event.kind === 'order.placed';
  for (const entry of [...all.filter(isOrder), ...all.filter((candidate) => !isOrder(candidate))]) {
    if (entry.kind === 'unclear') {
      waiting.push(entry);
      continue;
    }
    const outcome = entry.kind === 'event' ? effects.apply(entry.event) : effects.applyLocal(entry.what, entry.row);
    if (entry.kind === 'local' && outcome === 'done') applied++;
    if (entry.kind === 'local' && outcome === 'skipped') skipped++;
    if (outcome === 'waits') waiting.push(entry);
    if (outcome !== 'done' && outcome !== 'skipped') conflicts.push({ kind: outcome, about: entry.kind === 'event' ? entry.event.id : entry.what });
  }

  for (const { event, isOfLeftEpoch } of moves) {
    const payload = eventPayloads['stock.moved'].safeParse(parseJson(event.payload));
    const outcome = payload.success ? stock.move(payload.data, event, isOfLeftEpoch) : 'unreadable';
    if (outcome !== 'done' && outcome !== 'skipped') conflicts.push({ kind: outcome, about: event.id });
  }
  for (const { offerId, short } of stock.write(source)) if (short > 0) conflicts.push({ kind: 'stock_short', about: offerId });

  // After a recovery; a start that has nothing to tell does not read all of the outbox.
  if (source === 'journal' && records.length > 0) {
    levelWithOutbox(database, effects, attempts, emit);
    for (const { offerId, short } of stock.levelWithOutbox()) if (short > 0) conflicts.push({ kind: 'stock_short', about: offerId });
  }
  const { clashes, apart } = attempts.write(source === 'journal' ? 'told' : 'local');
  for (const { kind, attemptId, orderId } of clashes) {
    conflicts.push({ kind, about: attemptId });
    if (kind === 'paid_twice') raiseTwice(orderId, attemptId);
    else waiting.push({ kind: 'unclear', attemptId, orderId });
  }
  for (const { at: _, ...attempt } of apart) {
    conflicts.push({ kind: 'attempt_went_another_way', about: attempt.attemptId });
    emit('payment.attempt', attempt);
  }
  for (const [orderId, { before: state, told }] of effects.apart) settleApart(orderId, state, told);
  // HQ tells of orders before it tells of stock, in another replay: how they ended is known, and that two have given back the goods of one, only now.
  if (source === 'hq') for (const orderId of stock.retold) levelGoods(orderId);
  if (source === 'hq') tellWhatIsNewest();
  keepWaiting(database, waiting.filter((entry) => entry.kind !== 'unclear' || !raiseUnclear(entry.attemptId, entry.orderId)));
  return { applied, skipped, conflicts, unfinishedPrints: [...effects.unfinishedPrints] };

  /** What was told may follow on a state that this store has left and come back to since: here it stands last, at HQ it stands before what was written here. */
  function tellWhatIsNewest(): void {
    const told = new Set(fresh.flatMap((entry) => (entry.kind === 'event' && entry.event.kind === 'order.state' ? [orderOf(entry.event.payload)] : [])));
    if (told.size === 0) return;
    const newest = new Map<OrderId, OrderState>();
    for (const { payload } of database.prepare<[number], { payload: string }>("SELECT payload FROM outbox WHERE lane = 'orders' AND epoch = ? AND kind = 'order.state' ORDER BY sequence").iterate(epochOf.get('orders')!.epoch)) {
      const { orderId, to } = JSON.parse(payload) as { orderId: OrderId; to: OrderState };
      if (told.has(orderId)) newest.set(orderId, to);
    }
    for (const [orderId, to] of newest) {
      const final = stateOf.get(orderId)?.state;
      if (final !== undefined && final !== to) emit('order.state', { orderId, from: to, to: final });
    }
  }

  /** HQ has heard two stories of this order, and so has the shelf. */
  function settleApart(orderId: OrderId, state: OrderState, told: OrderState): void {
    const final = stateOf.get(orderId)!.state;
    if (final !== state) emit('order.state', { orderId, from: state, to: final });
    else if (final !== told) emit('order.state', { orderId, from: told, to: final });
    levelGoods(orderId);
  }

  /** What an order that is open or paid holds is what it is for; one that has ended without holds nothing. */
  function levelGoods(orderId: OrderId): void {
    const row = database.prepare<[string], { state: OrderState; document: string }>('SELECT state, document FROM orders WHERE id = ?').get(orderId);
    if (!row) return;
    const holds = isOpen(row.state) || isPaid(row.state) ? -1 : 0;
    const wanted = new Map<string, number>();
    for (const line of (JSON.parse(row.document) as Order).lines) {
      if (line.fulfilment.kind === 'goods') wanted.set(line.offerId, (wanted.get(line.offerId) ?? 0) + holds * line.quantity);
    }
    // Refunded after a sale or before it: whether goods were taken, its moves say best.
    for (const [offerId, pieces] of wanted) moveBy(orderId, offerId, row.state === 'refunded' ? undefined : pieces);
  }

  /** @param wanted what its moves are to come to; not told: what they do, only that an order never gives back more than it took */
  function moveBy(orderId: OrderId, offerId: string, wanted: number | undefined): void {
    const moved = Number(database.prepare('SELECT coalesce(sum(change), 0) FROM stock_moves WHERE order_id = ? AND offer_id = ?').pluck().get(orderId, offerId));
    const available = database.prepare<[string], { available: number }>('SELECT available FROM stock WHERE offer_id = ?').get(offerId)?.available;
    const pieces = wanted ?? Math.min(moved, 0);
    if (available === undefined || moved === pieces) return;
    const change = Math.max(pieces - moved, -available);
    if (change !== pieces - moved) conflicts.push({ kind: 'stock_short', about: offerId });
    // Taken long ago, when all of it was still good.
    if (change < 0) ledger.reserve(orderId, offerId, -change, () => '0000-01-01');
    if (change > 0) ledger.release(orderId, offerId, change);
  }

  /** Answers whether it has found its place: on the list, or settled meanwhile. Until then its order cannot be given up. */
  function raiseUnclear(attemptId: AttemptId, orderId: OrderId): boolean {
    const row = database.prepare<[string], AttemptRow>('SELECT state, amount, currency, started_at, card FROM payment_attempts WHERE id = ?').get(attemptId);
    if (row?.state !== 'not_paid') return true;
    const { state } = stateOf.get(orderId)!;
    if (state === 'placed' || state === 'awaiting_payment') changeOrder(orderId, state, 'payment_unknown');
    else if (state !== 'payment_unknown') return true;
    const isBusy = database.prepare("SELECT 1 FROM payment_attempts WHERE state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')").get() !== undefined;
    if (isBusy) return false;
    database.prepare("UPDATE payment_attempts SET state = 'unclear' WHERE id = ?").run(attemptId);
    emit('payment.attempt', { attemptId, orderId, amount: { amount: row.amount, currency: row.currency }, state: 'unclear' });
    raise('payment_unclear', attemptId, orderId, row, 'the store was brought back, and how this payment ended was lost');
    return true;
  }

  /** The one that counts goes on the list: either payment can be given back from there. */
  function raiseTwice(orderId: OrderId, second: AttemptId): void {
    const row = database.prepare<[string], AttemptRow & { id: AttemptId }>(
      "SELECT id, state, amount, currency, started_at, card FROM payment_attempts WHERE order_id = ? AND state IN ('authorised', 'approved', 'reversing')").get(orderId)!;
    const card = database.prepare<[string], { card: string | null }>('SELECT card FROM payment_attempts WHERE id = ?').get(second)!.card;
    raise('reversal_refused', row.id, orderId, row, `paid twice: also by ${second} ${card ?? ''}: give one of them back`);
  }

  function raise(kind: Attention['kind'], attemptId: AttemptId, orderId: OrderId, row: AttemptRow, detail: string): void {
    const { number } = database.prepare<[string], { number: string }>('SELECT number FROM orders WHERE id = ?').get(orderId)!;
    const attention: Attention = {
      kind, orderId, attemptId, orderNumber: number, amount: { amount: row.amount, currency: row.currency }, startedAt: row.started_at,
      ...(row.card === null ? {} : { card: JSON.parse(row.card) as Attention['card'] }), detail: detail.slice(0, 500), id: newId() as AttentionId, raisedAt: now(),
    };
    const { changes } = database.prepare('INSERT INTO attention (id, kind, order_id, attempt_id, document, raised_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(attention.id, kind, orderId, attemptId, JSON.stringify(attention), attention.raisedAt);
    if (changes > 0) emit('attention.raised', attention);
  }

  function changeOrder(orderId: OrderId, from: OrderState, to: OrderState): void {
    database.prepare('UPDATE orders SET state = ? WHERE id = ?').run(to, orderId);
    emit('order.state', { orderId, from, to });
  }
}

/**
 * After a replay and before anything is printed: nobody knows whether these came out since. They go on the staff's list, from where a person has them printed
 * as copies; nothing is printed a second time in silence.
 */
export function doubtPrints({ reader, writer }: { readonly reader: StoreReader; readonly writer: StoreWriter }, jobs: readonly JobId[]): void {
  for (const id of jobs) {
    const state = reader.printJob(id)?.state;
    if (state === 'queued' || state === 'doing') writer.setJobState(id, 'uncertain');
  }
}

/** HQ's history as the replay takes it. */
export function recordsOf(history: History): readonly JournalRecord[] {
  return history.events.map(({ lane, epoch, event }) => ({ kind: 'event', lane, epoch, event }));
}

interface AttemptRow { readonly state: string; readonly amount: number; readonly currency: Currency; readonly started_at: number; readonly card: string | null }

const waitingName = 'replay_waiting';

function takeWaiting(database: Database): readonly Waiting[] {
  const row = database.prepare<[string], { value: string }>('SELECT value FROM sync_state WHERE name = ?').get(waitingName);
  // Written here, below.
  return row ? (JSON.parse(row.value) as readonly Waiting[]) : [];
}

function keepWaiting(database: Database, waiting: readonly Waiting[]): void {
  if (waiting.length === 0) database.prepare('DELETE FROM sync_state WHERE name = ?').run(waitingName);
  else database.prepare('INSERT INTO sync_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(waitingName, JSON.stringify(waiting));
}

/** When each order was placed: its words are shredded that much later, and not as long after it was brought back. */
function timesOf(records: readonly JournalRecord[]): ReadonlyMap<string, number> {
  return new Map(records.flatMap((record): readonly [string, number][] => {
    if (record.kind !== 'event' || record.event.kind !== 'order.placed') return [];
    const placed = eventPayloads['order.placed'].safeParse(currentPayload('order.placed', record.event.version, parseJson(record.event.payload)));
    return placed.success ? [[placed.data.order.id, placed.data.order.placedAt]] : [];
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function orderOf(payload: string): OrderId | undefined {
  return (parseJson(payload) as { readonly orderId?: OrderId } | undefined)?.orderId;
}
