import type { FastifyInstance } from 'fastify';
import type { WorkbenchAppDeps } from './app.ts';

/** A window that reads slower than this many bytes behind is cut off; it connects again and gets the whole state. */
const maxUnsentBytes = 1024 * 1024;

/** The state, once or as server-sent events. */
export function stateRoutes(app: FastifyInstance, { state, feed }: Pick<WorkbenchAppDeps, 'state' | 'feed'>): void {
  const endings = new Set<() => void>();

  app.get('/api/state', () => state());
  app.get('/api/events', (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...headersSoFar(reply.getHeaders()), 'content-type': 'text/event-stream; charset=utf-8' });
    raw.write('retry: 500\n\n');
    const unsubscribe = feed.subscribe((json) => {
      if (raw.writableLength > maxUnsentBytes) raw.destroy();
      else raw.write(`data: ${json}\n\n`);
    });
    const end = () => {
      unsubscribe();
      endings.delete(end);
      raw.destroy();
    };
    endings.add(end);
    request.raw.once('close', end);
  });
  // An open stream would otherwise hold up the stop for ever.
  app.addHook('preClose', async () => endings.forEach((end) => end()));
}

function headersSoFar(headers: Record<string, number | string | string[] | undefined>): Record<string, number | string | string[]> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
