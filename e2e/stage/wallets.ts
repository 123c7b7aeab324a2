import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Language } from '../../domain/language.ts';
import { money } from '../../domain/money.ts';
import type { Wallet } from '../../domain/scan/payment-code.ts';
import { reachDatabase } from '../../hq/server/cli/reach-database.ts';
import { createLoopbackCarrier } from '../../hq/server/services/loopback-carrier.ts';
import { takeBooks } from '../../hq/server/settlement/books.ts';
import type { CarrierServer } from '../../hq/server/sim/carrier/server.ts';
import { startCarrierServer } from '../../hq/server/sim/carrier/server.ts';
import type { LoopbackGateways } from '../../hq/server/sim/wallets/gateways.ts';
import { createLoopbackGateways } from '../../hq/server/sim/wallets/gateways.ts';
import { makeKeys } from '../../hq/server/sim/wallets/keys.ts';
import type { TradeView } from '../../hq/server/sim/wallets/phone/phone.ts';
import { readWallets } from '../../hq/server/wallets/config.ts';
import { wordsOf } from '../../renderer/i18n/language.ts';
import type { StageHq } from './hq.ts';
import { readQrCode } from './phone-camera.ts';
import type { Stage } from './stage.ts';
import { expect, test as base } from './stage.ts';

/** What stands behind HQ: both wallets' gateways and a carrier's, on this machine. They outlive HQ, as the real ones do. */
export interface StageMoney {
  readonly gateways: LoopbackGateways;
  readonly carrier: CarrierServer;
  /** What HQ is started with, so that it pays and credits there, and is told of payments. */
  readonly environment: Readonly<Record<string, string>>;
  /** Somebody else's payment in the same merchant's books, of which HQ knows nothing. Answers its number there. */
  strangerPays(amountFen: number): Promise<string>;
  /** HQ's work of the next day, while HQ itself is still in this one: takes the gateways' books of today and compares them. Answers how many it took. */
  takeBooks(hq: StageHq): Promise<number>;
  close(): Promise<void>;
}

export interface StageMoneyOptions {
  readonly folder: string;
  /** After so long without an end HQ takes a service back. */
  readonly servicesLimitMs?: number;
}

const dayMs = 86_400_000;

export async function openMoney({ folder, servicesLimitMs = 10_000 }: StageMoneyOptions): Promise<StageMoney> {
  // Gateways know HQ by an address that stands before HQ does.
  const port = await freePort();
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const gateways = await createLoopbackGateways({ keys: makeKeys(), notifyFactor: 0.01, now });
  const key = { id: 'stage', secret: randomBytes(32) };
  const carrier = await startCarrierServer({ books: createLoopbackCarrier({ folder: path.join(folder, 'carrier'), now: Date.now }), keys: [key], now: Date.now });
  const keyFile = path.join(folder, 'carrier-keys');
  fs.writeFileSync(keyFile, `${key.id} ${key.secret.toString('base64')}\n`, { mode: 0o600 });
  const merchant = gateways.environment({ hqUrl: `http://127.0.0.1:${port}`, folder: path.join(folder, 'merchant') });
  return {
    gateways, carrier,
    environment: { ...merchant, PORT: String(port), SERVICES: 'http', SERVICES_URL: carrier.url, SERVICES_KEY_FILE: keyFile, SERVICES_LIMIT_MS: String(servicesLimitMs) },
    async strangerPays(amountFen) {
      const wechat = (await readWallets(merchant, now)).find(({ wallet }) => wallet === 'wechat')!;
      const tradeNo = randomBytes(16).toString('hex');
      await wechat.show({ tradeNo, amount: money(amountFen, 'CNY'), title: 'Vending machine 7', expiresAt: now() + 600_000, terminal: 'elsewhere' }, AbortSignal.timeout(10_000));
      expect(await gateways.phone.pay({ wallet: 'wechat', tradeNo })).toMatchObject({ ok: true });
      return tradeNo;
    },
    async takeBooks({ dataFolder }) {
      await gateways.quiet();
      aheadMs = dayMs;
      const { sql, end } = await reachDatabase({ kind: 'embedded', dataFolder }, now, { mayMigrate: false });
      try {
        return await takeBooks({ sql, now, gateways: await readWallets(merchant, now) });
      } finally {
        aheadMs = 0;
        await end();
      }
    },
    async close() {
      await Promise.all([gateways.close(), carrier.close()]);
    },
  };
}

/** The stage with wallets and a carrier behind its HQ. */
export const test = base.extend<{ servicesLimitMs: number; money: StageMoney }>({
  servicesLimitMs: [10_000, { option: true }],
  money: async ({ servicesLimitMs }, use) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-e2e-money-'));
    const behind = await openMoney({ folder, servicesLimitMs });
    await use(behind);
    await behind.close();
    fs.rmSync(folder, { recursive: true, force: true });
  },
  hqEnv: ({ money }, use) => use(money.environment),
  gatewayBooks: ({ money }, use) => use(money.gateways.books),
});

/** The kiosk has heard from HQ that both wallets can be used. */
export async function walletsKnown({ kiosk }: Stage): Promise<void> {
  await expect.poll(() => kiosk.output().split('\n').findLast((line) => line.includes('ways.changed')), { message: 'both wallets are there' }).toContain('wechat ready, alipay ready');
}

/** A phone reads the code that stands on the screen, as a camera does. Answers the payment as the phone shows it. */
export async function phoneReads({ kiosk: { page } }: Stage, { gateways }: StageMoney, language: Language, wallet: Wallet): Promise<TradeView> {
  const words = wordsOf[language].wallet;
  const name = words.name[wallet];
  await expect(page.getByRole('heading', { name: words.show(name).title, exact: true })).toBeVisible();
  const read = gateways.phone.read(await readQrCode(page.getByRole('img', { name: words.code(name) })));
  if (!read.ok) throw new Error(`the phone cannot read it: ${read.why}`);
  expect(read.trade).toMatchObject({ wallet, mode: 'shown', state: 'waiting' });
  return read.trade;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
