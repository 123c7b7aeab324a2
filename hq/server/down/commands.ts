import { randomUUID } from 'node:crypto';
import type { Command, CommandKind } from '../../../domain/contract/hq-down.ts';
import { commandParams } from '../../../domain/contract/hq-down.ts';
import type { HqEventPayload } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Sql, Transaction } from '../database.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import { ring } from './ring.ts';

export interface GivenCommand {
  readonly kioskId: KioskId;
  readonly kind: CommandKind;
  readonly params: unknown;
  /** How long the kiosk may begin it, by HQ's clock. */
  readonly validMs: number;
  readonly by: string;
  readonly now: number;
}

export interface Given {
  readonly commandId: string;
  readonly sequence: number;
}

/** More than a kiosk is handed at once stand waiting for none. */
const maxWaiting = 100;

/** Error: what is wrong with it, for the person who gave it. */
export async function give(sql: Sql, command: GivenCommand): Promise<Result<Given, string>> {
  return sql.begin((transaction) => giveWithin(transaction, command));
}

/** The same within a transaction that does more: the command waits for the kiosk if and when it commits. */
export async function giveWithin(transaction: Transaction, { kioskId, kind, params, validMs, by, now }: GivenCommand): Promise<Result<Given, string>> {
  const checked = commandParams[kind].safeParse(params);
  if (!checked.success) return err(checked.error.issues.map(({ path, message }) => `${[kind, ...path].join('.')}: ${message}`).join('; '));
  const [known] = await transaction`select 1 from kiosks where kiosk_id = ${kioskId}`;
  if (!known) return err(`HQ knows no kiosk ${kioskId}`);
  const last = await lockCounter(transaction, kioskId);
  const waiting = await transaction`select 1 from commands where kiosk_id = ${kioskId} and state = 'waiting' and expires_at > ${now} limit ${maxWaiting}`;
  if (waiting.length === maxWaiting) return err(`${maxWaiting} commands wait for ${kioskId} already`);
  const commandId = randomUUID();
  const sequence = last + 1;
  await setCounter(transaction, kioskId, sequence);
  await transaction`
    insert into commands (kiosk_id, command_id, sequence, kind, params, created_at, created_by, expires_at, state)
    values (${kioskId}, ${commandId}, ${sequence}, ${kind}, ${transaction.json(checked.data as never)}, ${now}, ${by}, ${now + validMs}, 'waiting')`;
  await ring(transaction, kioskId);
  return ok({ commandId, sequence });
}

/**
 * It is not handed out any more. A kiosk that has it already may still do and answer it: the answer is what counts. What became of a service is never cancelled:
 * its customer's money hangs on it.
 */
export async function cancel(sql: Sql, kioskId: KioskId, commandId: string): Promise<boolean> {
  const rows = await sql`update commands set state = 'cancelled' where kiosk_id = ${kioskId} and command_id = ${commandId} and state = 'waiting' and kind <> 'service_result' returning command_id`;
  return rows.length > 0;
}

export type CommandState = 'waiting' | 'expired' | 'cancelled' | 'answered';

export interface CommandRow {
  readonly commandId: string;
  readonly sequence: number;
  readonly kind: string;
  readonly params: unknown;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly deliveredAt: number | null;
  readonly state: CommandState;
  readonly outcome: string | null;
  readonly detail: string | null;
  readonly answeredAt: number | null;
}

/** The newest first. A command is past its time by HQ's clock, as of now; an answer that comes later still counts. */
export async function listCommands(sql: Sql, kioskId: KioskId, now: number, limit = 50): Promise<readonly CommandRow[]> {
  return sql<CommandRow[]>`
    select command_id as "commandId", sequence, kind, params, created_at as "createdAt", created_by as "createdBy", expires_at as "expiresAt", delivered_at as "deliveredAt",
      case when state = 'waiting' and expires_at <= ${now} then 'expired' else state end as state, outcome, detail, answered_at as "answeredAt"
    from commands where kiosk_id = ${kioskId} order by sequence desc limit ${limit}`;
}

/**
 * What waits behind the kiosk's cursor. The same command comes again until the cursor has passed it; the kiosk knows by its id what it has done.
 * A cursor above HQ's counter says that HQ was restored from a copy: the counter is raised, and what waits is numbered anew behind the cursor,
 * because it would never be asked for under its old number.
 */
export async function commandsAfter(sql: Sql, kioskId: KioskId, cursor: number, now: number): Promise<readonly Command[]> {
  const [counter] = await sql<{ sequence: number }[]>`select sequence from command_counters where kiosk_id = ${kioskId}`;
  if (cursor > (counter?.sequence ?? 0)) await renumber(sql, kioskId, cursor, now);
  const rows = await sql<{ command_id: string; sequence: number; kind: string; params: unknown; expires_at: number; delivered_at: number | null }[]>`
    select command_id, sequence, kind, params, expires_at, delivered_at from commands
    where kiosk_id = ${kioskId} and sequence > ${cursor} and state = 'waiting' and expires_at > ${now} order by sequence limit 100`;
  if (rows.some((row) => row.delivered_at === null)) {
    await sql`
      update commands set delivered_at = ${now}
      where kiosk_id = ${kioskId} and delivered_at is null and sequence > ${cursor} and sequence <= ${rows.at(-1)?.sequence ?? 0} and state = 'waiting'`;
  }
  return rows.map((row) => ({ id: row.command_id, sequence: row.sequence, kind: row.kind, params: row.params, expiresInMs: row.expires_at - now }));
}

async function renumber(sql: Sql, kioskId: KioskId, cursor: number, now: number): Promise<void> {
  await sql.begin(async (transaction) => {
    const last = await lockCounter(transaction, kioskId);
    if (cursor <= last) return;
    const waiting = await transaction<{ command_id: string }[]>`
      select command_id from commands where kiosk_id = ${kioskId} and state = 'waiting' and expires_at > ${now} order by sequence`;
    let sequence = cursor;
    for (const { command_id } of waiting) {
      await transaction`update commands set sequence = ${++sequence} where kiosk_id = ${kioskId} and command_id = ${command_id}`;
    }
    await setCounter(transaction, kioskId, sequence);
  });
}

/**
 * The kiosk's word on a command, in the transaction that took the event. It goes before everything: a command that HQ held for expired or had cancelled
 * was done if the kiosk says so. One that HQ does not know (it was restored from a copy) changes nothing; the event is kept all the same.
 */
export async function recordAnswer(transaction: Transaction, kioskId: KioskId, answer: HqEventPayload<'command.answered'>, now: number): Promise<void> {
  const [command] = await transaction<{ kind: string; params: { readonly jobId?: string; readonly outcome?: string } }[]>`
    update commands set state = 'answered', outcome = ${answer.outcome}, detail = ${answer.detail}, answered_at = ${now}
    where kiosk_id = ${kioskId} and command_id = ${answer.commandId} returning kind, params`;
  // The customer's screen, the receipt and perhaps the money hang on it.
  const { jobId = '', outcome } = command?.params ?? {};
  if (command?.kind === 'service_result' && answer.outcome !== 'done' && outcome !== 'pending' && jobId !== '') {
    // Told a second time, by an HQ that was restored, it says that this is so already.
    const [settled] = await transaction<{ outcome: string }[]>`select outcome from service_settlements where kiosk_id = ${kioskId} and job_id = ${jobId}`;
    if (settled?.outcome !== outcome) {
      await raiseWithFacts(transaction, { kioskId, kind: 'service_open', subject: jobId, facts: { what: 'not_taken', jobId, outcome: outcome ?? '', answer: `${answer.outcome}: ${answer.detail}` }, at: now });
    }
  }
}

async function lockCounter(transaction: Transaction, kioskId: KioskId): Promise<number> {
  await transaction`insert into command_counters (kiosk_id, sequence) values (${kioskId}, 0) on conflict (kiosk_id) do nothing`;
  const [row] = await transaction<{ sequence: number }[]>`select sequence from command_counters where kiosk_id = ${kioskId} for update`;
  if (!row) throw new Error(`command_counters: no row of ${kioskId}`);
  return row.sequence;
}

async function setCounter(transaction: Transaction, kioskId: KioskId, sequence: number): Promise<void> {
  await transaction`update command_counters set sequence = ${sequence} where kiosk_id = ${kioskId}`;
}
