import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const consolePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The built console. Its addresses are the page's own, so every page that is no file is index.html. */
export async function consolePages(app: FastifyInstance, { webFolder }: { readonly webFolder: string }): Promise<void> {
  const isBuilt = existsSync(join(webFolder, 'index.html'));
  if (!isBuilt) {
    app.get('/', (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send('HQ runs, but its console is not built: vite build -c build/vite.hq-web.ts\n'));
    return;
  }
  await app.register(fastifyStatic, {
    root: webFolder,
    index: false,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Built names carry a hash of their contents.
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  for (const path of ['/', '/orders', '/orders/*', '/kiosks', '/kiosks/*', '/feedback']) {
    app.get(path, (_request, reply) => reply.header('content-security-policy', consolePolicy).sendFile('index.html'));
  }
}
