import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { LiveHub, LiveMessage } from '../live/hub.ts';

export interface LiveRouteDeps {
  readonly hub: LiveHub;
  readonly now: () => number;
  readonly heartbeatMs: number;
  /** Asked at each beat: a session that was ended hears no more. Throws where it cannot be told; then the stream goes on until it can. */
  readonly isStillIn: (request: FastifyRequest) => Promise<boolean>;
}

/** A console that reads slower than this many bytes behind is cut off; it reconnects and reads again. */
const maxUnsentBytes = 1024 * 1024;

/** Server-sent events: `orders` with changed rows, `again` after a gap, `beat` so that a dead line is noticed. */
export function liveRoute(app: FastifyInstance, { hub, now, heartbeatMs, isStillIn }: LiveRouteDeps): void {
  const endings = new Set<() => void>();
  app.get('/api/live', (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...headersSoFar(reply.getHeaders()), 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    const send = ({ event, data }: LiveMessage | { event: 'beat'; data: { now: number } }) => {
      if (raw.writableLength > maxUnsentBytes) return end();
      raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    const beat = () => send({ event: 'beat', data: { now: now() } });
    const unsubscribe = hub.subscribe(send);
    const timer = setInterval(() => {
      beat();
      isStillIn(request).then((is) => is || end(), () => {});
    }, heartbeatMs);
    const end = () => {
      unsubscribe();
      clearInterval(timer);
      endings.delete(end);
      raw.destroy();
    };
    endings.add(end);
    request.raw.on('close', end);
    raw.write('retry: 2000\n\n');
    beat();
  });
  // An open stream would otherwise hold up the stop for ever.
  app.addHook('preClose', async () => endings.forEach((end) => end()));
}

function headersSoFar(headers: Record<string, number | string | string[] | undefined>): Record<string, number | string | string[]> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
