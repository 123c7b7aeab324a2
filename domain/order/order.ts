import { z } from 'zod';
import { fulfilmentSchema, formFieldSchema } from '../catalogue/catalogue.ts';
import { cartIdSchema, orderIdSchema, slugSchema } from '../ids.ts';
import { bilingualSchema, languageSchema } from '../language.ts';
import { minorUnitsSchema, moneySchema } from '../money.ts';
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

export const orderLineSchema = z.strictObject({
  offerId: slugSchema,
  name: bilingualSchema,
  fulfilment: fulfilmentSchema,
  choices: z.array(z.strictObject({ id: slugSchema, name: bilingualSchema, price: minorUnitsSchema })),
  quantity: z.int().min(1),
  unitPrice: minorUnitsSchema,
  total: minorUnitsSchema,
  /** Sealed wherever it rests or travels (domain/personal): as the customer gave it only in core's hands. */
  form: z.partialRecord(formFieldSchema, z.string().max(400)),
});
export type OrderLine = z.infer<typeof orderLineSchema>;

export const taxSchema = z.strictObject({ ratePerMille: z.int().min(0), gross: minorUnitsSchema, tax: minorUnitsSchema });

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
    total: line.total.amount,
    form: line.form,
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
