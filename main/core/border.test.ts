import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Method, Params } from '../../domain/contract/kiosk.ts';
import { errorRegistry } from '../../domain/contract/errors.ts';
import type { Stage } from './testing/kiosk-stage-rig.ts';
import { openStage } from './testing/kiosk-stage-rig.ts';

const methods: readonly Method[] = ['open', 'place', 'pay', 'cancelPayment', 'cancelOrder', 'leave', 'wantScanner', 'scan', 'visit', 'report'];
const inherited = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'prototype', ''];

function call(stage: Stage, method: string, params: unknown) {
  return stage.kiosk.request(method as 'leave', params as Params<'leave'>);
}

describe.concurrent('the border', () => {
  test('a message that is no call gets no answer but one line in the log, and core goes on', async (context) => {
    const stage = await openStage(context);
    const notCalls = [null, 7, 'open', [], {}, { kind: 'request' }, { kind: 'request', id: -1, method: 'open', params: {} }, { kind: 'request', id: 0.5, method: 'open', params: {} },
      { kind: 'request', id: 'x', method: 'open', params: {} }, { kind: 'response', result: { ok: true } }];
    for (const message of notCalls) stage.kiosk.sendRaw(message);
    expect(await call(stage, 'leave', {})).toEqual({ ok: true, value: {} });
    expect((await stage.errors()).map(({ code }) => code)).toEqual(notCalls.map(() => 'CONTRACT_MALFORMED'));
  });

  test('rubbish, names that every object has and huge values: one coded error each, and core goes on', async (context) => {
    const stage = await openStage(context);
    for (const method of [...inherited, 'Open', 'open ', 'boot', 'then']) {
      expect(await call(stage, method, {})).toMatchObject({ ok: false, error: { code: 'CONTRACT_UNKNOWN_METHOD' } });
    }
    const huge = 'x'.repeat(5_000_000);
    const valid = stage.placing('cola');
    const wrong: [string, unknown][] = [
      ['open', { watching: 'no id' }], ['open', undefined], ['leave', null], ['leave', { constructor: 1 }], ['report', { message: huge }], ['report', huge],
      ['pay', { orderId: '__proto__' }], ['pay', { orderId: huge }], ['pay', {}], ['place', {}], ['place', { ...valid, language: 'fr' }],
      ['place', { ...valid, cart: { ...valid.cart, id: 'constructor' } }], ['place', { ...valid, shownTotal: { amount: 0.5, currency: 'CNY' } }],
      ['place', { ...valid, shownTotal: { amount: 350, currency: 'constructor' } }],
      ['place', { ...valid, cart: { ...valid.cart, lines: [{ ...valid.cart.lines[0], offerId: 'constructor', choices: { constructor: ['x'] } }] } }],
      ['place', { ...valid, cart: { ...valid.cart, lines: Array.from({ length: 10_000 }, () => valid.cart.lines[0]) } }],
      ['place', { ...valid, cart: { ...valid.cart, lines: [{ ...valid.cart.lines[0], quantity: 1e9 }] } }],
      ['place', { ...valid, cart: { ...valid.cart, lines: [{ ...valid.cart.lines[0], quantity: -1 }] } }],
    ];
    for (const [method, params] of wrong) {
      const answer = await call(stage, method, params);
      expect(answer, method).toMatchObject({ ok: false, error: { code: 'CONTRACT_MALFORMED' } });
      if (!answer.ok) expect(answer.error.detail.length).toBeLessThanOrEqual(2000);
    }
    const unknown = '01a20000-0000-7000-8000-000000000000';
    for (const method of ['pay', 'cancelPayment']) expect(await call(stage, method, { orderId: unknown })).toMatchObject({ ok: false, error: { code: 'ORDER_UNKNOWN' } });
    expect(await call(stage, 'cancelOrder', { orderId: unknown })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });
    expect((await stage.errors()).length).toBe(inherited.length + 4 + wrong.length + 3);
    const refused = await stage.kiosk.request('place', { ...valid, cart: { ...valid.cart, lines: [{ ...valid.cart.lines[0]!, offerId: 'tostring', choices: { valueof: ['x'] } }] } });
    expect(refused).toMatchObject({ ok: true, value: { kind: 'refused', refusals: [{ code: 'offer_gone' }] } });
    expect(stage.store.orderIds()).toEqual([]);
  });

  test('any JSON at all, and a cart with anything wrong in it, is answered by the contract and never by a bug', async (context) => {
    const stage = await openStage(context);
    const name = fc.oneof(fc.constantFrom<string>(...methods, ...inherited), fc.string({ maxLength: 60 }));
    const half = fc.record({ cart: fc.jsonValue(), language: fc.constantFrom('zh', 'en', 'fr'), catalogueRevision: fc.integer(), shownTotal: fc.jsonValue(), orderId: fc.jsonValue(), watching: fc.jsonValue(), message: fc.jsonValue() }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, fc.oneof(fc.jsonValue(), half)), { minLength: 10, maxLength: 20 }), fc.array(fc.jsonValue(), { maxLength: 5 }), async (calls, raw) => {
        for (const message of raw) stage.kiosk.sendRaw(message);
        for (const answer of await Promise.all(calls.map(([method, params]) => call(stage, method, params)))) {
          if (answer.ok) continue;
          expect(Object.keys(errorRegistry)).toContain(answer.error.code);
          expect(answer.error.code).not.toBe('INTERNAL');
        }
      }),
      { numRuns: 60 },
    );
    const lineChange = fc.record(
      {
        offerId: fc.oneof(fc.constantFrom('cola', 'umbrella', 'top-up-30', 'beef-noodles', 'constructor', 'gone'), fc.jsonValue()),
        quantity: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.jsonValue()),
        choices: fc.oneof(fc.dictionary(fc.constantFrom('size', 'extras', 'constructor', '__proto__', 'x'), fc.array(fc.constantFrom('small', 'large', 'egg', 'constructor'), { maxLength: 4 })), fc.jsonValue()),
        form: fc.oneof(fc.record({ phone: fc.oneof(fc.constant('13912345678'), fc.string()) }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(lineChange, fc.integer({ min: 0, max: 20_000 }), async (change, amount) => {
        const valid = stage.placing('cola');
        const params = { ...valid, cart: { ...valid.cart, lines: [{ ...valid.cart.lines[0], ...change }] }, shownTotal: { amount, currency: 'CNY' } };
        const answer = await call(stage, 'place', params);
        if (!answer.ok) expect(answer.error.code).toBe('CONTRACT_MALFORMED');
      }),
      { numRuns: 150 },
    );
    expect((await stage.open()).status.service).toEqual({ kind: 'in_service' });
    await stage.expectAgreement();
  });

  test('calls before the kiosk is in service are answered "out of service"', async (context) => {
    const stage = await openStage(context, { isOutOfService: true, key: { ok: false, error: { code: 'KEY_UNAVAILABLE', detail: 'no keyring' } } });
    const orderId = '01a20000-0000-7000-8000-000000000000';
    expect(await stage.kiosk.request('place', stage.placing('cola'))).toMatchObject({ ok: false, error: { code: 'OUT_OF_SERVICE' } });
    for (const method of ['pay', 'cancelPayment', 'cancelOrder'] as const) {
      expect(await stage.kiosk.request(method, { orderId } as Params<'pay'>)).toMatchObject({ ok: false, error: { code: 'OUT_OF_SERVICE' } });
    }
    expect(await stage.kiosk.request('leave', {})).toEqual({ ok: true, value: {} });
    expect(await stage.kiosk.request('report', { message: 'x' })).toEqual({ ok: true, value: {} });
    expect(await stage.open()).toMatchObject({ status: { service: { kind: 'out_of_service', reason: { code: 'KEY_UNAVAILABLE', detail: 'no keyring' } }, card: 'unavailable', paper: 'unavailable', hq: 'away' } });
  });
});
