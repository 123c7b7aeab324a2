import type { NoticeFormat } from '../notices.ts';
import { refundedFen } from '../trade.ts';
import type { AlipaySignatures } from './signature.ts';
import { textOf, tradeStatus, yuan } from './views.ts';

/** Docs "异步通知说明": 4 min, 10 min, 10 min, 1 h, 2 h, 6 h, 15 h after the first. */
const scheduleS = [240, 600, 600, 3600, 7200, 21_600, 54_000];

export function alipayNotice({ signatures, appId, sellerId, now }: { readonly signatures: AlipaySignatures; readonly appId: string; readonly sellerId: string; readonly now: () => number }): NoticeFormat {
  return {
    scheduleS,
    build({ noticeId, trade, refund }, sealing) {
      const amount = yuan(trade.amountFen);
      const parameters: Record<string, string> = {
        notify_time: textOf(now() - (sealing.isStale ? 600_000 : 0)),
        notify_type: 'trade_status_sync',
        notify_id: noticeId.replaceAll('-', ''),
        app_id: appId,
        auth_app_id: appId,
        charset: 'utf-8',
        version: '1.0',
        trade_no: trade.transactionId ?? '',
        out_trade_no: trade.tradeNo,
        buyer_id: '2088101117955611',
        buyer_logon_id: '159****5620',
        seller_id: sellerId,
        trade_status: tradeStatus(trade),
        total_amount: amount,
        receipt_amount: amount,
        invoice_amount: amount,
        buyer_pay_amount: amount,
        point_amount: '0.00',
        subject: trade.title,
        gmt_create: textOf(trade.readAt ?? trade.at),
        ...(trade.paidAt === undefined ? {} : { gmt_payment: textOf(trade.paidAt), fund_bill_list: JSON.stringify([{ amount, fundChannel: 'ALIPAYACCOUNT' }]) }),
        ...(refund ? { out_biz_no: refund.refundNo, refund_fee: yuan(refundedFen(trade)), gmt_refund: `${textOf(refund.endedAt ?? now())}.000` } : {}),
      };
      return { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body: signatures.form(parameters, sealing) };
    },
    // Seven letters, and nothing else, are taken for a yes.
    isTaken: (status, body) => status === 200 && body.trim() === 'success',
  };
}
