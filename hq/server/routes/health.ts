import type { FastifyInstance } from 'fastify';
import type { Sql } from '../database.ts';

/** `/health`: the process answers. `/ready`: so does its database. */
export function healthRoutes(app: FastifyInstance, { sql }: { readonly sql: Sql }): void {
  app.get('/health', () => ({ status: 'alive' }));
  app.get('/ready', async () => {
    await sql`select 1`;
    return { status: 'ready' };
  });
}
