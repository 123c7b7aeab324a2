import fs from 'node:fs';
import path from 'node:path';
import { reconcile } from '../../../../hq/server/settlement/reconcile.ts';
import type { Told } from './story.ts';
import type { World } from './world.ts';

/** The four books as they stand, read from the outside: by SQL and files, with none of the house's readers. Amounts in minor units. */
export interface Books {
  /** The gateway's: what each payment has taken, and given back. */
  readonly gateway: readonly { readonly attemptId: string; readonly wallet: string; readonly paid: number; readonly back: number; readonly state: string }[];
  readonly totals: readonly { readonly wallet: string; readonly net: number }[];
  readonly carrier: readonly { readonly jobId: string; readonly isCredited: boolean; readonly isFinal: boolean }[];
  readonly kiosk: {
    readonly orders: readonly { readonly id: string; readonly state: string; readonly total: number }[];
    readonly attempts: readonly { readonly id: string; readonly orderId: string; readonly state: string; readonly amount: number }[];
    readonly refunds: readonly { readonly id: string; readonly attemptId: string; readonly state: string; readonly amount: number; readonly way: string }[];
    /** What stands on the staff's list. */
    readonly list: readonly { readonly orderId: string; readonly kind: string }[];
    readonly waiting: number;
    /** Every text that is in it. */
    readonly text: string;
  };
  readonly hq: {
    readonly payments: readonly { readonly attemptId: string; readonly state: string; readonly amount: number }[];
    readonly orders: readonly { readonly id: string; readonly state: string }[];
    readonly refunds: readonly { readonly id: string; readonly attemptId: string; readonly state: string; readonly amount: number }[];
    /** Its own work with gateways: what it believes to be taken, and given back. */
    readonly wallets: readonly { readonly attemptId: string; readonly state: string; readonly amount: number; readonly isLate: boolean; readonly isTakenBack: boolean; readonly isOpen: boolean; readonly back: number; readonly asked: number; readonly refused: number }[];
    readonly services: readonly { readonly jobId: string; readonly orderId: string; readonly state: string; readonly isAlarmed: boolean }[];
    readonly alarms: number;
    readonly findings: readonly string[];
    readonly text: string;
  };
  readonly problems: readonly string[];
}

export async function readBooks(world: World, told: Told): Promise<Books> {
  const { sql } = world;
  const database = world.kiosk()?.database;
  if (!database) throw new Error('the kiosk does not run');
  const rows = <T>(text: string) => database.prepare<[], T>(text).all();
  const trades = world.gateways.books.trades();
  const idOf = (tradeNo: string) => tradeNo.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const tables = rows<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").map(({ name }) => name);
  const { findings } = await reconcile(sql, world.now());
  const hqText = JSON.stringify([await sql`select * from wallet_payments`, await sql`select * from wallet_refunds`, await sql`select * from payments`, await sql`select payload from events`.catch(() => [])]);
  return {
    gateway: trades.map(({ wallet, tradeNo, amountFen, paidAt, refunds, state }) => ({
      attemptId: idOf(tradeNo), wallet, state, paid: paidAt === undefined ? 0 : amountFen,
      back: refunds.filter((refund) => refund.state === 'done').reduce((sum, refund) => sum + refund.amountFen, 0),
    })),
    totals: (['wechat', 'alipay'] as const).map((wallet) => ({ wallet, net: world.gateways.books.totals(wallet).netFen })),
    carrier: readCarrier(world),
    kiosk: {
      orders: rows('SELECT id, state, total FROM orders'),
      attempts: rows('SELECT id, order_id AS orderId, state, amount FROM payment_attempts'),
      refunds: rows('SELECT id, attempt_id AS attemptId, state, amount, way FROM refunds'),
      list: rows('SELECT order_id AS orderId, kind FROM attention WHERE decision IS NULL'),
      waiting: world.kiosk()!.waiting(),
      text: told.codes.length > 0 ? JSON.stringify(tables.map((name) => rows(`SELECT * FROM ${name}`))) : '',
    },
    hq: {
      payments: await sql`select attempt_id as "attemptId", state, amount from payments`,
      orders: await sql`select order_id as id, state from orders`,
      refunds: await sql`select refund_id as id, attempt_id as "attemptId", state, amount from order_refunds`,
      wallets: await sql`
        select w.attempt_id as "attemptId", w.state, coalesce(w.amount, 0)::bigint as amount, w.late_at is not null as "isLate", w.took_back_at is not null as "isTakenBack", w.ended_at is null as "isOpen",
          coalesce((select sum(r.amount) from wallet_refunds r where r.attempt_id = w.attempt_id and r.state = 'done'), 0)::bigint as back,
          (select count(*) from wallet_refunds r where r.attempt_id = w.attempt_id and r.state = 'asked')::bigint as asked,
          (select count(*) from wallet_refunds r where r.attempt_id = w.attempt_id and r.state = 'refused' and r.settled_by is null)::bigint as refused
        from wallet_payments w`,
      services: await sql`select job_id as "jobId", order_id as "orderId", state, alarmed_at is not null as "isAlarmed" from service_work`,
      alarms: (await sql`select 1 from alarms where settled_at is null`).length,
      findings: findings.map(({ kind, attemptId, amount, detail }) => `${kind} ${attemptId ?? ''} ${amount ?? ''} ${detail}`),
      text: hqText,
    },
    problems: world.problems,
  };
}

function readCarrier(world: World): Books['carrier'] {
  if (!fs.existsSync(world.carrierFolder)) return [];
  const names = fs.readdirSync(world.carrierFolder);
  return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).map((name) => {
    const { key, isTombstone, takenAt, behaviour } = JSON.parse(fs.readFileSync(path.join(world.carrierFolder, name), 'utf8')) as { key: string; isTombstone?: boolean; takenAt: number; behaviour: { outcome: string; afterMs: number } };
    const isReversed = isTombstone === true || names.includes(`.reversed.${key}`);
    const isOver = world.now() >= takenAt + behaviour.afterMs && behaviour.outcome !== 'never';
    return { jobId: key, isCredited: !isReversed && isOver && behaviour.outcome === 'done', isFinal: isReversed || isOver };
  });
}
