import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sendError } from '../errors.ts';

const consolePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The built console. Its addresses are the page's own, so every address that is no file and no part of the API is index.html. */
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
  // With a dot at its end it is a file that is not there; what begins with these belongs to others.
  const isPage = (path: string) => !/^\/(api|assets|r)\//.test(path) && !/\.[a-z0-9]{1,8}$/i.test(path);
  app.get('/*', (request, reply) => {
    const path = request.url.split(/[?#]/, 1)[0] ?? '';
    return isPage(path) ? reply.header('content-security-policy', consolePolicy).header('cache-control', 'no-cache').sendFile('index.html') : sendError(reply, 'HQ_NOT_FOUND', 'no such address');
  });
}
