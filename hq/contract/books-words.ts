import type { Bilingual } from '../../domain/language.ts';
import type { FindingKind } from './api/money.ts';

const words: Readonly<Record<FindingKind, Bilingual>> = {
  captured_unexplained: { zh: '收了款但订单没有着落', en: 'money taken whose order is nowhere' },
  paid_twice: { zh: '同一订单付了两次', en: 'one order paid twice' },
  refunded_too_much: { zh: '退款多于收款', en: 'more refunded than paid' },
  attempt_without_end: { zh: '支付没有结果', en: 'a payment without an end' },
  kiosk_unaware: { zh: '自助机不知道的收款', en: 'paid, and the kiosk does not know' },
  hq_unaware: { zh: '总部账上没有的收款', en: "paid, and HQ's own book does not have it" },
  payment_differs: { zh: '支付金额两边不同', en: 'a payment of which two books have other amounts' },
  refund_differs: { zh: '退款两边不同', en: 'a refund of which two books say other things' },
  service_without_end: { zh: '业务没有办结', en: 'a service without an end' },
};

/** What the books disagree about, and how often. */
export function booksWords(kinds: readonly { readonly kind: FindingKind; readonly count: number }[]): Bilingual {
  return { zh: `账目不一致：${kinds.map(({ kind, count }) => `${words[kind].zh} ${count} 笔`).join('，')}`, en: `the books do not agree: ${kinds.map(({ kind, count }) => `${count} × ${words[kind].en}`).join(', ')}` };
}
