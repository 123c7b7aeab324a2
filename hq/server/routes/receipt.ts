import type { FastifyInstance } from 'fastify';
import type { Sql } from '../database.ts';
import type { FoundReceipt } from '../receipts/find.ts';
import { findReceipt } from '../receipts/find.ts';
import { receiptPagePolicy, renderReceiptPage } from '../receipts/page.ts';
import { receiptPicturePolicy, renderReceiptPicture } from '../receipts/picture.ts';

interface ByToken {
  Params: { token: string };
}

/** Whoever holds the token may read it, so nobody else shall store or index it. */
const forTheHolder = { 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };

/** The e-receipt behind the QR code: a page, and the paper itself as a picture. */
export function receiptRoute(app: FastifyInstance, { sql }: { readonly sql: Sql }): void {
  app.get<ByToken>('/r/:token', async (request, reply) => {
    const { status, html } = renderReceiptPage(await find(request.params.token), `/r/${encodeURIComponent(request.params.token)}/paper.svg`);
    return reply
      .code(status)
      .headers({ ...forTheHolder, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': receiptPagePolicy })
      .send(html);
  });

  app.get<ByToken>('/r/:token/paper.svg', async (request, reply) => {
    const svg = renderReceiptPicture(await find(request.params.token));
    return reply
      .code(svg === undefined ? 404 : 200)
      .headers({ ...forTheHolder, 'content-type': 'image/svg+xml; charset=utf-8', 'content-security-policy': receiptPicturePolicy })
      .send(svg ?? '');
  });

  async function find(token: string): Promise<FoundReceipt> {
    return /^[A-Za-z0-9_-]{22}$/.test(token) ? findReceipt(sql, token) : { kind: 'not_here' };
  }
}
