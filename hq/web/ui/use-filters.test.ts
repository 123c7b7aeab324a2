import { expect, test } from 'vitest';
import { fleetFilters, logFilters } from '../../contract/api/fleet.ts';
import { readFilters } from './use-filters.ts';

test('filters are read from the address, and what belongs to others is left alone', () => {
  expect(readFilters(fleetFilters, '?search=hall&state=offline&tab=log')).toEqual({ search: 'hall', state: 'offline' });
});

test('what the schema refuses is left out, and the rest stays', () => {
  expect(readFilters(fleetFilters, '?search=hall&state=nonsense')).toEqual({ search: 'hall' });
  expect(readFilters(logFilters, '?level=shout')).toEqual({});
});

test('a name that stands several times is several values', () => {
  const many = { shape: { state: true }, safeParse: (value: unknown) => ({ success: true, data: value as { state?: unknown } }) as const };
  expect(readFilters(many, '?state=a&state=b')).toEqual({ state: ['a', 'b'] });
});
