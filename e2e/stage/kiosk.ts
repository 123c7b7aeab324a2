import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { _electron as electron } from '@playwright/test';
import { electronRuntime } from '../../build/runtime.mjs';
import { kioskArguments } from '../../build/start/electron.ts';

/** The real kiosk application, with its one page. */
export interface StageKiosk {
  readonly page: Page;
  /** What opens its store from outside, once it has ended. */
  storeKey(): { readonly hex: string; readonly provider: string };
  /** Everything that the application has written so far. */
  output(): string;
  /** Ends it in good order. */
  close(): Promise<void>;
  /** SIGKILL for the application; its helpers die with it. */
  kill(): Promise<void>;
}

/** One that Playwright has started out of this tree, and can look into. */
export interface SourceKiosk extends StageKiosk {
  readonly app: ElectronApplication;
}

export interface KioskPlace {
  readonly configFile: string;
  readonly dataFolder: string;
}

export async function startKiosk({ configFile, dataFolder }: KioskPlace): Promise<SourceKiosk> {
  const runtime = electronRuntime();
  const app = await electron.launch({
    executablePath: runtime.executablePath,
    args: kioskArguments({ runtime, configFile, dataFolder }),
    env: definedOnly(process.env),
  });
  let output = '';
  const child = app.process();
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const page = await app.firstWindow();
  // Without a graphics card, what moves on the attract screen would keep both cores busy.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  page.setDefaultTimeout(90_000);
  return {
    app,
    page,
    storeKey: () => ({ hex: fs.readFileSync(path.join(dataFolder, 'development-store-key'), 'utf8').trim(), provider: 'development-file' }),
    output: () => output,
    close: () => app.close(),
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
