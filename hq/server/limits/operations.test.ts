import { describe, expect, test } from 'vitest';
import { StartFailure } from '../start-failure.ts';
import { readOperations } from './operations.ts';

describe('who credits services', () => {
  test('is nobody, unless it is said', () => {
    expect(readOperations({}).services).toBeUndefined();
    expect(readOperations({ SERVICES: 'off', DATA_FOLDER: '/data' }).services).toBeUndefined();
  });

  test('is the loopback carrier, with its books in the data folder or where it is told', () => {
    expect(readOperations({ SERVICES: 'loopback', DATA_FOLDER: '/data' }).services).toEqual({ kind: 'loopback', folder: '/data/loopback-carrier', limitMs: 600_000 });
    expect(readOperations({ SERVICES: 'loopback', LOOPBACK_CARRIER_FOLDER: '/books', SERVICES_LIMIT_MS: '60000' }).services).toEqual({ kind: 'loopback', folder: '/books', limitMs: 60_000 });
  });

  test.each([[{ SERVICES: 'loopback' }, /LOOPBACK_CARRIER_FOLDER/], [{ SERVICES: 'telepathy' }, /SERVICES/], [{ SERVICES_LIMIT_MS: '5' }, /SERVICES_LIMIT_MS/]])('is refused in one sentence where that is not whole: %j', (variables, sentence) => {
    expect(() => readOperations(variables)).toThrow(StartFailure);
    expect(() => readOperations(variables)).toThrow(sentence);
  });
});
