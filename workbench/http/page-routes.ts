import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The built window. Without it the devices work all the same: tests need no page. */
export async function pageRoutes(app: FastifyInstance, { pageFolder }: { readonly pageFolder: string }): Promise<void> {
  if (!existsSync(join(pageFolder, 'index.html'))) {
    app.get('/', (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send('The devices run, but their window is not built: vite build -c build/vite.workbench.ts\n'));
    return;
  }
  await app.register(fastifyStatic, { root: pageFolder, index: false, cacheControl: false });
  app.get('/', (_request, reply) => reply.header('content-security-policy', pagePolicy).sendFile('index.html'));
}
