import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The page's bundle: files only, nothing inlined, since its Content-Security-Policy allows scripts, styles, pictures
 * and fonts from its own origin and no data: URLs. Chrome 130 is the oldest engine that the shell runs on.
 */
export default defineConfig({
  root: new URL('../renderer/', import.meta.url).pathname,
  base: './',
  plugins: [react()],
  build: {
    outDir: new URL('../dist/renderer/', import.meta.url).pathname,
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
