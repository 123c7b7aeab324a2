import { once } from 'node:events';
import type { ElectronApplication, Page } from '@playwright/test';
import { _electron as electron } from '@playwright/test';
import { electronRuntime } from '../../build/runtime.mjs';
import { kioskArguments } from '../../build/start/electron.ts';

/** The real kiosk application, with its one page. */
export interface StageKiosk {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Everything that the application has written so far. */
  output(): string;
  /** Ends it in good order. */
  close(): Promise<void>;
  /** SIGKILL for the application; its helpers die with it. */
  kill(): Promise<void>;
}

export interface StageKioskOptions {
  readonly configFile: string;
  readonly dataFolder: string;
}

export async function startKiosk({ configFile, dataFolder }: StageKioskOptions): Promise<StageKiosk> {
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
  return {
    app,
    page,
    output: () => output,
    close: () => app.close(),
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
