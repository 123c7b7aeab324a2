import { z } from 'zod';
import type { Bilingual } from '../../domain/language.ts';
import { formatMoney, moneySchema } from '../../domain/money.ts';
import { walletSchema } from '../../domain/payment/tender.ts';

const payment = { attemptId: z.string(), wallet: walletSchema };
/** Why a wallet's payment or refund needs a person. `reason` is the gateway's own, or HQ's of how it was asked, in English. */
export const walletFactsSchema = z.discriminatedUnion('what', [
  /** Asked for by a kiosk whose payment it is not. */
  z.object({ ...payment, what: z.literal('not_its_own'), owner: z.string() }),
  /** Paid after its end, with nothing that could go back. */
  z.object({ ...payment, what: z.literal('paid_nothing'), taken: moneySchema }),
  /** Held: the gateway has taken another amount than was asked for. */
  z.object({ ...payment, what: z.literal('other_amount'), taken: moneySchema, asked: moneySchema }),
  z.object({ ...payment, what: z.literal('no_end'), minutes: z.number(), reason: z.string() }),
  /** Whether it was paid after its end could not be asked. */
  z.object({ ...payment, what: z.literal('not_looked_at'), was: z.string(), reason: z.string() }),
  /** `origin`: who wanted it; of what was told before HQ said so it is not there. */
  z.object({ ...payment, what: z.literal('refund_refused'), amount: moneySchema, reason: z.string(), origin: z.enum(['kiosk', 'hq']).optional() }),
  /** `reason` null: the gateway calls it pending. */
  z.object({ ...payment, what: z.literal('refund_open'), amount: moneySchema, reason: z.string().nullable() }),
]);
export type WalletFacts = z.input<typeof walletFactsSchema>;

const wallets = { wechat: { zh: '微信支付', en: 'WeChat Pay' }, alipay: { zh: '支付宝', en: 'Alipay' } } as const satisfies Record<string, Bilingual>;
const ends: Readonly<Record<string, string>> = { closed: '已关闭', declined: '被拒绝' };

export function walletOpenWords(facts: z.output<typeof walletFactsSchema>): Bilingual {
  const { attemptId } = facts;
  const wallet = wallets[facts.wallet];
  switch (facts.what) {
    case 'not_its_own': return {
      zh: `自助机请求的付款 ${attemptId} 属于 ${facts.owner}：没有向${wallet.zh}发起`,
      en: `it asks for payment ${attemptId}, which is ${facts.owner}'s: ${wallet.en} was not asked`,
    };
    case 'paid_nothing': return {
      zh: `付款 ${attemptId} 结束之后，${wallet.zh}报告已支付 ${formatMoney(facts.taken)}：请在其商户后台核实`,
      en: `after its end payment ${attemptId} was paid with ${formatMoney(facts.taken)}, says ${wallet.en}: look into its own books`,
    };
    case 'other_amount': return {
      zh: `付款 ${attemptId} 等待人工核实：${wallet.zh}收了 ${formatMoney(facts.taken)}，应收 ${formatMoney(facts.asked)}。请在其商户后台处理好这笔款，然后在“未了结的钱包款项”里了结`,
      en: `payment ${attemptId} is held: ${wallet.en} has taken ${formatMoney(facts.taken)} and ${formatMoney(facts.asked)} was asked for; look into the gateway's own books, set the money right there, and settle it on the list of open payments`,
    };
    case 'no_end': return {
      zh: `${wallet.zh}付款 ${attemptId} 已 ${facts.minutes} 分钟没有结果：${facts.reason}。总部继续查询`,
      en: `payment ${attemptId} by ${wallet.en} has no end after ${facts.minutes} minutes: ${facts.reason}; HQ goes on asking`,
    };
    case 'not_looked_at': return {
      zh: `${wallet.zh}付款 ${attemptId} ${ends[facts.was] ?? facts.was}之后是否又被支付，两天都没有查到：${facts.reason}`,
      en: `whether payment ${attemptId} by ${wallet.en} was paid after it was ${facts.was} could not be asked for two days: ${facts.reason}`,
    };
    case 'refund_refused': return {
      zh: `${wallet.zh}拒绝退回付款 ${attemptId} 的 ${formatMoney(facts.amount)}：${facts.reason}。${facts.origin === 'kiosk' ? '该款项在自助机的待办清单上，由店长用其他方式退还；请不要在商户后台再退一次' : '请在其商户后台处理好，然后在“未了结的钱包款项”里了结'}`,
      en: `${wallet.en} refuses to give ${formatMoney(facts.amount)} of payment ${attemptId} back: ${facts.reason}; ${facts.origin === 'kiosk' ? "it stands on its kiosk's list, whose manager gives it in another way: do not give it at the gateway as well" : 'set it right at the gateway, and settle it on the list of open payments'}`,
    };
    case 'refund_open': return {
      zh: `${wallet.zh}付款 ${attemptId} 的 ${formatMoney(facts.amount)} 一小时后还没有退到：${facts.reason ?? '网关称正在处理'}。总部继续查询`,
      en: `${formatMoney(facts.amount)} of payment ${attemptId} by ${wallet.en} has not come back after an hour: ${facts.reason ?? 'the gateway calls it pending'}; HQ goes on asking`,
    };
  }
}

/** A refund that its gateway has given up: asked again under the same number it says the same again, and it is finished in the merchant's console alone (WeChat Pay, 查询单笔退款). */
export function isGivenUp(detail: string | null): boolean {
  return /^(CLOSED|ABNORMAL)\b/.test(detail ?? '');
}
