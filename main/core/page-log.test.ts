import { expect, it } from 'vitest';
import { codedError } from '../../domain/contract/errors.ts';
import { err } from '../../domain/result.ts';
import type { LogFields } from './log.ts';
import type { Handlers } from './page.ts';
import { servePage } from './page.ts';

it('what is refused stands in the log with its method, and with the order that it was about', async () => {
  const logged: { readonly code: string; readonly fields: LogFields | undefined }[] = [];
  let hear: (message: unknown) => void = () => {};
  const handlers = {
    pay: () => err(codedError('PAYMENT_BUSY')),
    // Answered later.
    lookUpNumber: async () => err(codedError('INTERNAL')),
  } as unknown as Handlers;
  servePage(
    { post: () => {}, onMessage: (listener) => void (hear = listener), onClose: () => {}, close: () => {} }, handlers, { call: () => err(codedError('STAFF_NOT_IN')) },
    { info: () => {}, warn: () => {}, error: ({ code }, fields) => void logged.push({ code, fields }) },
  );
  const orderId = '018bcfe5-6801-7000-8000-000000000000';
  const call = (method: string, params: unknown) => hear({ kind: 'request', id: 1, method, params });
  call('pay', { orderId });
  call('orders.reprint', { orderId });
  call('pay', { orderId: "somebody's own words" });
  call('lookUpNumber', { offerId: 'top-up', number: '13800000000' });
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(logged.map(({ code, fields }) => [code, fields])).toEqual([
    ['PAYMENT_BUSY', { method: 'pay', order: orderId }],
    ['STAFF_NOT_IN', { method: 'orders.reprint', order: orderId }],
    ['CONTRACT_MALFORMED', { method: 'pay' }],
    ['INTERNAL', { method: 'lookUpNumber' }],
  ]);
});
