import type { Bilingual, Language } from '../language.ts';
import type { EpochMs } from '../time.ts';
import { formatLocalTime } from '../time.ts';
import { boldPair, centered, pair, rule, table } from './lines.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import type { Shop } from './shop.ts';
import { staffWords } from './staff-words.ts';

export interface RestockItem {
  readonly name: Bilingual;
  /** What can be sold, in all its slots. */
  readonly count: number;
  /** What shall be there, in all its slots. */
  readonly par: number;
  /** What its slots lack, each for itself: more than `par` less `count`, where one of them has too much. */
  readonly bring: number;
  /** Past its day, and to be taken out: it lies there beside what is counted. */
  readonly remove?: number;
}

export interface RestockTicketFacts {
  readonly shop: Shop;
  readonly at: EpochMs;
  readonly language: Language;
  /** Those with nothing to bring and nothing to take out are left out. */
  readonly items: readonly RestockItem[];
  readonly copy: boolean;
}

/** What to bring on the next visit, and what to take out. */
export function composeRestockTicket({ shop, at, language, items, copy }: RestockTicketFacts): Receipt {
  const words = staffWords[language];
  const missing = items.filter(({ bring }) => bring > 0);
  const old = items.filter(({ remove = 0 }) => remove > 0);
  const columns = [
    { header: words.offer, width: 6, align: 'left' },
    { header: words.has, width: 1, align: 'right' },
    { header: words.par, width: 1, align: 'right' },
    { header: words.bring, width: 1, align: 'right' },
  ] as const;
  const lines: ReceiptLine[] = [
    centered(words.restock, 'double'),
    ...(copy ? [centered(words.copy, 'double')] : []),
    centered(shop.name[language]),
    centered(shop.address[language]),
    pair(words.time, formatLocalTime(at, shop.timeZone)),
    rule,
    ...(missing.length === 0
      ? [centered(words.nothingToBring)]
      : [
          table(columns, missing.map(({ name, count, par, bring }) => [name[language], String(count), String(par), String(bring)])),
          rule,
          boldPair(words.bring, String(missing.reduce((total, { bring }) => total + bring, 0))),
        ]),
    ...(old.length === 0 ? [] : [rule, boldPair(words.takeOut, String(old.reduce((total, { remove = 0 }) => total + remove, 0))), ...old.map(({ name, remove }) => pair(name[language], String(remove)))]),
  ];
  return { language, lines };
}
