import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: path.resolve(import.meta.dirname, '..'),
  test: {
    include: ['{domain,hardware,main,renderer,workbench,hq,build,bench}/**/*.test.ts'],
    environment: 'node',
    allowOnly: false,
    passWithNoTests: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: 'out/test/vitest.json' }]],
  },
});
