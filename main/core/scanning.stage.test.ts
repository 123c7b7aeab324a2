import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { KioskConfig } from '../../domain/contract/config.ts';
import { createSerialLine } from '../../hardware/sim/lines/socat.ts';
import { createScannerSim } from '../../hardware/sim/scanner/scanner-sim.ts';
import type { ScannerSim } from '../../hardware/sim/scanner/scanner-sim.ts';
import { openStage } from './testing/kiosk-stage-rig.ts';

const paymentCode = '134567890123456789';

test('a scanner on a real line is lit while a page wants it, its code reaches the page by its meaning, and no secret reaches the log', async (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-scanning-'));
  const line = await createSerialLine({ folder, name: 'scanner' });
  if (!line.ok) throw new Error(line.error.detail);
  const sim = createScannerSim({ family: 'gm65' });
  sim.connect(line.value.deviceEnd);
  context.onTestFinished(async () => {
    sim.close();
    await line.value.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const stage = await openStage(context, {
    before: ({ configFile }) => {
      const config = JSON.parse(fs.readFileSync(configFile, 'utf8')) as KioskConfig;
      fs.writeFileSync(configFile, JSON.stringify({ ...config, scanner: { path: line.value.path, baudRate: 9600, profile: 'gm65' } }));
    },
  });
  const { kiosk } = stage;
  expect(await kiosk.request('wantScanner', { wanted: true })).toEqual({ ok: true, value: {} });
  await until(sim, () => sim.isLit());
  sim.show(paymentCode);
  await kiosk.until('scanned', ({ kind }) => kind === 'payment_code');
  await until(sim, () => sim.isLit());
  sim.show('4006381333931');
  await kiosk.until('scanned', ({ kind }) => kind === 'unknown_product');
  await kiosk.request('scan', { text: paymentCode });
  await kiosk.until('scanned', ({ kind }) => kind === 'payment_code', kiosk.eventCount() - 1);
  await until(sim, () => sim.isLit());
  await kiosk.request('wantScanner', { wanted: false });
  await until(sim, () => !sim.isLit());

  // A page that is lost wants nothing any more.
  await kiosk.request('wantScanner', { wanted: true });
  await until(sim, () => sim.isLit());
  kiosk.losePage();
  await until(sim, () => !sim.isLit());
  kiosk.connectPage();
  await stage.open();
  await stage.errors();
  expect(JSON.stringify(kiosk.log())).toContain('payment code of wechat');
  expect(JSON.stringify(kiosk.log())).not.toContain(paymentCode.slice(2, 10));
  expect(sim.faults()).toEqual([]);
});

function until(sim: ScannerSim, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = sim.onChange(look);
    look();
    function look(): void {
      if (!holds()) return;
      queueMicrotask(() => stop());
      resolve();
    }
  });
}
