import { z } from 'zod';
import type { WalletGateway } from '../gateway.ts';
import type { WeChatPayConfig } from './config.ts';
import type { Headers } from './signature.ts';
import { unseal, whyUnverified } from './signature.ts';

const envelopeSchema = z.object({
  event_type: z.string(),
  resource: z.object({ algorithm: z.literal('AEAD_AES_256_GCM'), ciphertext: z.string().max(1_048_576), nonce: z.string().min(1).max(16), associated_data: z.string().max(64).default('') }),
});

const contentSchema = z.object({ mchid: z.string(), appid: z.string().optional(), out_trade_no: z.string().min(1).max(64), out_refund_no: z.string().min(1).max(64).optional() });

/** 支付成功通知 and 退款结果通知: signed like an answer, and what it tells is sealed with the APIv3 key. */
export async function readNotification(config: WeChatPayConfig, now: () => number, headers: Headers, body: string): ReturnType<WalletGateway['readNotification']> {
  const small = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const why = whyUnverified({ platformKeys: config.platformKeys, now }, small, Buffer.from(body));
  if (why !== undefined) return { ok: false, why };
  const envelope = envelopeSchema.safeParse(jsonOf(body)).data;
  if (!envelope) return { ok: false, why: 'it is signed, and of a shape that is not known' };
  if (!/^(TRANSACTION|REFUND)\./.test(envelope.event_type)) return { ok: false, why: 'it is about something else than a payment or a refund' };
  const { ciphertext, nonce, associated_data: associatedData } = envelope.resource;
  const opened = unseal(config.apiv3Key, { ciphertext, nonce, associatedData });
  if (!opened) return { ok: false, why: 'it is signed, and not sealed with our APIv3 key (was the key changed?)' };
  const content = contentSchema.safeParse(jsonOf(opened.toString('utf8'))).data;
  if (!content) return { ok: false, why: 'what was sealed in it is of a shape that is not known' };
  if (content.mchid !== config.mchid || (content.appid !== undefined && content.appid !== config.appid)) return { ok: false, why: 'it is for another merchant or application' };
  return { ok: true, value: { tradeNo: content.out_trade_no, ...(content.out_refund_no === undefined ? {} : { refundNo: content.out_refund_no }) } };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
