import { randomBytes } from 'node:crypto';
import { uuidV7From } from '../../../domain/ids.ts';
import type { BookSum, Finding, Reconciliation } from '../../contract/api/money.ts';
import type { Queries, Sql } from '../database.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import { settleAlarms } from '../ingest/alarms.ts';

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
  // Refused services' parts that a person has given back by hand, of before these were refunds of their own: there the decision alone tells, as in the kiosk's store.
  const byHand = sql`coalesce((select sum(a.amount) from attention a where a.kiosk_id = p.kiosk_id and a.order_id = p.order_id and a.kind = 'service_refused' and a.decision = 'part_given_back'
    and not exists (select 1 from order_refunds r where r.kiosk_id = a.kiosk_id and r.order_id = a.order_id and r.job_id = a.job_id and r.state <> 'refused')), 0)`;
  const isListed = sql`exists (select 1 from attention a where a.kiosk_id = p.kiosk_id and a.order_id = p.order_id and a.decision is null)`;
  const isServiceOpen = sql`exists (select 1 from service_work w where w.kiosk_id = p.kiosk_id and w.order_id = p.order_id and w.ended_at is null)`;
  const isRefundOpen = sql`exists (select 1 from order_refunds r where r.kiosk_id = p.kiosk_id and r.order_id = p.order_id and r.state = 'asked')`;
  // What HQ itself gives back, as for a kiosk that is gone, no kiosk tells of; of a refund that both tell of, the kiosk's word counts.
  const backByHq = sql`(case when p.tender = 'card' then 0 else coalesce((select sum(r.amount) from wallet_refunds r where r.kiosk_id = p.kiosk_id and r.attempt_id = p.attempt_id and r.state = 'done'
    and not exists (select 1 from order_refunds t where t.kiosk_id = r.kiosk_id and t.refund_id = r.refund_id and t.state = 'done')), 0) end)`;
  const isOpenAtHq = sql`(p.tender <> 'card' and exists (select 1 from wallet_refunds r where r.kiosk_id = p.kiosk_id and r.attempt_id = p.attempt_id and (r.state = 'asked' or (r.state = 'refused' and r.origin = 'hq' and r.settled_by is null))))`;
  const seenTo = sql`(case when p.tender = 'card' then 0 else coalesce((select sum(r.amount) from wallet_refunds r where r.kiosk_id = p.kiosk_id and r.attempt_id = p.attempt_id and ${isSeenTo(sql)}), 0) end)`;
  const told = sql`
    select p.kiosk_id, p.order_id, p.attempt_id, p.currency, p.tender, p.amount, p.state, p.state_at, o.state as order_state,
      (case when p.state = 'reversed' then p.amount else ${back} + ${byHand} + ${backByHq} end)::bigint as refunded, (${isListed} or ${isOpenAtHq}) as is_listed, (${isServiceOpen} or ${isRefundOpen}) as is_busy, ${seenTo} as seen_to
    from payments p left join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id
    where p.started_at >= ${since} and p.state in ('approved', 'reversing', 'reversed')`;
  const lateBack = sql`coalesce((select sum(r.amount) from wallet_refunds r where r.kiosk_id = w.kiosk_id and r.attempt_id = w.attempt_id and r.state = 'done'), 0)`;
  const lateSeenTo = sql`coalesce((select sum(r.amount) from wallet_refunds r where r.kiosk_id = w.kiosk_id and r.attempt_id = w.attempt_id and ${isSeenTo(sql)}), 0)`;
  const isLateListed = sql`exists (select 1 from wallet_refunds r where r.kiosk_id = w.kiosk_id and r.attempt_id = w.attempt_id and (r.state = 'asked' or (r.state = 'refused' and r.settled_by is null)))`;
  const late = sql`
    select w.kiosk_id, w.order_id, w.attempt_id, w.currency, w.wallet, w.amount, 'late', w.late_at, null, ${lateBack}::bigint, ${isLateListed}, false, ${lateSeenTo} from wallet_payments w
    where w.begun_at >= ${since} and w.late_at is not null and w.amount is not null and not ${isTaken(sql)}`;
  // Given in another way, unless the goods were: then there was nothing to give.
  const all = sql`
    select c.*, c.refunded + (case when c.order_state is distinct from 'fulfilled' then least(c.seen_to, greatest(c.amount - c.refunded, 0)) else 0 end)::bigint as gone_back from (${told} union all ${late}) c`;
  return sql`
    select c.kiosk_id, c.order_id, c.attempt_id, c.currency, c.tender, c.amount as captured, c.gone_back as refunded, greatest(c.amount - c.gone_back, 0) as rest, c.amount < c.gone_back as is_too_much,
      case when c.amount <= c.gone_back then 'none' when c.state = 'reversing' or c.is_listed then 'open' when c.state = 'approved' and c.order_state = 'fulfilled' then (case when c.is_busy then 'open' else 'delivered' end)
        when c.is_busy or c.state_at > ${young} then 'open' else 'unexplained' end as bucket
    from (${all}) c`;
}

/** The wallet's refund `r`, which HQ wanted by itself and its gateway refused, has been seen to by a person. */
function isSeenTo(sql: Queries) {
  return sql`r.state = 'refused' and r.origin = 'hq' and r.settled_by is not null`;
}

/** All of the payment `p` (or `w`) is back by HQ's own book: that is its end, whatever its kiosk still says, or can no longer say. */
function isAllBack(sql: Queries, of: 'p' | 'w') {
  return of === 'p'
    ? sql`coalesce((select sum(r.amount) from wallet_refunds r where r.kiosk_id = p.kiosk_id and r.attempt_id = p.attempt_id and (r.state = 'done' or (${isSeenTo(sql)}))) >= p.amount, false)`
    : sql`coalesce((select sum(r.amount) from wallet_refunds r where r.kiosk_id = w.kiosk_id and r.attempt_id = w.attempt_id and (r.state = 'done' or (${isSeenTo(sql)}))) >= w.amount, false)`;
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
      and not exists (select 1 from attention a where a.kiosk_id = p.kiosk_id and a.order_id = p.order_id and a.decision is null)
      and not (p.tender <> 'card' and ${isAllBack(sql, 'p')})`,
  (sql, _since, at) => sql`
    select 'attempt_without_end' as kind, w.kiosk_id, w.order_id, w.attempt_id, w.currency, w.amount, w.wallet || ' ' || w.state as detail from wallet_payments w
    where w.ended_at is null and w.state <> 'held' and w.begun_at < ${at - patienceMs}`,
  (sql, since, at) => sql`
    select 'kiosk_unaware' as kind, w.kiosk_id, w.order_id, w.attempt_id, w.currency, w.amount, w.wallet as detail from wallet_payments w
    where w.state = 'paid' and w.late_at is null and w.begun_at >= ${since} and coalesce(w.ended_at, w.begun_at) < ${at - patienceMs} and not ${isTaken(sql)} and not ${isAllBack(sql, 'w')}`,
  (sql, since, at) => sql`
    select 'hq_unaware' as kind, p.kiosk_id, p.order_id, p.attempt_id, p.currency, p.amount, p.tender as detail from payments p
    where p.tender <> 'card' and p.started_at >= ${since} and p.started_at < ${at - patienceMs} and p.state in ('approved', 'reversing', 'reversed')
      and not exists (select 1 from wallet_payments w where w.kiosk_id = p.kiosk_id and w.attempt_id = p.attempt_id and w.state = 'paid')`,
  // What a kiosk tells of a payment and what HQ has of it are the same attempt: nothing of it may be another, from its first moment.
  (sql, since) => sql`
    select 'payment_differs' as kind, p.kiosk_id, p.order_id, p.attempt_id, w.currency, w.amount, 'kiosk ' || p.amount || ' ' || p.currency || ' ' || p.tender || ', HQ ' || w.amount || ' ' || w.currency || ' ' || w.wallet as detail
    from payments p join wallet_payments w on w.kiosk_id = p.kiosk_id and w.attempt_id = p.attempt_id
    where p.tender <> 'card' and p.started_at >= ${since} and (p.state in ('approved', 'reversing', 'reversed') or w.state = 'paid' or w.late_at is not null)
      and (p.amount <> w.amount or p.currency <> w.currency or p.tender <> w.wallet)`,
  // A part: by the refund's own id. HQ's own refunds, which no kiosk has asked for, are nobody's difference. What HQ has done since the kiosk listed it, the kiosk hears when
  // it asks again: that is a difference when it has had the time. How much it is does not change on the way.
  (sql, since, at) => sql`
    select 'refund_differs' as kind, t.kiosk_id, t.order_id, t.attempt_id, t.currency, t.amount,
      'refund ' || t.refund_id || ': kiosk ' || t.amount || ' ' || t.currency || ' ' || t.state || ', HQ ' || coalesce(r.amount || ' ' || r.currency || ' ' || r.state, 'none') as detail
    from payments p join order_refunds t on t.kiosk_id = p.kiosk_id and t.attempt_id = p.attempt_id left join wallet_refunds r on r.kiosk_id = t.kiosk_id and r.refund_id = t.refund_id
    where p.tender <> 'card' and p.started_at >= ${since} and t.way = 'tender'
      and (r.amount <> t.amount or r.currency <> t.currency or r.attempt_id <> t.attempt_id or (t.state = 'done' and r.state is distinct from 'done')
        or (t.state = 'refused' and r.state = 'done' and greatest(t.state_at, coalesce(r.ended_at, r.asked_at)) < ${at - patienceMs}))`,
  // The whole: the kiosk has it as back, HQ's book has not all of it, and nobody at the kiosk has given it by hand. What was given beside it may be told a moment later.
  (sql, since, at) => sql`
    select 'refund_differs' as kind, p.kiosk_id, p.order_id, p.attempt_id, p.currency, p.amount, 'whole: kiosk ' || p.amount || ' ' || p.currency || ' reversed, HQ not all of it' as detail
    from payments p join wallet_payments w on w.kiosk_id = p.kiosk_id and w.attempt_id = p.attempt_id
    where p.tender <> 'card' and p.started_at >= ${since} and p.state = 'reversed' and p.state_at < ${at - patienceMs} and w.state = 'paid'
      and not exists (select 1 from attention a where a.kiosk_id = p.kiosk_id and a.order_id = p.order_id and a.decision is not null)
      and (select coalesce(sum(r.amount), 0) from wallet_refunds r where r.kiosk_id = p.kiosk_id and r.attempt_id = p.attempt_id and r.state = 'done')
        + (select coalesce(sum(t.amount), 0) from order_refunds t where t.kiosk_id = p.kiosk_id and t.attempt_id = p.attempt_id and t.state = 'done' and t.way = 'by_hand') < w.amount`,
  // The whole by hand at the kiosk, and by the gateway beside it: the kiosk's journal has it once. A part that the kiosk has as done was given before.
  (sql, since) => sql`
    select 'refunded_too_much' as kind, p.kiosk_id, p.order_id, p.attempt_id, p.currency, b.sum as amount, p.tender || ', and by hand' as detail
    from payments p join lateral (select sum(r.amount)::bigint as sum from wallet_refunds r where r.kiosk_id = p.kiosk_id and r.attempt_id = p.attempt_id and r.state = 'done'
      and not exists (select 1 from order_refunds t where t.kiosk_id = r.kiosk_id and t.refund_id = r.refund_id and t.state = 'done')) b on b.sum > 0
    where p.tender <> 'card' and p.started_at >= ${since} and p.state = 'reversed'
      and exists (select 1 from attention a where a.kiosk_id = p.kiosk_id and a.order_id = p.order_id and a.attempt_id = p.attempt_id and a.kind = 'reversal_refused' and a.decision = 'given_back')`,
  (sql, _since, at) => sql`
    select 'service_without_end' as kind, w.kiosk_id, w.order_id, null::uuid as attempt_id, null::text as currency, null::bigint as amount, w.job_id::text || ' ' || w.state as detail from service_work w
    where w.ended_at is null and w.state <> 'held' and w.asked_at < ${at - patienceMs} and w.alarmed_at is null`,
  (sql, since, at) => sql`
    select 'service_without_end' as kind, w.kiosk_id, w.order_id, null::uuid as attempt_id, null::text as currency, null::bigint as amount, w.job_id::text || ' refused, and its kiosk has not taken that in' as detail from service_work w
    where w.told = 'refused' and w.ended_at < ${at - patienceMs} and w.asked_at >= ${since}
      and not exists (select 1 from service_settlements s where s.kiosk_id = w.kiosk_id and s.job_id = w.job_id and s.outcome in ('done', 'refused'))
      and not exists (select 1 from payments p where p.kiosk_id = w.kiosk_id and p.order_id = w.order_id and p.tender <> 'card' and ${isAllBack(sql, 'p')})`,
  (sql, since, at) => sql`
    select 'kiosk_unaware' as kind, r.kiosk_id, w.order_id, r.attempt_id, r.currency, r.amount, r.wallet || ' refund ' || r.refund_id as detail from wallet_refunds r
    join wallet_payments w on w.kiosk_id = r.kiosk_id and w.attempt_id = r.attempt_id
    join payments p on p.kiosk_id = r.kiosk_id and p.attempt_id = r.attempt_id and p.state = 'approved'
    where r.state = 'done' and r.origin = 'kiosk' and w.begun_at >= ${since} and r.ended_at < ${at - patienceMs}
      and not exists (select 1 from order_refunds o where o.kiosk_id = r.kiosk_id and o.refund_id = r.refund_id and o.state in ('done', 'refused'))`,
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
      const kinds = [...Map.groupBy(own, ({ kind }) => kind)].map(([kind, all]) => ({ kind, count: all.length }));
      await raiseWithFacts(transaction, { kioskId, kind: 'books_differ', subject: 'books', facts: { kinds }, at });
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
