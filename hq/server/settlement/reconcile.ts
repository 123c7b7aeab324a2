import { randomBytes } from 'node:crypto';
import { uuidV7From } from '../../../domain/ids.ts';
import type { BookSum, Finding, Reconciliation } from '../../contract/api/money.ts';
import type { Queries, Sql } from '../database.ts';
import { raiseAlarm, settleAlarms } from '../ingest/alarms.ts';

const dayMs = 86_400_000;
/** What began before is not looked at again: it was, on each night since. */
const lookedAtMs = 40 * dayMs;
/** What is younger may still be under way. */
const patienceMs = dayMs;
const mostFindings = 500;
const keptMs = 400 * dayMs;

interface SumRow { currency: string; tender: string; captured: number; delivered: number; refunded: number; open: number; unexplained: number }
interface FindingRow { kind: Finding['kind']; kiosk_id: string; order_id: string | null; attempt_id: string | null; currency: string | null; amount: number | null; detail: string }

/**
 * The books against each other: of each currency and way to pay, captured = delivered + refunded + what stands on a list, and nothing older than a day without an
 * end. What the kiosks told is compared with HQ's own book of wallets and of services. Reads only; `keepReconciliation` writes it down.
 */
export async function reconcile(sql: Queries, at: number): Promise<Reconciliation> {
  const since = at - lookedAtMs;
  // Once for all that is asked of it: it is most of the work.
  const [row] = await sql<{ sums: SumRow[]; findings: FindingRow[] }[]>`
    with attempt as materialized (${attempts(sql, since, at)})
    select (select coalesce(jsonb_agg(s), '[]') from (
      select currency, tender, sum(captured)::bigint as captured, sum(case when bucket = 'delivered' then rest else 0 end)::bigint as delivered, sum(refunded)::bigint as refunded,
        sum(case when bucket = 'open' then rest else 0 end)::bigint as open, sum(case when bucket = 'unexplained' then rest else 0 end)::bigint as unexplained
      from attempt group by currency, tender order by currency, tender) s) as sums,
    (select coalesce(jsonb_agg(f), '[]') from (
      select * from (
        select 1 as place, 'captured_unexplained' as kind, kiosk_id, order_id, attempt_id, currency, rest as amount, tender as detail from attempt where bucket = 'unexplained'
        union all
        select 2, 'refunded_too_much', kiosk_id, order_id, attempt_id, currency, refunded - captured, tender from attempt where is_too_much
        union all
        select 3, 'paid_twice', kiosk_id, order_id, null::uuid, currency, min(rest)::bigint, count(*)::text from attempt
        where rest > 0 and bucket <> 'open' and order_id is not null group by kiosk_id, order_id, currency having count(*) > 1) found
      order by place, kiosk_id, order_id, attempt_id limit ${mostFindings}) f) as findings`;
  const { sums, findings } = row ?? { sums: [], findings: [] };
  for (const look of looks) {
    if (findings.length < mostFindings) findings.push(...(await sql<FindingRow[]>`select f.* from (${look(sql, since, at)}) f order by f.kiosk_id, f.order_id, f.attempt_id limit ${mostFindings - findings.length}`));
  }
  return {
    at, since, sums: sums.map((row): BookSum => ({ ...row })),
    findings: findings.map((row): Finding => ({ kind: row.kind, kioskId: row.kiosk_id, orderId: row.order_id, attemptId: row.attempt_id, currency: row.currency, amount: row.amount, detail: row.detail })),
  };
}

/**
 * One row for each payment that took money: of kiosks' attempts, and of wallets' payments that the gateway took after their kiosk had been told that they did not
 * happen. `rest`: what has not gone back, which is in one bucket.
 */
function attempts(sql: Queries, since: number, at: number) {
  const young = at - patienceMs;
  const back = sql`coalesce((select sum(r.amount) from order_refunds r where r.kiosk_id = p.kiosk_id and r.order_id = p.order_id and r.attempt_id = p.attempt_id and r.state = 'done'), 0)`;
  // Parts of card payments that a person has given back by hand, of before these were refunds of their own.
  const byHand = sql`coalesce((select sum(a.amount) from attention a where a.kiosk_id = p.kiosk_id and a.order_id = p.order_id and a.decision = 'part_given_back'
    and not exists (select 1 from order_refunds r where r.kiosk_id = a.kiosk_id and r.order_id = a.order_id and r.job_id = a.job_id)), 0)`;
  const isListed = sql`exists (select 1 from attention a where a.kiosk_id = p.kiosk_id and a.order_id = p.order_id and a.decision is null)`;
  const isServiceOpen = sql`exists (select 1 from service_work w where w.kiosk_id = p.kiosk_id and w.order_id = p.order_id and w.ended_at is null)`;
  const isRefundOpen = sql`exists (select 1 from order_refunds r where r.kiosk_id = p.kiosk_id and r.order_id = p.order_id and r.state = 'asked')`;
  const told = sql`
    select p.kiosk_id, p.order_id, p.attempt_id, p.currency, p.tender, p.amount, p.state, p.state_at, o.state as order_state,
      (case when p.state = 'reversed' then p.amount else ${back} + ${byHand} end)::bigint as refunded, ${isListed} as is_listed, (${isServiceOpen} or ${isRefundOpen}) as is_busy
    from payments p left join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id
    where p.started_at >= ${since} and p.state in ('approved', 'reversing', 'reversed')`;
  const lateBack = sql`coalesce((select sum(r.amount) from wallet_refunds r where r.kiosk_id = w.kiosk_id and r.attempt_id = w.attempt_id and r.state = 'done'), 0)`;
  const isLateListed = sql`exists (select 1 from wallet_refunds r where r.kiosk_id = w.kiosk_id and r.attempt_id = w.attempt_id and (r.state = 'asked' or (r.state = 'refused' and r.settled_by is null)))`;
  const late = sql`
    select w.kiosk_id, w.order_id, w.attempt_id, w.currency, w.wallet, w.amount, 'late', w.late_at, null, ${lateBack}::bigint, ${isLateListed}, false from wallet_payments w
    where w.begun_at >= ${since} and w.late_at is not null and w.amount is not null and not ${isTaken(sql)}`;
  return sql`
    select c.kiosk_id, c.order_id, c.attempt_id, c.currency, c.tender, c.amount as captured, c.refunded, greatest(c.amount - c.refunded, 0) as rest, c.amount < c.refunded as is_too_much,
      case when c.amount <= c.refunded then 'none' when c.state = 'reversing' or c.is_listed then 'open' when c.state = 'approved' and c.order_state = 'fulfilled' then (case when c.is_busy then 'open' else 'delivered' end)
        when c.is_busy or c.state_at > ${young} then 'open' else 'unexplained' end as bucket
    from (${told} union all ${late}) c`;
}

/** Its kiosk, too, has the wallet payment `w` as paid. */
function isTaken(sql: Queries) {
  return sql`exists (select 1 from payments p where p.kiosk_id = w.kiosk_id and p.attempt_id = w.attempt_id and p.state in ('approved', 'reversing', 'reversed'))`;
}

type Look = (sql: Queries, since: number, at: number) => ReturnType<typeof attempts>;

const looks: readonly Look[] = [
  (sql, _since, at) => sql`
    select 'attempt_without_end' as kind, p.kiosk_id, p.order_id, p.attempt_id, p.currency, p.amount, p.tender || ' ' || p.state as detail from payments p
    where p.state in ('started', 'authorised', 'unknown', 'unclear', 'reversing') and p.state_at < ${at - patienceMs} and p.started_at < ${at - patienceMs}
      and not exists (select 1 from attention a where a.kiosk_id = p.kiosk_id and a.order_id = p.order_id and a.decision is null)`,
  (sql, _since, at) => sql`
    select 'attempt_without_end' as kind, w.kiosk_id, w.order_id, w.attempt_id, w.currency, w.amount, w.wallet || ' ' || w.state as detail from wallet_payments w
    where w.ended_at is null and w.state <> 'held' and w.begun_at < ${at - patienceMs}`,
  (sql, since, at) => sql`
    select 'kiosk_unaware' as kind, w.kiosk_id, w.order_id, w.attempt_id, w.currency, w.amount, w.wallet as detail from wallet_payments w
    where w.state = 'paid' and w.late_at is null and w.begun_at >= ${since} and coalesce(w.ended_at, w.begun_at) < ${at - patienceMs} and not ${isTaken(sql)}`,
  (sql, since, at) => sql`
    select 'hq_unaware' as kind, p.kiosk_id, p.order_id, p.attempt_id, p.currency, p.amount, p.tender as detail from payments p
    where p.tender <> 'card' and p.started_at >= ${since} and p.started_at < ${at - patienceMs} and p.state in ('approved', 'reversing', 'reversed')
      and not exists (select 1 from wallet_payments w where w.kiosk_id = p.kiosk_id and w.attempt_id = p.attempt_id and w.state = 'paid')`,
  (sql, _since, at) => sql`
    select 'service_without_end' as kind, w.kiosk_id, w.order_id, null::uuid as attempt_id, null::text as currency, null::bigint as amount, w.job_id::text || ' ' || w.state as detail from service_work w
    where w.ended_at is null and w.state <> 'held' and w.asked_at < ${at - patienceMs} and w.alarmed_at is null`,
];

/** Compares, writes it down, and tells a person where the books do not agree; ends what that person was told before and is well now. */
export async function keepReconciliation(sql: Sql, at: number): Promise<Reconciliation> {
  const found = await reconcile(sql, at);
  await sql.begin(async (transaction) => {
    await transaction`
      insert into reconciliations (reconciliation_id, at, since, sums, findings)
      values (${uuidV7From(at, randomBytes(10))}, ${at}, ${found.since}, ${transaction.json(found.sums as never)}, ${transaction.json(found.findings as never)})`;
    await transaction`delete from reconciliations where at < ${at - keptMs}`;
    const byKiosk = Map.groupBy(found.findings, ({ kioskId }) => kioskId);
    for (const [kioskId, own] of byKiosk) {
      const kinds = [...Map.groupBy(own, ({ kind }) => kind)].map(([kind, all]) => `${all.length} ${kind}`).join(', ');
      await raiseAlarm(transaction, { kioskId, kind: 'books_differ', subject: 'books', detail: `the books do not agree: ${kinds}`, at });
    }
    const open = await transaction<{ kiosk_id: string }[]>`select distinct kiosk_id from alarms where kind = 'books_differ' and settled_at is null`;
    for (const { kiosk_id: kioskId } of open) if (!byKiosk.has(kioskId)) await settleAlarms(transaction, kioskId, 'books_differ', at);
  });
  return found;
}

export async function newestReconciliation(sql: Queries): Promise<Reconciliation | undefined> {
  const [row] = await sql<{ at: number; since: number; sums: BookSum[]; findings: Finding[] }[]>`select at, since, sums, findings from reconciliations order by at desc limit 1`;
  return row;
}
