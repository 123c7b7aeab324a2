import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { money } from '../../../domain/money.ts';
import type { LoopbackGateways } from '../sim/wallets/gateways.ts';
import { createLoopbackGateways } from '../sim/wallets/gateways.ts';
import { makeKeys } from '../sim/wallets/keys.ts';
import { chinaDay } from '../wallets/adapter/china-time.ts';
import { readWallets } from '../wallets/config.ts';
import { billInWhole } from '../wallets/testing/bill-in-whole.ts';

const dayMs = 86_400_000;
let loopback: LoopbackGateways;
let folder: string;
// Generated keys are good from now on.
let clock = Date.now() + 3_600_000;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-books-'));
  loopback = await createLoopbackGateways({ keys: makeKeys(), now: () => clock });
}, 60_000);
afterAll(async () => {
  await loopback?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test.each(['wechat', 'alipay'] as const)("%s's book of a day, zipped and fetched from its gateway, is read in pieces", async (wallet) => {
  const gateway = (await readWallets(await loopback.environment({ hqUrl: 'http://127.0.0.1:1', folder }), () => clock)).find((one) => one.wallet === wallet)!;
  const signal = AbortSignal.timeout(20_000);
  const tradeNo = `019aa00000017000800000000000000${wallet === 'wechat' ? 1 : 2}`;
  await gateway.show({ tradeNo, amount: money(1250, 'CNY'), title: 'Tea, and a bun', expiresAt: clock + 600_000, terminal: 'kiosk-001' }, signal);
  if (wallet === 'alipay') await loopback.phone.read((await gateway.show({ tradeNo, amount: money(1250, 'CNY'), title: 'Tea, and a bun', expiresAt: clock + 600_000, terminal: 'kiosk-001' }, signal) as { code: string }).code);
  expect(await loopback.phone.pay({ wallet, tradeNo })).toMatchObject({ ok: true });
  const refundNo = tradeNo.replace('019a', '019b');
  expect(await gateway.refund({ tradeNo, refundNo, amount: money(250, 'CNY'), of: money(1250, 'CNY'), reason: 'cold' }, signal)).toMatchObject({ kind: expect.stringMatching(/done|pending/) });
  await loopback.quiet();
  const day = chinaDay(clock);
  clock += 2 * dayMs;
  const bill = await billInWhole(await gateway.bill(day, signal));
  clock -= 2 * dayMs;
  expect(bill).toMatchObject({ kind: 'lines', lines: [{ kind: 'payment', tradeNo, amount: money(1250, 'CNY') }, { kind: 'refund', tradeNo, refundNo, amount: money(250, 'CNY') }] });
});
