import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Receipt, ReceiptLine } from '../receipt.ts';
import { columnsOf } from './gbk-repertoire.ts';
import { laidText } from './laid-text.ts';
import { layoutReceipt } from './layout.ts';
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
    expect(rows(32, pair('Card that has a name', 'VISA ************1234'))).toEqual(['Card that has a name', '           VISA ************1234']);
    expect(rows(32, pair('Card', 'VISA ************1234'))).toEqual(['Card       VISA ************1234']);
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
      fc.array(fc.tuple(anyText, anyText), { maxLength: 4 }).map((cells) => ({ kind: 'table', columns: [{ header: '', width: 2, align: 'left' }, { header: '', width: 1, align: 'left' }], rows: cells }) as const),
      fc.record({ kind: fc.constant('barcode' as const), data: anyText, text: anyText }),
      anyText.map((value) => ({ kind: 'logo', slot: 1, text: value }) as const),
    );
    const wordsOf = (line: ReceiptLine): readonly string[] => {
      if (line.kind === 'pair') return [line.left, line.right];
      if (line.kind === 'table') return line.rows.flat();
      return line.kind === 'barcode' || line.kind === 'logo' ? [line.text] : [];
    };
    const stripped = (value: string): string => value.replace(/[ -]/g, '');
    const bare = (value: string): string => stripped(printable(value));
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 8 }), (lines) => {
        const laid = layoutReceipt(receipt(...lines), columns);
        for (const line of laid) if (line.kind === 'text') expect(columnsOf(line.text) * line.scale).toBeLessThanOrEqual(columns);
        const count = (value: string): string => [...value].sort().join('');
        const printed = laid.map((line) => (line.kind === 'text' ? stripped(line.text) : '')).join('');
        const wanted = lines.map((line) => (line.kind === 'text' ? line.text.split(/\r\n|\r|\n/).map(bare).join('') : wordsOf(line).map(bare).join(''))).join('');
        expect(count(printed)).toBe(count(wanted));
      }),
    );
  });
});

describe('a character that the printer lacks', () => {
  const canDraw = (character: string): boolean => '䶮♥张红心茶'.includes(character);
  const laid = (value: string) => layoutReceipt(receipt(text(value)), 8, { canDraw });

  test('has its line drawn, two columns wide, and only that line', () => {
    expect(laid('红心♥茶水')).toMatchObject([{ text: '红心♥茶', drawn: true }, { text: '水', drawn: false }]);
  });

  test('is 〓 where another character of its line can only be printed', () => {
    expect(laid('水♥')).toMatchObject([{ text: '水〓', drawn: false }]);
  });

  test('is 〓 where nothing is drawn', () => {
    expect(layoutReceipt(receipt(text('张䶮')), 8)).toMatchObject([{ text: '张〓', drawn: false }]);
  });
});

describe('a barcode', () => {
  const barcode = (data: string, columns: number) => layoutReceipt(receipt({ kind: 'barcode', data, text: data }), columns);

  test('has bars as wide as the paper lets them be, and its text below', () => {
    expect(barcode('A042', 32)).toMatchObject([{ kind: 'barcode', data: 'A042', moduleDots: 3 }, { kind: 'text', text: 'A042', align: 'center' }]);
    expect(barcode('A042-20261122', 32)).toMatchObject([{ moduleDots: 2 }, { kind: 'text' }]);
  });

  test('is its text alone where bars do not fit or cannot be', () => {
    for (const data of ['A'.repeat(30), '面']) expect(barcode(data, 32).map(({ kind }) => kind)).toEqual(['text']);
    expect(layoutReceipt(receipt({ kind: 'barcode', data: 'A042', text: 'A042' }), 32, { barcodes: false }).map(({ kind }) => kind)).toEqual(['text']);
  });
});

test('a logo is a slot of the printer that has it, and elsewhere its text', () => {
  const logo = (slot: number, logoSlots: number) => layoutReceipt(receipt({ kind: 'logo', slot, text: 'Counter24' }), 32, { logoSlots });
  expect(logo(1, 2)).toEqual([{ kind: 'logo', slot: 1 }]);
  for (const [slot, slots] of [[3, 2], [0, 2], [1, 0]] as const) expect(logo(slot, slots)).toMatchObject([{ kind: 'text', text: 'Counter24', scale: 2 }]);
});
