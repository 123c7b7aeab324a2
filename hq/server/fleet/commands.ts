import { randomUUID } from 'node:crypto';
import type { KioskId } from '../../../domain/ids.ts';
import type { CommandRowOut } from '../../contract/api/fleet.ts';
import type { Queries, Sql } from '../database.ts';
import type { GivenCommand } from '../down/commands.ts';
import { giveWithin } from '../down/commands.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';

type Row = Omit<CommandRowOut, 'state'> & { readonly state: CommandRowOut['state'] };

function columns(sql: Queries, now: number) {
  return sql`c.command_id as "commandId", c.kiosk_id as "kioskId", c.kind, c.params, c.created_at as "createdAt", c.created_by as "createdBy", c.expires_at as "expiresAt", c.delivered_at as "deliveredAt",
    case when c.state = 'waiting' and c.expires_at <= ${now} then 'expired' else c.state end as state, c.outcome, c.detail, c.answered_at as "answeredAt",
    exists (select 1 from kiosk_screenshots p where p.kiosk_id = c.kiosk_id and p.command_id = c.command_id) as "hasPicture"`;
}

/** The newest first. */
export async function listKioskCommands(sql: Queries, kioskId: KioskId, now: number, limit = 60): Promise<CommandRowOut[]> {
  return [...await sql<Row[]>`select ${columns(sql, now)} from commands c where c.kiosk_id = ${kioskId} order by c.sequence desc limit ${limit}`];
}

/** What each kiosk of a batch has answered. */
export async function readBatchCommands(sql: Queries, batchId: string, now: number): Promise<(CommandRowOut & { readonly kioskName: string })[]> {
  return [...await sql<(Row & { readonly kioskName: string })[]>`
    select ${columns(sql, now)}, k.name as "kioskName" from commands c join kiosks k on k.kiosk_id = c.kiosk_id where c.batch_id = ${batchId} order by c.kiosk_id limit 5000`];
}

export interface BatchGiven {
  readonly batchId: string;
  readonly given: number;
  readonly refused: { readonly kioskId: KioskId; readonly why: string }[];
}

/** The same command to many, each in a transaction of its own: one that cannot take it keeps it from nobody else. */
export async function giveToMany(sql: Sql, kioskIds: readonly KioskId[], command: Omit<GivenCommand, 'kioskId'>): Promise<BatchGiven> {
  const batchId = randomUUID();
  const refused: { kioskId: KioskId; why: string }[] = [];
  const given = await eachKiosk(kioskIds, (kioskId) => sql.begin(async (transaction) => {
    const result = await giveWithin(transaction, { ...command, kioskId });
    if (!result.ok) {
      refused.push({ kioskId, why: result.error });
      return 0;
    }
    await transaction`update commands set batch_id = ${batchId} where kiosk_id = ${kioskId} and command_id = ${result.value.commandId}`;
    return 1;
  }));
  return { batchId, given, refused };
}
