import type { Language } from '../../../domain/language.ts';
import type { KnownOffer } from '../catalogue/in-force.ts';
import { csvLine } from '../orders/csv.ts';
import type { Shelves, ShelfSlot } from './shelves.ts';

/** What is to be done at a kiosk: where nothing is missing and nothing has expired, nothing. */
export function restockLines({ slots }: Shelves): readonly ShelfSlot[] {
  return slots.filter(({ bring, expired }) => bring > 0 || expired > 0);
}

/** What the van carries, by offer. */
export function restockTotals(shelves: readonly Shelves[]): readonly { readonly offerId: string; readonly bring: number; readonly expired: number }[] {
  const totals = new Map<string, { offerId: string; bring: number; expired: number }>();
  for (const { offerId, bring, expired } of shelves.flatMap(restockLines)) {
    const total = totals.get(offerId) ?? { offerId, bring: 0, expired: 0 };
    totals.set(offerId, { offerId, bring: total.bring + bring, expired: total.expired + expired });
  }
  return [...totals.values()].toSorted((a, b) => b.bring - a.bring || (a.offerId < b.offerId ? -1 : 1));
}

const heads: Readonly<Record<Language, readonly string[]>> = {
  zh: ['售货机编号', '售货机', '货架', '货道', '商品编号', '商品', '可售', '应有', '补货', '过期取出'],
  en: ['Kiosk id', 'Kiosk', 'Shelf', 'Slot', 'Offer id', 'Offer', 'Sellable', 'Par', 'Bring', 'Expired, take out'],
};

/** For a spreadsheet: UTF-8 with its mark, by which spreadsheet programs know Chinese; lines end as RFC 4180 says. */
export function restockCsv(shelves: readonly Shelves[], offers: ReadonlyMap<string, KnownOffer>, language: Language): string {
  const rows = shelves.flatMap((one) => restockLines(one).map((line) => [
    one.kioskId, one.kiosk, line.shelf ?? '', line.slot ?? '', line.offerId, offers.get(line.offerId)?.name[language] ?? line.offerId, line.sellable, line.par, line.bring, line.expired,
  ]));
  return `\ufeff${[heads[language], ...rows].map(csvLine).join('')}`;
}
