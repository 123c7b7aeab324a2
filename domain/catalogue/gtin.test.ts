import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barcodeSchema, checkDigitOf, gtinOf } from './gtin.ts';

const digits = (count: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count });
const withCheck = (count: number) => digits(count - 1).map((front) => `${front}${checkDigitOf(front)}`);

describe('the number of a product', () => {
  it.each([['4006381333931', '4006381333931'], ['036000291452', '0036000291452'], ['0036000291452', '0036000291452'], ['96385074', '0000096385074'], ['0000096385074', '0000096385074']])('of %s is %s', (barcode, gtin) => {
    expect(gtinOf(barcode)).toBe(gtin);
  });

  it.each(['4006381333932', '96385075', '036000291453', '', '4006381333931 ', '400638133393', '40063813339310', '４００６３８１３３３９３１', '400638133393a'])('is none of %j', (text) => {
    expect(gtinOf(text)).toBeUndefined();
    expect(barcodeSchema.safeParse(text).success).toBe(false);
  });

  it('is the same with and without the zero that makes a UPC-A an EAN-13', () => {
    fc.assert(fc.property(withCheck(12), (upc) => void expect(gtinOf(`0${upc}`)).toBe(gtinOf(upc))));
  });

  it('finds each digit that was misread', () => {
    fc.assert(
      fc.property(fc.oneof(withCheck(8), withCheck(12), withCheck(13)), fc.nat(), fc.integer({ min: 1, max: 9 }), (barcode, place, by) => {
        const at = place % barcode.length;
        const misread = [...barcode].map((digit, index) => (index === at ? String((Number(digit) + by) % 10) : digit)).join('');
        expect(gtinOf(barcode)).toBeDefined();
        expect(gtinOf(misread)).toBeUndefined();
      }),
    );
  });
});
