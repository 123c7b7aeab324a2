import type { JobState } from '../../../domain/contract/hq.ts';
import type { OrderState } from '../../../domain/order/order.ts';
import type { AttemptState } from '../../../domain/payment/attempt.ts';
import type { ServiceRequest } from '../../contract/console.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';

type Tone = 'good' | 'wait' | 'bad' | 'quiet';
type Look = readonly [Tone, IconName];

const orderLooks: Readonly<Record<OrderState, Look>> = {
  placed: ['wait', 'clock'], awaiting_payment: ['wait', 'clock'], paid: ['good', 'check'], fulfilled: ['good', 'check'], cancelled: ['quiet', 'cross'],
  expired: ['quiet', 'clock'], payment_unknown: ['bad', 'question'], refunded: ['quiet', 'back'],
};
const attemptLooks: Readonly<Record<AttemptState, Look>> = {
  started: ['wait', 'clock'], authorised: ['wait', 'clock'], approved: ['good', 'check'], declined: ['bad', 'cross'], cancelled: ['quiet', 'cross'],
  not_sent: ['quiet', 'dash'], unknown: ['bad', 'question'], not_paid: ['quiet', 'cross'], unclear: ['bad', 'question'],
  reversing: ['wait', 'back'], reversed: ['quiet', 'back'],
};
const jobLooks: Readonly<Record<JobState, Look>> = {
  queued: ['wait', 'clock'], doing: ['wait', 'clock'], done: ['good', 'check'], failed: ['bad', 'cross'], uncertain: ['bad', 'question'], lapsed: ['quiet', 'dash'],
};

const serviceLooks: Readonly<Record<ServiceRequest['state'], Look>> = {
  asked: ['wait', 'clock'], pending: ['wait', 'clock'], unknown: ['bad', 'question'], done: ['good', 'check'], refused: ['bad', 'cross'], held: ['bad', 'person'],
};


export function LookBadge({ look: [tone, icon], word, isPlain = false }: { readonly look: Look; readonly word: string; readonly isPlain?: boolean }) {
  return <span className={`badge ${tone}${isPlain ? ' plain' : ''}`}><Icon name={icon} />{word}</span>;
}

/** A person has to decide something. */
export function PersonBadge({ word }: { readonly word: string }) {
  return <LookBadge look={['bad', 'person']} word={word} />;
}

export function OrderBadge({ state }: { readonly state: OrderState }) {
  return <LookBadge look={orderLooks[state]} word={useTexts().orderState[state]} />;
}

export function AttemptBadge({ state, isPlain = false }: { readonly state: AttemptState; readonly isPlain?: boolean }) {
  return <LookBadge look={attemptLooks[state]} word={useTexts().attemptState[state]} isPlain={isPlain} />;
}

export function JobBadge({ state }: { readonly state: JobState }) {
  return <LookBadge look={jobLooks[state]} word={useTexts().jobState[state]} />;
}

/** Something that is credited elsewhere. */
export function ServiceBadge({ state }: { readonly state: ServiceRequest['state'] }) {
  return <LookBadge look={serviceLooks[state]} word={useTexts().serviceState[state]} />;
}

export function PrintBadge({ state, isPlain = false }: { readonly state: JobState; readonly isPlain?: boolean }) {
  return <LookBadge look={jobLooks[state]} word={useTexts().printState[state]} isPlain={isPlain} />;
}
