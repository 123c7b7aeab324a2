import { z } from 'zod';

/** A product's number as 13 digits, whatever its barcode was: two barcodes of one product have one of these. */
const gtinDigits = z.string().regex(/^\d{13}$/).brand<'Gtin'>();
export type Gtin = z.infer<typeof gtinDigits>;

/**
 * EAN-13, UPC-A (12 digits) or EAN-8 as it is printed under the bars, with its check digit. Shorter ones are the longer
 * ones without leading zeros (GS1 General Specifications, 3.3.2: a GTIN is right-aligned and filled with zeros), so that
 * a scanner may send a UPC-A with or without its zero. Undefined where it is none, or misread.
 */
export function gtinOf(text: string): Gtin | undefined {
  if (!/^(\d{8}|\d{12}|\d{13})$/.test(text)) return undefined;
  const digits = text.padStart(13, '0');
  return checkDigitOf(digits.slice(0, 12)) === Number(digits[12]) ? gtinDigits.parse(digits) : undefined;
}

/** GS1 General Specifications, 7.9: weights 1 and 3 in turn, the last of the twelve has 3; filled up to a whole ten. */
export function checkDigitOf(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}

/** As people write it into a catalogue. */
export const barcodeSchema = z.string().refine((text) => gtinOf(text) !== undefined, 'is no EAN-13, EAN-8 or UPC-A with its check digit');
