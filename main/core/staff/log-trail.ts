import type { CodedError } from '../../../domain/contract/errors.ts';
import type { TrailStep } from '../../../domain/contract/staff.ts';
import type { OrderId } from '../../../domain/ids.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { StoredEntry } from '../../store/logs/entry.ts';
import type { SqlRow, SqlValue } from '../../store/short-read.ts';
import type { LogBook } from '../log-book.ts';

export interface TrailDeps {
  readonly book: Pick<LogBook, 'ask'>;
  /** Of the store, beside whoever sells. */
  readonly read: (sql: string, parameters?: readonly SqlValue[]) => Promise<Result<readonly SqlRow[], CodedError>>;
}

export interface Trail {
  readonly number: string | undefined;
  readonly steps: readonly TrailStep[];
}

interface ToldEvent { readonly lane: string; readonly epoch: number; readonly sequence: number; readonly kind: string; readonly at: number; readonly payload: string; readonly acknowledged: 0 | 1 }

/** Events are looked through in pieces, each of which is one short read. */
const eventsAtOnce = 20_000;
const mostPieces = 20;
const mostLines = 500;

/**
 * Everything that is written down of one order, wherever, in the order of time: from its placing to HQ's acknowledgement. Titles are the names under which things are
 * written (the page has words for them), details are ids, codes and amounts: no word of the customer.
 */
export async function orderTrail({ book, read }: TrailDeps, orderId: OrderId): Promise<Result<Trail | undefined, CodedError>> {
  let failure: CodedError | undefined;
  const rows: Rows = async <T>(sql: string, ...parameters: SqlValue[]) => {
    const found = failure ? undefined : await read(sql, parameters);
    if (found && !found.ok) failure = found.error;
    return (found?.ok ? found.value : []) as unknown as readonly T[];
  };
  const [order] = await rows<{ number: string }>('SELECT number FROM orders WHERE id = ?', orderId);
  const lines = await book.ask('find', { filter: { orderId }, limit: mostLines });
  const entries = lines.ok ? lines.value.entries : [];
  if (failure) return err(failure);
  if (!order && entries.length === 0) return ok(undefined);
  const events = await eventsOf(rows, orderId);
  const steps = [
    ...entries.map(logStep),
    ...events.map(eventStep),
    ...(await acknowledgements(book, events)),
    ...(await rows<AttemptRow>('SELECT id, started_at AS at, state, amount, currency, result_code AS resultCode FROM payment_attempts WHERE order_id = ? ORDER BY rowid', orderId)).map(attemptStep),
    ...(await rows<JobRow>('SELECT id, kind, state, created_at AS at, slip FROM jobs WHERE order_id = ? ORDER BY created_at, id', orderId)).map(jobStep),
    ...(await rows<MoveRow>('SELECT id, offer_id AS offerId, change, reason, lot_id AS lotId, at FROM stock_moves WHERE order_id = ? ORDER BY id', orderId)).map(stockStep),
    ...(await rows<AttentionRow>('SELECT id, kind, raised_at AS at, decision FROM attention WHERE order_id = ? ORDER BY raised_at, id', orderId)).map(attentionStep),
  ];
  if (failure) return err(failure);
  return ok({ number: order?.number, steps: steps.sort((left, right) => left.at - right.at || rank[left.kind] - rank[right.kind]) });
}

type Rows = <T>(sql: string, ...parameters: SqlValue[]) => Promise<readonly T[]>;

/** Of the same millisecond: what was done before what was said about it. */
const rank: Readonly<Record<TrailStep['kind'], number>> = { stock: 0, attempt: 1, job: 2, attention: 3, event: 4, log: 5, acknowledged: 6 };

/** All from its placing on; before it there are none. */
async function eventsOf(rows: Rows, orderId: OrderId): Promise<readonly ToldEvent[]> {
  const [bounds] = await rows<{ first: number | null; last: number | null }>(
    "SELECT (SELECT min(position) FROM outbox WHERE kind = 'order.placed' AND CASE WHEN json_valid(payload) THEN json_extract(payload, '$.order.id') END = ?) AS first, (SELECT max(position) FROM outbox) AS last", orderId);
  if (!bounds || bounds.last === null || bounds.first === null) return [];
  const found: ToldEvent[] = [];
  for (let [piece, from] = [0, bounds.first]; piece < mostPieces && from <= bounds.last; piece++, from += eventsAtOnce) {
    found.push(...(await rows<ToldEvent>(
      `SELECT outbox.lane, outbox.epoch, sequence, kind, at, payload,
        (outbox.epoch < lanes.epoch OR (outbox.epoch = lanes.epoch AND sequence <= lanes.acknowledged)) AS acknowledged
      FROM outbox JOIN lanes ON lanes.lane = outbox.lane
      WHERE position BETWEEN ? AND ? AND outbox.lane <> 'logs' AND instr(payload, ?) > 0 AND tick() ORDER BY position`, from, from + eventsAtOnce - 1, orderId)));
  }
  return found;
}

/** HQ says up to where it has a lane: one step for all that one word of it was about. */
async function acknowledgements(book: Pick<LogBook, 'ask'>, events: readonly ToldEvent[]): Promise<readonly TrailStep[]> {
  const had = events.filter(({ acknowledged }) => acknowledged === 1);
  if (had.length === 0) return [];
  const times = await book.ask('acknowledgedAt', { events: had.map(({ lane, epoch, sequence, at }) => ({ lane, epoch, sequence, at })) });
  const groups = new Map<string, { readonly at: number; readonly isKnown: boolean; readonly kinds: string[] }>();
  for (const [index, event] of had.entries()) {
    const known = times.ok ? times.value[index] : undefined;
    const at = known ?? event.at;
    const key = `${event.lane} ${known === undefined ? 'unknown' : at}`;
    const group = groups.get(key) ?? { at, isKnown: known !== undefined, kinds: [] };
    group.kinds.push(`${event.kind} #${event.sequence}`);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ at, isKnown, kinds }) => step(at, 'acknowledged', isKnown ? 'acknowledged' : 'acknowledged_some_time', { events: kinds.join(', ') }));
}

interface AttemptRow { id: string; at: number; state: string; amount: number; currency: string; resultCode: string | null }
interface JobRow { id: string; kind: string; state: string; at: number; slip: number | null }
interface MoveRow { id: number; offerId: string; change: number; reason: string; lotId: string | null; at: number }
interface AttentionRow { id: string; kind: string; at: number; decision: string | null }

function logStep({ at, level, source, event, code, message, fields }: StoredEntry): TrailStep {
  const known = fields === null ? {} : (JSON.parse(fields) as Record<string, unknown>);
  return { at, kind: 'log', level, title: (event ?? message).slice(0, 200), detail: pairs({ source, ...(code === null ? {} : { code }), message, ...known }) };
}

/** What a kind's payload says in ids, states and amounts; its customer's words stay where they are. */
const toldOf: readonly string[] = ['from', 'to', 'state', 'attemptId', 'jobId', 'offerId', 'change', 'reason', 'lotId', 'resultCode', 'outcome', 'kind', 'decision', 'attentionId', 'rating'];

function eventStep({ kind, at, lane, sequence, payload, acknowledged }: ToldEvent): TrailStep {
  const told = JSON.parse(payload) as Record<string, unknown>;
  const shown = Object.fromEntries(toldOf.flatMap((name) => (['string', 'number'].includes(typeof told[name]) ? [[name, told[name]]] : [])));
  return step(at, 'event', kind, { ...shown, lane, sequence, hq: acknowledged === 1 ? 'acknowledged' : 'waiting' });
}

function attemptStep({ id, at, state, amount, currency, resultCode }: AttemptRow): TrailStep {
  const level = state === 'unknown' || state === 'unclear' ? 'warn' : 'info';
  return { ...step(at, 'attempt', `attempt.${state}`, { attempt: id, amount, currency, ...(resultCode === null ? {} : { resultCode }) }), level };
}

function jobStep({ id, kind, state, at, slip }: JobRow): TrailStep {
  const level = state === 'failed' || state === 'uncertain' ? 'warn' : 'info';
  return { ...step(at, 'job', kind, { state, job: id, ...(slip === null ? {} : { slip }) }), level };
}

function stockStep({ offerId, change, reason, lotId, at }: MoveRow): TrailStep {
  return step(at, 'stock', `stock.${reason}`, { offer: offerId, change, ...(lotId === null ? {} : { lot: lotId }) });
}

function attentionStep({ id, kind, at, decision }: AttentionRow): TrailStep {
  return { ...step(at, 'attention', kind, { id, decision: decision ?? 'open' }), level: decision === null ? 'warn' : 'info' };
}

function step(at: number, kind: TrailStep['kind'], title: string, fields: Readonly<Record<string, unknown>>): TrailStep {
  return { at, kind, level: 'info', title: title.slice(0, 200), detail: pairs(fields) };
}

function pairs(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`).join('  ').slice(0, 2_000);
}
