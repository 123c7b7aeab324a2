import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { kioskConfigSchema } from './config.ts';
import { batchSchema, hqEventSchema, markSchema, maxBatchEvents, unknownBoot } from './hq.ts';
import { documentSchemas } from './hq-down.ts';
import { describeIssues } from './issues.ts';
import { requestEnvelopeSchema, requests } from './kiosk.ts';
import { startMessageSchema } from './shell.ts';

const id = '00000000-0000-7000-8000-000000000001';
const hash = 'ab'.repeat(32);
const event = { sequence: 1, id, kind: 'order.placed', version: 1, at: 1, boot: unknownBoot, monotonicMs: 0, payload: '{}', hash };
const batch = { kioskId: 'kiosk-001', lane: 'orders', epoch: 1, clock: { at: 1, boot: unknownBoot, monotonicMs: 0 }, events: [event] };
const mark = { epoch: 1, acknowledged: 3, head: hash, hqTime: 1 };

describe('the border to HQ', () => {
  it('takes from 1 up to its limit of events', () => {
    expect(batchSchema.safeParse(batch).success).toBe(true);
    expect(batchSchema.safeParse({ ...batch, events: Array.from({ length: maxBatchEvents }, () => event) }).success).toBe(true);
    expect(batchSchema.safeParse({ ...batch, events: Array.from({ length: maxBatchEvents + 1 }, () => event) }).success).toBe(false);
    expect(batchSchema.safeParse({ ...batch, events: [] }).success).toBe(false);
  });

  it.each([{ sequence: 0 }, { sequence: 1.5 }, { id: 'x' }, { version: 0 }, { payload: {} }, { hash: 'short' }, { kind: 'two\nlines' }, { boot: 'me' }, { extra: 1 }])('refuses an event with %j', (wrong) => {
    expect(hqEventSchema.safeParse({ ...event, ...wrong }).success).toBe(false);
  });

  it.each([{ acknowledged: -1 }, { epoch: 0 }, { acknowledged: '3' }, { more: true }])('refuses a mark with %j', (wrong) => {
    expect(markSchema.safeParse(mark).success).toBe(true);
    expect(markSchema.safeParse({ ...mark, ...wrong }).success).toBe(false);
  });
});

describe('the border to the page', () => {
  it('lets no unknown key through, in the envelope or in what is asked', () => {
    const envelope = { kind: 'request', id: 1, method: 'leave', params: {} };
    expect(requestEnvelopeSchema.safeParse(envelope).success).toBe(true);
    expect(requestEnvelopeSchema.safeParse({ ...envelope, more: 1 }).success).toBe(false);
    for (const { params } of Object.values(requests)) expect(params.safeParse({ more: 1 }).success).toBe(false);
  });

  it.each([0, 100, 1.5])('refuses a quantity of %d', (quantity) => {
    const ask = (pieces: number) => ({
      cart: { id, lines: [{ id: 'line', offerId: 'tea', quantity: pieces, choices: {}, form: {} }] }, language: 'zh', catalogueRevision: 1, shownTotal: { amount: 900, currency: 'CNY' },
    });
    expect(requests.place.params.safeParse(ask(1)).success).toBe(true);
    expect(requests.place.params.safeParse(ask(quantity)).success).toBe(false);
  });
});

describe('the configuration', () => {
  const shipped = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../config/kiosk.json'), 'utf8')) as Record<string, unknown>;

  it('that is shipped is good', () => {
    expect(kioskConfigSchema.safeParse(shipped).error).toBeUndefined();
  });

  it.each([
    ['an unknown key', { prnter: {} }], ['a kiosk without a name', { kioskId: '' }], ['an HQ that is no address', { hq: { ...(shipped['hq'] as object), url: 'ftp://hq' } }],
    ['a wait of hours', { hq: { ...(shipped['hq'] as object), retryMaxMs: 300_001 } }],
  ])('with %s is refused', (_what, wrong) => {
    expect(kioskConfigSchema.safeParse({ ...shipped, ...wrong }).success).toBe(false);
  });

  it('that gives people less than 20 s to answer is refused by the name of the place, on the machine and from HQ', () => {
    const times = (idleEndMs: number) => ({ ...(shipped['times'] as object), idleEndMs });
    for (const schema of [kioskConfigSchema, documentSchemas.config]) {
      const whole = schema === kioskConfigSchema ? shipped : {};
      expect(schema.safeParse({ ...whole, times: times(20_000) }).error).toBeUndefined();
      expect(describeIssues(schema.safeParse({ ...whole, times: times(19_999) }).error!)).toMatch(/^times\.idleEndMs: .*20000/);
    }
  });
});

it("the store's key is 32 bytes as hex, or the reason why there is none", () => {
  const start = (key: unknown) => startMessageSchema.safeParse({ kind: 'start', configFile: 'a', dataFolder: 'b', key }).success;
  expect(start({ ok: true, value: { hex: 'a1'.repeat(32), provider: 'systemd' } })).toBe(true);
  expect(start({ ok: false, error: { code: 'KEY_UNAVAILABLE', detail: '' } })).toBe(true);
  expect(start({ ok: true, value: { hex: 'passphrase', provider: 'systemd' } })).toBe(false);
});
