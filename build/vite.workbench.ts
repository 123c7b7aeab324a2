import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The workbench's window. Every asset is a file of its own: its Content-Security-Policy allows nothing inline. */
export default defineConfig({
  root: here('../workbench/page'),
  base: '/',
  plugins: [react()],
  build: { outDir: here('../dist/workbench'), emptyOutDir: true, assetsInlineLimit: 0, target: 'chrome130', modulePreload: { polyfill: false }, reportCompressedSize: false },
});
