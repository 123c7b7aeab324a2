import type { Dining } from '../../../domain/cart/cart.ts';
import type { HelpView } from '../../../domain/contract/kiosk.ts';
import type { FeedbackChip } from '../../../domain/feedback/feedback.ts';
import type { Language } from '../../../domain/language.ts';
import type { ServiceView } from '../../../domain/order/view.ts';
import type { Part } from '../../state/parts.ts';
import { finishEn } from './finish-en.ts';
import { finishZh } from './finish-zh.ts';

/** Where a customer who asks for help stands. */
export type HelpPlace = 'language' | 'home' | 'offers' | 'search' | 'cart' | 'checkout' | 'checkout_ways' | 'refusals' | 'pay' | 'pay_due' | 'pay_wallet' | 'pay_wallet_due' | 'pay_unknown' | 'result' | 'feedback' | Part['kind'];

type Titled = { readonly title: string; readonly text: string };

/** From the review to the last look back: review, pay, result, feedback, help, and the small questions in between. */
export interface FinishWords {
  readonly review: {
    readonly lines: string; readonly changeShort: string; readonly change: (name: string) => string;
    readonly agreed: (to: string) => string; readonly off: (name: string | undefined, amount: string) => string;
    readonly subtotal: string; readonly taxIncluded: (percent: string) => string; readonly taxAdded: (percent: string) => string; readonly sums: string;
    readonly dining: { readonly title: string; readonly text: string } & Readonly<Record<Dining, Titled>>;
    readonly gone: (name: string) => string; readonly repriced: (name: string, before: string, now: string) => string;
    readonly short: (name: string, left: number) => string; readonly soldOut: (name: string) => string; readonly take: (count: number) => string; readonly remove: (name: string) => string; readonly takeOf: (name: string, count: number) => string;
    readonly restKept: string;
  };
  readonly result: {
    readonly reference: string; readonly referenceSoon: string; readonly delivery: Titled;
    readonly services: string; readonly service: Readonly<Record<ServiceView['state'], Titled>>; readonly applied: Titled; readonly refusedFree: string; readonly serviceReference: (reference: string) => string;
    readonly refunded: string; readonly returning: string; readonly returningTitle: string; readonly paidNotDone: string; readonly notDone: string; readonly leaving: (seconds: number) => string;
  };
  readonly feedback: {
    readonly ask: string; readonly stars: readonly [string, string, string, string, string]; readonly star: (count: number, word: string) => string; readonly starsLabel: string;
    readonly send: string; readonly more: string; readonly title: string; readonly chipsLabel: string; readonly chips: Readonly<Record<FeedbackChip, string>>;
    readonly words: string; readonly wordsHint: string; readonly wordsDone: string; readonly wordsNone: string; readonly writeWords: string; readonly changeWords: string; readonly thanks: Titled; readonly pickFirst: string; readonly notNow: string;
  };
  readonly help: {
    readonly title: string; readonly here: string; readonly close: string; readonly questions: string; readonly search: string; readonly searchLabel: string; readonly searchNone: string; readonly found: (count: number) => string;
    readonly person: string; readonly call: string; readonly stop: string; readonly state: Readonly<Record<Exclude<HelpView['kind'], 'nobody'>, Titled>>; readonly nobody: Readonly<Record<'off_duty' | 'unreachable', Titled & { readonly withoutPhone: string }>>;
    readonly phone: (number: string) => string; readonly duty: (hours: string) => string; readonly always: string; readonly days: readonly [string, string, string, string, string, string, string];
    readonly daySpan: (from: string, to: string) => string; readonly dayList: string; readonly nextDay: (time: string) => string;
    readonly steps: Readonly<Record<HelpPlace, readonly string[]>>;
  };
  readonly idle: { readonly left: (seconds: number) => string };
}

export const finishWords: Readonly<Record<Language, FinishWords>> = { zh: finishZh, en: finishEn };
