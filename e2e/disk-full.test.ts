import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import { startKiosk } from './stage/kiosk.ts';
import { openSmallDisk } from './stage/small-disk.ts';
import { expect, openStage, test } from './stage/stage.ts';

test('the disk is full: out of service before money is at risk, in both languages, and selling goes on by itself', async () => {
  test.setTimeout(120_000);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-full-'));
  const disk = openSmallDisk(path.join(folder, 'data'));
  const stage = await openStage(folder, startKiosk, { store: { minFreeMegabytes: disk.minFreeMegabytes, personalDays: 30 } });
  try {
    const { page } = stage.kiosk;
    const customer = createCustomer(page, 'en');
    await customer.begin();
    await customer.add({ offerId: 'cola' });
    disk.fill();
    // Nobody looks before its time: whoever stands there is told by the order that cannot be taken, or a few seconds earlier.
    for (const language of ['zh', 'en'] as const) await expect(page.getByText(wordsOf[language].outOfService.title)).toBeVisible();
    expect(stage.bench.terminal.sim.book()).toEqual([]);

    disk.empty();
    await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
    await customer.buy({ offerId: 'cola' });
    stage.bench.terminal.sim.tapCard();
    await customer.pickupNumber();
    expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ amount: 350 }] });
    expect((await stage.hq.kiosk()).alarms.map(({ kind }) => kind)).not.toContain('proof_red');
  } finally {
    await stage.close();
    disk.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
