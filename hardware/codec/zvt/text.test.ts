import { expect, test } from 'vitest';
import { bytesOf } from './bytes.ts';
import { decodeText } from './text.ts';

test.each([
  ['cp437', '5465737420842094208120e1'],
  ['utf-8', '5465737420c3a420c3b620c3bc20c39f'],
  ['latin-1', '5465737420e420f620fc20df'],
] as const)('reads umlauts in %s', (charset, hex) => {
  expect(decodeText(bytesOf(hex), charset)).toBe('Test ä ö ü ß');
});

test('CP437 has a character for every byte', () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(decodeText(all, 'cp437')).toHaveLength(256);
  expect(decodeText(all, 'cp437')).not.toContain('\ufffd');
});

test('broken UTF-8 does not throw', () => {
  expect(decodeText(Uint8Array.of(0xc3), 'utf-8')).toBe('\ufffd');
});
