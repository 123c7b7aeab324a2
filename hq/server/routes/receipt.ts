import type { FastifyInstance } from 'fastify';
import type { Sql } from '../database.ts';
import { findReceipt } from '../receipts/find.ts';
import { receiptPagePolicy, renderReceiptPage } from '../receipts/page.ts';

/** The e-receipt behind the QR code. Whoever holds the token may read it, so nobody else shall store or index it. */
export function receiptRoute(app: FastifyInstance, { sql }: { readonly sql: Sql }): void {
  app.get<{ Params: { token: string } }>('/r/:token', async (request, reply) => {
    const { token } = request.params;
    const found = /^[A-Za-z0-9_-]{22}$/.test(token) ? await findReceipt(sql, token) : ({ kind: 'not_here' } as const);
    const { status, html } = renderReceiptPage(found);
    return reply
      .code(status)
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': receiptPagePolicy,
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
        'referrer-policy': 'no-referrer',
      })
      .send(html);
  });
}
