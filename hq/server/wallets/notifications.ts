import type { FastifyInstance } from 'fastify';
import type { Sql } from '../database.ts';
import { sendError } from '../errors.ts';
import type { Notified, WalletGateway } from './gateway.ts';
import { idOfTradeNo } from './rows.ts';

export interface WalletNotificationsDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly gateways: readonly WalletGateway[];
}

/**
 * POST /notify/wechat and /notify/alipay, which gateways call: no kiosk's and no person's, so nothing but the gateway's own signature lets it in. What it says is a
 * hint: the payment is looked at now, and the gateway's answer to our question is what counts.
 */
export function walletNotifications(app: FastifyInstance, { sql, now, gateways }: WalletNotificationsDeps): void {
  // The signature is over the exact bytes, whatever their type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  for (const gateway of gateways) {
    app.post(`/notify/${gateway.wallet}`, { bodyLimit: 64 * 1024, config: { rateLimit: { max: 1200, timeWindow: 60_000 } } }, async (request, reply) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
      const read = await gateway.readNotification(headers, typeof request.body === 'string' ? request.body : '').catch((error: unknown) => ({ ok: false as const, why: error instanceof Error ? error.message : String(error) }));
      if (!read.ok) {
        request.log.warn({ wallet: gateway.wallet, why: read.why }, 'a notification was not taken');
        return sendError(reply, 'HQ_SIGNATURE_WRONG', 'it is not signed as it should be');
      }
      await hint(sql, read.value, now());
      const { status, contentType, body } = gateway.notificationAnswer;
      return reply.code(status).header('content-type', contentType).send(body);
    });
  }
}

/** What is told of is due now, also where it has its end: perhaps somebody has paid it since. What is paid is not asked for again. */
export async function hint(sql: Sql, { tradeNo, refundNo }: Notified, at: number): Promise<void> {
  const attemptId = idOfTradeNo(tradeNo);
  if (attemptId === undefined) return;
  const rows = await sql<{ kiosk_id: string; detail: string | null }[]>`select kiosk_id from wallet_payments where attempt_id = ${attemptId} order by begun_at`;
  const refundId = refundNo === undefined ? undefined : idOfTradeNo(refundNo);
  for (const { kiosk_id: kioskId } of rows) {
    await sql`update wallet_payments set next_at = ${at} where kiosk_id = ${kioskId} and attempt_id = ${attemptId} and state <> 'paid' and late_at is null and is_asked`;
    if (refundId !== undefined) await sql`update wallet_refunds set next_at = ${at} where kiosk_id = ${kioskId} and refund_id = ${refundId} and state = 'asked'`;
  }
}
