import type { Database } from 'better-sqlite3';
import type { Sql } from '../hq/server/database.ts';
import type { Fact } from './ledger.ts';

/** What must be the same at both ends, each row as one line of text. */
export interface Books {
  readonly orders: readonly string[];
  readonly payments: readonly string[];
  readonly stock: readonly string[];
  readonly moves: readonly string[];
  readonly lots: readonly string[];
  readonly visits: readonly string[];
  readonly jobs: readonly string[];
}

export interface KioskBooks extends Books {
  readonly outbox: readonly { readonly id: string; readonly kind: string; readonly place: string }[];
  readonly waiting: number;
  readonly unsettled: readonly string[];
  readonly applied: ReadonlyMap<string, { readonly revision: number; readonly sha256: string }>;
}

export interface HqBooks extends Books {
  /** By event id: how many rows have an effect. */
  readonly events: ReadonlyMap<string, number>;
  readonly quarantined: readonly { readonly eventId: string; readonly kind: string; readonly reason: string; readonly detail: string }[];
  readonly proofs: readonly { readonly day: string; readonly state: string; readonly result: string }[];
  readonly commands: readonly { readonly commandId: string; readonly kind: string; readonly state: string; readonly isExpired: boolean; readonly answers: number }[];
  readonly answeredTwice: readonly string[];
  readonly documents: ReadonlyMap<string, { readonly revision: number; readonly sha256: string }>;
  readonly epochs: ReadonlyMap<string, number>;
  readonly alarms: ReadonlySet<string>;
}

export function readKiosk(database: Database): KioskBooks {
  const lines = (sql: string) => database.prepare<[], { line: string }>(sql).all().map(({ line }) => line).sort();
  return {
    orders: lines("SELECT id || ' ' || state || ' ' || total || ' ' || currency AS line FROM orders"),
    payments: lines("SELECT id || ' ' || order_id || ' ' || state || ' ' || amount AS line FROM payment_attempts"),
    stock: lines("SELECT offer_id || ' ' || available AS line FROM stock"),
    moves: lines("SELECT offer_id || ' ' || change || ' ' || reason || ' ' || coalesce(order_id, '-') AS line FROM stock_moves WHERE change <> 0"),
    lots: lines("SELECT offer_id || ' ' || lot_id || ' ' || available || ' ' || coalesce(best_before, '-') AS line FROM stock_lots"),
    // One that is open is told when it ends.
    visits: lines("SELECT visit_id || ' ' || staff || ' ' || ended_at AS line FROM restock_visits WHERE ended_at IS NOT NULL"),
    jobs: lines("SELECT id || ' ' || order_id || ' ' || kind || ' ' || state AS line FROM jobs WHERE kind NOT IN ('print_document', 'print_terminal_slip')"),
    outbox: database.prepare<[], { id: string; kind: string; place: string }>("SELECT id, kind, lane || ' ' || epoch || '/' || sequence AS place FROM outbox ORDER BY position").all(),
    waiting: database.prepare<[], { waiting: number }>('SELECT sum(last - acknowledged) AS waiting FROM lanes').get()!.waiting,
    unsettled: lines("SELECT id || ' ' || state AS line FROM payment_attempts WHERE state IN ('started', 'authorised', 'unknown', 'reversing')"),
    applied: new Map(database.prepare<[], { kind: string; revision: number; sha256: string }>("SELECT kind, revision, sha256 FROM documents WHERE place = 'applied'").all().map(({ kind, ...rest }) => [kind, rest])),
  };
}

export async function readHq(sql: Sql, kioskId: string, now: number): Promise<HqBooks> {
  const lines = async (query: Promise<readonly { line: string }[]>) => (await query).map(({ line }) => line).sort();
  const events = await sql<{ event_id: string; effective: number }[]>`
    select event_id, count(*) filter (where not repeated) as effective from events where kiosk_id = ${kioskId} group by event_id`;
  const answers = await sql<{ command_id: string; answers: number }[]>`
    select payload::jsonb->>'commandId' as command_id, count(*) as answers from events where kiosk_id = ${kioskId} and kind = 'command.answered' and not repeated group by 1`;
  const answersOf = new Map(answers.map((row) => [row.command_id, row.answers]));
  const commands = await sql<{ command_id: string; kind: string; state: string; expires_at: number }[]>`select command_id, kind, state, expires_at from commands where kiosk_id = ${kioskId}`;
  const documents = await sql<{ kind: string; scope: string; revision: number; sha256: string }[]>`
    select kind, scope, revision, sha256 from documents where scope in ('all', ${`kiosk:${kioskId}`}) and withdrawn_at is null order by scope = 'all' desc, revision`;
  const alarms = await sql<{ kind: string; subject: string }[]>`select kind, subject from alarms where kiosk_id = ${kioskId}`;
  const epochs = await sql<{ lane: string; epochs: number }[]>`select lane, count(*) as epochs from cursors where kiosk_id = ${kioskId} group by lane`;
  const quarantined = await sql<{ event_id: string; kind: string; reason: string; detail: string }[]>`select event_id, kind, reason, detail from quarantined_events where kiosk_id = ${kioskId} and settled_at is null`;
  const proofs = await sql<{ day: string; state: string; result: unknown }[]>`select day, state, result from proofs where kiosk_id = ${kioskId} order by number`;
  return {
    orders: await lines(sql`select order_id || ' ' || state || ' ' || total_amount || ' ' || currency as line from orders where kiosk_id = ${kioskId}`),
    payments: await lines(sql`select attempt_id || ' ' || order_id || ' ' || state || ' ' || amount as line from payments where kiosk_id = ${kioskId}`),
    stock: await lines(sql`select offer_id || ' ' || remaining as line from stock where kiosk_id = ${kioskId}`),
    moves: await lines(sql`select offer_id || ' ' || change || ' ' || reason || ' ' || coalesce(order_id::text, '-') as line from stock_moves where kiosk_id = ${kioskId} and change <> 0`),
    lots: await lines(sql`select offer_id || ' ' || lot_id || ' ' || remaining || ' ' || coalesce(best_before::text, '-') as line from stock_lots where kiosk_id = ${kioskId}`),
    visits: await lines(sql`select visit_id || ' ' || staff || ' ' || ended_at as line from restock_visits where kiosk_id = ${kioskId}`),
    jobs: await lines(sql`select job_id || ' ' || order_id || ' ' || kind || ' ' || state as line from jobs where kiosk_id = ${kioskId}`),
    events: new Map(events.map((row) => [row.event_id, row.effective])),
    quarantined: quarantined.map((row) => ({ eventId: row.event_id, kind: row.kind, reason: row.reason, detail: row.detail })),
    proofs: proofs.map(({ day, state, result }) => ({ day, state, result: JSON.stringify(result) })),
    commands: commands.map((row) => ({ commandId: row.command_id, kind: row.kind, state: row.state, isExpired: row.expires_at <= now, answers: answersOf.get(row.command_id) ?? 0 })),
    answeredTwice: answers.filter((row) => row.answers > 1).map((row) => row.command_id),
    // The kiosk's own stands behind what is for all, so it goes before it.
    documents: new Map(documents.map(({ kind, revision, sha256 }) => [kind, { revision, sha256 }])),
    epochs: new Map(epochs.map((row) => [row.lane, row.epochs])),
    alarms: new Set(alarms.flatMap(({ kind, subject }) => [kind, `${kind} ${subject}`])),
  };
}

export interface Expected {
  readonly facts: readonly Fact[];
  /** Ids of events that HQ cannot understand. */
  readonly strange: ReadonlySet<string>;
  /** Two machines had this identity for a while: both may have obeyed the same command. */
  readonly wasCloned: boolean;
  /**
   * A disk that lies leaves the tables and the outbox of different moments. Orders, payments, jobs and answers are levelled after it (replay-level.ts); that an
   * offer's stock was counted in is not told again, since HQ may have it (docs/reliability.md).
   */
  readonly wasLiedTo: boolean;
}

/** Every difference between a kiosk and HQ after all has come to rest, in a sentence each. Nothing where nothing is lost and nothing doubled. */
export function judge(kiosk: KioskBooks, hq: HqBooks, { facts, strange, wasCloned, wasLiedTo }: Expected): readonly string[] {
  const found: string[] = [];
  const say = (what: string) => void found.push(what);
  const [movesHere] = difference(kiosk.moves, hq.moves);
  const untold = new Set(wasLiedTo ? movesHere.filter((line) => line.endsWith(' initial -')).map((line) => line.split(' ')[0]) : []);
  const isUntold = (part: string, line: string) => (part === 'moves' && line.endsWith(' initial -') && untold.has(line.split(' ')[0])) || ((part === 'stock' || part === 'lots') && untold.has(line.split(' ')[0]));
  for (const part of ['orders', 'payments', 'stock', 'moves', 'lots', 'visits', 'jobs'] as const) {
    const [here, there] = difference(kiosk[part], hq[part]);
    for (const line of here) if (!isUntold(part, line)) say(`${part}: at the kiosk alone: ${line}`);
    for (const line of there) if (!isUntold(part, line)) say(`${part}: at HQ alone: ${line}`);
  }
  if (kiosk.waiting > 0) say(`${kiosk.waiting} events were never acknowledged`);
  for (const line of kiosk.unsettled) say(`a payment was never settled: ${line}`);
  for (const { id, kind, place } of kiosk.outbox) {
    const effective = hq.events.get(id);
    if (effective === undefined) say(`event ${place} ${kind} ${id} is not at HQ`);
    else if (effective !== 1) say(`event ${place} ${kind} ${id} has ${effective} effects at HQ`);
  }
  for (const { eventId, kind, reason, detail } of hq.quarantined) {
    if (!strange.has(eventId)) say(`HQ has set aside ${kind} ${eventId}: ${reason}, ${detail}`);
    if (!hq.alarms.has('quarantined')) say(`no alarm about ${kind} ${eventId}, which was set aside`);
  }
  for (const id of strange) if (hq.events.has(id) && !hq.quarantined.some(({ eventId }) => eventId === id)) say(`event ${id}, which HQ cannot understand, was not set aside`);
  if (hq.proofs.length === 0) say('no day was ever closed');
  for (const { day, state, result } of hq.proofs) if (state !== 'green') say(`the proof of ${day} is ${state}: ${result.slice(0, 500)}`);
  for (const [lane, epochs] of hq.epochs) if (epochs > 1 && !hq.alarms.has('next_epoch')) say(`no alarm about the new epoch of ${lane}`);
  const orders = new Map(kiosk.orders.map((line) => [line.split(' ')[0]!, line.split(' ')[1]!]));
  const attempts = new Map(kiosk.payments.map((line) => [line.split(' ')[0]!, line.split(' ')[2]!]));
  for (const fact of facts) {
    const state = orders.get(fact.orderId);
    if (state === undefined) say(`order ${fact.orderId} is lost`);
    else if (fact.kind === 'paid' && !['paid', 'fulfilled', 'refunded'].includes(state)) say(`order ${fact.orderId} was paid, and is ${state}`);
    else if (fact.kind === 'charged' && !['approved', 'reversed'].includes(attempts.get(fact.attemptId) ?? '')) say(`payment ${fact.attemptId} was charged, and is ${attempts.get(fact.attemptId) ?? 'lost'}`);
  }
  for (const { commandId, kind, state, isExpired, answers } of hq.commands) {
    if (state === 'waiting' && !isExpired) say(`command ${kind} ${commandId} was never answered`);
    if (state === 'answered' && answers < 1) say(`command ${kind} ${commandId} was answered ${answers} times`);
  }
  for (const id of wasCloned ? [] : hq.answeredTwice) say(`command ${id} was answered more than once`);
  for (const [kind, { revision, sha256 }] of hq.documents) {
    const applied = kiosk.applied.get(kind);
    if (applied?.sha256 !== sha256) say(`${kind} revision ${revision} is not in force; ${applied ? `revision ${applied.revision} is` : 'nothing is'}`);
  }
  return found;
}

/** What each has that the other has not, as often. */
function difference(one: readonly string[], other: readonly string[]): readonly [readonly string[], readonly string[]] {
  const counts = new Map<string, number>();
  for (const line of one) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of other) counts.set(line, (counts.get(line) ?? 0) - 1);
  const repeated = (wanted: 1 | -1) => [...counts].flatMap(([line, count]) => Array.from({ length: Math.max(0, wanted * count) }, () => line));
  return [repeated(1), repeated(-1)];
}
