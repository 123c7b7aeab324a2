import type { Business } from '../catalogue/catalogue.ts';
import type { Language } from '../language.ts';
import type { Currency } from '../money.ts';
import { formatMoney, money } from '../money.ts';
import type { Wallet } from '../scan/payment-code.ts';
import type { EpochMs } from '../time.ts';
import { formatLocalTime } from '../time.ts';
import { boldPair, centered, pair, rule, table } from './lines.ts';
import { percent } from './percent.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import type { Shop } from './shop.ts';
import { staffWords } from './staff-words.ts';

/** How many, and how much in minor units. */
export interface Tally {
  readonly count: number;
  readonly amount: number;
}

export interface ZReportFacts {
  readonly shop: Shop;
  readonly language: Language;
  /** Runs on by one with each report. */
  readonly number: number;
  /** Paid orders from this moment … */
  readonly from: EpochMs;
  /** … to this one, which belongs to the next report. */
  readonly to: EpochMs;
  readonly currency: Currency;
  /** Paid orders; `amount` is what they came to. */
  readonly orders: Tally;
  readonly freeOrders: number;
  readonly refunded: Tally;
  /** Undefined where there was no order. */
  readonly firstOrder: string | undefined;
  readonly lastOrder: string | undefined;
  /** By business: lines' quantities and amounts. */
  readonly businesses: readonly ({ readonly business: Business } & Tally)[];
  /** `gross` is with the tax, whether it was in the prices or came on top. */
  readonly taxes: readonly { readonly basisPoints: number; readonly included: boolean; readonly gross: number; readonly tax: number }[];
  /** Approved and not reversed, by our own journal. */
  readonly cardsOurs: Tally;
  /** By the terminal's end of day; undefined where it gave none. */
  readonly cardsTerminal: Tally | undefined;
  readonly reversed: Tally;
  /** Approved and not reversed, by wallet; what of it went back in parts stands under `refunded`. Missing in reports of before there were wallets. */
  readonly wallets?: readonly ({ readonly tender: Wallet } & Tally)[];
  /** Payments of which nobody knows yet. */
  readonly unsettled: number;
  readonly copy: boolean;
}

/** The day's end on paper: what was sold, by business and by tax rate, and our card total beside the terminal's. */
export function composeZReport(facts: ZReportFacts): Receipt {
  const { shop, language, currency, orders, refunded, reversed } = facts;
  const words = staffWords[language];
  const amount = (minorUnits: number): string => formatMoney(money(minorUnits, currency));
  const tally = (value: Tally): string => `${value.count} / ${amount(value.amount)}`;
  const lines: ReceiptLine[] = [
    centered(words.zReport, 'double'),
    centered(`No. ${String(facts.number).padStart(4, '0')}`, 'double'),
    ...(facts.copy ? [centered(words.copy, 'double')] : []),
    centered(shop.name[language]),
    centered(shop.address[language]),
    pair(words.from, formatLocalTime(facts.from, shop.timeZone)),
    pair(words.to, formatLocalTime(facts.to, shop.timeZone)),
    rule,
    pair(words.orders, String(orders.count)),
    ...(facts.freeOrders > 0 ? [pair(words.free, String(facts.freeOrders), 1)] : []),
    ...(facts.firstOrder === undefined ? [] : [pair(words.firstOrder, facts.firstOrder)]),
    ...(facts.lastOrder === undefined ? [] : [pair(words.lastOrder, facts.lastOrder)]),
    boldPair(words.total, amount(orders.amount)),
    ...(refunded.count > 0 ? [pair(words.refunded, tally({ ...refunded, amount: -refunded.amount }))] : []),
    rule,
    table(
      [{ header: words.business, width: 2, align: 'left' }, { header: words.count, width: 1, align: 'right' }, { header: words.amount, width: 2, align: 'right' }],
      facts.businesses.map(({ business, count, amount: gross }) => [words.businesses[business], String(count), amount(gross)]),
    ),
    rule,
    table(
      [{ header: words.taxRate, width: 3, align: 'left' }, { header: words.amount, width: 4, align: 'right' }, { header: words.tax, width: 4, align: 'right' }],
      facts.taxes.map(({ basisPoints, included, gross, tax }) => [included ? percent(basisPoints) : `${percent(basisPoints)} ${words.taxAdded}`, amount(gross), amount(tax)]),
    ),
    rule,
    ...cardLines(facts, amount),
    ...(reversed.count > 0 ? [pair(words.reversed, tally(reversed))] : []),
    ...(facts.wallets ?? []).map(({ tender, ...sum }) => pair(words.wallets[tender], tally(sum))),
    ...(facts.unsettled > 0 ? [boldPair(words.unsettled, String(facts.unsettled))] : []),
  ];
  return { language, lines };
}

function cardLines({ language, cardsOurs, cardsTerminal }: ZReportFacts, amount: (minorUnits: number) => string): readonly ReceiptLine[] {
  const words = staffWords[language];
  const row = (name: string, value: Tally): readonly string[] => [name, String(value.count), amount(value.amount)];
  const difference = cardsTerminal && { count: cardsOurs.count - cardsTerminal.count, amount: cardsOurs.amount - cardsTerminal.amount };
  return [
    table(
      [{ header: words.cards, width: 2, align: 'left' }, { header: words.count, width: 1, align: 'right' }, { header: words.amount, width: 2, align: 'right' }],
      [row(words.ours, cardsOurs), ...(cardsTerminal ? [row(words.terminals, cardsTerminal)] : []), ...(difference ? [row(words.difference, difference)] : [])],
    ),
    ...(difference === undefined ? [centered(words.terminalUnknown)] : []),
    ...(difference?.count === 0 && difference.amount === 0 ? [centered(words.agree)] : []),
  ];
}
