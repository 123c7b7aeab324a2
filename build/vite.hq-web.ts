import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** HQ's console. Every asset is a file of its own: the page's Content-Security-Policy allows nothing inline. */
export default defineConfig({
  root: here('../hq/web'),
  base: '/',
  plugins: [react()],
  build: { outDir: here('../dist/hq-web'), emptyOutDir: true, assetsInlineLimit: 0, target: 'es2023', modulePreload: { polyfill: false }, reportCompressedSize: false },
});
