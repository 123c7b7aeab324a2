import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { money } from '../../../../domain/money.ts';
import { billIsDue, chinaRfc3339, chinaTime, readChinaTime } from './china-time.ts';
import { csvCells } from './csv.ts';
import { shorten } from './shorten.ts';
import { noAnswer, tame } from './unknown.ts';
import { readYuan, yuan } from './yuan.ts';

describe('amounts', () => {
  test('every amount in fen comes back from yuan as it was', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (fen) => {
      const text = yuan(money(fen, 'CNY'));
      expect(text).toMatch(/^\d+\.\d{2}$/);
      expect(readYuan(text)).toEqual(money(fen, 'CNY'));
    }));
  });

  test.each([['0.01', 1], ['1', 100], ['1.5', 150], ['0.29', 29], ['1.10', 110], ['-0.07', -7], ['￥1.00', 100], [' 2.00 ', 200], ['0.06000', 6], ['-0.00', 0], ['8.2', 820], ['1.005', undefined], ['0.00001', undefined], ['', undefined], ['-', undefined], ['1e3', undefined], ['0x10', undefined], ['1,000.00', undefined], ['.5', undefined], ['1.', undefined], ['NaN', undefined], ['99999999999', undefined]])('%j yuan are %s fen', (text, fen) => {
    expect(readYuan(text)?.amount).toBe(fen);
  });
});

describe("China's time", () => {
  test('every second comes back as it was', () => {
    fc.assert(fc.property(fc.integer({ min: 946_684_800, max: 4_102_444_800 }), (seconds) => {
      expect(readChinaTime(chinaTime(seconds * 1000))).toBe(seconds * 1000);
      expect(Date.parse(chinaRfc3339(seconds * 1000))).toBe(seconds * 1000);
    }));
  });

  test.each(['2026-02-29 00:00:00', '2026-13-01 00:00:00', '2026-01-01 24:00:00', '2026-01-01', '', '2026-01-01T00:00:00Z'])('%j is no moment', (text) => {
    expect(readChinaTime(text)).toBeUndefined();
  });

  test('an older bill writes slashes and no seconds', () => {
    expect(readChinaTime('2018/8/29 9:44')).toBe(Date.UTC(2018, 7, 29, 1, 44));
  });

  test.each([[Date.UTC(2026, 0, 2, 15, 59), 'too_soon'], [Date.UTC(2026, 0, 2, 16, 0), 'maybe'], [Date.UTC(2026, 0, 3, 2, 59), 'maybe'], [Date.UTC(2026, 0, 3, 3, 0), 'surely'], [Date.UTC(2026, 0, 4, 16, 0), 'surely']])('the bill of the 2nd of January, at %d: %s', (now, due) => {
    expect(billIsDue('2026-01-02', now)).toBe(due);
  });
});

test('cells of CSV: quotes hold commas and double themselves, tabs around a cell go', () => {
  expect(csvCells('a\t,"b, ""c""",,\td ,"",5"x')).toEqual(['a', 'b, "c"', '', 'd', '', '5"x']);
});

test('a text is cut to bytes, and never within a letter', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, maxBytes) => {
    const short = shorten(text, maxBytes);
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(maxBytes);
    expect(text.startsWith(short)).toBe(true);
    expect(short).toBe(Buffer.from(short).toString('utf8'));
  }));
});

test("a gateway's words are short and printable, and hold no payment code", () => {
  expect(tame('code 134579876543210987\u0007 is over')).toBe('code …  is over');
  expect([tame(undefined), tame({}), tame('余额不足'), tame('x'.repeat(500)).length]).toEqual(['', '', '余额不足', 120]);
});

test('how a call ended without an answer is told by the name of the fault alone', () => {
  const signal = new AbortController().signal;
  const error = Object.assign(new Error('connect https://gateway/?auth_code=134579876543210987'), { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) });
  expect(noAnswer(error, signal)).toEqual({ kind: 'unknown', detail: 'the gateway did not answer (ECONNRESET)', isAway: true });
  expect(noAnswer('134579876543210987', signal)).toEqual({ kind: 'unknown', detail: 'the gateway did not answer (fault)', isAway: true });
});
