import type { KioskId } from '../../../domain/ids.ts';
import type { Bilingual } from '../../../domain/language.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { HelpCall } from '../../contract/console.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import { insertRows } from '../database.ts';
import { giveWithin } from '../down/commands.ts';
import { eachKiosk } from '../jobs/each-kiosk.ts';
import { settleAlarms } from '../ingest/alarms.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import type { Folded } from '../ingest/fold.ts';
import { announceHelp } from '../live/announce.ts';

/** A call that nobody has answered for so long is an alarm. */
export const unansweredMs = 5 * 60_000;
/** A kiosk that was switched off never says that its customer has left: a call is no longer shown after so long. */
const openAtMostMs = 12 * 3_600_000;
/** A customer does not stand there longer than this for an answer that comes late. */
const answerValidMs = 15 * 60_000;

/** Writes what kiosks tell of calls. What people at HQ did stays; a half that comes later is added. */
export async function upsertHelpCalls(sql: Transaction, { kioskId, now }: { readonly kioskId: KioskId; readonly now: number }, { helpCalls }: Pick<Folded, 'helpCalls'>): Promise<void> {
  if (helpCalls.size === 0) return;
  await insertRows(
    sql,
    'insert into help_calls (kiosk_id, call_id, screen, order_id, called_at, ended_by, ended_at)',
    [...helpCalls].map(([callId, { called, ended }]) => [kioskId, callId, called?.screen ?? null, called?.orderId ?? null, called?.at ?? null, ended?.by ?? null, ended?.at ?? null]),
    `on conflict (kiosk_id, call_id) do update set screen = coalesce(excluded.screen, help_calls.screen), order_id = coalesce(excluded.order_id, help_calls.order_id),
       called_at = coalesce(excluded.called_at, help_calls.called_at), ended_by = coalesce(excluded.ended_by, help_calls.ended_by), ended_at = coalesce(excluded.ended_at, help_calls.ended_at)`,
  );
  for (const [callId, { ended }] of helpCalls) if (ended) await settleAlarms(sql, kioskId, 'help_unanswered', now, callId);
  await announceHelp(sql, kioskId);
}

interface Row {
  kiosk_id: string; kiosk_name: string | null; call_id: string; screen: string | null; order_id: string | null; number: string | null;
  called_at: number; answered_at: number | null; answered_by: string | null;
}

/** Calls of customers who still stand there, as far as HQ knows; the oldest first. */
export async function listOpenCalls(sql: Queries, now: number): Promise<readonly HelpCall[]> {
  const rows = await sql<Row[]>`
    select h.kiosk_id, k.name as kiosk_name, h.call_id, h.screen, h.order_id, o.number, h.called_at, h.answered_at, h.answered_by
    from help_calls h left join kiosks k on k.kiosk_id = h.kiosk_id left join orders o on o.kiosk_id = h.kiosk_id and o.order_id = h.order_id
    where h.ended_at is null and h.called_at > ${now - openAtMostMs} order by h.called_at, h.kiosk_id, h.call_id limit 200`;
  return rows.map((row) => ({
    kioskId: row.kiosk_id, kioskName: row.kiosk_name ?? row.kiosk_id, callId: row.call_id, screen: row.screen ?? '', orderId: row.order_id, orderNumber: row.number,
    calledAt: row.called_at, answeredAt: row.answered_at, answeredBy: row.answered_by,
  }));
}

export interface HelpAnswer {
  readonly callId: string;
  readonly words?: Bilingual | undefined;
  readonly by: string;
  readonly now: number;
}

/** Tells the kiosk that a person has seen the call. Error: one sentence for whoever answers. A call may be answered again, with other words. */
export async function answerHelp(sql: Sql, { callId, words, by, now }: HelpAnswer): Promise<Result<{ readonly kioskId: KioskId }, string>> {
  const [place] = await sql<{ kiosk_id: KioskId }[]>`select kiosk_id from help_calls where call_id = ${callId} limit 1`;
  if (!place) return err('There is no such call.');
  const kioskId = place.kiosk_id;
  return sql.begin(async (transaction): Promise<Result<{ readonly kioskId: KioskId }, string>> => {
    const [call] = await transaction<{ ended_at: number | null }[]>`select ended_at from help_calls where kiosk_id = ${kioskId} and call_id = ${callId} for update`;
    if (!call || call.ended_at !== null) return err('This call has ended: the customer needs nobody any more, or has left.');
    const given = await giveWithin(transaction, { kioskId, kind: 'answer_help', params: { callId, ...(words ? { words } : {}) }, validMs: answerValidMs, by, now });
    if (!given.ok) return err(given.error.endsWith('.') ? given.error : `${given.error}.`);
    await transaction`update help_calls set answered_at = ${now}, answered_by = ${by} where kiosk_id = ${kioskId} and call_id = ${callId}`;
    await settleAlarms(transaction, kioskId, 'help_unanswered', now, callId);
    await announceHelp(transaction, kioskId);
    return ok({ kioskId });
  });
}

/** An alarm for each call that nobody has answered: a job of every half minute. Answers how many. */
export async function watchHelpCalls(sql: Sql, now: number): Promise<number> {
  const kiosks = await sql<{ kiosk_id: KioskId }[]>`
    select distinct kiosk_id from help_calls
    where ended_at is null and answered_at is null and alarmed_at is null and called_at > ${now - openAtMostMs} and called_at <= ${now - unansweredMs}`;
  return eachKiosk(kiosks.map(({ kiosk_id }) => kiosk_id), (kioskId) => sql.begin(async (transaction) => {
    const calls = await transaction<{ call_id: string; screen: string | null; called_at: number }[]>`
      update help_calls set alarmed_at = ${now}
      where kiosk_id = ${kioskId} and ended_at is null and answered_at is null and alarmed_at is null and called_at > ${now - openAtMostMs} and called_at <= ${now - unansweredMs}
      returning call_id, screen, called_at`;
    for (const { call_id, screen, called_at } of calls) {
      await raiseWithFacts(transaction, { kioskId, kind: 'help_unanswered', subject: call_id, facts: { minutes: Math.round((now - called_at) / 60_000), screen, callId: call_id }, at: now });
    }
    return calls.length;
  }));
}
