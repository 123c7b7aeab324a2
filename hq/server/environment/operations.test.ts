import { describe, expect, test } from 'vitest';
import { StartFailure } from '../start-failure.ts';
import { readOperations } from './operations.ts';

describe('who credits services', () => {
  test('is nobody, unless it is said', () => {
    expect(readOperations({}).services).toBeUndefined();
    expect(readOperations({ SERVICES: 'off', DATA_FOLDER: '/data' }).services).toBeUndefined();
  });

  test('is the loopback carrier, with its books in the data folder or where it is told', () => {
    expect(readOperations({ SERVICES: 'loopback', DATA_FOLDER: '/data' }).services).toEqual({ kind: 'loopback', folder: '/data/loopback-carrier', limitMs: 600_000, timeoutMs: 8000 });
    expect(readOperations({ SERVICES: 'loopback', LOOPBACK_CARRIER_FOLDER: '/books', SERVICES_LIMIT_MS: '60000' }).services).toEqual({ kind: 'loopback', folder: '/books', limitMs: 60_000, timeoutMs: 8000 });
  });

  test('is a carrier’s gateway, at an address and with keys from a file', () => {
    expect(readOperations({ SERVICES: 'http', SERVICES_URL: 'https://carrier.example/counter24', SERVICES_KEY_FILE: '/keys' }).services)
      .toEqual({ kind: 'http', url: 'https://carrier.example/counter24', keyFile: '/keys', caFile: undefined, name: 'carrier', limitMs: 600_000, timeoutMs: 8000 });
  });

  test.each([
    [{ SERVICES: 'http' }, /needs SERVICES_URL.* and SERVICES_KEY_FILE/], [{ SERVICES: 'http', SERVICES_URL: 'https://carrier.example' }, /needs SERVICES_KEY_FILE/],
    [{ SERVICES: 'http', SERVICES_URL: 'http://carrier.example', SERVICES_KEY_FILE: '/keys' }, /must be https/], [{ SERVICES: 'http', SERVICES_URL: 'https://carrier.example/?a=1', SERVICES_KEY_FILE: '/keys' }, /without user, query/],
    [{ SERVICES: 'http', SERVICES_URL: 'carrier', SERVICES_KEY_FILE: '/keys' }, /SERVICES_URL/],
  ])('names what a carrier’s gateway lacks: %j', (variables, sentence) => {
    expect(() => readOperations(variables)).toThrow(sentence);
  });

  test.each([[{ SERVICES: 'loopback' }, /LOOPBACK_CARRIER_FOLDER/], [{ SERVICES: 'telepathy' }, /SERVICES/], [{ SERVICES_LIMIT_MS: '5' }, /SERVICES_LIMIT_MS/]])('is refused in one sentence where that is not whole: %j', (variables, sentence) => {
    expect(() => readOperations(variables)).toThrow(StartFailure);
    expect(() => readOperations(variables)).toThrow(sentence);
  });
});
