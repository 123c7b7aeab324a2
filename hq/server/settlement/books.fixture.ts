import fc from 'fast-check';
import { money } from '../../../domain/money.ts';
import type { Wallet } from '../../../domain/scan/payment-code.ts';
import type { Sql } from '../database.ts';
import { chinaDay } from '../wallets/adapter/china-time.ts';
import type { BillLine, WalletGateway } from '../wallets/gateway.ts';
import { tradeNoOf } from '../wallets/rows.ts';
import { startOfChinaDay } from './china-day.ts';

const dayMs = 86_400_000;
export const firstDay = '2026-11-10';
export const days = 3;
const kiosk = 'kiosk-001';

/**
 * What may become of a payment. `delivered`; `part_back`, `whole_back`: by its kiosk; `hq_part_back`, `hq_whole_back`: by HQ, of a kiosk that is gone and says nothing of it, or
 * had begun to give it back; `hq_refused`: the same, and the gateway refuses, on HQ's list; `hq_seen_to`: and a person has given it; `late`: paid after its end; `service`: under way; `listed`: on the kiosk's list;
 * `declined`: no money; `taken_back`: by its gateway as its end.
 */
export const fates = ['delivered', 'part_back', 'whole_back', 'hq_part_back', 'hq_whole_back', 'hq_refused', 'hq_seen_to', 'late', 'service', 'listed', 'declined', 'taken_back'] as const;
export type Fate = (typeof fates)[number];

export interface Sale {
  readonly wallet: Wallet;
  readonly fate: Fate;
  /** Of `firstDay`, and in it. */
  readonly day: number;
  readonly inDayMs: number;
  readonly amount: number;
  /** Of the amount, where a part goes back. */
  readonly part: number;
  readonly refundAfterDays: number;
  /** How much later than ours the gateway's clock is. */
  readonly slipMs: number;
  readonly fee: number | undefined;
}
export interface Foreign { readonly wallet: Wallet; readonly day: number; readonly kind: 'payment' | 'refund'; readonly tradeNo: string; readonly amount: number }
export interface Story { readonly sales: readonly Sale[]; readonly foreign: readonly Foreign[]; readonly order: number; readonly pieceSize: number }

const wallet = fc.constantFrom<Wallet[]>('wechat', 'alipay');
const sale = fc.record({
  wallet, fate: fc.constantFrom(...fates), day: fc.nat(days - 1), inDayMs: fc.oneof(fc.constantFrom(0, 500, dayMs - 500, dayMs - 1), fc.nat(dayMs - 1)), amount: fc.integer({ min: 2, max: 5000 }),
  part: fc.double({ min: 0.01, max: 0.99, noNaN: true }), refundAfterDays: fc.nat(2), slipMs: fc.constantFrom(-2000, 0, 2000), fee: fc.option(fc.nat(30), { nil: undefined }),
});
const foreign = fc.record({
  wallet, day: fc.nat(days - 1), kind: fc.constantFrom('payment' as const, 'refund' as const), amount: fc.integer({ min: 1, max: 9000 }),
  // As other systems number: an older UUID without hyphens, digits, words.
  tradeNo: fc.oneof(fc.uuid({ version: 4 }).map((id) => id.replaceAll('-', '')), fc.integer({ min: 1 }).map((number) => `2026${number}`), fc.constantFrom('ORDER-1', 'shop_7', 'x')),
});
export const story: fc.Arbitrary<Story> = fc.record({ sales: fc.array(sale, { minLength: 1, maxLength: 25 }), foreign: fc.array(foreign, { maxLength: 12 }), order: fc.nat(1000), pieceSize: fc.integer({ min: 1, max: 9 }) });

const idOf = (kind: number, number: number) => `019aa000-${kind.toString(16).padStart(4, '0')}-7000-8000-${String(number).padStart(12, '0')}`;
export const attemptOf = (number: number) => idOf(1, number);
export const refundOf = (number: number) => idOf(3, number);
export const orderOf = (number: number) => idOf(2, number);

/** Lines of a gateway's book, with the day whose book they stand in. */
export interface Lined { readonly wallet: Wallet; readonly day: string; readonly line: BillLine }

const momentOf = ({ day, inDayMs }: Sale) => startOfChinaDay(firstDay) + day * dayMs + inDayMs;
const partOf = ({ amount, part }: Sale) => Math.max(1, Math.min(amount - 1, Math.round(amount * part)));
const refundMoment = (own: Sale) => momentOf(own) + own.refundAfterDays * dayMs + 1000;

/** What both gateways' books say of a story: the truth. */
export function linesOf({ sales, foreign: others }: Story): Lined[] {
  const cny = (amount: number) => money(amount, 'CNY');
  const ofSales = sales.flatMap((own, number): Lined[] => {
    const { fate, wallet: by, amount, slipMs, fee } = own;
    const at = (moment: number) => ({ wallet: by, day: chinaDay(moment + slipMs) });
    const about = { tradeNo: tradeNoOf(attemptOf(number)), transactionId: `42000${number}`, ...(fee === undefined ? {} : { fee: cny(fee) }) };
    const paid: Lined = { ...at(momentOf(own)), line: { ...about, kind: 'payment', amount: cny(amount), at: momentOf(own) + slipMs } };
    const back = (sum: number, refundNo: string | undefined): Lined => ({ ...at(refundMoment(own)), line: { ...about, kind: 'refund', refundNo, amount: cny(sum), at: refundMoment(own) + slipMs } });
    switch (fate) {
      case 'declined': return [];
      case 'delivered': case 'service': case 'listed': case 'hq_refused': case 'hq_seen_to': return [paid];
      case 'part_back': case 'hq_part_back': return [paid, back(partOf(own), tradeNoOf(refundOf(number)))];
      case 'whole_back': case 'hq_whole_back': case 'late': return [paid, back(amount, tradeNoOf(attemptOf(number)))];
      default: return [paid, back(amount, by === 'wechat' ? undefined : `T${number}`)];
    }
  });
  const ofOthers = others.map((own, number): Lined => ({
    wallet: own.wallet, day: chinaDay(startOfChinaDay(firstDay) + own.day * dayMs),
    line: { kind: own.kind, tradeNo: own.tradeNo, refundNo: own.kind === 'refund' ? `r${number}` : undefined, transactionId: `f${number}`, amount: cny(own.amount), at: startOfChinaDay(firstDay) + own.day * dayMs },
  }));
  return [...ofSales, ...ofOthers];
}

/** Gives their books of each day in pieces, in whatever order. */
export function gatewaysWith(lines: readonly Lined[], { order, pieceSize }: Pick<Story, 'order' | 'pieceSize'>): readonly WalletGateway[] {
  const never = () => Promise.reject(new Error('nobody asks this here'));
  const placeOf = ({ line }: Lined, index: number) => ((index + 1) * (order + 7) * 2_654_435_761 + line.amount.amount) % 1009;
  return (['wechat', 'alipay'] as const).map((by): WalletGateway => ({
    wallet: by, modes: ['shown'], show: never, charge: never, query: never, end: never, refund: never, queryRefund: never, readNotification: never, notificationAnswer: { status: 200, contentType: 'text/plain', body: '' },
    bill: async (day) => {
      const own = lines.map((lined, index) => ({ lined, place: placeOf(lined, index) })).filter(({ lined }) => lined.wallet === by && lined.day === day).toSorted((left, right) => left.place - right.place).map(({ lined }) => lined.line);
      return { kind: 'lines', pieces: Array.from({ length: Math.ceil(own.length / pieceSize) }, (_, index) => own.slice(index * pieceSize, (index + 1) * pieceSize)) };
    },
  }));
}

/** The rows that such a story leaves at HQ: its own book of the wallets, and what the kiosk told. */
export async function writeRows(sql: Sql, { sales }: Story): Promise<void> {
  for (const [number, own] of sales.entries()) {
    const { fate, wallet: by, amount } = own;
    const [attemptId, orderId, begun] = [attemptOf(number), orderOf(number), momentOf(own) - 8000];
    const isTaken = fate !== 'declined' && fate !== 'taken_back' && fate !== 'late';
    const paidAt = fate === 'declined' ? null : momentOf(own);
    await sql`
      insert into wallet_payments (kiosk_id, attempt_id, wallet, order_id, order_number, mode, amount, currency, state, begun_at, ended_at, paid_at, late_at, took_back_at, is_asked)
      values (${kiosk}, ${attemptId}, ${by}, ${orderId}, 'A001', 'shown', ${amount}, 'CNY', ${isTaken ? 'paid' : 'closed'}, ${begun}, ${begun + 9000}, ${paidAt}, ${fate === 'late' ? begun + 60_000 : null}, ${fate === 'taken_back' ? begun + 9000 : null}, true)`;
    // Of a kiosk that is gone the last word may be that it gives back.
    const kioskState = !isTaken ? 'not_paid' : fate === 'whole_back' ? 'reversed' : fate === 'hq_whole_back' && number % 2 === 0 ? 'reversing' : 'approved';
    const isDelivered = fate === 'delivered' || fate === 'part_back' || fate === 'hq_part_back';
    await sql`
      insert into payments (kiosk_id, attempt_id, order_id, amount, currency, state, tender, started_at, state_at) values (${kiosk}, ${attemptId}, ${orderId}, ${amount}, 'CNY', ${kioskState}, ${by}, ${begun}, ${begun + 9000})`;
    await sql`
      insert into orders (kiosk_id, order_id, cart_id, number, state, state_at, placed_at, language, catalogue_revision, total_amount, currency, receipt_token, taxes, shop, receipt_url, received_at, occurred_at, utc_offset_ms)
      values (${kiosk}, ${orderId}, ${idOf(4, number)}, 'A001', ${!isTaken ? 'expired' : fate === 'whole_back' ? 'refunded' : isDelivered ? 'fulfilled' : 'paid'}, ${begun + 9000}, ${begun}, 'zh', 1, ${amount}, 'CNY', 'x', '[]', '{}', 'http://x', ${begun}, ${begun}, 0)`;
    const refund = async (refundId: string, sum: number, { origin, state = 'done', settledBy = null }: { readonly origin: 'kiosk' | 'hq'; readonly state?: string; readonly settledBy?: string | null }) => sql`
      insert into wallet_refunds (kiosk_id, refund_id, attempt_id, wallet, amount, currency, paid_amount, reason, origin, state, asked_at, ended_at, settled_by)
      values (${kiosk}, ${refundId}, ${attemptId}, ${by}, ${sum}, 'CNY', ${amount}, 'x', ${origin}, ${state}, ${refundMoment(own) - 1000}, ${refundMoment(own)}, ${settledBy})`;
    if (fate === 'part_back') {
      await refund(refundOf(number), partOf(own), { origin: 'kiosk' });
      await sql`
        insert into order_refunds (kiosk_id, refund_id, attempt_id, order_id, amount, currency, way, state, reason, asked_at, state_at)
        values (${kiosk}, ${refundOf(number)}, ${attemptId}, ${orderId}, ${partOf(own)}, 'CNY', 'tender', 'done', 'x', ${refundMoment(own) - 1000}, ${refundMoment(own)})`;
    } else if (fate === 'hq_part_back') await refund(refundOf(number), partOf(own), { origin: 'hq' });
    else if (fate === 'whole_back') await refund(attemptId, amount, { origin: 'kiosk' });
    else if (fate === 'hq_whole_back' || fate === 'late') await refund(attemptId, amount, { origin: 'hq' });
    else if (fate === 'hq_refused') await refund(attemptId, amount, { origin: 'hq', state: 'refused' });
    else if (fate === 'hq_seen_to') await refund(attemptId, amount, { origin: 'hq', state: 'refused', settledBy: 'Wang' });
    else if (fate === 'service') {
      await sql`
        insert into service_work (kiosk_id, job_id, order_id, asked_at, requested_at, state, next_at, alarmed_at) values (${kiosk}, ${idOf(5, number)}, ${orderId}, ${begun}, ${begun}, 'pending', ${begun}, ${begun})`;
    } else if (fate === 'listed') {
      await sql`insert into attention (kiosk_id, attention_id, kind, order_id, attempt_id, raised_at) values (${kiosk}, ${idOf(6, number)}, 'reversal_refused', ${orderId}, ${attemptId}, ${begun})`;
    }
  }
}

/** What the sums of all books must be, of each wallet in which anything was captured. */
export function sumsOf({ sales }: Story) {
  return (['alipay', 'wechat'] as const).flatMap((tender) => {
    const sum = { currency: 'CNY', tender, captured: 0, delivered: 0, refunded: 0, open: 0, unexplained: 0 };
    const own = sales.filter((one) => one.wallet === tender && one.fate !== 'declined' && one.fate !== 'taken_back');
    for (const one of own) {
      const back = one.fate === 'part_back' || one.fate === 'hq_part_back' ? partOf(one) : ['whole_back', 'hq_whole_back', 'hq_seen_to', 'late'].includes(one.fate) ? one.amount : 0;
      sum.captured += one.amount;
      sum.refunded += back;
      if (['delivered', 'part_back', 'hq_part_back'].includes(one.fate)) sum.delivered += one.amount - back;
      else sum.open += one.amount - back;
    }
    return own.length === 0 ? [] : [sum];
  });
}
