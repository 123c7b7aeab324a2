import type { FastifyInstance } from 'fastify';
import type { Sql } from '../database.ts';

export interface HealthDeps {
  readonly sql: Sql;
  /** Why this process should get no new work, besides what the database says. Undefined: it may. */
  readonly unready?: () => string | undefined;
  readonly timeoutMs?: number;
}

/**
 * `/health`: the process answers; else whoever watches it starts it anew. `/ready`: it may be given work, because it is not stopping, its database answers
 * soon, and it hears of news. A load balancer takes away who is not ready, and nobody restarts it: a database that is away does not come back by that.
 */
export function healthRoutes(app: FastifyInstance, { sql, unready = () => undefined, timeoutMs = 2000 }: HealthDeps): void {
  app.get('/health', () => ({ status: 'alive' }));
  app.get('/ready', async (_request, reply) => {
    const why = unready() ?? (await answersWithin(sql, timeoutMs) ? undefined : 'the database does not answer');
    if (why === undefined) return { status: 'ready' };
    return reply.code(503).header('retry-after', '5').send({ status: 'not ready', why });
  });
}

async function answersWithin(sql: Sql, timeoutMs: number): Promise<boolean> {
  const query = sql`select 1`;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => { timer = setTimeout(resolve, timeoutMs, false); });
  const answered = query.then(() => true, () => false);
  const answers = await Promise.race([answered, tooLate]);
  clearTimeout(timer);
  if (!answers) query.cancel();
  return answers;
}
