import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderId } from '../ids.ts';
import { uuidV7From } from '../ids.ts';
import { formatReference, isReference, referenceOf } from './reference.ts';

const orderIds: fc.Arbitrary<OrderId> = fc.tuple(fc.integer({ min: 0, max: 2 ** 47 }), fc.uint8Array({ minLength: 10, maxLength: 10 })).map(([at, random]) => uuidV7From(at, random) as OrderId);
const places = fc.integer({ min: 0, max: 59 });
const signs = [...'23456789ABCDEFGHJKLMNPQRSTUVWXYZ'];

describe("an application's reference number", () => {
  it('is eight signs and a check sign, none of them one that is taken for another', () => {
    fc.assert(fc.property(orderIds, places, (orderId, place) => {
      expect(referenceOf(orderId, place)).toMatch(/^[2-9A-HJ-NP-Z]{9}$/);
      expect(isReference(referenceOf(orderId, place))).toBe(true);
    }));
  });

  it('is the same wherever and whenever it is made, also by a later Counter24', () => {
    const orderId = '019aab12-3456-7abc-8def-0123456789ab' as OrderId;
    expect([0, 1, 39].map((place) => referenceOf(orderId, place))).toEqual(['6F4QH4FD4', 'RPT3WE8NE', '96VGTLZL7']);
  });

  it('is another one for each line of an order', () => {
    fc.assert(fc.property(orderIds, (orderId) => {
      expect(new Set(Array.from({ length: 60 }, (_, place) => referenceOf(orderId, place))).size).toBe(60);
    }));
  });

  it('with one sign misread is none', () => {
    fc.assert(fc.property(orderIds, fc.nat(8), fc.constantFrom(...signs), (orderId, at, sign) => {
      const reference = referenceOf(orderId, 0);
      fc.pre(reference[at] !== sign);
      expect(isReference(`${reference.slice(0, at)}${sign}${reference.slice(at + 1)}`)).toBe(false);
    }));
  });

  it('with two signs changed about is none', () => {
    fc.assert(fc.property(orderIds, fc.nat(8), fc.nat(8), (orderId, one, other) => {
      const swapped = [...referenceOf(orderId, 0)];
      fc.pre(swapped[one] !== swapped[other]);
      [swapped[one], swapped[other]] = [swapped[other]!, swapped[one]!];
      expect(isReference(swapped.join(''))).toBe(false);
    }));
  });

  it('is written in threes, and read back however it was typed', () => {
    const reference = referenceOf('019aab12-3456-7abc-8def-0123456789ab' as OrderId, 0);
    expect(formatReference(reference)).toMatch(/^\w{3} \w{3} \w{3}$/);
    expect([formatReference(reference), reference.toLowerCase(), ` ${reference} `].every(isReference)).toBe(true);
    expect(['', 'A042', reference.slice(1), `${reference}2`, reference.replace(/./, '0')].some(isReference)).toBe(false);
  });
});
