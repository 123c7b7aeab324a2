import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { numberAnswerSchema } from '../../../domain/contract/hq-online.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { ServiceProvider } from './provider.ts';

let postgres: TestPostgres;
let database: TestDatabase;
let hq: TestHq;
let asked: unknown[];
let answer: ServiceProvider['lookUp'];
const lines: string[] = [];
const never = () => Promise.reject(new Error('not asked here'));
const provider: ServiceProvider = { name: 'carrier', submit: never, query: never, reverse: never, lookUp: (question, signal) => { asked.push(question); return answer(question, signal); } };
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  asked = [];
  lines.length = 0;
  answer = async () => ({ kind: 'found', owner: '*伟', balance: { amount: 2350, currency: 'CNY' } });
  hq = await startTestHq(database, { provider, logger: { level: 'trace', stream: { write: (line: string) => void lines.push(line) } } });
  return () => hq.close();
});

const ask = (more: Record<string, unknown> = {}) => hq.kiosk.ask('POST', '/api/kiosk/number', { kioskId: testKiosk, offerId: 'top-up-50', service: 'top_up', number: '13912345678', ...more });

describe('POST /api/kiosk/number', () => {
  test('answers, signed and by the contract, whose number it is', async () => {
    const { status, body, isSigned } = await ask();
    expect([status, isSigned]).toEqual([200, true]);
    expect(numberAnswerSchema.parse(body)).toEqual({ hqTime: testNow, number: { kind: 'found', owner: '*伟', balance: { amount: 2350, currency: 'CNY' } } });
    expect(asked).toEqual([{ number: '13912345678', offerId: 'top-up-50', service: 'top_up' }]);
  });

  test.each([
    ['nobody is sure', async () => ({ kind: 'unknown' as const, detail: '13912345678 timed out' })],
    ['the line breaks', async () => { throw new Error('13912345678'); }],
    ['the answer is of another shape', async () => ({ kind: 'found', owner: 7 }) as never],
  ])('is away where %s, and no number reaches the log', async (_name, said) => {
    answer = said;
    expect((await ask()).body).toEqual({ hqTime: testNow, number: { kind: 'away' } });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toContain('13912345678');
  });

  test('refuses what another kiosk has signed and what is not of the contract, without saying the number again', async () => {
    expect(await ask({ kioskId: 'kiosk-002' })).toMatchObject({ status: 401, body: { code: 'HQ_UNKNOWN_KIOSK' } });
    const wrong = await ask({ number: '13912345678'.repeat(5) });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'HQ_BATCH_MALFORMED' } });
    expect(JSON.stringify(wrong.body) + lines.join('')).not.toContain('13912345678');
    expect(asked).toEqual([]);
  });

  test('lets one kiosk ask for twenty numbers a minute, and another all the same', async () => {
    for (let n = 0; n < 20; n++) expect((await ask()).status).toBe(200);
    const late = await ask();
    expect(late).toMatchObject({ status: 429, body: { code: 'HQ_TOO_MANY_REQUESTS' } });
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    expect(asked).toHaveLength(20);
    const other = await hq.addKiosk('kiosk-002' as never);
    expect((await other.ask('POST', '/api/kiosk/number', { kioskId: 'kiosk-002', offerId: 'top-up-50', service: 'top_up', number: '13912345678' })).status).toBe(200);
  });
});

test('where nobody credits services every number is away', async () => {
  const bare = await startTestHq(await postgres.createDatabase());
  expect((await bare.kiosk.ask('POST', '/api/kiosk/number', { kioskId: testKiosk, offerId: 'top-up-50', service: 'top_up', number: '13912345678' })).body).toEqual({ hqTime: testNow, number: { kind: 'away' } });
  await bare.close();
});
