import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { writeKioskFiles } from '../../build/start/kiosk-files.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import type { Books } from '../../hq/server/sim/wallets/gateways.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { startWorkbench } from '../../workbench/workbench.ts';
import type { Audit } from './books.ts';
import { auditBooks } from './books.ts';
import type { StageHq } from './hq.ts';
import { startHq } from './hq.ts';
import type { KioskPlace, SourceKiosk, StageKiosk } from './kiosk.ts';
import { startKiosk } from './kiosk.ts';

/** The wallets' gateways' own books. */
export type GatewayBooks = Pick<Books, 'trades'>;

/** A whole house for one test: HQ, the two devices behind serial lines, and a kiosk, in a folder of its own. */
export interface Stage<K extends StageKiosk = SourceKiosk> {
  readonly folder: string;
  readonly configFile: string;
  readonly dataFolder: string;
  readonly hq: StageHq;
  readonly bench: Workbench;
  readonly kiosk: K;
  /** Starts the kiosk again on the same data; the one before must have ended. */
  restartKiosk(): Promise<K>;
  /** Waits until HQ holds every order as the kiosk does, ends the kiosk and compares all books. */
  audit(orders: number): Promise<Audit>;
  /** The same at the end of any test that has not done so, without HQ: undefined where it was done. */
  auditAtEnd(): Promise<Audit | undefined>;
  close(): Promise<void>;
}

export async function openStage<K extends StageKiosk>(folder: string, launch: (place: KioskPlace) => Promise<K>, changes: Partial<KioskConfig> = {}, hqEnv: Readonly<Record<string, string>> = {}, gatewayBooks?: GatewayBooks): Promise<Stage<K>> {
  const hqCode = randomBytes(24).toString('base64url');
  const dataFolder = path.join(folder, 'data');
  const [hq, bench] = await Promise.all([
    startHq({ folder, kioskId: 'kiosk-001', code: hqCode, env: hqEnv }),
    startWorkbench({ folder: path.join(folder, 'lines') }),
  ]);
  if (!bench.ok) throw new Error(bench.error.detail);
  const { printerPath, terminalPath, scannerPath } = bench.value;
  const configFile = writeKioskFiles({ folder: path.join(folder, 'kiosk'), printerPath, terminalPath, scannerPath, hqUrl: hq.url, hqCode, changes });
  let kiosk = await launch({ configFile, dataFolder });
  let isOpen = true;
  let isAudited = false;

  const audit = (hqOrders?: Awaited<ReturnType<typeof hq.orders>>): Audit =>
    auditBooks({ dataFolder, storeKey: kiosk.storeKey(), terminal: bench.value.terminal.sim, printer: bench.value.printer.sim, trades: gatewayBooks?.trades() ?? [], ...(hqOrders ? { hqOrders } : {}) });

  return {
    folder, configFile, dataFolder, hq,
    bench: bench.value,
    get kiosk() {
      return kiosk;
    },
    async restartKiosk() {
      kiosk = await launch({ configFile, dataFolder });
      return kiosk;
    },
    async audit(orders) {
      const settled = ['fulfilled', 'cancelled', 'expired', 'refunded'];
      await expect.poll(async () => (await hq.orders()).filter((order) => settled.includes(order.row.state)).length).toBe(orders);
      await kiosk.close();
      isAudited = true;
      return audit(await hq.orders());
    },
    async auditAtEnd() {
      if (isAudited) return undefined;
      await kiosk.close().catch(() => undefined);
      return audit();
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await kiosk.close().catch(() => undefined);
      await Promise.all([hq.stop(), bench.value.close()]);
    },
  };
}

/** Playwright's test with a stage of its own. Where a test fails, its stage's output and a picture are kept. */
export const test = base.extend<{ stage: Stage; changes: Partial<KioskConfig>; hqEnv: Readonly<Record<string, string>>; gatewayBooks: GatewayBooks | undefined }>({
  changes: [{}, { option: true }],
  hqEnv: [{}, { option: true }],
  gatewayBooks: [undefined, { option: true }],
  stage: async ({ changes, hqEnv, gatewayBooks }, use, info) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-e2e-'));
    const stage = await openStage(folder, startKiosk, changes, hqEnv, gatewayBooks);
    await use(stage);
    if (info.status !== info.expectedStatus) {
      fs.writeFileSync(info.outputPath('kiosk.log'), stage.kiosk.output());
      await stage.kiosk.page.screenshot({ path: info.outputPath('kiosk.png') }).catch(() => undefined);
    }
    // The devices' own books against ours, to the cent and to the slip, whatever the test was about.
    const audit = info.status === info.expectedStatus ? await stage.auditAtEnd() : undefined;
    await stage.close();
    if (audit) expect(audit).toMatchObject({ agree: true, strays: [] });
    fs.rmSync(folder, { recursive: true, force: true });
  },
});

export { expect };
