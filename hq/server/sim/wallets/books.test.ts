import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadKeys, makeKeys } from './keys.ts';
import { createMerchantRig } from './merchant-rig.ts';

const keys = makeKeys();
const { mchid, appid } = keys.wechat;
const tradeNo = '0192f0c8a1b27c3d8e4f5a6b7c8d9e0f';
let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'loopback-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const native = (notifyUrl: string) => ({ appid, mchid, description: 'Cola', out_trade_no: tradeNo, notify_url: notifyUrl, amount: { total: 1250, currency: 'CNY' } });

describe('the books on disk', () => {
  test('outlive the process: payments, refunds, codes and what was still to be told', async () => {
    const first = await createMerchantRig(keys, { folder, notifyFactor: 1 });
    const shown = await first.wechat('POST', '/v3/pay/transactions/native', native(`${first.notifyUrl}/wechat`));
    first.answerWith({ status: 500, body: '' });
    await first.gateways.phone.pay({ wallet: 'wechat', tradeNo });
    await first.wechat('POST', '/v3/refund/domestic/refunds', { out_trade_no: tradeNo, out_refund_no: 'r1', amount: { refund: 250, total: 1250, currency: 'CNY' } });
    await first.gateways.quiet();
    const [before, told] = [first.gateways.books.trades(), first.notified.length];
    await first.gateways.close();
    const { createLoopbackGateways } = await import('./gateways.ts');
    first.answerWith({ status: 200, body: '' });
    const second = await createLoopbackGateways({ keys, folder, now: () => first.clock.now });
    try {
      expect(second.books.trades()).toEqual(before);
      expect(second.phone.read(String(shown.body['code_url']))).toMatchObject({ ok: true, trade: { state: 'paid' } });
      await second.quiet();
      // The payment and the refund had been owed; both are told again and taken.
      expect(first.notified.slice(told).map(({ event }) => event).toSorted()).toEqual(['REFUND.SUCCESS', 'TRANSACTION.SUCCESS']);
    } finally {
      await second.close();
      await first.close().catch(() => {});
    }
  });

  test('hold no payment code', async () => {
    const rig = await createMerchantRig(keys, { folder });
    const { digits } = rig.gateways.phone.showCode('wechat');
    await rig.wechat('POST', '/v3/pay/transactions/codepay', { appid, mchid, description: 'Cola', out_trade_no: tradeNo, payer: { auth_code: digits }, amount: { total: 1250 }, scene_info: { store_info: {} } });
    expect(JSON.stringify([rig.gateways.books.trades(), rig.gateways.books.calls()])).not.toContain(digits);
    await rig.close();
    expect(fs.readFileSync(path.join(folder, 'loopback-books.jsonl'), 'utf8')).not.toContain(digits);
  });

  test('lose only a line that was cut off, and are refused when another one is broken', async () => {
    const rig = await createMerchantRig(keys, { folder });
    await rig.wechat('POST', '/v3/pay/transactions/native', native(`${rig.notifyUrl}/wechat`));
    await rig.close();
    const file = path.join(folder, 'loopback-books.jsonl');
    fs.appendFileSync(file, '{"kind":"paid","at":1,"wal');
    const again = await createMerchantRig(keys, { folder });
    expect(again.gateways.books.trade('wechat', tradeNo)?.state).toBe('waiting');
    await again.gateways.phone.pay({ wallet: 'wechat', tradeNo });
    await again.close();
    const last = await createMerchantRig(keys, { folder });
    expect(last.gateways.books.trade('wechat', tradeNo)?.state).toBe('paid');
    await last.close();
    fs.writeFileSync(file, `no json\n${fs.readFileSync(file, 'utf8')}`);
    await expect(createMerchantRig(keys, { folder })).rejects.toThrow();
  });
});

describe('keys', () => {
  test('are made once for a folder, for its owner alone, and fit together', () => {
    const made = loadKeys(folder);
    expect(loadKeys(folder)).toEqual(made);
    expect(fs.statSync(path.join(folder, 'loopback-keys.json')).mode & 0o077).toBe(0);
    const certificate = new X509Certificate(made.wechat.merchant.certificate);
    expect(certificate.checkPrivateKey(createPrivateKey(made.wechat.merchant.privateKey))).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.serialNumber).toBe(made.wechat.merchant.serial);
    expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(Date.now());
    expect(createPublicKey(createPrivateKey(made.alipay.alipayPrivateKey)).equals(createPublicKey(made.alipay.alipayPublicKey))).toBe(true);
    fs.writeFileSync(path.join(folder, 'loopback-keys.json'), '{}');
    expect(() => loadKeys(folder)).toThrow(/no set of loopback keys/);
  });
});

describe('the pages and their JSON', () => {
  test('read, pay, refuse, show codes, script and tell the books', async () => {
    const rig = await createMerchantRig(keys);
    const call = async (method: string, target: string, body?: unknown, type = 'application/json') => {
      const response = await fetch(new URL(target, rig.gateways.url), { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } }) });
      return { status: response.status, body: response.headers.get('content-type')?.startsWith('application/json') ? await response.json() : await response.text() };
    };
    try {
      const shown = await rig.wechat('POST', '/v3/pay/transactions/native', native(`${rig.notifyUrl}/wechat`));
      const url = String(shown.body['code_url']);
      const page = await fetch(url);
      expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("script-src 'self'")]);
      const open = (await call('GET', '/phone/api/shown')).body as { path: string }[];
      expect(open).toMatchObject([{ title: 'Cola', amountFen: 1250, path: new URL(url).pathname }]);
      expect((await call('POST', '/phone/api/read', { code: url })).body).toMatchObject({ ok: true, trade: { amountFen: 1250, title: 'Cola' } });
      expect((await call('POST', '/phone/api/read', { code: 'https://elsewhere/phone/w/AAAAAAAAAAAA' })).body).toEqual({ ok: false, why: 'unknown_code' });
      expect((await call('POST', '/phone/api/pay', { wallet: 'wechat', tradeNo, password: '000000' })).body).toEqual({ ok: false, why: 'wrong_password' });
      expect((await call('POST', '/phone/api/pay', { wallet: 'wechat', tradeNo, password: '123456' })).body).toMatchObject({ ok: true, trade: { state: 'paid' } });
      expect((await call('GET', '/phone/api/shown')).body).toEqual([]);
      const code = await call('POST', '/phone/api/code', { wallet: 'alipay', needsPassword: true });
      expect(code.body).toMatchObject({ digits: expect.stringMatching(/^28\d{16}$/), leftMs: 60_000, svg: expect.stringContaining('<svg') });
      await rig.alipay('alipay.trade.pay', { out_trade_no: 'ask_me', total_amount: '1.00', subject: 'x', scene: 'bar_code', auth_code: (code.body as { digits: string }).digits });
      expect((await call('GET', '/phone/api/asking')).body).toMatchObject([{ tradeNo: 'ask_me', state: 'confirming' }]);
      expect((await call('POST', '/phone/api/refuse', { wallet: 'alipay', tradeNo: 'ask_me' })).body).toMatchObject({ ok: true, trade: { state: 'failed' } });
      expect((await call('GET', '/books.json')).body).toMatchObject({ totals: { wechat: { paidFen: 1250 }, alipay: { paidFen: 0 } }, trades: [{ tradeNo: 'ask_me' }, { tradeNo }] });
      const { id } = (await call('POST', '/script/rules', { on: 'query', faults: [{ kind: 'status', status: 500 }] })).body as { id: number };
      expect((await call('GET', '/script')).body).toMatchObject([{ id, on: 'query', left: 1 }]);
      expect((await call('DELETE', `/script/rules/${id}`)).status).toBe(200);
      expect((await call('DELETE', `/script/rules/${id}`)).status).toBe(404);
      expect((await call('POST', '/script/rules', { on: 'nothing', faults: [] })).status).toBe(400);
      expect((await call('POST', '/script/person', { does: 'pay', when: 'at_once' })).status).toBe(200);
      expect((await call('POST', '/script/sign-with', { key: 'certificate' })).status).toBe(200);
      expect((await call('DELETE', '/script')).status).toBe(200);
      // A form of another site cannot press these buttons.
      expect((await call('POST', '/phone/api/pay', { wallet: 'wechat', tradeNo }, 'text/plain')).status).toBe(415);
      for (const target of ['/books', '/phone', '/phone/style.css', '/phone/client.mjs']) expect((await call('GET', target)).status).toBe(200);
      expect((await call('GET', '/phone/../keys.ts')).status).toBe(404);
    } finally {
      await rig.close();
    }
  });

  test('run as a process of their own, which says what HQ needs and ends with its parent', async () => {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts'), `--folder=${folder}`, '--hq=http://127.0.0.1:9'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [ready] = (await once(child, 'message')) as [{ kind: string; url: string; environment: Record<string, string> }];
    expect(ready).toMatchObject({ kind: 'ready', environment: { WECHAT_PAY_NOTIFY_URL: 'http://127.0.0.1:9/notify/wechat', ALIPAY_GATEWAY: `${ready.url}/gateway.do` } });
    expect(fs.readFileSync(ready.environment['WECHAT_PAY_KEY_FILE'] ?? '', 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    child.disconnect();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    await vi.waitFor(() => expect(fetch(ready.url)).rejects.toThrow(), { timeout: 60_000 });
  });
});
