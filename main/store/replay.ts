import type { Database } from 'better-sqlite3';
import type { Attention, Decision } from '../../domain/attention/attention.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { History } from '../../domain/contract/hq.ts';
import type { AttemptId, AttentionId, JobId, OrderId } from '../../domain/ids.ts';
import type { Currency } from '../../domain/money.ts';
import type { Order, OrderState } from '../../domain/order/order.ts';
import type { AttemptState } from '../../domain/payment/attempt.ts';
import type { Refund } from '../../domain/payment/refund.ts';
import type { Tender, WalletMode } from '../../domain/payment/tender.ts';
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
import { createReplayedRefunds } from './replay-refunds.ts';
import { createReplayedStock } from './replay-stock.ts';
import { createRefundTable, refundNews } from './refunds.ts';
import { createServiceTable } from './services.ts';
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
  | 'renumbered' | 'refund_gave_way' | 'attempt_went_another_way' | 'counted_in_twice' | 'order_unknown' | 'stock_short';

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
  /** It gave way to another unsettled attempt: a person decides about it (of a wallet, HQ is asked), as soon as there is room for it. */
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
  const refunds = createReplayedRefunds(database);
  const effects = createReplayedEffects(database, attempts, refunds);
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

  // Orders before all that is about them, whatever stands first, and refunds after the payments that they are of.
  const turnOf = (entry: Waiting) => (entry.kind !== 'event' ? 1 : entry.event.kind === 'order.placed' ? 0 : entry.event.kind === 'payment.refund' ? 2 : 1);
  for (const entry of [...before, ...fresh].toSorted((one, other) => turnOf(one) - turnOf(other))) {
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
    levelWithOutbox(database, effects, attempts, refunds, emit);
    for (const { offerId, short } of stock.levelWithOutbox()) if (short > 0) conflicts.push({ kind: 'stock_short', about: offerId });
  }
  const { clashes, apart } = attempts.write(source === 'journal' ? 'told' : 'local');
  for (const { kind, attemptId, orderId } of clashes) {
    conflicts.push({ kind, about: attemptId });
    // A wallet's HQ gives back by itself when it hears that it does not count here (hq/server/wallets/unwanted.ts): nobody gives back the other one, too.
    if (kind !== 'paid_twice') waiting.push({ kind: 'unclear', attemptId, orderId });
    else if (isByCard(attemptId)) raiseTwice(orderId, attemptId);
  }
  for (const { at: _, ...attempt } of apart) {
    conflicts.push({ kind: 'attempt_went_another_way', about: attempt.attemptId });
    emit('payment.attempt', attempt);
  }
  const { gaveWay, touched } = refunds.write();
  for (const refund of gaveWay) {
    conflicts.push({ kind: 'refund_gave_way', about: refund.id });
    emit('payment.refund', refundNews(refund));
    raiseRefund(refund);
  }
  for (const orderId of touched) endWhatIsBack(orderId);
  for (const [orderId, { before: state, told }] of effects.apart) settleApart(orderId, state, told);
  // HQ tells of orders before it tells of stock, in another replay: how they ended is known, and that two have given back the goods of one, only now.
  if (source === 'hq') for (const orderId of stock.retold) levelGoods(orderId);
  if (source === 'hq') tellWhatIsNewest();
  closeWhatIsClear();
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

  /**
   * A payment that was unclear in one story is clear in the other, or gave way: nobody can decide about it any more, or not before it has found its place again. One
   * that the terminal would not give back is back in the other story, or is the second of two, which the entry about the first names.
   */
  function closeWhatIsClear(): void {
    const open = database.prepare<[], { id: AttentionId; kind: 'payment_unclear' | 'reversal_refused'; order_id: OrderId; state: AttemptState }>(`
      SELECT attention.id, kind, attention.order_id, attempts.state FROM attention JOIN payment_attempts AS attempts ON attempts.id = attention.attempt_id
      WHERE attention.decision IS NULL AND ((kind = 'payment_unclear' AND attempts.state <> 'unclear') OR (kind = 'reversal_refused' AND attempts.state IN ('reversed', 'not_paid')))`).all();
    for (const { id, kind, order_id: orderId, state } of open) {
      const isBack = state === 'reversing' || state === 'reversed';
      const decision: Decision = kind === 'reversal_refused' ? (isBack ? 'was_back' : 'stays_paid') : state === 'approved' ? 'paid' : isBack ? 'paid_send_back' : 'not_paid';
      database.prepare('UPDATE attention SET decision = ? WHERE id = ?').run(decision, id);
      emit('attention.settled', { id, kind, orderId, decision });
    }
  }

  /** Each part of it has gone back, in one story or the other: neither has told that so has the whole. */
  function endWhatIsBack(orderId: OrderId): void {
    const row = database.prepare<[string], AttemptRow & { id: AttemptId }>(`SELECT ${attemptColumns} FROM payment_attempts WHERE order_id = ? AND state = 'approved'`).get(orderId);
    if (!row || createRefundTable(database).done({ id: row.id, orderId }) < row.amount) return;
    setAttempt(row, orderId, 'reversed');
    const { state } = stateOf.get(orderId)!;
    if (state !== 'refunded') changeOrder(orderId, state, 'refunded');
    createServiceTable(database).clearMoney(orderId);
  }

  function setAttempt({ id: attemptId, amount, currency, tender, mode }: AttemptRow & { readonly id: AttemptId }, orderId: OrderId, state: 'unclear' | 'unknown' | 'reversed'): void {
    database.prepare('UPDATE payment_attempts SET state = ? WHERE id = ?').run(state, attemptId);
    emit('payment.attempt', { attemptId, orderId, amount: { amount, currency }, tender, ...(mode === null ? {} : { mode }), state });
  }

  /**
   * Answers whether it has found its place: on the list (of a wallet: with HQ, to be asked about), or settled meanwhile. Until then its order cannot be given up. Of an
   * order that is paid by another: HQ gives a wallet's back when it hears that it does not count here, and for a card's somebody has to look.
   */
  function raiseUnclear(attemptId: AttemptId, orderId: OrderId): boolean {
    const row = database.prepare<[string], AttemptRow & { id: AttemptId }>(`SELECT ${attemptColumns} FROM payment_attempts WHERE id = ?`).get(attemptId);
    if (row?.state !== 'not_paid') return true;
    const { state } = stateOf.get(orderId)!;
    if (isPaid(state)) {
      if (row.tender === 'card') raiseTwice(orderId, attemptId, 'perhaps paid twice: how another payment ended was lost, ');
      return true;
    }
    const isOrderHeld = database.prepare("SELECT 1 FROM payment_attempts WHERE order_id = ? AND state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')").get(orderId) !== undefined;
    if (isOrderHeld) return false;
    // One that was given up or refunded stays so: if this was paid, it goes back.
    if (state === 'placed' || state === 'awaiting_payment') changeOrder(orderId, state, 'payment_unknown');
    if (row.tender !== 'card') {
      setAttempt(row, orderId, 'unknown');
      return true;
    }
    const isBusy = database.prepare("SELECT 1 FROM payment_attempts WHERE tender = 'card' AND state IN ('started', 'authorised', 'unknown', 'unclear', 'reversing')").get() !== undefined;
    if (isBusy) return false;
    setAttempt(row, orderId, 'unclear');
    raise('payment_unclear', attemptId, orderId, row, 'the store was brought back, and how this payment ended was lost');
    return true;
  }

  function isByCard(attemptId: AttemptId): boolean {
    return database.prepare("SELECT 1 FROM payment_attempts WHERE id = ? AND tender = 'card'").get(attemptId) !== undefined;
  }

  /** The one that counts goes on the list: either payment can be given back from there. */
  function raiseTwice(orderId: OrderId, second: AttemptId, what = 'paid twice: also by '): void {
    const row = database.prepare<[string], AttemptRow & { id: AttemptId }>(
      `SELECT ${attemptColumns} FROM payment_attempts WHERE order_id = ? AND state IN ('authorised', 'approved', 'reversing')`).get(orderId);
    if (!row) return;
    const other = database.prepare<[string], { card: string | null; wallet: string | null }>('SELECT card, wallet FROM payment_attempts WHERE id = ?').get(second)!;
    raise('reversal_refused', row.id, orderId, row, `${what}${second} ${other.card ?? other.wallet ?? ''}: give one of them back`);
  }

  function raiseRefund({ id: refundId, orderId, amount, detail = '' }: Refund): void {
    enlist({ kind: 'refund_refused', orderId, refundId, amount, detail });
  }

  function raise(kind: Attention['kind'], attemptId: AttemptId, orderId: OrderId, row: AttemptRow, detail: string): void {
    enlist({
      kind, orderId, attemptId, amount: { amount: row.amount, currency: row.currency }, startedAt: row.started_at,
      ...(row.card === null ? {} : { card: JSON.parse(row.card) as Attention['card'] }), detail,
    });
  }

  function enlist(about: Omit<Attention, 'id' | 'raisedAt' | 'orderNumber'>): void {
    const { number } = database.prepare<[string], { number: string }>('SELECT number FROM orders WHERE id = ?').get(about.orderId)!;
    const attention: Attention = { ...about, orderNumber: number, detail: about.detail.slice(0, 500), id: newId() as AttentionId, raisedAt: now() };
    const { changes } = database.prepare('INSERT INTO attention (id, kind, order_id, attempt_id, refund_id, document, raised_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(attention.id, attention.kind, attention.orderId, attention.attemptId ?? null, attention.refundId ?? null, JSON.stringify(attention), attention.raisedAt);
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

interface AttemptRow {
  readonly state: string; readonly amount: number; readonly currency: Currency; readonly started_at: number; readonly card: string | null;
  readonly tender: Tender; readonly mode: WalletMode | null;
}
const attemptColumns = 'id, state, amount, currency, started_at, card, tender, mode';

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
