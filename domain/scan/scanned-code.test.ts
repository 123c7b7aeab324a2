import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogueSchema } from '../catalogue/catalogue.ts';
import { describeScannedCode, meaningOf, staffCardPrefix } from './scanned-code.ts';
import type { ScannedCode } from './scanned-code.ts';

const catalogue = catalogueSchema.parse(JSON.parse(readFileSync(new URL('../../config/catalogue.json', import.meta.url), 'utf8')));
const cola = catalogue.offers.find(({ id }) => id === 'cola')!.barcode!;
const token = 'AbC-_0123456789abcdefG';
const facts = { catalogue, receiptUrlPrefix: 'https://shop.example/r/' };
const read = (text: string): ScannedCode => meaningOf(facts, text);
const digits = (count: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count });
const wechat = fc.tuple(fc.constantFrom('10', '11', '12', '13', '14', '15'), digits(16)).map((parts) => parts.join(''));
const alipay = fc.tuple(fc.constantFrom('25', '26', '27', '28', '29', '30'), fc.integer({ min: 14, max: 22 }).chain(digits)).map((parts) => parts.join(''));

describe('what a code means', () => {
  it('a barcode of the catalogue is its offer, with and without leading zeros', () => {
    const upc = { ...facts, catalogue: { ...catalogue, offers: catalogue.offers.map((offer) => (offer.id === 'cookie' ? { ...offer, barcode: '036000291452' } : offer)) } };
    expect(read(cola)).toEqual({ kind: 'offer', offerId: 'cola' });
    for (const text of ['036000291452', '0036000291452']) expect(meaningOf(upc, text)).toEqual({ kind: 'offer', offerId: 'cookie' });
  });

  it('at least a dozen goods of the demo catalogue can be scanned, each as itself', () => {
    const packaged = catalogue.offers.filter(({ barcode }) => barcode !== undefined);
    expect(packaged.length).toBeGreaterThanOrEqual(12);
    for (const { id, barcode } of packaged) expect(read(barcode!)).toEqual({ kind: 'offer', offerId: id });
  });

  it("a barcode that we do not sell is told from one that was misread", () => {
    expect(read('4006381333931')).toEqual({ kind: 'unknown_product' });
    expect(read('4006381333932')).toEqual({ kind: 'unknown_code' });
  });

  it.each([
    [`https://shop.example/r/${token}`, { kind: 'token', token }], [token, { kind: 'token', token }], ['A042', { kind: 'number', number: 'A042' }],
  ])('%s is a pickup code', (text, code) => {
    expect(read(text)).toEqual({ kind: 'pickup_code', code });
  });

  it.each([`https://evil.example/r/${token}`, `https://shop.example/r/${token}?x`, `https://shop.example/r/${token.slice(1)}`, 'A42', 'a042', 'A0421', 'hello', ' ', 'C24S:', 'C24S:ab', 'C24S:a b c d', 'c24s:0000-1111'])(
    '%j means nothing here',
    (text) => {
      expect(read(text)).toEqual({ kind: 'unknown_code' });
    },
  );

  it('a staff card is known by its prefix', () => {
    expect(read(`${staffCardPrefix}7f3a-0001`)).toEqual({ kind: 'staff_card', card: '7f3a-0001' });
  });

  it('payment codes are known by their first digits and their length, and nothing near them is one', () => {
    fc.assert(fc.property(wechat, (text) => void expect(read(text)).toMatchObject({ kind: 'payment_code', wallet: 'wechat' })));
    fc.assert(fc.property(alipay, (text) => void expect(read(text)).toMatchObject({ kind: 'payment_code', wallet: 'alipay' })));
    for (const text of ['16'.padEnd(18, '0'), '13'.padEnd(17, '0'), '13'.padEnd(19, '0'), '24'.padEnd(18, '0'), '31'.padEnd(18, '0'), '28'.padEnd(15, '0'), '28'.padEnd(25, '0'), '280000000000000a']) {
      expect(read(text).kind, text).not.toBe('payment_code');
    }
  });

  it('any text means exactly one thing, and nothing throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), digits(13), digits(18)), (text) => void expect(describeScannedCode(read(text))).not.toBe('')));
  });
});

describe('a payment code', () => {
  it('is given out by reveal alone: printed, logged, cloned or turned into JSON it is not there', () => {
    fc.assert(
      fc.property(fc.oneof(wechat, alipay), (text) => {
        const scanned = read(text);
        if (scanned.kind !== 'payment_code') throw new Error('not read');
        expect(scanned.code.reveal()).toBe(text);
        const shown = [JSON.stringify(scanned), `${String(scanned.code)}`, inspect(scanned, { depth: 9, showHidden: true }), describeScannedCode(scanned)].join('\n');
        expect(shown).not.toContain(text);
        expect(() => structuredClone(scanned)).toThrow();
      }),
    );
  });
});

it('the log hears what kind of code it was, and of no secret more than that', () => {
  const secrets = [token, '7f3a-0001', 'A042'];
  const said = [`https://shop.example/r/${token}`, `${staffCardPrefix}7f3a-0001`, 'A042', cola, 'whatever'].map((text) => describeScannedCode(read(text)));
  expect(said).toEqual(['pickup code by token', 'staff card', 'pickup code by number', 'offer cola', 'unknown code']);
  for (const secret of secrets) expect(said.join()).not.toContain(secret);
});
