import { z } from 'zod';
import type { Bilingual } from '../../domain/language.ts';
import { findingKindSchema } from './api/money.ts';
import { booksWords } from './books-words.ts';
import { proofFactsSchema, proofRedWords } from './proof-words.ts';
import { serviceFactsSchema, serviceOpenWords } from './service-words.ts';
import { walletFactsSchema, walletOpenWords } from './wallet-words.ts';

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
  /** An event that HQ has set aside; `detail` is the check's own, in English. */
  quarantined: z.object({ lane: z.string(), epoch: z.number(), sequence: z.number(), event: z.string(), reason: z.string(), detail: z.string() }),
  chain_broken: z.object({ lane: z.string(), epoch: z.number(), sequence: z.number(), fault: z.enum(['not_following', 'another_there']) }),
  next_epoch: z.object({ lane: z.string(), left: z.number(), leftAt: z.number(), began: z.number() }),
  /** `cause` and `detail` are the kiosk's own, in English. */
  store_recovered: z.object({ cause: z.string(), from: z.enum(['repair', 'copy', 'empty']), copyAt: z.number().optional(), fromJournal: z.number(), fromHq: z.number(), detail: z.string() }),
  proof_red: proofFactsSchema,
  service_open: serviceFactsSchema,
  wallet_open: walletFactsSchema,
  books_differ: z.object({ kinds: z.array(z.object({ kind: findingKindSchema, count: z.number() })) }),
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

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
/** Devices by the names that a kiosk gives them; what has another one is called by that. */
const deviceNames: Readonly<Record<string, string>> = { 'receipt printer': '小票打印机', 'kitchen printer': '厨房打印机', 'card terminal': '刷卡机', scanner: '扫码器' };

/** What a kiosk calls "receipt printer", for the reader. */
export function deviceWords(name: string): Bilingual {
  return { zh: deviceNames[name] ?? name, en: name };
}

const faultWords = ({ faults }: AlertFacts<'terminal'>): Bilingual => ({
  zh: faults.map(({ name, code, zh }) => `${deviceWords(name).zh}：${zh}（${code}）`).join('；'),
  en: faults.map(({ name, code, en }) => `${name}: ${en} (${code})`).join('; '),
});
const shareWords = (zh: string, en: string) => ({ count, of, hours }: AlertFacts<'refunds'>): Bilingual => ({ zh: `${hours} 小时内 ${of} 笔付款中有 ${count} 笔${zh}`, en: `${count} of ${of} payments ${en} within ${hours} ${hours === 1 ? 'hour' : 'hours'}` });

const faultWordsOf = {
  hash: { zh: '内容与哈希不符，被改动过', en: 'its hash is not that of what it says: it was changed' },
  gap: { zh: '总部没有它的前一条，记录被删去或改动过', en: 'HQ does not have the entry that it follows on: entries were taken out or changed' },
  fork: { zh: '总部另有一条同号记录，已上报的内容被收回过', en: 'HQ has another entry of this number: what had been told was taken back' },
  beginning: { zh: '记录重新开始', en: 'the chain begins anew' },
} as const satisfies Record<string, Bilingual>;

const asideWordsOf: Readonly<Record<string, Bilingual>> = {
  unknown_kind: { zh: '总部不认识这种事件', en: 'HQ does not know this kind' },
  unknown_version: { zh: '总部不认识这个版本', en: 'HQ does not know this version' },
  not_json: { zh: '内容无法读取', en: 'it cannot be read' },
  breaks_schema: { zh: '内容不符合约定', en: 'it is not as agreed' },
  not_storable: { zh: '内容无法保存', en: 'it cannot be kept' },
  order_unknown: { zh: '总部没有这笔订单', en: 'HQ does not have its order' },
  order_repeated: { zh: '订单重复', en: 'its order was placed before' },
  id_reused: { zh: '事件编号已被另一个事件使用', en: 'its id was used before' },
};
const recoveredFrom = {
  repair: { zh: '修复后的数据库', en: 'the store as it was repaired' }, copy: { zh: '备份', en: 'a copy' }, empty: { zh: '空数据库', en: 'an empty store' },
} as const satisfies Record<string, Bilingual>;

const words: { readonly [K in WordedKind]: Words<K> } = {
  offline: ({ since }, time) => ({ zh: `从 ${time(since)} 起没有收到任何消息`, en: `nothing was heard of it since ${time(since)}` }),
  paper: ({ printer, receiptsLeft }) => receiptsLeft === undefined
    ? { zh: `${printer === undefined ? '打印机' : deviceWords(printer).zh}：缺纸`, en: `${printer ?? 'printer'}: out of paper` }
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
  refunds: shareWords('全部或部分退款', 'went back, wholly or in part,'),
  declines: shareWords('被拒', 'were declined'),
  staff_locked: ({ number, minutes, times }) => ({
    zh: `员工号 ${number} 错误次数过多：已锁定 ${minutes} 分钟，连续第 ${times} 次`,
    en: `too many wrong tries with staff number ${number}: locked for ${minutes} min, ${times} times in a row now`,
  }),
  disk: ({ state, freeBytes }) => ({ zh: `${{ low: '空间不足', full: '已满', well: '正常' }[state] ?? state}：剩余 ${gigabytes(freeBytes)}`, en: `${state}: ${gigabytes(freeBytes)} free` }),
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
  quarantined: ({ lane, epoch, sequence, event, reason, detail }) => {
    const said = asideWordsOf[reason] ?? { zh: reason, en: reason };
    return { zh: `${lane} ${epoch}/${sequence}（${event}）：${said.zh}${detail === '' ? '' : `（${detail}）`}`, en: `${lane} ${epoch}/${sequence} (${event}): ${said.en}${detail === '' ? '' : `: ${detail}`}` };
  },
  chain_broken: ({ lane, epoch, sequence, fault }) => (fault === 'not_following'
    ? { zh: `${lane} ${epoch}/${sequence} 的哈希与前一个事件接不上；这一批都没有接收`, en: `the hash of ${lane} ${epoch}/${sequence} does not follow on the event before it; nothing of the batch was taken` }
    : { zh: `总部在 ${lane} ${epoch}/${sequence} 已有另一个事件，晚于总部自己的标记；这一批都没有接收`, en: `HQ has another event at ${lane} ${epoch}/${sequence}, above its own mark; nothing of the batch was taken` }),
  next_epoch: ({ lane, left, leftAt, began }) => ({
    zh: `自助机的 ${lane} 在第 ${left} 纪元第 ${leftAt} 号之后开始了第 ${began} 纪元：自助机或总部从备份恢复过`,
    en: `the kiosk left epoch ${left} of its ${lane} at ${leftAt} and began ${began}: it was restored, or HQ was`,
  }),
  store_recovered: ({ cause, from, copyAt, fromJournal, fromHq, detail }, time) => ({
    zh: `从${recoveredFrom[from].zh}恢复${copyAt === undefined ? '' : `（${time(copyAt)}）`}，日志补回 ${fromJournal} 个事件，总部补回 ${fromHq} 个。原因：${cause}${detail === '' ? '' : `（${detail}）`}`,
    en: `brought back from ${recoveredFrom[from].en}${copyAt === undefined ? '' : ` of ${time(copyAt)}`}, with ${fromJournal} from the journal and ${fromHq} from HQ. Cause: ${cause}${detail === '' ? '' : `; ${detail}`}`,
  }),
  proof_red: proofRedWords,
  service_open: serviceOpenWords,
  wallet_open: walletOpenWords,
  books_differ: ({ kinds }) => booksWords(kinds),
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
