import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kioskIdSchema, orderIdSchema, slugSchema, uuidV7From } from './ids.ts';

const times = fc.nat(2 ** 48 - 1);
const randoms = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('a new id', () => {
  it('is a UUIDv7 by the schema, and holds its time and its random bits', () => {
    fc.assert(fc.property(times, randoms, (at, random) => {
      const id = uuidV7From(at, random);
      expect(orderIdSchema.safeParse(id).success).toBe(true);
      const hex = id.replaceAll('-', '');
      expect(Number.parseInt(hex.slice(0, 12), 16)).toBe(at);
      expect(hex.slice(13, 16)).toBe(Buffer.from(random).toString('hex').slice(1, 4));
      expect(Number.parseInt(hex.slice(16, 18), 16)).toBe(0x80 | (random[2]! & 0x3f));
      expect(hex.slice(18)).toBe(Buffer.from(random).toString('hex').slice(6));
    }));
  });

  it('sorts by its time', () => {
    fc.assert(fc.property(times, times, randoms, randoms, (first, second, left, right) => {
      fc.pre(first !== second);
      expect(uuidV7From(first, left) < uuidV7From(second, right)).toBe(first < second);
    }));
  });

  it('is that of RFC 9562, appendix A.6', () => {
    expect(uuidV7From(1_645_557_742_000, Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]))).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('leaves the random bytes that it was given as they were', () => {
    const random = new Uint8Array(10).fill(255);
    uuidV7From(1, random);
    expect(random).toEqual(new Uint8Array(10).fill(255));
  });
});

describe('ids from elsewhere', () => {
  it.each(['017f22e2-79b0-4cc3-98c4-dc0c0c07398f', '017F22E2-79B0-7CC3-98C4-DC0C0C07398F', '017f22e2-79b0-7cc3-c8c4-dc0c0c07398f', '017f22e279b07cc398c4dc0c0c07398f', '', "x'; --"])('%s is refused', (id) => {
    expect(orderIdSchema.safeParse(id).success).toBe(false);
  });

  it('kiosks and offers have names, not sentences', () => {
    for (const good of ['kiosk-001', '24']) expect(kioskIdSchema.safeParse(good).success).toBe(true);
    for (const bad of ['k', '-kiosk', 'Kiosk', 'kiosk 1', 'k'.repeat(42)]) expect(kioskIdSchema.safeParse(bad).success).toBe(false);
    for (const good of ['tea', 'oolong-tea-2']) expect(slugSchema.safeParse(good).success).toBe(true);
    for (const bad of ['', '-tea', 'tea-', 'oolong--tea', 'Tea', '茶', 't'.repeat(61)]) expect(slugSchema.safeParse(bad).success).toBe(false);
  });
});
