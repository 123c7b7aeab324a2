import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '../../../domain/money.ts';
import type { Sql } from '../database.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { tradeNoOf } from '../wallets/rows.ts';
import type { Foreign, Lined, Sale, Story } from './books.fixture.ts';
import { attemptOf, firstDay, gatewaysWith, linesOf, orderOf, refundOf, story, sumsOf, writeRows } from './books.fixture.ts';
import { takeBooks } from './books.ts';
import { chinaDay } from '../wallets/adapter/china-time.ts';
import { startOfChinaDay } from './china-day.ts';
import { reconcile } from './reconcile.ts';

const dayMs = 86_400_000;
/** Every book is there, and what was begun is older than a day. */
const at = startOfChinaDay(firstDay) + 8.5 * dayMs;
let postgres: TestPostgres;
let sql: Sql;
beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ sql } = await postgres.createDatabase());
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
});

const clear = () => sql`truncate wallet_payments, wallet_refunds, payments, orders, order_refunds, attention, service_work, settlement_books, settlement_lines, settlement_differences`;

/** Takes all books, twice (what a later book has may end what an earlier one lacked), and compares everything. Answers what a person would see. */
async function examine(lines: readonly Lined[], of: Story) {
  const gateways = gatewaysWith(lines, of);
  for (const again of [0, dayMs]) await takeBooks({ sql, now: () => at + again, gateways, forMs: 600_000 });
  const differences = await sql<{ wallet: string; day: string; kind: string; theirs: number | null }[]>`select wallet, day, kind, theirs from settlement_differences where ended_at is null order by wallet, day, kind`;
  const { sums, findings } = await reconcile(sql, at);
  return {
    differences: differences.filter(({ kind }) => kind !== 'lines_not_ours').map(({ kind }) => kind), findings: findings.map(({ kind }) => kind), sums,
    foreign: differences.filter(({ kind }) => kind === 'lines_not_ours').map(({ wallet, day, theirs }) => ({ wallet, day, theirs })),
  };
}

function foreignSums(all: readonly Foreign[]) {
  const groups = Map.groupBy(all, ({ wallet, day }) => `${wallet} ${chinaDay(startOfChinaDay(firstDay) + day * dayMs)}`);
  return [...groups].map(([key, own]) => ({ wallet: key.split(' ')[0], day: key.split(' ')[1], theirs: own.reduce((sum, { kind, amount }) => sum + (kind === 'payment' ? amount : -amount), 0) }))
    .toSorted((left, right) => `${left.wallet} ${left.day}`.localeCompare(`${right.wallet} ${right.day}`));
}

/** Two that every fault finds, at noon, by clocks that agree. */
const plain: Sale = { wallet: 'wechat', fate: 'delivered', day: 1, inDayMs: dayMs / 2, amount: 1000, part: 0.3, refundAfterDays: 0, slipMs: 0, fee: 6 };
const withPlain = (drawn: Story): Story => ({ ...drawn, sales: [plain, { ...plain, fate: 'part_back' }, { ...plain, fate: 'whole_back' }, ...drawn.sales] });
const [delivered, partBack, wholeBack] = [0, 1, 2];
const isOf = (number: number, kind: 'payment' | 'refund') => ({ line }: Lined) => line.kind === kind && line.tradeNo === tradeNoOf(attemptOf(number));
const without = (number: number, kind: 'payment' | 'refund') => (lines: readonly Lined[]) => lines.filter((lined) => !isOf(number, kind)(lined));
const changed = (number: number, kind: 'payment' | 'refund', change: Partial<Lined['line']>) => (lines: readonly Lined[]) =>
  lines.map((lined) => (isOf(number, kind)(lined) ? { ...lined, line: { ...lined.line, ...change } } : lined));
const added = (number: number, kind: 'payment' | 'refund', change: Partial<Lined['line']>) => (lines: readonly Lined[]) =>
  [...lines, ...lines.filter(isOf(number, kind)).map((lined) => ({ ...lined, line: { ...lined.line, ...change } }))];
const same = (lines: readonly Lined[]) => [...lines];
const nothing = async () => {};

interface Fault { readonly name: string; readonly book: (lines: readonly Lined[]) => Lined[]; readonly rows: () => Promise<unknown>; readonly differences?: readonly string[]; readonly findings?: readonly string[] }
const faults: readonly Fault[] = [
  { name: 'a payment is not in their book', book: without(delivered, 'payment'), rows: nothing, differences: ['payment_missing'] },
  { name: 'a refund is not in their book', book: without(partBack, 'refund'), rows: nothing, differences: ['refund_missing'] },
  { name: 'they have another amount of a payment', book: changed(delivered, 'payment', { amount: money(999, 'CNY') }), rows: nothing, differences: ['payment_amount'] },
  { name: 'they have another amount of a refund', book: changed(partBack, 'refund', { amount: money(299, 'CNY') }), rows: nothing, differences: ['refund_amount'] },
  { name: 'they have a payment twice', book: added(delivered, 'payment', { transactionId: 'again' }), rows: nothing, differences: ['payment_not_ours'] },
  { name: 'they have a payment under a number of our form that HQ does not know', book: added(delivered, 'payment', { tradeNo: tradeNoOf(attemptOf(999_999)) }), rows: nothing, differences: ['payment_not_ours'] },
  { name: 'they have a refund that HQ did not ask for', book: added(partBack, 'refund', { refundNo: 'x' }), rows: nothing, differences: ['refund_not_ours'] },
  { name: 'they have as paid what HQ has as closed', book: same, rows: async () => {
    await sql`update wallet_payments set state = 'closed', paid_at = null where attempt_id = ${attemptOf(delivered)}`;
    await sql`update payments set state = 'not_paid' where attempt_id = ${attemptOf(delivered)}`;
    await sql`update orders set state = 'expired' where order_id = ${orderOf(delivered)}`;
  }, differences: ['payment_not_taken'] },
  { name: 'they gave back what HQ believes refused', book: same, rows: async () => {
    await sql`update wallet_refunds set state = 'refused' where refund_id = ${refundOf(partBack)}`;
    await sql`update order_refunds set state = 'refused' where refund_id = ${refundOf(partBack)}`;
  }, differences: ['refund_not_taken'] },
  { name: 'the kiosk has another amount of a payment', book: same, rows: () => sql`update payments set amount = 1001 where attempt_id = ${attemptOf(delivered)}`, findings: ['payment_differs'] },
  { name: 'the kiosk has it as paid by the other wallet', book: same, rows: () => sql`update payments set tender = 'alipay' where attempt_id = ${attemptOf(delivered)}`, findings: ['payment_differs'] },
  { name: 'the kiosk has another amount of a refund', book: same, rows: () => sql`update order_refunds set amount = 299 where refund_id = ${refundOf(partBack)}`, findings: ['refund_differs'] },
  { name: 'the kiosk has a refund as done that was refused', book: without(partBack, 'refund'), rows: () => sql`update wallet_refunds set state = 'refused' where refund_id = ${refundOf(partBack)}`, findings: ['refund_differs'] },
  { name: 'the kiosk has a refund as done of which HQ knows nothing', book: without(partBack, 'refund'), rows: () => sql`delete from wallet_refunds where refund_id = ${refundOf(partBack)}`, findings: ['refund_differs'] },
  { name: 'the kiosk has a refund as refused that was done', book: same, rows: () => sql`update order_refunds set state = 'refused' where refund_id = ${refundOf(partBack)}`, findings: ['refund_differs'] },
  { name: 'the kiosk has the whole as back, and HQ gave nothing', book: without(wholeBack, 'refund'), rows: () => sql`delete from wallet_refunds where refund_id = ${attemptOf(wholeBack)}`, findings: ['refund_differs'] },
  { name: 'an order was paid and is nowhere', book: same, rows: () => sql`update orders set state = 'expired' where order_id = ${orderOf(delivered)}`, findings: ['captured_unexplained'] },
  { name: 'HQ has lost a payment', book: without(delivered, 'payment'), rows: () => sql`delete from wallet_payments where attempt_id = ${attemptOf(delivered)}`, findings: ['hq_unaware'] },
];

describe('books that were drawn', () => {
  it('agree where nothing is wrong: no difference but one of each day with other systems’ lines, and captured = delivered + refunded + open to the cent', async () => {
    await fc.assert(fc.asyncProperty(story, async (drawn) => {
      await clear();
      await writeRows(sql, drawn);
      // A gateway of which nothing was ever asked is not asked for its books.
      const foreign = drawn.foreign.filter(({ wallet, day }) => drawn.sales.some((sale) => sale.wallet === wallet && sale.day <= day && (sale.day < day || sale.inDayMs >= 8000)));
      const of = { ...drawn, foreign };
      expect(await examine(linesOf(of), of)).toEqual({ differences: [], findings: [], sums: sumsOf(of), foreign: foreignSums(foreign) });
    }), { numRuns: 12 });
  }, 240_000);

  it.each(faults.map((fault) => [fault.name, fault] as const))('show it once where %s', async (_name, { book, rows, differences = [], findings = [] }) => {
    await fc.assert(fc.asyncProperty(story, async (drawn) => {
      const of = withPlain(drawn);
      await clear();
      await writeRows(sql, of);
      await rows();
      expect(await examine(book(linesOf(of)), of)).toMatchObject({ differences, findings });
    }), { numRuns: 2 });
  }, 120_000);
});
