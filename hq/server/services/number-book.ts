import { createHash } from 'node:crypto';
import type { NumberView } from '../../../domain/contract/number.ts';
import type { Bilingual } from '../../../domain/language.ts';
import type { NumberQuestion } from './provider.ts';

/** A number as the loopback carrier has it in its book. */
export interface BookedNumber {
  /** "*伟": the family name is not shown. */
  readonly owner: string;
  readonly plan: BookedPlan;
  /** Minor units (fen). */
  readonly balance: number;
}

interface BookedPlan {
  readonly planId: string;
  readonly name: Bilingual;
  /** A month, minor units. */
  readonly price: number;
}

/** As the demonstration's catalogue calls the plans that its own take the place of. */
const plans: readonly BookedPlan[] = [
  { planId: 'plan-talk-29', name: { zh: '畅聊 29 元套餐', en: 'Talk 29 plan' }, price: 2900 },
  { planId: 'plan-classic-99', name: { zh: '畅享 99 元套餐', en: 'Classic 99 plan' }, price: 9900 },
  { planId: 'plan-classic-159', name: { zh: '畅享 159 元套餐', en: 'Classic 159 plan' }, price: 15_900 },
];

/** Numbers that somebody wrote into the book; all others are made by rule. */
const written: Readonly<Record<string, BookedNumber>> = {
  13912345678: { owner: '*伟', plan: plans[1]!, balance: 2350 },
  13812345678: { owner: '*芳', plan: plans[0]!, balance: 120 },
  18612345678: { owner: '**娜', plan: plans[2]!, balance: 18_600 },
};

/** The number book: every number is in it, and the same number always says the same. */
export function numberInBook(number: string): BookedNumber {
  const [first = 0, second = 0, third = 0, fourth = 0] = createHash('sha256').update(number).digest();
  const names = ['伟', '芳', '娜', '敏', '静', '强', '磊', '洋', '艳', '勇', '杰', '娟'];
  return written[number] ?? { owner: `*${names[first % names.length]}`, plan: plans[second % plans.length]!, balance: (third * 256 + fourth) % 20_000 };
}

/**
 * What the book says before a sale. Numbers that end in 07 do not exist, for those in 08 nothing can be had, and of those in 09 nothing is said.
 * @returns undefined where nobody answers
 */
export function lookUpInBook({ number, service }: NumberQuestion, now: number): Exclude<NumberView, { kind: 'away' }> | undefined {
  if (!/^1\d{10}$/.test(number)) return { kind: 'unknown_number' };
  const end = number.slice(-2);
  if (end === '07') return { kind: 'unknown_number' };
  if (end === '08') return { kind: 'not_for_it' };
  if (end === '09') return undefined;
  const { owner, plan: { planId, name, price }, balance } = numberInBook(number);
  return {
    kind: 'found', owner, plan: { planId, name, price: { amount: price, currency: 'CNY' } }, balance: { amount: balance, currency: 'CNY' },
    ...(service === 'plan_change' ? { effectiveOn: firstOfNextMonth(now) } : {}),
  };
}

/** YYYY-MM-DD in China's time, which is eight hours ahead all year. */
function firstOfNextMonth(now: number): string {
  const here = new Date(now + 8 * 3_600_000);
  return new Date(Date.UTC(here.getUTCFullYear(), here.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
}
