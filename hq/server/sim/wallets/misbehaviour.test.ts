import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeKeys } from './keys.ts';
import type { MerchantRig } from './merchant-rig.ts';
import { createMerchantRig } from './merchant-rig.ts';
import type { Fault } from './script.ts';

const keys = makeKeys();
const { mchid, appid } = keys.wechat;
let rig: MerchantRig;
beforeEach(async () => {
  rig = await createMerchantRig(keys);
});
afterEach(() => rig.close());

const tradeNo = '0192f0c8a1b27c3d8e4f5a6b7c8d9e0f';
const key = { wallet: 'wechat', tradeNo } as const;
const target = (end = '') => `/v3/pay/transactions/out-trade-no/${tradeNo}${end}`;
const show = () => rig.wechat('POST', '/v3/pay/transactions/native', { appid, mchid, description: 'Cola', out_trade_no: tradeNo, notify_url: `${rig.notifyUrl}/wechat`, amount: { total: 1250, currency: 'CNY' } });
const charge = () => rig.wechat('POST', '/v3/pay/transactions/codepay', { appid, mchid, description: 'Cola', out_trade_no: tradeNo, payer: { auth_code: rig.gateways.phone.showCode('wechat').digits }, amount: { total: 1250, currency: 'CNY' }, scene_info: { store_info: { id: '1' } } });
const query = () => rig.wechat('GET', `${target()}?mchid=${mchid}`);
const close = () => rig.wechat('POST', target('/close'), { mchid });
const state = async () => (await query()).body['trade_state'];
const add = (...args: Parameters<MerchantRig['gateways']['script']['add']>) => rig.gateways.script.add(...args);
const book = () => rig.gateways.books.trade('wechat', tradeNo);

describe('one call by script', () => {
  test.each([
    ['lost', { kind: 'lost' }],
    ['half', { kind: 'half' }],
  ] as const)('%s: it is done, and nobody hears of it', async (_title, fault) => {
    add({ on: 'charge', faults: [fault] });
    await expect(charge()).rejects.toThrow();
    expect(book()?.state).toBe('paid');
    expect(await state()).toBe('SUCCESS');
  });

  test('cut: nothing is done', async () => {
    add({ on: 'charge', faults: [{ kind: 'cut' }] });
    await expect(charge()).rejects.toThrow();
    expect(book()).toBeUndefined();
  });

  test.each([429, 500, 502])('%i from the edge, before or after it acts, unsigned', async (status) => {
    add({ on: 'charge', faults: [{ kind: 'status', status }] });
    expect(await charge()).toMatchObject({ status, isSigned: false });
    expect(book()).toBeUndefined();
    add({ on: 'charge', faults: [{ kind: 'status', status, acted: true }] });
    expect(await charge()).toMatchObject({ status, isSigned: false });
    expect(book()?.state).toBe('paid');
  });

  test.each(['unsigned', 'foreign_key', 'stale'] as const)('%s: the truth, which nobody can believe', async (kind) => {
    await show();
    add({ on: 'query', faults: [{ kind }] });
    expect(await query()).toMatchObject({ status: 200, isSigned: false, body: { trade_state: 'NOTPAY' } });
    expect(await query()).toMatchObject({ isSigned: true });
  });

  test('tampered: a lie under a signature of the truth', async () => {
    await show();
    add({ on: 'query', faults: [{ kind: 'tampered' }] });
    expect(await query()).toMatchObject({ status: 200, isSigned: false, body: { trade_state: 'SUCCESS' } });
    expect(await state()).toBe('NOTPAY');
  });

  test('slow: it acts at once and answers late, or acts late too', async () => {
    add({ on: 'charge', faults: [{ kind: 'slow', ms: 300 }] });
    const slow = charge();
    await expect.poll(() => book()?.state).toBe('paid');
    expect(rig.gateways.books.calls()).toEqual([]);
    expect((await slow).status).toBe(200);
    add({ on: 'close', faults: [{ kind: 'slow', ms: 50, acts: 'last' }] });
    expect((await close()).status).toBe(400);
  });

  test('a caller that hangs up does not stop what acts late', async () => {
    await show();
    add({ on: 'close', faults: [{ kind: 'slow', ms: 150, acts: 'last' }, { kind: 'lost' }] });
    await expect(close()).rejects.toThrow();
    expect(book()?.state).toBe('closed');
  });

  test('system_error and refuse answer with the gateway\'s own codes, signed', async () => {
    add({ on: 'charge', faults: [{ kind: 'system_error' }] });
    expect(await charge()).toMatchObject({ status: 500, isSigned: true, body: { code: 'SYSTEM_ERROR' } });
    add({ on: 'charge', faults: [{ kind: 'refuse', code: 'RULE_LIMIT' }] });
    expect(await charge()).toMatchObject({ status: 400, isSigned: true, body: { code: 'RULE_LIMIT' } });
    expect(book()).toBeUndefined();
  });

  test('USERPAYING for n asks, then paid, refused or nothing', async () => {
    add({ on: 'charge', faults: [{ kind: 'confirming', asks: 2, does: 'pay' }] });
    expect(await charge()).toMatchObject({ status: 202, body: { code: 'USERPAYING' } });
    expect([await state(), await state(), await state()]).toEqual(['USERPAYING', 'USERPAYING', 'SUCCESS']);
  });
});

describe('which calls a rule means', () => {
  test('the next ones, after those that it skips, of one trade or all, and no more than it says', async () => {
    await show();
    add({ on: 'query', skip: 1, times: 2, faults: [{ kind: 'status', status: 500 }] });
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await query()).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    add({ on: '*', tradeNo: 'another', times: 'always', faults: [{ kind: 'cut' }] });
    add({ on: '*', wallet: 'alipay', times: 'always', faults: [{ kind: 'cut' }] });
    expect((await query()).status).toBe(200);
    const id = add({ on: '*', times: 'always', faults: [{ kind: 'status', status: 503 }] });
    expect((await query()).status).toBe(503);
    expect(rig.gateways.script.remove(id)).toBe(true);
    expect((await query()).status).toBe(200);
  });

  test('two rules on one call are a pair', async () => {
    add({ on: 'charge', faults: [{ kind: 'confirming', asks: 0, does: 'pay' }] });
    add({ on: 'charge', faults: [{ kind: 'lost' }] });
    await expect(charge()).rejects.toThrow();
    expect(book()?.state).toBe('confirming');
    expect(await state()).toBe('SUCCESS');
  });

  test('what is no rule is refused with its fault named', () => {
    expect(() => add({ on: 'query', faults: [{ kind: 'explode' } as unknown as Fault] })).toThrow(/explode|kind/);
    expect(() => add({ on: 'query', faults: [] })).toThrow();
  });
});

describe('customers by script', () => {
  const person = (...args: Parameters<MerchantRig['gateways']['script']['person']>) => rig.gateways.script.person(...args);

  test('pay after so many queries', async () => {
    person({ mode: 'shown', does: 'pay', when: { asks: 1 } });
    await show();
    expect([await state(), await state()]).toEqual(['NOTPAY', 'SUCCESS']);
  });

  test('pay before the code is even shown', async () => {
    person({ does: 'pay', when: 'at_once' });
    expect((await show()).status).toBe(200);
    expect(book()?.state).toBe('paid');
  });

  test('pay just before a close, which is then refused', async () => {
    person({ does: 'pay', when: { on: 'close', side: 'before' } });
    await show();
    expect((await close()).body['code']).toBe('ORDERPAID');
    expect(book()?.state).toBe('paid');
  });

  test('pay after a close that was answered with yes: at once, or queries later', async () => {
    person({ does: 'pay', when: { on: 'close', side: 'after', asks: 2 } });
    await show();
    expect((await close()).status).toBe(204);
    expect([await state(), await state(), await state()]).toEqual(['CLOSED', 'CLOSED', 'SUCCESS']);
    await rig.gateways.quiet();
    expect(rig.notified).toHaveLength(1);
  });

  test('refuse their password', async () => {
    person({ mode: 'read', does: 'refuse', when: { asks: 0 } });
    add({ on: 'charge', faults: [{ kind: 'confirming' }] });
    await charge();
    expect(await state()).toBe('PAYERROR');
  });
});

describe('notifications by script', () => {
  const pay = async () => {
    await show();
    await rig.gateways.phone.pay(key);
    await rig.gateways.quiet();
  };

  test('never', async () => {
    add({ on: 'notify', faults: [{ kind: 'never' }] });
    await pay();
    expect(rig.notified).toEqual([]);
  });

  test('twice', async () => {
    add({ on: 'notify', faults: [{ kind: 'twice' }] });
    await pay();
    expect(rig.notified).toHaveLength(2);
    expect(rig.notified.every(({ isSigned }) => isSigned)).toBe(true);
  });

  test('late', async () => {
    add({ on: 'notify', faults: [{ kind: 'late', ms: 100 }] });
    await pay();
    expect(rig.notified).toEqual([]);
    await expect.poll(() => rig.notified).toHaveLength(1);
  });

  test('early: it is heard before the query knows', async () => {
    await show();
    rig.answerWith({ status: 500, body: '' });
    add({ on: 'notify', faults: [{ kind: 'early' }] });
    const paying = rig.gateways.phone.pay(key);
    expect(book()?.state).toBe('waiting');
    await paying;
    expect(rig.notified).toMatchObject([{ isSigned: true, content: { trade_state: 'SUCCESS' } }]);
    expect(book()?.state).toBe('paid');
  });

  test.each(['tampered', 'foreign_key', 'stale', 'unsigned'] as const)('%s: with a signature that is worth nothing', async (kind) => {
    add({ on: 'notify', faults: [{ kind }] });
    await pay();
    expect(rig.notified.map(({ isSigned }) => isSigned)).toEqual([false]);
  });

  test("are repeated by the documents' schedule until they are taken, and no longer", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'loopback-'));
    const booked = await createMerchantRig(keys, { folder });
    const ends = () => fs.readFileSync(path.join(folder, 'loopback-books.jsonl'), 'utf8').split('\n').filter((line) => line.includes('notice_ended'));
    try {
      booked.answerWith({ status: 500, body: '' });
      await booked.wechat('POST', '/v3/pay/transactions/native', { appid, mchid, description: 'Cola', out_trade_no: tradeNo, notify_url: `${booked.notifyUrl}/wechat`, amount: { total: 1250 } });
      await booked.gateways.phone.pay(key);
      // 15 s, 15 s, 30 s, 180 s at a ten-thousandth.
      await expect.poll(() => booked.notified.length).toBeGreaterThanOrEqual(4);
      expect(ends()).toEqual([]);
      booked.answerWith({ status: 200, body: '' });
      await expect.poll(() => ends()).toEqual([expect.stringContaining('"wasTaken":true')]);
    } finally {
      await booked.close();
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('of Alipay are taken only by the word success', async () => {
    rig.answerWith({ status: 200, body: '{"code":"SUCCESS"}' });
    await rig.alipay('alipay.trade.precreate', { out_trade_no: tradeNo, total_amount: '1.00', subject: 'x' });
    await rig.gateways.phone.pay({ wallet: 'alipay', tradeNo });
    await expect.poll(() => rig.notified.length).toBeGreaterThanOrEqual(2);
    rig.answerWith({ status: 200, body: 'success' });
  });
});

test('whatever happens on the way, the books hold each payment once and never give back more than came', async () => {
  const fault = fc.constantFrom<Fault>({ kind: 'lost' }, { kind: 'cut' }, { kind: 'half' }, { kind: 'tampered' }, { kind: 'system_error', acted: true }, { kind: 'system_error', acted: false }, { kind: 'status', status: 500, acted: true }, { kind: 'confirming', asks: 0, does: 'pay' });
  const step = fc.constantFrom('charge', 'query', 'reverse', 'refund 500', 'refund 800', 'force');
  let runs = 0;
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(step, fc.option(fault, { nil: undefined })), { maxLength: 12 }), async (steps) => {
    runs += 1;
    const number = `run_number_${runs}`;
    for (const [what, wrong] of steps) {
      if (wrong) add({ on: '*', tradeNo: number, faults: [wrong] });
      const path = `/v3/pay/transactions/out-trade-no/${number}`;
      const [act, fen] = what.split(' ');
      if (act === 'force') await rig.gateways.phone.pay({ wallet: 'wechat', tradeNo: number }, { force: true });
      else if (act === 'charge') await rig.wechat('POST', '/v3/pay/transactions/codepay', { appid, mchid, description: 'x', out_trade_no: number, payer: { auth_code: rig.gateways.phone.showCode('wechat').digits }, amount: { total: 1250, currency: 'CNY' }, scene_info: { store_info: {} } }).catch(() => {});
      else if (act === 'query') await rig.wechat('GET', `${path}?mchid=${mchid}`).catch(() => {});
      else if (act === 'reverse') {
        rig.clock.now += 15_000;
        await rig.wechat('POST', `${path}/reverse`, { mchid, appid }).catch(() => {});
      } else await rig.wechat('POST', '/v3/refund/domestic/refunds', { out_trade_no: number, out_refund_no: `${number}r${fen}`, amount: { refund: Number(fen), total: 1250, currency: 'CNY' } }).catch(() => {});
    }
    const trade = rig.gateways.books.trade('wechat', number);
    const back = trade?.refundedFen ?? 0;
    expect(back).toBeLessThanOrEqual(trade?.paidAt === undefined ? 0 : 1250);
    if (trade?.state === 'paid') expect(trade.paidAt).toBeDefined();
    rig.gateways.script.clear();
  }), { numRuns: 60 });
});
