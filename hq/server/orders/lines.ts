import type { OrderId } from '../../../domain/ids.ts';
import type { FormFieldKind } from '../../../domain/catalogue/form.ts';
import { orderFromOlder } from '../../../domain/order/older.ts';
import type { Order, OrderLine } from '../../../domain/order/order.ts';
import { referenceOf } from '../../../domain/order/reference.ts';
import { shredded } from '../../../domain/personal/sealed.ts';
import { maskName, maskPhone } from '../../../domain/receipt/masked.ts';
import type { Queries } from '../database.ts';

/** A row of `order_lines`. What stands null was not told before version 3 of the event. */
export interface LineRow {
  offer_id: string; name_zh: string; name_en: string; fulfilment: OrderLine['fulfilment']; choices: OrderLine['choices'];
  quantity: number; unit_price: number; total: number; form: OrderLine['form']; discount: OrderLine['discount'] | null; tax: OrderLine['tax'] | null; fields: OrderLine['fields'] | null;
}

/** The lines of an order, their customer's words as they rest. Rows of before are read as their event would be today. */
export function linesOf(rows: readonly LineRow[], order: { readonly currency: string; readonly taxes: Order['taxes'] }): readonly OrderLine[] {
  const lines = rows.map((row) => ({
    offerId: row.offer_id, name: { zh: row.name_zh, en: row.name_en }, fulfilment: row.fulfilment, choices: row.choices,
    quantity: row.quantity, unitPrice: row.unit_price, ...(row.discount ? { discount: row.discount } : {}), total: row.total, form: row.form,
    tax: row.tax ?? untold, fields: row.fields ?? [],
  }));
  if (rows.every(({ tax }) => tax !== null)) return lines;
  const older = { total: { currency: order.currency }, lines, taxes: order.taxes.map(({ basisPoints, gross, tax }) => ({ ratePerMille: Math.round(basisPoints / 10), gross, tax })) };
  return (orderFromOlder(older) as { readonly lines: readonly OrderLine[] }).lines;
}

const untold = { basisPoints: 0, included: true, amount: 0 };

/** For a service request `r`: the order's lines of the same offer, and which of them it is for. A kiosk asks for services in the order of the lines. */
export function placeAmongLines(sql: Queries) {
  return sql`
    (select jsonb_agg(l.line order by l.line) from order_lines l where l.kiosk_id = r.kiosk_id and l.order_id = r.order_id and l.offer_id = r.offer_id) as lines,
    (select count(*) from service_requests p where p.kiosk_id = r.kiosk_id and p.order_id = r.order_id and p.offer_id = r.offer_id and (p.epoch, p.sequence, p.job_id) < (r.epoch, r.sequence, r.job_id)) as place`;
}

/** The number that an application is found by, as screen and slip say it; undefined for anything else. @param lines as `placeAmongLines` gives them, from 1 */
export function applicationNumber(service: string, orderId: string, lines: readonly number[] | null, place: number): string | undefined {
  const line = lines?.[place];
  return service === 'application' && line !== undefined ? referenceOf(orderId as OrderId, line - 1) : undefined;
}

/**
 * What of a customer's words is shown at HQ, where nobody has logged in: enough to tell two orders apart, too little to call, visit or know anybody.
 * @param kind undefined where it is not known what they are
 */
export function maskWords(words: string, kind: FormFieldKind | undefined): string {
  if (words === shredded || words === '') return words;
  switch (kind) {
    // Nothing of these names a person.
    case 'choice':
    case 'consent':
    case 'district':
      return words;
    case 'name':
      return maskName(words);
    case 'text':
    case 'street':
    case 'digits':
    case 'id_card':
    case 'postcode':
      return '****';
    case 'phone':
    case undefined:
      return /^\+?\d{11,14}$/.test(words) ? maskPhone(words) : '****';
  }
}
