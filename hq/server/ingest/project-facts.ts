import type { EventKind } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { settleAlarms } from './alarms.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import type { Effective } from './understand.ts';
import { closingOf } from './understand.ts';

/** Kinds of which the newest is what counts. */
const factKinds: ReadonlySet<EventKind> = new Set(['store.recovered', 'store.key_rotated', 'disk.state', 'clock.skewed']);

/** What events tell of the kiosk itself rather than of orders. An older one that is applied later changes nothing that a newer one has set. */
export async function projectFacts(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  await upsertFacts(sql, kioskId, events);
  await upsertDocuments(sql, kioskId, events);
  await insertProofs(sql, kioskId, events);
  await insertLogLines(sql, kioskId, events);
  for (const { kind, body, event, occurredAt } of events) {
    if (kind === 'store.recovered') {
      await raiseWithFacts(sql, { kioskId, kind: 'store_recovered', subject: event.id, facts: body, at: occurredAt });
    } else if (kind === 'disk.state' && body.state === 'well') await settleAlarms(sql, kioskId, 'disk', occurredAt);
    else if (kind === 'disk.state') await raiseWithFacts(sql, { kioskId, kind: 'disk', subject: '', facts: { state: body.state, freeBytes: body.freeBytes }, at: occurredAt });
  }
}

async function upsertFacts(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  const newest = new Map(events.filter(({ kind }) => factKinds.has(kind)).map((effective) => [effective.kind, effective]));
  await insertRows(
    sql,
    'insert into kiosk_facts (kiosk_id, kind, epoch, sequence, body, occurred_at)',
    [...newest.values()].map(({ kind, epoch, event, body, occurredAt }) => [kioskId, kind, epoch, event.sequence, body, occurredAt]),
    `on conflict (kiosk_id, kind) do update set epoch = excluded.epoch, sequence = excluded.sequence, body = excluded.body, occurred_at = excluded.occurred_at
     where (kiosk_facts.epoch, kiosk_facts.sequence) <= (excluded.epoch, excluded.sequence)`,
  );
}

async function upsertDocuments(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  const newest = new Map(events.filter((candidate) => candidate.kind === 'document.applied').map((effective) => [effective.body.document, effective]));
  await insertRows(
    sql,
    'insert into kiosk_documents (kiosk_id, document, epoch, sequence, revision, sha256, outcome, detail, occurred_at)',
    [...newest.values()].map(({ epoch, event, body, occurredAt }) => [kioskId, body.document, epoch, event.sequence, body.revision, body.sha256, body.outcome, body.detail ?? null, occurredAt]),
    `on conflict (kiosk_id, document) do update set epoch = excluded.epoch, sequence = excluded.sequence, revision = excluded.revision, sha256 = excluded.sha256,
       outcome = excluded.outcome, detail = excluded.detail, occurred_at = excluded.occurred_at
     where (kiosk_documents.epoch, kiosk_documents.sequence) <= (excluded.epoch, excluded.sequence)`,
  );
}

async function insertProofs(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  await insertRows(
    sql,
    'insert into proofs (kiosk_id, event_id, lane, epoch, sequence, number, day, closed_at, occurred_at, body, signature, state)',
    events.filter((candidate) => candidate.kind === 'day.closed').flatMap(({ lane, epoch, event, body, occurredAt }) => {
      const closing = closingOf(body.body);
      return closing.ok ? [[kioskId, event.id, lane, epoch, event.sequence, closing.value.number, closing.value.day, closing.value.closedAt, occurredAt, body.body, body.signature, 'waiting']] : [];
    }),
    'on conflict (kiosk_id, event_id) do nothing',
  );
}

async function insertLogLines(sql: Transaction, kioskId: KioskId, events: readonly Effective[]): Promise<void> {
  const rows = events.filter((candidate) => candidate.kind === 'log.lines').flatMap(({ epoch, event, body, occurredAt }) => {
    // The lines were written before the event that carries them: each is as far from it as by the kiosk's clock.
    const lines = body.lines.map((line, index) => [
      kioskId, epoch, event.sequence, index + 1, line.at, Math.max(0, occurredAt - Math.max(0, event.at - line.at)), line.level, line.message, line.code ?? null, line.fields ?? null,
    ]);
    const { dropped } = body;
    return dropped ? [...lines, [kioskId, epoch, event.sequence, lines.length + 1, event.at, occurredAt, 'warn', `${dropped} lines before these were dropped`, null, { dropped }]] : lines;
  });
  await insertRows(
    sql, 'insert into log_lines (kiosk_id, epoch, sequence, line, at, occurred_at, level, message, code, fields)', rows,
    'on conflict (kiosk_id, epoch, sequence, line) do nothing',
  );
}

/** Lets old log lines and the events that brought them go: a job of each day. Answers how many lines. */
export async function thinLogs(sql: Transaction, kioskId: KioskId, before: number): Promise<number> {
  const rows = await sql`delete from log_lines where kiosk_id = ${kioskId} and occurred_at < ${before} returning 1 as one`;
  await sql`delete from events where kiosk_id = ${kioskId} and lane = 'logs' and received_at < ${before}`;
  return rows.length;
}
