import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { languages } from '../language.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import { renderSpeech } from './render-speech.ts';

const say = (language: Receipt['language'], ...lines: ReceiptLine[]): string => renderSpeech({ language, lines });
const pair = (left: string, right: string): ReceiptLine => ({ kind: 'pair', left, right, bold: false, indent: 2 });
const text = (value: string, size: 'normal' | 'quadruple' = 'normal'): ReceiptLine => ({ kind: 'text', text: value, align: 'center', size, bold: false });

describe('spoken', () => {
  test.each([
    ['en', pair('Total', '￥1,293.50'), 'Total: 1293.50 yuan.'],
    ['zh', pair('合计', '￥1,293.50'), '合计：1293.50元。'],
    ['en', pair('Returned', '-€13.00'), 'Returned: minus 13.00 euros.'],
    ['zh', pair('已退回', '-￥13.00'), '已退回：负13.00元。'],
    ['en', pair('Tea ×2', '￥22.00'), '2 × Tea: 22.00 yuan.'],
    ['zh', pair('奶茶 ×2', '￥22.00'), '奶茶，2份：22.00元。'],
    ['en', pair('Phone', '139****5678'), 'Phone: ending in 5 6 7 8.'],
    ['zh', pair('卡号', 'VISA ************1234'), '卡号：VISA 尾号1 2 3 4。'],
    ['zh', pair('收货人', '王** 139****5678'), '收货人：王某 尾号5 6 7 8。'],
    ['en', pair('Deliver to', 'M** 139****5678'), 'Deliver to: M ending in 5 6 7 8.'],
    ['en', text('K7M 29Q XAC'), 'K 7 M, 2 9 Q, X A C.'],
    ['zh', text('K7M 29Q XAC'), 'K 7 M，2 9 Q，X A C。'],
    ['en', text('Thank you!'), 'Thank you!'],
  ] as const)('%s: %o is "%s"', (language, line, expected) => {
    expect(say(language, line)).toBe(expected);
  });

  test('the large number comes with its name', () => {
    expect(say('en', { kind: 'rule' }, text('Pickup number'), text('A042', 'quadruple'))).toBe('Pickup number: A042.');
    expect(say('zh', text('取货号'), text('A042', 'quadruple'))).toBe('取货号：A042。');
    expect(say('en', text('A042', 'quadruple'))).toBe('A042.');
  });

  test('a table says the name of each number', () => {
    const columns = [{ header: 'Offer', width: 2, align: 'left' }, { header: 'Amount', width: 1, align: 'right' }] as const;
    expect(say('en', { kind: 'table', columns, rows: [['Tea', '￥5.00'], ['Map', '']] })).toBe('Tea, Amount 5.00 yuan.\nMap.');
  });

  test('rules, feeds, logos and barcodes say nothing', () => {
    expect(say('zh', { kind: 'rule' }, { kind: 'feed', lines: 3 }, { kind: 'logo', slot: 1, text: 'x' }, { kind: 'barcode', data: 'A', text: 'A' })).toBe('');
  });

  test('no line has padding, no rule is read, no star is read', () => {
    fc.assert(
      fc.property(fc.constantFrom(...languages), fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))), (language, pairs) => {
        const spoken = say(language, ...pairs.flatMap(([left, right]) => [pair(left, right), { kind: 'rule' } as const]));
        for (const line of spoken === '' ? [] : spoken.split('\n')) {
          expect(line).toBe(line.trim());
          expect(line).toMatch(/[\p{L}\p{N}]/u);
        }
      }),
    );
  });
});
