import type { FastifyInstance } from 'fastify';
import type { Sql } from '../database.ts';
import { sendError } from '../errors.ts';
import type { Bells } from '../live/bells.ts';
import type { VerifiedKiosk } from './kiosk-request.ts';

/** What a bell says is a few bytes: who is so far behind reads nothing. */
const maxUnsentBytes = 4096;

/** GET /api/kiosk/bell, behind the guard: a doorbell as server-sent events. Its endless body cannot be signed, so it says nothing but "ask". */
export function kioskBellRoutes(scope: FastifyInstance, { bells, sql }: { readonly bells: Bells; readonly sql: Sql }): void {
  scope.get('/api/kiosk/bell', (request, reply) => {
    const { kiosk } = request;
    if (!kiosk) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'nobody has signed this');
    const { raw } = reply;
    let isBegun = false;
    const begin = () => {
      isBegun = true;
      reply.hijack();
      raw.socket?.setKeepAlive(true, 30_000);
      raw.socket?.setNoDelay(true);
      raw.writeHead(200, { ...headersSoFar(reply.getHeaders()), 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    };
    const stream = {
      write: (text: string) => {
        if (!isBegun) begin();
        if (raw.destroyed || raw.writableLength > maxUnsentBytes) return false;
        raw.write(text);
        return true;
      },
      end: () => {
        // What was written may still go out; who does not take it is cut off.
        raw.end();
        setTimeout(() => raw.destroy(), 1000).unref();
      },
      lookAgain: () => {
        isOpen(sql, kiosk).then(
          (open) => {
            if (!open) closeAndEnd();
          },
          (error: { code?: string }) => {
            request.log.warn({ databaseCode: error.code }, 'a bell could not be looked at again');
            closeAndEnd();
          },
        );
      },
    };
    const closeAndEnd = () => {
      close?.();
      stream.end();
    };
    const close = bells.open(kiosk.kioskId, stream);
    if (!close) {
      reply.header('retry-after', '30');
      return sendError(reply, 'HQ_UNAVAILABLE', 'no more bells here');
    }
    raw.once('close', close);
    // Writing to a line that was just cut is no more than that.
    raw.on('error', close);
    if (raw.destroyed) close();
    // The session may have ended between the guard's look and the stream's place among the bells, where endings are heard.
    stream.lookAgain();
    return reply;
  });
  // An open stream would otherwise hold up the stop for ever.
  scope.addHook('preClose', () => bells.close());
}

async function isOpen(sql: Sql, { kioskId, session }: VerifiedKiosk): Promise<boolean> {
  const rows = await sql`select 1 from kiosk_sessions where kiosk_id = ${kioskId} and session = ${session ?? null} and state = 'open'`;
  return rows.length > 0;
}

function headersSoFar(headers: Record<string, number | string | string[] | undefined>): Record<string, number | string | string[]> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
