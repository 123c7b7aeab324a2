import { createPrivateKey, randomBytes, randomUUID, sign } from 'node:crypto';
import path from 'node:path';
import type { EscPosPrinterSim } from '../../hardware/sim/escpos-printer/printer-sim.ts';
import { slipText } from '../../hardware/sim/escpos-printer/paper.ts';
import type { ZvtTerminalSim } from '../../hardware/sim/zvt-terminal/sim.ts';
import type { OrderInFull } from '../../hq/contract/console.ts';
import type { TradeView } from '../../hq/server/sim/wallets/phone/phone.ts';
import type { OrderId } from '../../domain/ids.ts';
import { kioskIdSchema, uuidV7From } from '../../domain/ids.ts';
import { formatMoney, money } from '../../domain/money.ts';
import type { OrderLine, OrderState } from '../../domain/order/order.ts';
import { isPaid } from '../../domain/order/order.ts';
import { staffWords } from '../../domain/receipt/staff-words.ts';
import { receiptWords } from '../../domain/receipt/words.ts';
import { createClosings } from '../../main/store/closing.ts';
import { createEmitter } from '../../main/store/emitter.ts';
import { createIdentityStore } from '../../main/store/identity.ts';
import { createJournal } from '../../main/store/journal.ts';
import { openStore } from '../../main/store/open.ts';
import { createStoreReader } from '../../main/store/reader.ts';

/** One order in the books that must all say the same. */
export interface OrderAudit {
  readonly number: string;
  /** Minor units. */
  readonly amount: number;
  readonly lines: readonly OrderLine[];
  readonly kiosk: { readonly state: OrderState; readonly receipt: string };
  /** What the card terminal booked for it, by the receipt number that the kiosk holds; null where nothing was to be paid. */
  readonly terminal: { readonly receiptNumber: string; readonly amount: number; readonly state: string } | null;
  /** What the wallets' gateways took for it, over all its attempts, and have given back; null where they took nothing. */
  readonly wallet: { readonly paid: number; readonly refunded: number } | null;
  /** How many slips bear its number, copies apart, and the total on the first. */
  readonly printed: { readonly slips: number; readonly total: string | null; readonly copies: number };
  readonly hq: { readonly state: OrderState; readonly amount: number } | null;
  readonly agree: boolean;
}

export interface Audit {
  readonly orders: readonly OrderAudit[];
  /** Money that the terminal took and no order accounts for, and the like. */
  readonly strays: readonly string[];
  readonly agree: boolean;
}

export interface AuditSources {
  /** The data folder of a kiosk that does not run now. */
  readonly dataFolder: string;
  readonly storeKey: { readonly hex: string; readonly provider: string };
  readonly terminal: Pick<ZvtTerminalSim, 'book'>;
  readonly printer: Pick<EscPosPrinterSim, 'slips'>;
  /** The wallets' gateways' own books; none where there are no wallets. */
  readonly trades?: readonly TradeView[];
  /** Missing where the kiosk ended before HQ could have heard of everything: then HQ's book is not compared. */
  readonly hqOrders?: readonly OrderInFull[];
}

/** Compares the kiosk's store, the terminal's and the gateways' books, the paper and HQ, order by order: to the cent, to the slip. */
export function auditBooks({ dataFolder, storeKey, terminal, printer, trades = [], hqOrders }: AuditSources): Audit {
  const opened = openStore({ folder: path.join(dataFolder, 'store'), keyHex: storeKey.hex, keyProvider: storeKey.provider });
  if (!opened.ok) throw new Error(opened.error.detail);
  try {
    const { database } = opened.value;
    const reader = createStoreReader(database);
    const ids = database.prepare<[], { id: OrderId }>('SELECT id FROM orders ORDER BY placed_at, id').all();
    // White paper is what a printer cuts off when nobody knows whether half a slip still hangs there.
    const slips = printer.slips().map(slipText).filter((slip) => slip.trim() !== '' && !isStaffs(slip));
    const isCopy = (slip: string) => Object.values(receiptWords).some(({ copy }) => slip.includes(copy));
    const booked = new Map(terminal.book().map((entry) => [entry.receiptNumber, entry]));
    const accounted = new Set<string>();
    const known = new Set<TradeView>();

    const orders = ids.map(({ id }): OrderAudit => {
      const { order, state } = reader.order(id)!;
      const attempts = reader.attempts(id);
      const approved = attempts.find((attempt) => attempt.state === 'approved');
      const card = approved?.card;
      // A trade's number at the gateway is its attempt's (docs/payments.md).
      const taken = trades.filter(({ tradeNo }) => attempts.some((attempt) => attempt.id.replaceAll('-', '') === tradeNo));
      const entry = card?.receiptNumber === undefined ? undefined : booked.get(card.receiptNumber);
      if (entry) accounted.add(entry.receiptNumber);
      const [copies, own] = [true, false].map((wanted) => slips.filter((slip) => slip.includes(order.receiptToken) && isCopy(slip) === wanted)) as [string[], string[]];
      const total = formatMoney(money(order.total.amount, order.total.currency));
      const receipt = reader.jobs(id).find((job) => job.kind === 'print_receipt')?.state ?? 'none';
      const hq = hqOrders?.find((candidate) => candidate.row.orderId === id);
      const isDue = order.total.amount > 0;
      for (const trade of taken) known.add(trade);
      const paid = taken.reduce((sum, { paidAt, amountFen }) => sum + (paidAt === undefined ? 0 : amountFen), 0);
      const refunded = taken.reduce((sum, trade) => sum + trade.refundedFen, 0);
      const byWallet = isDue && isPaid(state) && approved !== undefined && approved.tender !== 'card';
      const givenBack = reader.refundsOf(id).filter((refund) => refund.way === 'tender' && refund.state === 'done').reduce((sum, refund) => sum + refund.amount.amount, 0);
      const agree =
        (!hqOrders || (hq?.row.state === state && hq.row.total.amount === order.total.amount)) &&
        paid - refunded === (byWallet ? order.total.amount - givenBack : 0) &&
        (isDue && isPaid(state) && !byWallet ? entry?.state === 'approved' && entry.amount === order.total.amount : entry === undefined) &&
        // Ended while it printed: nobody knows whether it came out, but never twice.
        (receipt === 'doing' || receipt === 'uncertain' ? own.length <= 1 : own.length === (receipt === 'done' ? 1 : 0)) &&
        own.every((slip) => slip.includes(order.number) && slip.includes(total));
      return {
        number: order.number,
        amount: order.total.amount,
        lines: order.lines,
        kiosk: { state, receipt },
        terminal: entry ? { receiptNumber: entry.receiptNumber, amount: entry.amount, state: entry.state } : null,
        wallet: paid === 0 ? null : { paid, refunded },
        printed: { slips: own.length, total: own[0]?.includes(total) ? total : null, copies: copies.length },
        hq: hq ? { state: hq.row.state, amount: hq.row.total.amount } : null,
        agree,
      };
    });
    const strays = [
      ...trades.filter((trade) => !known.has(trade) && trade.paidAt !== undefined && trade.amountFen !== trade.refundedFen).map((trade) => `${trade.wallet} took ${trade.amountFen} (${trade.tradeNo}) for no order`),
      ...terminal.book().filter((entry) => entry.state === 'approved' && !accounted.has(entry.receiptNumber)).map((entry) => `terminal took ${entry.amount} (${entry.receiptNumber}) for no order`),
      ...(hqOrders ?? []).filter((candidate) => !ids.some(({ id }) => id === candidate.row.orderId)).map((candidate) => `HQ holds ${candidate.row.number}, the kiosk does not`),
      ...(slips.length === orders.reduce((count, order) => count + order.printed.slips + order.printed.copies, 0) ? [] : [`a slip belongs to no order: ${slips.find((slip) => !ids.some(({ id }) => slip.includes(reader.order(id)!.order.receiptToken)))?.trim().slice(0, 300) ?? ''}`]),
    ];
    return { orders, strays, agree: strays.length === 0 && orders.every((order) => order.agree) };
  } finally {
    opened.value.close();
  }
}

/** What is printed for staff alone bears no order: what to bring, reports, the test page, and the card terminal's own words. */
function isStaffs(slip: string): boolean {
  return slip.includes('KASSENSCHNITT') || Object.values(staffWords).some(({ restock, zReport, testPage }) => [restock, zReport, testPage].some((title) => slip.trimStart().startsWith(title)));
}

/** Closes the books of a kiosk that does not run now, as it does itself at the end of its day: nobody waits for midnight. HQ hears of it at its next start. */
export function closeDay({ dataFolder, storeKey, kioskId }: Pick<AuditSources, 'dataFolder' | 'storeKey'> & { readonly kioskId: string }): void {
  const folder = path.join(dataFolder, 'store');
  const opened = openStore({ folder, keyHex: storeKey.hex, keyProvider: storeKey.provider });
  if (!opened.ok) throw new Error(opened.error.detail);
  const { database } = opened.value;
  const journal = createJournal({
    folder: path.join(folder, 'journal'), keyHex: storeKey.hex,
    onProblem: (problem) => {
      throw new Error(JSON.stringify(problem));
    },
  });
  try {
    const id = kioskIdSchema.parse(kioskId);
    const key = createPrivateKey({ key: Buffer.from(createIdentityStore(database).read()!.privateKey, 'base64'), format: 'der', type: 'pkcs8' });
    const emitter = createEmitter({ database, now: Date.now, newId: () => uuidV7From(Date.now(), randomBytes(10)), boot: { id: randomUUID(), monotonicMs: () => 0 }, journal });
    createClosings({ database, emitter, kioskId: id, now: Date.now, sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64') }).close(new Date().toISOString().slice(0, 10));
  } finally {
    journal.close();
    opened.value.close();
  }
}
