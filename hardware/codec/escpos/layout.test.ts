import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Receipt, ReceiptLine } from '../../../domain/receipt/receipt.ts';
import { columnsOf } from '../gbk.ts';
import { laidText, layoutReceipt } from './layout.ts';
import { printable } from './printable.ts';

const receipt = (...lines: ReceiptLine[]): Receipt => ({ language: 'zh', lines });
const text = (value: string, more: Partial<Extract<ReceiptLine, { kind: 'text' }>> = {}): ReceiptLine => ({ kind: 'text', text: value, align: 'left', size: 'normal', bold: false, ...more });
const pair = (left: string, right: string, indent = 0): ReceiptLine => ({ kind: 'pair', left, right, bold: false, indent });
const rows = (columns: number, ...lines: ReceiptLine[]): string[] => laidText(layoutReceipt(receipt(...lines), columns), columns).split('\n');

describe('layout', () => {
  test('an amount stands at the right edge, counted in columns and not in characters', () => {
    expect(rows(32, pair('招牌牛肉面', '￥32.00'))).toEqual([`招牌牛肉面${' '.repeat(15)}￥32.00`]);
    expect(rows(32, pair('Beef noodles', '￥32.00'))).toEqual([`Beef noodles${' '.repeat(13)}￥32.00`]);
  });

  test('a long name folds beside the amount, whose column stays clear', () => {
    expect(rows(32, pair('珍珠奶茶（大杯）少糖去冰加珍珠', '￥18.50'))).toEqual(['珍珠奶茶（大杯）少糖去冰 ￥18.50', '加珍珠']);
  });

  test('an amount that leaves no room for the name takes a line of its own', () => {
    expect(rows(32, pair('Card', '4711 **** **** **** 1234 (Visa)'))).toEqual(['Card', ' 4711 **** **** **** 1234 (Visa)']);
  });

  test('an indent moves all lines of the name and not the amount', () => {
    expect(rows(32, pair('large, spicy, no coriander at all', '￥2.00', 2))).toEqual(['  large, spicy, no        ￥2.00', '  coriander at all']);
  });

  test('double text has half the columns and quadruple text a quarter', () => {
    const laid = layoutReceipt(receipt(text('一二三四五六七八九', { size: 'double' }), text('A0421', { size: 'quadruple' })), 32);
    expect(laid).toMatchObject([
      { text: '一二三四五六七八', scale: 2 },
      { text: '九', scale: 2 },
      { text: 'A0421', scale: 4 },
    ]);
  });

  test('line breaks in a text are kept, an empty text is an empty line', () => {
    expect(rows(32, text('a\nb'), text(''), text('c'))).toEqual(['a', 'b', '', 'c']);
  });

  test('a QR code has white above and below, but not twice', () => {
    const kinds = layoutReceipt(receipt(text('a'), { kind: 'qr', data: 'x' }, { kind: 'feed', lines: 2 }), 32).map((line) => line.kind);
    expect(kinds).toEqual(['text', 'feed', 'qr', 'feed']);
  });

  test.each([32, 42, 48])('in %i columns no line is too wide and no character is lost, whatever the receipt', (columns) => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 80 });
    const anyLine: fc.Arbitrary<ReceiptLine> = fc.oneof(
      fc.record({ kind: fc.constant('text' as const), text: anyText, align: fc.constantFrom('left', 'center', 'right'), size: fc.constantFrom('normal', 'double', 'quadruple'), bold: fc.boolean() }),
      fc.record({ kind: fc.constant('pair' as const), left: anyText, right: anyText, bold: fc.boolean(), indent: fc.nat({ max: 60 }) }),
      fc.constant({ kind: 'rule' as const }),
    );
    const stripped = (value: string): string => value.replace(/[ -]/g, '');
    const bare = (value: string): string => stripped(printable(value));
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 8 }), (lines) => {
        const laid = layoutReceipt(receipt(...lines), columns);
        for (const line of laid) if (line.kind === 'text') expect(columnsOf(line.text) * line.scale).toBeLessThanOrEqual(columns);
        const count = (value: string): string => [...value].sort().join('');
        const printed = laid.map((line) => (line.kind === 'text' ? stripped(line.text) : '')).join('');
        const wanted = lines.map((line) => (line.kind === 'text' ? line.text.split(/\r\n|\r|\n/).map(bare).join('') : line.kind === 'pair' ? bare(line.left) + bare(line.right) : '')).join('');
        expect(count(printed)).toBe(count(wanted));
      }),
    );
  });
});
