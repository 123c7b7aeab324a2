import type { Bilingual, Language } from '../language.ts';
import type { Money } from '../money.ts';
import { formatMoney, isZero } from '../money.ts';
import type { Order, OrderLine } from '../order/order.ts';
import { shredded } from '../personal/sealed.ts';
import { formatLocalTime } from '../time.ts';
import { centered, pair } from './lines.ts';
import { effectiveOn } from './plan-change.ts';
import { promisedWithinMs } from './promise.ts';
import type { ReceiptLine } from './receipt.ts';
import type { Shop } from './shop.ts';
import { receiptWords } from './words.ts';

/** Where a service of the order stands, when the receipt is made. */
export interface ReceiptService {
  readonly offerId: string;
  readonly state: 'asked' | 'pending' | 'done' | 'refused';
  /** The carrier's, of what is done. */
  readonly reference?: string | undefined;
  /** Of what was refused and was paid for: where its money is. `by_person`: on a person's list. */
  readonly money?: 'returning' | 'returned' | 'by_person' | undefined;
  /** Of a plan change: what the number had before, as its carrier says, and from which day (YYYY-MM-DD) a change counts where nobody chooses one. */
  readonly planBefore?: { readonly name: Bilingual; readonly price?: Money | undefined; readonly effectiveOn?: string | undefined } | undefined;
}

/** Below a line: from when a plan is another, and what was agreed to, by the version of its text. */
export function agreedLines({ form, fields, fulfilment }: OrderLine, order: Order, shop: Shop): readonly ReceiptLine[] {
  if (fulfilment.kind !== 'telecom') return [];
  const words = receiptWords[order.language];
  const from = fulfilment.service === 'plan_change' ? effectiveOn(form, order.placedAt, shop.timeZone) : undefined;
  return [
    ...(from === undefined ? [] : [pair(words.takesEffect, from, 2)]),
    ...fields.flatMap(({ id, kind, label }) => {
      const version = form[id];
      return kind === 'consent' && version && version !== shredded ? [pair(label[order.language], words.agreed(version), 2)] : [];
    }),
  ];
}

/** What is known of each service by now; nothing while all are open, which `openServiceLines` says. An application goes by its own slip, unless it was refused. */
export function serviceLines(order: Order, services: readonly ReceiptService[], shop: Shop): readonly ReceiptLine[] {
  const { language } = order;
  const words = receiptWords[language];
  if (services.every((service) => isOpen(service) && !service.planBefore)) return [];
  return services.flatMap(({ offerId, state, reference, money, planBefore }): ReceiptLine[] => {
    const line = order.lines.find((candidate) => candidate.offerId === offerId);
    if (line?.fulfilment.kind !== 'telecom' || (line.fulfilment.service === 'application' && state !== 'refused')) return [];
    return [
      pair(line.name[language], words.serviceState[state]),
      ...(state === 'done' && reference ? [pair(words.carrierReference, reference, 2)] : []),
      ...(planBefore ? [pair(words.planBefore, monthly(planBefore, language), 2)] : []),
      ...(planBefore?.effectiveOn !== undefined && state !== 'refused' && effectiveOn(line.form, order.placedAt, shop.timeZone) === undefined ? [pair(words.takesEffect, planBefore.effectiveOn, 2)] : []),
      ...(state === 'refused' && money ? [centered(money === 'by_person' ? words.refusedByPerson(promisedBy(order, shop)) : words.refusedMoney[money])] : []),
    ];
  });
}

/**
 * What becomes of services that have no end yet, and until when.
 * @param services undefined: nothing is known of any yet
 */
export function openServiceLines(order: Order, services: readonly ReceiptService[] | undefined, shop: Shop): readonly ReceiptLine[] {
  const words = receiptWords[order.language];
  const telecom = order.lines.filter(({ fulfilment }) => fulfilment.kind === 'telecom' && fulfilment.service !== 'application');
  const open = services === undefined ? telecom : telecom.filter(({ offerId }) => services.some((service) => service.offerId === offerId && isOpen(service)));
  if (open.length === 0) return [];
  return [centered(words.service), ...(open.some(({ total }) => total > 0) && !isZero(order.total) ? [centered(words.serviceUntil(promisedBy(order, shop)))] : [])];
}

function isOpen({ state }: ReceiptService): boolean {
  return state === 'asked' || state === 'pending';
}

function promisedBy({ placedAt }: Order, { timeZone }: Shop): string {
  return formatLocalTime(placedAt + promisedWithinMs, timeZone);
}

function monthly({ name, price }: NonNullable<ReceiptService['planBefore']>, language: Language): string {
  return price ? `${name[language]} ${receiptWords[language].monthly(formatMoney(price))}` : name[language];
}
