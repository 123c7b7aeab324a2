import { expect, test } from 'vitest';
import vectors from '../../codec/zvt/vectors.json' with { type: 'json' };
import { dataOf, digitsOf, packed, unpackNext } from './bytes.ts';

// Only the data of the published vectors is shared with the codec.

test.each(vectors.filter(({ layer, hex }) => layer === 'serial' && hex.length > 2))('$name is unpacked and packed byte for byte', ({ hex }) => {
  const buffer = [...Buffer.from(hex, 'hex')];
  const item = unpackNext(buffer);
  if (item.kind !== 'apdu') throw new Error(item.kind);
  expect(buffer).toEqual([]);
  expect(dataOf(item.apdu)).toBeDefined();
  expect(digitsOf([...packed(item.apdu)])).toBe(hex);
});
