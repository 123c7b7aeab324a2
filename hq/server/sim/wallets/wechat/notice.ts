import { lieAbout } from '../lie.ts';
import type { NoticeFormat } from '../notices.ts';
import { chinaTime } from '../time.ts';
import type { WechatSignatures } from './signature.ts';
import type { Merchant } from './views.ts';
import { refundNoticeView, transactionView } from './views.ts';

/** Docs "支付成功回调通知" and "退款结果回调通知": 15 s, 15 s, 30 s, 3 min, 10 min, 20 min, three times 30 min, 60 min, three times 3 h, twice 6 h. */
const scheduleS = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600];

const refundEvents = { pending: 'REFUND.PROCESSING', done: 'REFUND.SUCCESS', abnormal: 'REFUND.ABNORMAL' } as const;

export function wechatNotice({ signatures, merchant, now }: { readonly signatures: WechatSignatures; readonly merchant: Merchant; readonly now: () => number }): NoticeFormat {
  return {
    scheduleS,
    build({ noticeId, trade, refund }, sealing) {
      const kind = refund ? 'refund' : 'transaction';
      const text = JSON.stringify(refund ? refundNoticeView(trade, refund, merchant) : transactionView(trade, merchant));
      const body = JSON.stringify({
        id: noticeId,
        create_time: chinaTime(now()).rfc3339,
        resource_type: 'encrypt-resource',
        event_type: refund ? refundEvents[refund.state] : 'TRANSACTION.SUCCESS',
        summary: refund ? '退款成功' : '支付成功',
        resource: { original_type: kind, algorithm: 'AEAD_AES_256_GCM', ...signatures.encrypt(text, kind) },
      });
      return { headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/4.0', ...signatures.signedHeaders(body, sealing) }, body: sealing.isTampered ? lieAbout(body) : body };
    },
    // The body of the answer does not matter to it.
    isTaken: (status) => status === 200 || status === 204,
  };
}
