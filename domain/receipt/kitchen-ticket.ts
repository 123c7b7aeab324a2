import type { Language } from '../language.ts';
import type { Order } from '../order/order.ts';
import { formatLocalTime } from '../time.ts';
import { centered, left, pair, rule } from './lines.ts';
import { chosenOf } from './order-lines.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import type { Shop } from './shop.ts';
import { staffWords } from './staff-words.ts';

export interface KitchenTicketFacts {
  readonly shop: Shop;
  readonly order: Order;
  /** Of the kitchen, not of the customer. */
  readonly language: Language;
  readonly copy: boolean;
}

/** What the kitchen makes: the number that is called out, dishes large enough to read across a stove, no prices. */
export function composeKitchenTicket({ shop, order, language, copy }: KitchenTicketFacts): Receipt {
  const words = staffWords[language];
  const dishes = order.lines.filter(({ fulfilment }) => fulfilment.kind === 'food');
  const lines: ReceiptLine[] = [
    centered(words.kitchen, 'double'),
    ...(copy ? [centered(words.copy, 'double')] : []),
    centered(order.number, 'quadruple'),
    ...(order.dining ? [centered(words[order.dining], 'double')] : []),
    pair(words.time, formatLocalTime(order.placedAt, shop.timeZone)),
    pair(words.order, order.id.slice(-12)),
    rule,
    ...dishes.flatMap((line) => [
      left(`${line.quantity} × ${line.name[language]}`, 'double'),
      ...chosenOf(line, language).map((choice) => left(`   + ${choice}`, 'normal', true)),
    ]),
    rule,
    pair(words.dishes, String(dishes.reduce((total, { quantity }) => total + quantity, 0))),
  ];
  return { language, lines };
}
