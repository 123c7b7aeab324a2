import { z } from 'zod';
import type { Bilingual } from '../../domain/language.ts';

const many = { zh: z.string(), en: z.string() };
/** What an alarm's detail says, as facts, so that each reads it in their own language. Times are epoch milliseconds. No customer's data. */
export const alertFactsSchemas = {
  offline: z.object({ since: z.number() }),
  /** Out where `receiptsLeft` is missing. */
  paper: z.object({ printer: z.string().optional(), receiptsLeft: z.number().optional() }),
  terminal: z.object({ faults: z.array(z.object({ name: z.string(), code: z.string(), ...many })) }),
  device: z.object({ faults: z.array(z.object({ name: z.string(), code: z.string(), ...many })) }),
  closed: z.object({ isPaused: z.boolean(), since: z.number(), reasons: z.array(z.string()) }),
  /** The ten with the fewest; `count` is how many there are. */
  stock: z.object({ count: z.number(), offers: z.array(z.object({ offerId: z.string(), left: z.number() })) }),
  refunds: z.object({ count: z.number(), of: z.number(), hours: z.number() }),
  declines: z.object({ count: z.number(), of: z.number(), hours: z.number() }),
  staff_locked: z.object({ number: z.string(), minutes: z.number(), times: z.number() }),
  disk: z.object({ state: z.string(), freeBytes: z.number() }),
  clock_skewed: z.object({ seconds: z.number(), isBehind: z.boolean() }),
  help_unanswered: z.object({ minutes: z.number(), screen: z.string().nullable(), callId: z.string() }),
  cloned: z.object({ runs: z.array(z.string()) }),
  /** What staff did at a kiosk, by its place in the chain there. */
  audit_broken: z.object({ number: z.number(), act: z.string(), fault: z.enum(['hash', 'gap', 'fork', 'beginning']) }),
  hq_audit_broken: z.object({
    what: z.enum(['missing', 'not_following', 'changed', 'not_last', 'put_in', 'head_gone']),
    /** The first entry that is touched; the last of those that are missing. */
    from: z.number(), to: z.number(),
  }),
  publication_failed: z.object({
    scope: z.string(), plannedBy: z.string(), plannedAt: z.number(), dueAt: z.number(),
    /** What is in force instead, where that is why; `malformed`: what HQ would publish is wrong, and how. */
    meanwhile: z.object({ revision: z.number(), by: z.string(), at: z.number() }).nullable(), malformed: z.string().optional(),
  }),
} as const;
export type WordedKind = keyof typeof alertFactsSchemas;
export type AlertFacts<K extends WordedKind> = z.input<(typeof alertFactsSchemas)[K]>;
/** Times as the reader is to see them. */
type TellTime = (at: number) => string;
type Words<K extends WordedKind> = (facts: AlertFacts<K>, time: TellTime) => Bilingual;

const faultWords = ({ faults }: AlertFacts<'terminal'>): Bilingual => ({
  zh: faults.map(({ name, code, zh }) => `${name}：${zh}（${code}）`).join('；'),
  en: faults.map(({ name, code, en }) => `${name}: ${en} (${code})`).join('; '),
});
const shareWords = (zh: string, en: string) => ({ count, of, hours }: AlertFacts<'refunds'>): Bilingual => ({ zh: `${hours} 小时内 ${of} 笔付款中有 ${count} 笔${zh}`, en: `${count} of ${of} payments ${en} within ${hours} ${hours === 1 ? 'hour' : 'hours'}` });

const faultWordsOf = {
  hash: { zh: '内容与哈希不符，被改动过', en: 'its hash is not that of what it says: it was changed' },
  gap: { zh: '总部没有它的前一条，记录被删去或改动过', en: 'HQ does not have the entry that it follows on: entries were taken out or changed' },
  fork: { zh: '总部另有一条同号记录，已上报的内容被收回过', en: 'HQ has another entry of this number: what had been told was taken back' },
  beginning: { zh: '记录重新开始', en: 'the chain begins anew' },
} as const satisfies Record<string, Bilingual>;

const words: { readonly [K in WordedKind]: Words<K> } = {
  offline: ({ since }, time) => ({ zh: `从 ${time(since)} 起没有收到任何消息`, en: `nothing was heard of it since ${time(since)}` }),
  paper: ({ printer, receiptsLeft }) => receiptsLeft === undefined
    ? { zh: `${printer ?? '打印机'}：缺纸`, en: `${printer ?? 'printer'}: out of paper` }
    : { zh: `纸张大约还够 ${receiptsLeft} 张小票`, en: `paper for about ${receiptsLeft} more ${receiptsLeft === 1 ? 'receipt' : 'receipts'}` },
  terminal: faultWords,
  device: faultWords,
  closed: ({ isPaused, since, reasons }, time) => ({
    zh: `从 ${time(since)} 起${isPaused ? '暂停营业' : '停止服务'}${reasons.length > 0 ? `（${reasons.join('、')}）` : ''}`,
    en: `${isPaused ? 'paused' : 'out of service'} since ${time(since)}${reasons.length > 0 ? `: ${reasons.join(', ')}` : ''}`,
  }),
  stock: ({ count, offers }) => {
    const list = offers.map(({ offerId, left }) => `${offerId} ${left}`);
    const more = count > offers.length;
    return { zh: `${count} 种商品：${list.join('、')}${more ? '……' : ''}`, en: `${count} ${count === 1 ? 'offer' : 'offers'}: ${list.join(', ')}${more ? ', …' : ''}` };
  },
  refunds: shareWords('退款', 'went back'),
  declines: shareWords('被拒', 'were declined'),
  staff_locked: ({ number, minutes, times }) => ({
    zh: `员工号 ${number} 错误次数过多：已锁定 ${minutes} 分钟，连续第 ${times} 次`,
    en: `too many wrong tries with staff number ${number}: locked for ${minutes} min, ${times} times in a row now`,
  }),
  disk: ({ state, freeBytes }) => ({ zh: `${{ low: '空间不足', full: '已满', well: '正常' }[state] ?? state}：剩余 ${freeBytes} 字节`, en: `${state}: ${freeBytes} bytes free` }),
  clock_skewed: ({ seconds, isBehind }) => ({ zh: `自助机的时钟比总部${isBehind ? '慢' : '快'} ${seconds} 秒`, en: `the kiosk's clock is ${seconds} s ${isBehind ? 'behind' : 'ahead of'} HQ's` }),
  help_unanswered: ({ minutes, screen, callId }) => ({
    zh: `顾客在 ${minutes} 分钟前求助（页面：${screen ?? '未知'}），还没有人应答：请应答 ${callId}`,
    en: `a customer asked for a person ${minutes} minutes ago (screen ${screen ?? 'unknown'}), and nobody has answered: answer ${callId}`,
  }),
  cloned: ({ runs }) => ({ zh: `两台机器使用同一身份：运行 ${runs.join(' 和 ')}`, en: `two machines use this identity: runs ${runs.join(' and ')}` }),
  audit_broken: ({ number, act, fault }) => ({
    zh: `员工操作记录在第 ${number} 条（${act}）处对不上：${faultWordsOf[fault].zh}`,
    en: `the record of what staff did at this kiosk does not hold at entry ${number} (${act}): ${faultWordsOf[fault].en}`,
  }),
  hq_audit_broken: ({ what, from, to }) => {
    const [zhEntries, enEntries] = from === to ? [`第 ${from} 条`, `entry ${from}`] : [`第 ${from} 至 ${to} 条`, `entries ${from} to ${to}`];
    switch (what) {
      case 'missing': return { zh: `${zhEntries}记录缺失`, en: `${enEntries} ${from === to ? 'is' : 'are'} missing` };
      case 'not_following': return { zh: `${zhEntries}记录与前一条接不上`, en: `${enEntries} does not follow on the one before` };
      case 'changed': return { zh: `${zhEntries}记录被改动过`, en: `${enEntries} was changed` };
      case 'not_last': return { zh: `${zhEntries}记录不是最后写入的那条`, en: `${enEntries} is not the one that was written last` };
      case 'put_in': return { zh: `${zhEntries}记录是插入的`, en: `${enEntries} was put in` };
      case 'head_gone': return { zh: '末条记录的标记不见了', en: 'the row of the last entry is gone' };
    }
  },
  publication_failed: ({ scope, plannedBy, plannedAt, dueAt, meanwhile, malformed }, time) => ({
    zh: `${plannedBy} 于 ${time(plannedAt)} 安排在 ${time(dueAt)} 发布到 ${scope} 的内容没有发布：${malformed === undefined ? meanwhile ? `${meanwhile.by} 已于 ${time(meanwhile.at)} 发布了第 ${meanwhile.revision} 版，不会被覆盖` : '当时依据的版本已被撤回' : malformed}`,
    en: `what ${plannedBy} planned at ${time(plannedAt)} for ${scope} at ${time(dueAt)} was not published: ${malformed === undefined ? meanwhile ? `${meanwhile.by} published revision ${meanwhile.revision} at ${time(meanwhile.at)}, and that is not taken back` : 'what it was planned over has been withdrawn' : malformed}`,
  }),
};

/** An alarm's detail in words; undefined where its facts are missing, or are those of another version: then its English detail stands for it. */
export function alertWords(kind: string, facts: unknown, time: TellTime): Bilingual | undefined {
  if (!Object.hasOwn(words, kind)) return undefined;
  const checked = alertFactsSchemas[kind as WordedKind].safeParse(facts);
  return checked.success ? (words[kind as WordedKind] as Words<never>)(checked.data as never, time) : undefined;
}

/** What stands as an alarm's detail: in English, times by UTC. */
export function englishDetail<K extends WordedKind>(kind: K, facts: AlertFacts<K>): string {
  return (words[kind] as Words<K>)(facts, isoTime).en;
}

export function isoTime(at: number): string {
  return new Date(at).toISOString();
}
