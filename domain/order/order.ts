import { z } from 'zod';
import { diningSchema } from '../cart/cart.ts';
import type { FormFieldKind } from '../catalogue/form.ts';
import { askedFields, formFieldSchema, keptOfForm } from '../catalogue/form.ts';
import { fieldsOf, fulfilmentSchema, taxRateSchema } from '../catalogue/offer.ts';
import { cartIdSchema, orderIdSchema, slugSchema } from '../ids.ts';
import { bilingualSchema, languageSchema } from '../language.ts';
import { isZero, minorUnitsSchema, moneySchema } from '../money.ts';
import type { PricedCart } from '../pricing/pricing.ts';
import { epochMsSchema } from '../time.ts';

export const orderStates = ['placed', 'awaiting_payment', 'paid', 'fulfilled', 'cancelled', 'expired', 'payment_unknown', 'refunded'] as const;
export const orderStateSchema = z.enum(orderStates);
export type OrderState = z.infer<typeof orderStateSchema>;

/** What may happen to an order, by its field names. */
export type OrderStep =
  /** A free order needs no payment. */
  | 'accept_free'
  /** A payment attempt was committed. */
  | 'start_payment'
  | 'payment_approved'
  /** Declined, cancelled, not sent, or found not to have happened: the customer may try again. */
  | 'payment_failed'
  | 'payment_lost_sight_of'
  | 'fulfil'
  | 'cancel'
  | 'expire'
  | 'refund';

const steps: Readonly<Record<OrderState, Partial<Record<OrderStep, OrderState>>>> = {
  placed: { accept_free: 'paid', start_payment: 'awaiting_payment', cancel: 'cancelled', expire: 'expired' },
  awaiting_payment: {
    start_payment: 'awaiting_payment', payment_approved: 'paid', payment_failed: 'awaiting_payment',
    payment_lost_sight_of: 'payment_unknown', cancel: 'cancelled', expire: 'expired',
  },
  // Neither cancelled nor expired from here: money may have been taken, so only an answer ends it.
  payment_unknown: { payment_approved: 'paid', payment_failed: 'awaiting_payment', refund: 'refunded' },
  paid: { fulfil: 'fulfilled', refund: 'refunded' },
  fulfilled: { refund: 'refunded' },
  cancelled: {},
  expired: {},
  refunded: {},
};

/** The state after a step, or undefined where the step is not allowed: the caller has a bug or is late, and must not write. */
export function nextState(state: OrderState, step: OrderStep): OrderState | undefined {
  return steps[state][step];
}

/** Stock stays reserved, and the customer may still pay. */
export function isOpen(state: OrderState): boolean {
  return state === 'placed' || state === 'awaiting_payment' || state === 'payment_unknown';
}

/** Money was taken, or none was due. */
export function isPaid(state: OrderState): boolean {
  return state === 'paid' || state === 'fulfilled';
}

const formFieldKindSchema = z.enum(formFieldSchema.options.map(({ shape }) => shape.kind.value) as [FormFieldKind, ...FormFieldKind[]]);

export const orderLineSchema = z.strictObject({
  offerId: slugSchema,
  name: bilingualSchema,
  fulfilment: fulfilmentSchema,
  choices: z.array(z.strictObject({ id: slugSchema, name: bilingualSchema, price: minorUnitsSchema })),
  quantity: z.int().min(1),
  /** One piece before any discount, options included. */
  unitPrice: minorUnitsSchema,
  /** Taken off `quantity` × `unitPrice`, and why, where a promotion did. */
  discount: z.strictObject({ amount: minorUnitsSchema.min(1), name: bilingualSchema.optional() }).optional(),
  /** What the line costs after the discount; tax is in it where it is included in the price. */
  total: minorUnitsSchema,
  tax: taxRateSchema.extend({ amount: minorUnitsSchema }),
  /** Sealed wherever it rests or travels (domain/personal): as the customer gave it only in core's hands. */
  form: z.record(slugSchema, z.string().max(1200)),
  /** What the values of `form` are called, in the order in which they were asked. */
  fields: z.array(z.strictObject({ id: slugSchema, kind: formFieldKindSchema, label: bilingualSchema })).max(25),
});
export type OrderLine = z.infer<typeof orderLineSchema>;

/** The sum of the lines of one rate: `gross` is with the tax, however it is said. */
export const taxSchema = taxRateSchema.extend({ gross: minorUnitsSchema, tax: minorUnitsSchema });

/** What a customer ordered, as it was priced then: an order never changes with a later catalogue. */
export const orderSchema = z.strictObject({
  id: orderIdSchema,
  cartId: cartIdSchema,
  /** What the customer reads and is called by: "A042". */
  number: z.string().regex(/^[A-Z]\d{3}$/),
  placedAt: epochMsSchema,
  language: languageSchema,
  catalogueRevision: z.int().min(1),
  lines: z.array(orderLineSchema).min(1),
  dining: diningSchema.optional(),
  total: moneySchema,
  taxes: z.array(taxSchema),
  /** 128 random bits, base64url: whoever holds it may read the e-receipt, and nobody can guess it. */
  receiptToken: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
});
export type Order = z.infer<typeof orderSchema>;

/** The order's lines out of a priced cart: plain values, since the catalogue will change. */
export function orderLines(priced: PricedCart): readonly OrderLine[] {
  return priced.lines.map((line) => ({
    offerId: line.offer.id,
    name: line.offer.name,
    fulfilment: line.offer.fulfilment,
    choices: line.choices.map(({ id, name, price }) => ({ id, name, price })),
    quantity: line.quantity,
    unitPrice: line.unitPrice.amount,
    ...(isZero(line.discount) ? {} : { discount: { amount: line.discount.amount, ...(line.promotion ? { name: line.promotion } : {}) } }),
    total: line.total.amount,
    tax: { ...line.tax, amount: line.tax.amount.amount },
    form: keptOfForm(fieldsOf(line.offer), line.form),
    fields: askedFields(fieldsOf(line.offer), line.form).filter(({ id }) => line.form[id]?.trim()).map(({ id, kind, label }) => ({ id, kind, label })),
  }));
}

const numberLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * The pickup number for the n-th order of a kiosk, n from 0: A001 … A999, B001 … without I and O, which read as digits.
 * It repeats after 23,976 orders: long after the customer has left, and the order's id tells them apart.
 */
export function pickupNumber(index: number): string {
  const letter = numberLetters[Math.floor(index / 999) % numberLetters.length];
  return `${letter}${String((index % 999) + 1).padStart(3, '0')}`;
}
