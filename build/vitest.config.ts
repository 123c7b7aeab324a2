import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: path.resolve(import.meta.dirname, '..'),
  test: {
    include: ['{domain,hardware,main,renderer,workbench,hq,build,bench,simulation}/**/*.test.{ts,tsx}'],
    environment: 'node',
    setupFiles: ['build/vitest.setup.ts'],
    allowOnly: false,
    passWithNoTests: false,
    // Two cores are what a small machine has; tests of one file that run side by side mostly wait for processes.
    maxWorkers: 3,
    maxConcurrency: 3,
    // Against hanging alone: how fast something is, no test says.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', ['json', { outputFile: 'out/test/vitest.json' }]],
  },
});
