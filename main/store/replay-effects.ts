import { createReplayedStaff } from './replay-staff.ts';
import type { Database } from 'better-sqlite3';
import { dayClosingSchema, eventPayloads, versionOf } from '../../domain/contract/hq.ts';
import type { EventKind, HqEvent, HqEventPayload, JobKind, JobState } from '../../domain/contract/hq.ts';
import type { AttemptId, JobId, OrderId } from '../../domain/ids.ts';
import type { Order, OrderState } from '../../domain/order/order.ts';
import { pickupNumber } from '../../domain/order/order.ts';
import { keepPaused, rememberAnswer } from './commands.ts';
import { keepIdentity } from './identity.ts';
import { createPersonalData } from './personal.ts';
import { currentPayload } from './older-events.ts';
import type { ReplayedAttempts } from './replay-payments.ts';
import type { ReplayedRefunds } from './replay-refunds.ts';
import { createServiceTable } from './services.ts';

/** `waits`: what it is about is not known yet. `skipped`: it stands there, or would go back. Anything else is a conflict, by its name. */
export type EffectOutcome = 'done' | 'waits' | 'skipped' | 'unreadable' | 'newer_version' | 'cart_taken' | 'order_went_another_way';

export type EffectEvent = Pick<HqEvent, 'id' | 'kind' | 'version' | 'at' | 'payload'>;
export type LocalRow = Readonly<Record<string, string | number | null>>;

export interface ReplayedEffects {
  /** What the orders lane tells. */
  apply(event: EffectEvent): EffectOutcome;
  applyLocal(what: string, row: LocalRow): EffectOutcome;
  /** Orders in which the store had gone another way, with the state that it had, and that which was told last. */
  readonly apart: ReadonlyMap<OrderId, { readonly before: OrderState; told: OrderState }>;
  /** Print jobs that are waiting or under way by what was told: whether their paper came out since, nobody knows. */
  readonly unfinishedPrints: ReadonlySet<JobId>;
}

/** An order only goes on. What is known to be paid was paid, even where this store had given it up. */
export const orderRank: Readonly<Record<OrderState, number>> = { placed: 0, awaiting_payment: 1, payment_unknown: 1, cancelled: 2, expired: 2, paid: 3, fulfilled: 4, refunded: 5 };
export const endedJobStates: readonly JobState[] = ['done', 'failed', 'uncertain', 'lapsed'];
const pickupNumbers = 24 * 999;

export function createReplayedEffects(database: Database, attempts: ReplayedAttempts, refunds: ReplayedRefunds): ReplayedEffects {
  const personal = createPersonalData(database);
  const orderState = database.prepare<[string], { state: OrderState }>('SELECT state FROM orders WHERE id = ?');
  const orderOfCart = database.prepare<[string], { id: string }>('SELECT id FROM orders WHERE cart_id = ?');
  const insertOrder = database.prepare(
    "INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, ?, 'placed', ?, ?, ?, ?, ?, ?)");
  const setOrder = database.prepare('UPDATE orders SET state = ? WHERE id = ?');
  const job = database.prepare<[string], { state: JobState; kind: JobKind; slip: number | null }>('SELECT state, kind, slip FROM jobs WHERE id = ?');
  const insertJob = database.prepare("INSERT INTO jobs (id, order_id, kind, state, created_at, event_id) VALUES (?, ?, ?, 'queued', ?, ?) ON CONFLICT (id) DO NOTHING");
  const requestedBy = database.prepare('UPDATE jobs SET event_id = coalesce(event_id, ?) WHERE id = ?');
  const setJob = database.prepare('UPDATE jobs SET state = ? WHERE id = ?');
  const setSlip = database.prepare('UPDATE jobs SET slip = ? WHERE id = ?');
  const counter = database.prepare<[string], { next: number }>('SELECT next FROM counters WHERE name = ?');
  const raiseCounter = database.prepare('INSERT INTO counters (name, next) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next = max(next, excluded.next)');
  const insertAttention = database.prepare(
    'INSERT INTO attention (id, kind, order_id, attempt_id, job_id, refund_id, document, raised_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const decide = database.prepare('UPDATE attention SET decision = ? WHERE id = ? AND decision IS NULL');
  const decideTwin = database.prepare('UPDATE attention SET decision = ? WHERE kind = ? AND order_id = ? AND decision IS NULL');
  const isListed = database.prepare<[string], { id: string }>('SELECT id FROM attention WHERE id = ?');
  const hasForeign = database.prepare('SELECT id FROM foreign_transactions WHERE card = ? AND reason = ? AND seen_at = ?');
  const insertForeign = database.prepare('INSERT INTO foreign_transactions (card, reason, seen_at) VALUES (?, ?, ?)');
  const insertClosing = database.prepare(
    'INSERT INTO closings (number, day, closed_at, event_id, position) SELECT ?, ?, ?, id, position - 1 FROM outbox WHERE id = ? ON CONFLICT DO NOTHING');
  // What stands before it here may stand after it where it was signed: HQ tells lane by lane, and another machine may have closed the day. The next one counts from there.
  const leaveUncounted = database.prepare<[{ id: string; ranges: string }]>(`
    UPDATE closings SET position = coalesce((
      SELECT min(position) - 1 FROM outbox
      WHERE position > (SELECT coalesce(max(older.position), 0) FROM closings AS older WHERE older.position < closings.position) AND position <= closings.position AND hash <> ''
        AND NOT EXISTS (SELECT 1 FROM json_each(@ranges) WHERE value ->> 'lane' = lane AND value ->> 'epoch' = epoch AND sequence BETWEEN value ->> 'from' AND value ->> 'to')
    ), position) WHERE event_id = @id`);
  const services = createServiceTable(database);
  const insertCall = database.prepare('INSERT INTO help_calls (id, called_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING');
  const removeCall = database.prepare('DELETE FROM help_calls WHERE id = ?');
  const insertFeedback = database.prepare('INSERT INTO feedback (order_id, given_at) VALUES (?, ?) ON CONFLICT (order_id) DO NOTHING');
  const endVisit = database.prepare(`
    INSERT INTO restock_visits (visit_id, staff, started_at, ended_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (visit_id) DO UPDATE SET started_at = excluded.started_at, ended_at = excluded.ended_at WHERE ended_at IS NULL`);
  const apart = new Map<OrderId, { readonly before: OrderState; told: OrderState }>();
  const unfinishedPrints = new Set<JobId>();

  /** A number that a customer has on paper is not given again. They repeat after 23,976: one that is just behind is an old one. */
  function takeNumberOf({ number }: Order): void {
    const index = Array.from({ length: 24 }, (_, letter) => letter).map((letter) => letter * 999 + Number(number.slice(1)) - 1).find((candidate) => pickupNumber(candidate) === number);
    if (index === undefined) return;
    const next = counter.get('pickup_number')?.next ?? 0;
    const ahead = (((index - next) % pickupNumbers) + pickupNumbers) % pickupNumbers;
    if (ahead < pickupNumbers / 2) raiseCounter.run('pickup_number', next + ahead + 1);
  }

  function placed({ order: told, shop, receiptUrl }: HqEventPayload<'order.placed'>): EffectOutcome {
    const order = personal.sealAgain(told as Order, told.placedAt);
    takeNumberOf(order);
    if (orderState.get(order.id)) return 'skipped';
    const taken = orderOfCart.get(order.cartId) !== undefined;
    insertOrder.run(
      order.id, taken ? order.id : order.cartId, order.number, order.total.amount, order.total.currency, order.placedAt,
      JSON.stringify(order), JSON.stringify(shop), receiptUrl);
    return taken ? 'cart_taken' : 'done';
  }

  function orderStep({ orderId, from, to }: HqEventPayload<'order.state'>): EffectOutcome {
    const id = orderId as OrderId;
    const state = orderState.get(id)?.state;
    if (!state) return 'waits';
    const before = apart.get(id);
    if (before) before.told = to;
    else if (state !== from) apart.set(id, { before: state, told: to });
    if (state !== from && orderRank[to] <= orderRank[state]) return 'order_went_another_way';
    setOrder.run(to, id);
    return 'done';
  }

  function jobChanged({ jobId, orderId, kind, state }: HqEventPayload<'job.state'>, at: number): EffectOutcome {
    const id = jobId as JobId;
    if (!orderState.get(orderId)) return 'waits';
    insertJob.run(id, orderId, kind, at, null);
    if (kind === 'request_service') services.add(id, orderId as OrderId);
    const before = job.get(id)!;
    if (endedJobStates.includes(before.state)) return 'skipped';
    setJob.run(state, id);
    if (kind === 'request_service') return 'done';
    if (endedJobStates.includes(state)) unfinishedPrints.delete(id);
    else unfinishedPrints.add(id);
    // As it was taken then: before the first byte. Documents of no order took theirs unheard.
    if (state === 'doing' && before.slip === null) numberSlip(id, (counter.get('slip')?.next ?? 0) + 1);
    return 'done';
  }

  function numberSlip(id: string, slip: number): void {
    setSlip.run(slip, id);
    raiseCounter.run('slip', slip);
  }

  function raised(attention: HqEventPayload<'attention.raised'>, text: string): EffectOutcome {
    if (!orderState.get(attention.orderId)) return 'waits';
    const slip = /, slip (\d+)$/.exec(attention.detail)?.[1];
    if (attention.kind === 'print_uncertain' && attention.jobId && slip) numberSlip(attention.jobId, Number(slip));
    const { changes } = insertAttention.run(
      attention.id, attention.kind, attention.orderId, attention.attemptId ?? null, attention.jobId ?? null, attention.refundId ?? null, text, attention.raisedAt);
    return changes > 0 ? 'done' : 'skipped';
  }

  function settled({ id, kind, orderId, decision }: HqEventPayload<'attention.settled'>): EffectOutcome {
    if (!orderState.get(orderId)) return 'waits';
    // Raised here under another id, about the same: what was decided about the one is decided about the other.
    const { changes } = isListed.get(id) ? decide.run(decision, id) : decideTwin.run(decision, kind, orderId);
    return changes > 0 ? 'done' : 'skipped';
  }

  function closed(event: EffectEvent, { body }: HqEventPayload<'day.closed'>): EffectOutcome {
    const closing = dayClosingSchema.safeParse(parseJson(body));
    if (!closing.success) return 'unreadable';
    // It counted what stood before it; itself is for the next one.
    const { changes } = insertClosing.run(closing.data.number, closing.data.day, closing.data.closedAt, event.id);
    if (changes > 0) leaveUncounted.run({ id: event.id, ranges: JSON.stringify(closing.data.ranges) });
    return 'done';
  }

  const effects: { readonly [K in EventKind]?: (payload: HqEventPayload<K>, event: EffectEvent) => EffectOutcome } = {
    'order.placed': placed,
    'order.state': orderStep,
    'payment.attempt'(news, { at }) {
      if (!orderState.get(news.orderId)) return 'waits';
      attempts.tell({ ...news, attemptId: news.attemptId as AttemptId, orderId: news.orderId as OrderId, at });
      return 'done';
    },
    'payment.refund': (payload, { at }) => (orderState.get(payload.orderId) ? refunds.tell(payload, at) : 'waits'),
    'attention.raised': (payload, { payload: text }) => raised(payload, text),
    'attention.settled': settled,
    'job.state': (payload, { at }) => jobChanged(payload, at),
    'service.requested'({ jobId, orderId }, { id, at }) {
      if (!orderState.get(orderId)) return 'waits';
      insertJob.run(jobId, orderId, 'request_service', at, id);
      services.add(jobId as JobId, orderId as OrderId);
      requestedBy.run(id, jobId);
      return 'done';
    },
    // What follows for the money is thought about when all is told (`judgeRefusedServices`): here it may have been given back already.
    'service.settled'({ jobId, orderId, outcome, reference }, { at }) {
      if (!orderState.get(orderId)) return 'waits';
      insertJob.run(jobId, orderId, 'request_service', at, null);
      services.add(jobId as JobId, orderId as OrderId);
      return services.settle(jobId as JobId, outcome, reference ?? null, at) ? 'done' : 'skipped';
    },
    // Its customer has left long ago: the call is ended, and HQ told so, by the kiosk that goes on (main/core/help.ts).
    'help.called': ({ callId }, { at }) => (insertCall.run(callId, at).changes > 0 ? 'done' : 'skipped'),
    'help.ended': ({ callId }) => (removeCall.run(callId).changes > 0 ? 'done' : 'skipped'),
    'feedback.given': ({ orderId }, { at }) => (insertFeedback.run(orderId, at).changes > 0 ? 'done' : 'skipped'),
    'restock.visited': ({ visitId, staff, startedAt, endedAt }) => (endVisit.run(visitId, staff, startedAt, endedAt).changes > 0 ? 'done' : 'skipped'),
    'day.closed': (payload, event) => closed(event, payload),
    // So that it is not done again when it comes down again.
    'command.answered': (payload) => (rememberAnswer(database, payload) ? 'done' : 'skipped'),
    ...createReplayedStaff(database),
  };

  return {
    apart,
    unfinishedPrints,

    apply(event) {
      const kind = event.kind as EventKind;
      const effect = effects[kind] as ((payload: unknown, event: EffectEvent) => EffectOutcome) | undefined;
      // Kinds that only tell leave nothing behind but themselves.
      if (!effect) return 'done';
      if (event.version > versionOf(kind)) return 'newer_version';
      const payload = eventPayloads[kind].safeParse(currentPayload(kind, event.version, parseJson(event.payload)));
      return payload.success ? effect(payload.data, event) : 'unreadable';
    },

    applyLocal(what, row) {
      switch (what) {
        case 'foreign': {
          if (hasForeign.get(row['card'], row['reason'], row['seen_at'])) return 'skipped';
          insertForeign.run(row['card'], row['reason'], row['seen_at']);
          return 'done';
        }
        case 'refusal':
          return attempts.refuse(String(row['attempt_id']) as AttemptId, String(row['card']));
        case 'personal_key': {
          const orderId = String(row['order_id']) as OrderId;
          if (personal.keyOf(orderId)) return 'skipped';
          personal.keepKey(orderId, Buffer.from(String(row['key']), 'base64'), Number(row['made_at']));
          return 'done';
        }
        case 'identity':
          return keepIdentity(database, { kiosk_id: String(row['kiosk_id']), private_key: String(row['private_key']), public_key: String(row['public_key']) }) ? 'done' : 'skipped';
        case 'paused':
          return keepPaused(database, row['value'] === null ? undefined : String(row['value'])) ? 'done' : 'skipped';
        case 'number': {
          const [name, next] = [String(row['name']), Number(row['next'])];
          if ((counter.get(name)?.next ?? 0) >= next) return 'skipped';
          raiseCounter.run(name, next);
          return 'done';
        }
        case 'slip': {
          const found = job.get(String(row['job_id']));
          if (!found) return 'waits';
          if (found.slip === row['slip']) return 'skipped';
          numberSlip(String(row['job_id']), Number(row['slip']));
          return 'done';
        }
        default:
          return 'newer_version';
      }
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
