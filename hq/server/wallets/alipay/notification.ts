import { readChinaTime } from '../adapter/china-time.ts';
import type { WalletGateway } from '../gateway.ts';
import type { AlipayConfig } from './config.ts';
import { whyForged } from './signature.ts';

/** Alipay tries for 25 hours and signs `notify_time`; older ones, and those of tomorrow, are somebody's recording. It is a hint, and the query is the truth. */
const oldestMs = 26 * 3_600_000;
const newestMs = 300_000;

/** 异步通知: a form whose parameters are signed, for our application and seller. */
export async function readNotification(config: AlipayConfig, now: () => number, body: string): ReturnType<WalletGateway['readNotification']> {
  const pairs = [...new URLSearchParams(body)];
  const parameters = new Map(pairs);
  // Which of the two would be signed, and which read?
  if (parameters.size !== pairs.length) return { ok: false, why: 'a parameter stands in it twice' };
  if ((parameters.get('charset') ?? 'utf-8').toLowerCase() !== 'utf-8') return { ok: false, why: 'it is not in UTF-8' };
  const why = whyForged(config.alipayKey, parameters);
  if (why !== undefined) return { ok: false, why };
  // 手机网站 and others name the application in auth_app_id as well; app_id is who was notified.
  if (parameters.get('app_id') !== config.appId) return { ok: false, why: 'it is for another application' };
  if (config.sellerId !== undefined && parameters.has('seller_id') && parameters.get('seller_id') !== config.sellerId) return { ok: false, why: 'it is for another seller' };
  if (!parameters.get('notify_id')) return { ok: false, why: 'it has no number' };
  const sentAt = readChinaTime(parameters.get('notify_time') ?? '');
  if (sentAt === undefined || now() - sentAt > oldestMs || sentAt - now() > newestMs) return { ok: false, why: 'it is stale' };
  if (parameters.get('notify_type') !== 'trade_status_sync') return { ok: false, why: 'it is about something else than a payment' };
  const [tradeNo, refundNo] = [parameters.get('out_trade_no') ?? '', parameters.get('out_biz_no') ?? ''];
  if (!/^[\w-]{1,64}$/.test(tradeNo)) return { ok: false, why: 'it names no payment' };
  return { ok: true, value: { tradeNo, ...(/^[\w-]{1,64}$/.test(refundNo) ? { refundNo } : {}) } };
}
