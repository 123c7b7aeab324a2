import path from 'node:path';
import { defineConfig } from '@playwright/test';

const root = path.resolve(import.meta.dirname, '..');

/** Through the real Electron application over real pseudo terminals, and through HQ's console in Chromium. */
export default defineConfig({
  testDir: import.meta.dirname,
  tsconfig: path.join(import.meta.dirname, 'tsconfig.json'),
  outputDir: path.join(root, 'out/e2e'),
  globalSetup: path.join(import.meta.dirname, 'global-setup.ts'),
  workers: 3,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // Against hanging alone: how fast something is, no test says.
  timeout: 420_000,
  expect: { timeout: 90_000 },
  reporter: [['list'], ['json', { outputFile: path.join(root, 'out/e2e/results.json') }]],
});
