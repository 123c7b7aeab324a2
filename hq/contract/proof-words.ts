import { z } from 'zod';
import type { Bilingual } from '../../domain/language.ts';
import type { ProofResult } from './console.ts';

/** So many of each list are named; the rest are counted. */
const named = 20;
const list = z.object({ count: z.number(), first: z.array(z.string()) });
type List = z.input<typeof list>;

const dayFields = { signature: z.enum(['valid', 'wrong', 'no_key']), missing: list, differing: list, tables: list, setAside: list, waiting: list, closings: list, uncounted: list, sums: list, more: z.number() };
/** What is wrong with a closed day, or still missing of it. */
export const proofResultFactsSchema = z.strictObject(dayFields);
export type ProofResultFacts = z.infer<typeof proofResultFactsSchema>;

/** Why a closed day is red, or none is closed. */
export const proofFactsSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('day'), day: z.string(), ...dayFields }),
  /** The row of a closed day was gone, and was made again from its event. */
  z.object({ what: z.literal('row_lost'), sequence: z.number() }),
  z.object({ what: z.literal('not_closed'), hours: z.number() }),
]);
export type ProofFacts = z.input<typeof proofFactsSchema>;

/** What was found, short enough for an alarm. */
export function factsOfProof({ signature, missing, differing, projections, setAside, missingClosings, uncounted, sums, more }: ProofResult): ProofResultFacts {
  const listOf = (all: readonly string[]): List => ({ count: all.length, first: all.slice(0, named) });
  const places = (of: ProofResult['missing']) => listOf(of.flatMap(({ lane, epoch, sequences }) => sequences.map((sequence) => `${lane} ${epoch}/${sequence}`)));
  const asides = (waits: boolean) => listOf(setAside.filter(({ waitsForUpdate }) => waitsForUpdate === waits).map(({ lane, epoch, sequence, reason }) => `${lane} ${epoch}/${sequence} (${reason})`));
  return {
    signature, missing: places(missing), differing: places(differing), tables: listOf(projections.map(({ table, lane, epoch, sequence }) => `${table}: ${lane} ${epoch}/${sequence}`)),
    setAside: asides(false), waiting: asides(true), closings: listOf(missingClosings.map(String)), uncounted: listOf(uncounted.map(({ lane, epoch, from, to }) => `${lane} ${epoch}/${from}–${to}`)), sums: listOf(sums), more,
  };
}

const partWords = {
  missing: { zh: '缺失', en: 'missing' }, differing: { zh: '不一致', en: 'differing' }, tables: { zh: '数据表不符', en: 'tables' }, setAside: { zh: '已搁置', en: 'set aside' },
  waiting: { zh: '等总部升级', en: 'waiting for an update of HQ' }, closings: { zh: '缺少日结', en: 'closings missing' }, uncounted: { zh: '不在任何日结里', en: 'in no closing' }, sums: { zh: '合计不符', en: 'sums' },
} as const satisfies Record<string, Bilingual>;

/** "signature wrong; missing orders 1/17, orders 1/18 and 3 more; sums orders CNY" */
export function proofResultWords(facts: ProofResultFacts): Bilingual {
  const parts = (Object.keys(partWords) as (keyof typeof partWords)[]).flatMap((part): Bilingual[] => {
    const { count, first } = facts[part];
    const rest = count - first.length;
    return count === 0 ? [] : [{ zh: `${partWords[part].zh} ${first.join('、')}${rest > 0 ? `，另有 ${rest} 处` : ''}`, en: `${partWords[part].en} ${first.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}` }];
  });
  if (facts.signature === 'wrong') parts.unshift({ zh: '签名不对', en: 'signature wrong' });
  if (facts.signature === 'no_key') parts.unshift({ zh: '没有核对签名的密钥', en: 'no key to check the signature with' });
  if (facts.more > 0) parts.push({ zh: `另有 ${facts.more} 处`, en: `${facts.more} more` });
  if (parts.length === 0) return { zh: '与自助机签名的一致', en: 'all is as the kiosk signed it' };
  return { zh: parts.map(({ zh }) => zh).join('；'), en: parts.map(({ en }) => en).join('; ') };
}

export function proofRedWords(facts: ProofFacts): Bilingual {
  switch (facts.what) {
    case 'day': {
      const { zh, en } = proofResultWords(facts);
      return { zh: `${facts.day}：${zh}`, en: `${facts.day}: ${en}` };
    }
    case 'row_lost': return { zh: `一个日结的记录（orders ${facts.sequence}）曾丢失，已由事件重建`, en: `the row of a closed day (orders ${facts.sequence}) was gone, and was made again from its event` };
    case 'not_closed': return { zh: `自助机在上报，但已 ${facts.hours} 小时没有日结：无法证明数据是否齐全`, en: `the kiosk sends events and has closed no day for ${facts.hours} hours: nothing says whether they are all here` };
  }
}
