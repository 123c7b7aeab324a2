import { z } from 'zod';
import { serviceSchema } from '../../domain/catalogue/offer.ts';
import type { Bilingual } from '../../domain/language.ts';

const job = { jobId: z.string() };
const end = z.enum(['done', 'refused']);
/** Why a paid service needs a person. `reason`, `said` and `answer` are the provider's or the kiosk's own, in English. */
export const serviceFactsSchema = z.discriminatedUnion('what', [
  /** It was credited, and its order's money went back as well. */
  z.object({ ...job, what: z.literal('both'), order: z.string() }),
  /** The kiosk was told one end, and the provider says another. */
  z.object({ ...job, what: z.literal('contradicted'), was: end, said: z.string() }),
  z.object({ ...job, what: z.literal('held'), reason: z.string() }),
  z.object({ ...job, what: z.literal('overdue'), service: serviceSchema.nullable(), minutes: z.number(), provider: z.string(), reversal: z.enum(['asked', 'cannot']).nullable(), promisedBy: z.number() }),
  /** The kiosk could not take its result in. */
  z.object({ ...job, what: z.literal('not_taken'), outcome: z.string(), answer: z.string() }),
]);
export type ServiceFacts = z.input<typeof serviceFactsSchema>;

const services = {
  top_up: { zh: '充值', en: 'a top-up' }, data_pack: { zh: '流量包', en: 'a data pack' }, plan_change: { zh: '改套餐', en: 'a plan change' }, application: { zh: '办理', en: 'an application' },
} as const satisfies Record<string, Bilingual>;
const ends = { done: '已办理', refused: '被拒绝' } as const;
const orders: Readonly<Record<string, string>> = { refunded: '已退款', cancelled: '已取消', expired: '已过期' };

export function serviceOpenWords(facts: ServiceFacts, time: (at: number) => string): Bilingual {
  const { jobId } = facts;
  switch (facts.what) {
    case 'both': return {
      zh: `业务 ${jobId} 已办理，但订单${orders[facts.order] ?? facts.order}：请在办理方撤销，或核销，然后结束这条告警`,
      en: `job ${jobId} is done, and its order was ${facts.order}: have it reversed where it was credited, or write it off; then end this alarm`,
    };
    case 'contradicted': return {
      zh: `业务 ${jobId} 已按“${ends[facts.was]}”告知自助机，现在却是：${facts.said}。这里不变；请向办理方核实，把顾客的钱处理好，然后结束这条告警`,
      en: `job ${jobId} was settled as ${facts.was}, and ${facts.said}: it stays ${facts.was} here; ask there, set the customer's money right, and end this alarm`,
    };
    case 'held': return {
      zh: `业务 ${jobId} 等待人工处理：${facts.reason}。请在“业务办理”里了结，或重新提交`,
      en: `job ${jobId} is held for a person: ${facts.reason}; settle it, or send it on its way again, under Services`,
    };
    case 'overdue': {
      const { service, minutes, provider, reversal, promisedBy } = facts;
      const zhWhy = reversal === 'cannot' ? `${provider} 无法撤回` : reversal === 'asked' ? `${provider} 还没有答复是否撤回` : `总部继续向 ${provider} 查询`;
      const why = reversal === 'cannot' ? `${provider} cannot take it back` : reversal === 'asked' ? `${provider} has not said whether it is taken back` : `HQ goes on asking ${provider}`;
      return {
        zh: `${service === null ? '业务' : services[service].zh}（${jobId}）${minutes} 分钟没有结果：${zhWhy}。已答应顾客最晚 ${time(promisedBy)} 有结果；请向办理方询问，知道结果后在“业务办理”里了结`,
        en: `${service === null ? 'a service' : services[service].en} (job ${jobId}) has no end after ${minutes} minutes: ${why}; its customer was promised an end by ${time(promisedBy)}: ask there, and settle it under Services if they know`,
      };
    }
    case 'not_taken': return {
      zh: `总部把业务 ${jobId} 的结果（${facts.outcome}）告诉自助机，自助机没有接受：${facts.answer}`,
      en: `the kiosk was told that service ${jobId} is ${facts.outcome}, and did not take it in: ${facts.answer}`,
    };
  }
}
