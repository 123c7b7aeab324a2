import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { gtinOf } from '../catalogue/gtin.ts';
import type { PaymentCode, Wallet } from './payment-code.ts';
import { readPaymentCode } from './payment-code.ts';

/** No code that this house reads is longer. What a scanner or a keyboard brings beyond it is rubbish. */
export const maxCodeLength = 1024;

/** What a staff card says after its prefix. As good as a key, so it is not logged either. */
export const staffCardIdSchema = z.string().regex(/^[A-Za-z0-9-]{4,40}$/).brand<'StaffCardId'>();
export type StaffCardId = z.infer<typeof staffCardIdSchema>;

/** "Counter24 staff": no product, wallet or receipt begins so. */
export const staffCardPrefix = 'C24S:';

export type PickupCode =
  /** The token of the e-receipt's address: names one order of this kiosk for ever. */
  | { readonly kind: 'token'; readonly token: string }
  /** What is called out. It comes again after some thousand orders, so it names the latest one. */
  | { readonly kind: 'number'; readonly number: string };

/** What a code that was scanned means here. */
export type ScannedCode =
  | { readonly kind: 'offer'; readonly offerId: string }
  /** A product's barcode, rightly read; this kiosk does not sell it. */
  | { readonly kind: 'unknown_product' }
  | { readonly kind: 'pickup_code'; readonly code: PickupCode }
  | { readonly kind: 'staff_card'; readonly card: StaffCardId }
  | { readonly kind: 'payment_code'; readonly wallet: Wallet; readonly code: PaymentCode }
  | { readonly kind: 'unknown_code' };

export interface ScanFacts {
  readonly catalogue: Catalogue;
  /** What the e-receipts' addresses begin with, up to their token: "https://shop.example/r/". */
  readonly receiptUrlPrefix: string;
}

/** The kinds exclude each other: by their prefix, by their letters, or by their length. */
export function meaningOf({ catalogue, receiptUrlPrefix }: ScanFacts, text: string): ScannedCode {
  if (text.startsWith(staffCardPrefix)) {
    const card = staffCardIdSchema.safeParse(text.slice(staffCardPrefix.length));
    return card.success ? { kind: 'staff_card', card: card.data } : { kind: 'unknown_code' };
  }
  const payment = readPaymentCode(text);
  if (payment) return { kind: 'payment_code', ...payment };
  const gtin = gtinOf(text);
  if (gtin !== undefined) {
    const offer = catalogue.offers.find(({ barcode }) => barcode !== undefined && gtinOf(barcode) === gtin);
    return offer ? { kind: 'offer', offerId: offer.id } : { kind: 'unknown_product' };
  }
  const pickup = readPickupCode(receiptUrlPrefix, text);
  return pickup ? { kind: 'pickup_code', code: pickup } : { kind: 'unknown_code' };
}

function readPickupCode(receiptUrlPrefix: string, text: string): PickupCode | undefined {
  const token = text.startsWith(receiptUrlPrefix) ? text.slice(receiptUrlPrefix.length) : text;
  if (/^[A-Za-z0-9_-]{22}$/.test(token)) return { kind: 'token', token };
  return /^[A-Z]\d{3}$/.test(text) ? { kind: 'number', number: text } : undefined;
}

/** For a log: what kind of code it was, and never the code. */
export function describeScannedCode(scanned: ScannedCode): string {
  switch (scanned.kind) {
    case 'offer':
      return `offer ${scanned.offerId}`;
    case 'payment_code':
      return `payment code of ${scanned.wallet}`;
    case 'pickup_code':
      return `pickup code by ${scanned.code.kind}`;
    case 'unknown_product':
    case 'staff_card':
    case 'unknown_code':
      return scanned.kind.replaceAll('_', ' ');
  }
}
