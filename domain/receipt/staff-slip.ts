import type { Language } from '../language.ts';
import type { Order } from '../order/order.ts';
import { formatLocalTime } from '../time.ts';
import { centered, left, pair, rule } from './lines.ts';
import { chosenOf } from './order-lines.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import type { Shop } from './shop.ts';
import { staffWords } from './staff-words.ts';

export interface StaffSlipFacts {
  readonly shop: Shop;
  readonly order: Order;
  /** Runs on by one with each slip, so that a missing one is noticed. A copy keeps the number of its first print. */
  readonly slip: number;
  readonly language: Language;
  readonly copy: boolean;
  /** What a scanner at the counter reads, as a barcode. Printable ASCII. */
  readonly pickupCode?: string;
}

/** What staff put on the counter for one order: goods by name, a box to tick before each, and a counted slip number. */
export function composeStaffSlip({ shop, order, slip, language, copy, pickupCode }: StaffSlipFacts): Receipt {
  const words = staffWords[language];
  const goods = order.lines.filter(({ fulfilment }) => fulfilment.kind === 'goods');
  const lines: ReceiptLine[] = [
    centered(words.staffSlip, 'double'),
    ...(copy ? [centered(words.copy, 'double')] : []),
    centered(order.number, 'quadruple'),
    pair(words.slipNumber, slipNumber(slip)),
    pair(words.time, formatLocalTime(order.placedAt, shop.timeZone)),
    pair(words.order, order.id.slice(-12)),
    rule,
    left(words.handOut),
    ...goods.flatMap((line) => [
      { kind: 'pair', left: `□ ${line.name[language]}`, right: `×${line.quantity}`, bold: true, indent: 0 } as const,
      ...chosenOf(line, language).map((choice) => pair(choice, '', 3)),
    ]),
    rule,
    pair(words.pieces, String(goods.reduce((total, { quantity }) => total + quantity, 0))),
    ...(pickupCode === undefined ? [] : [{ kind: 'barcode', data: pickupCode, text: pickupCode } as const]),
  ];
  return { language, lines };
}

/** "No. 000123" */
function slipNumber(slip: number): string {
  return `No. ${String(slip).padStart(6, '0')}`;
}
