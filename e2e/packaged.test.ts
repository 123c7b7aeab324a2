import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import { packageKiosk } from '../build/package.ts';
import { electronFlags } from '../build/start/electron.ts';
import { createCustomer } from './stage/customer.ts';
import type { KioskPlace, StageKiosk } from './stage/kiosk.ts';
import { definedOnly } from './stage/kiosk.ts';
import { openStage } from './stage/stage.ts';

test('the packaged application starts with a key of systemd and sells one item', async () => {
  test.setTimeout(240_000);
  const application = await packageKiosk();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-packaged-'));
  const stage = await openStage(folder, (place) => startPackaged(application, place));
  try {
    const customer = createCustomer(stage.kiosk.page, 'en');
    await customer.buy({ offerId: 'cola' });
    stage.bench.terminal.sim.tapCard();
    await customer.pickupNumber();
    await customer.done();
    // The thread of the store's chores runs out of the package as sync's does, which the audit sees.
    await stage.hq.tell('command', 'kiosk-001', 'back_up');
    await expect.poll(() => stage.hq.tell('commands', 'kiosk-001')).toMatch(/back_up .*done/);
    expect(stage.kiosk.output()).not.toContain('has ended');
    expect(await stage.audit(1)).toMatchObject({ agree: true, strays: [], orders: [{ amount: 350, printed: { slips: 1 } }] });
  } finally {
    await stage.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

/** As on a kiosk: no inspector (a fuse shuts it), so Playwright talks to the page alone; the key comes as a credential. */
async function startPackaged(application: string, { configFile, dataFolder }: KioskPlace): Promise<StageKiosk> {
  const hex = randomBytes(32).toString('hex');
  const credentials = path.join(path.dirname(dataFolder), 'credentials');
  fs.mkdirSync(credentials, { recursive: true });
  fs.writeFileSync(path.join(credentials, 'counter24-store-key'), hex);
  const child = spawn(path.join(application, 'counter24'), [...electronFlags(), '--remote-debugging-port=0', `--config=${configFile}`, `--data=${dataFolder}`], {
    env: { ...definedOnly(process.env), CREDENTIALS_DIRECTORY: credentials },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  const endpoint = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const listening = /DevTools listening on (ws:\S+)/.exec(output);
        if (listening) resolve(listening[1]!);
      });
    }
    child.once('exit', (code) => reject(new Error(`the application ended with code ${code}: ${output.slice(-2000)}`)));
  });
  const browser = await chromium.connectOverCDP(await endpoint);
  const context = browser.contexts()[0]!;
  const page = context.pages()[0] ?? (await context.waitForEvent('page'));
  page.setDefaultTimeout(90_000);
  const end = async (signal: NodeJS.Signals) => {
    await browser.close().catch(() => undefined);
    if (child.exitCode === null) child.kill(signal);
    await exited;
  };
  return { page, storeKey: () => ({ hex, provider: 'systemd' }), output: () => output, close: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
