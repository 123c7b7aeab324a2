import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { terminalSlipSchema } from '../../../domain/payment/slip.ts';
import { bytesOf } from './bytes.ts';
import { decodeMessage } from './decode.ts';
import { displayTextOf, printedLineOf, slipOfTextBlock } from './slip.ts';
import { totalsOf } from './totals.ts';
import vectors from './vectors.json' with { type: 'json' };

const text = (words: string) => new TextEncoder().encode(words);

function slipOf(name: string, charset: 'cp437' | 'latin-1') {
  const decoded = decodeMessage(bytesOf(vectors.find((vector) => vector.name === name)!.hex));
  if (!decoded.ok || decoded.value.kind !== 'print_text_block') throw new Error(name);
  return slipOfTextBlock(decoded.value.fields, charset);
}

describe('a text block of a real terminal', () => {
  test.each([
    ['portalum-cardholderreceipt', 'customer', '        für PORTALUM GmbH', 'cp437'],
    ['portalum-merchantreceipt', 'merchant', '          HÄNDLERBELEG', 'cp437'],
    ['portalum-admin-receipt-textblock', 'administration', 'Abschluss - keine TX', 'cp437'],
    ['bo-textblock-merchant', 'merchant', '** HÄNDLERBELEG **', 'latin-1'],
  ] as const)('%s is a slip', (name, kind, words, charset) => {
    const read = slipOf(name, charset);
    expect(read?.slip.kind).toBe(kind);
    expect(read?.isLast).toBe(true);
    expect(read?.slip.lines.map((line) => line.text.trim())).toContain(words.trim());
    expect(terminalSlipSchema.safeParse(read?.slip).success).toBe(true);
  });

  test('has its lines centred by the attribute that stands before them', () => {
    const lines = slipOf('bo-textblock-merchant', 'latin-1')?.slip.lines ?? [];
    expect(lines[0]).toEqual({ text: '** HÄNDLERBELEG **', align: 'center', size: 'normal' });
    expect(lines.find((line) => line.text.startsWith('Terminal-ID'))?.align).toBe('left');
  });
});

describe('a print line', () => {
  test.each([
    [0x00, 'left', 'normal', false],
    [0x40, 'center', 'normal', false],
    [0x20, 'left', 'double', false],
    [0x50, 'center', 'double', false],
    [0x80, 'left', 'normal', false],
    [0x81, 'left', 'normal', true],
    [0xc0, 'center', 'normal', true],
  ] as const)('with attribute %i is %s, %s, last: %s', (attribute, align, size, isLast) => {
    expect(printedLineOf(attribute, text('Summe'), 'cp437')).toEqual({ lines: [{ text: 'Summe', align, size }], isLast });
  });

  test('with attribute FF feeds as many lines as it says, and no absurd number of them', () => {
    expect(printedLineOf(0xff, Uint8Array.of(3), 'cp437').lines).toHaveLength(3);
    expect(printedLineOf(0xff, Uint8Array.of(255), 'cp437').lines).toHaveLength(20);
  });

  test('loses a TLV container behind its text, and keeps a text that only looks like one', () => {
    expect(printedLineOf(0, Uint8Array.of(...text('Summe'), 0x06, 0x04, 0x1f, 0x07, 0x01, 0x02), 'cp437').lines[0]?.text).toBe('Summe');
    expect(printedLineOf(0, Uint8Array.of(...text('Summe'), 0x06, 0x09, 0x41), 'cp437').lines[0]?.text).toBe('Summe  A');
  });

  test('holds no control character, whatever it is made of, and fits the schema', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 300 }), fc.constantFrom('cp437' as const, 'utf-8' as const, 'latin-1' as const, 'zvt-7-bit' as const), (attribute, bytes, charset) => {
        const { lines } = printedLineOf(attribute, bytes, charset);
        expect(terminalSlipSchema.safeParse({ kind: 'customer', lines }).success).toBe(true);
        for (const line of lines) expect(line.text).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

test('words for the display come in one line, line feeds and all', () => {
  const decoded = decodeMessage(bytesOf(vectors.find(({ name }) => name === 'bo-intermediate-card')!.hex));
  if (!decoded.ok || decoded.value.kind !== 'intermediate_status') throw new Error('no status');
  expect(displayTextOf(decoded.value.fields, 'utf-8')).toBe('Karte vorhalten einstecken/durchziehen');
});

describe('totals', () => {
  const none = '00000000000000'.repeat(6);

  test('are summed over all kinds of cards', () => {
    expect(totalsOf(bytesOf(`01750190${'02000000002500'}${none}`))).toEqual({ fromReceipt: '0175', toReceipt: '0190', count: 2, total: 2500 });
    expect(totalsOf(bytesOf(`0001000301000000000100${none.slice(14)}02000000000200`))).toMatchObject({ count: 3, total: 300 });
  });

  test.each(['', '0175', '01750190020000', `0175019002aaaaaaaaaaaa${none}`])('that are none: "%s"', (hex) => {
    expect(totalsOf(bytesOf(hex))).toBeUndefined();
  });
});
