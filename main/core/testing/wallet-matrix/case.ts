import type { KillPoint } from './kill-switch.ts';
import { nameOfPoint, pointOfName } from './kill-switch.ts';

export const wallets = ['wechat', 'alipay'] as const;
export type Wallet = (typeof wallets)[number];
export const modes = ['shown', 'read'] as const;
export type Mode = (typeof modes)[number];

/**
 * What the customer does. `limit`: pays a moment before the time is over; `after_close`: cancels, and the phone pays as the gateway has just closed it; `after_end`: the
 * same, and the phone pays when everybody has called it closed; `before_close`: a moment before the gateway closes it; `pays_walks`: pays and is gone before the kiosk knows.
 */
export const acts = ['pays', 'confirms', 'refuses', 'limit', 'after_close', 'after_end', 'before_close', 'walks', 'pays_walks', 'cancels'] as const;
export type Act = (typeof acts)[number];

/** What a person at HQ gives back once it is paid. */
export const afters = ['none', 'whole', 'part', 'part_rest', 'twice'] as const;
export type After = (typeof afters)[number];

/** A drink; or something that a carrier credits, with what the carrier does, alone or beside the drink. */
export const carts = ['cola', 'service_done', 'service_refused', 'service_silent', 'service_lost', 'service_reversed', 'service_cannot', 'both_done', 'both_refused', 'both_reversed'] as const;
export type Cart = (typeof carts)[number];

/** What a gateway does wrong: at the beginning (the code is made, or charged), at questions, at the end (close, reverse, cancel), at refunds, and with notifications. */
export const faults = {
  begin: ['begin_slow', 'begin_lost', 'begin_half', 'begin_cut', 'begin_429', 'begin_500', 'begin_system', 'begin_system_acted', 'begin_tampered', 'begin_unsigned', 'begin_not_json'],
  confirming: ['confirming_pays', 'confirming_refuses', 'confirming_nothing'],
  query: ['query_slow', 'query_lost', 'query_cut', 'query_429', 'query_500', 'query_system', 'query_tampered', 'query_foreign', 'query_away'],
  end: ['end_slow', 'end_lost', 'end_cut', 'end_500', 'end_system_acted', 'end_tampered'],
  refund: ['refund_slow', 'refund_lost', 'refund_cut', 'refund_500_acted', 'refund_system', 'refund_tampered', 'refund_pending', 'refund_refused'],
  note: ['note_early', 'note_late', 'note_twice', 'note_never', 'note_tampered', 'note_stale'],
} as const;
export type FaultName = (typeof faults)[keyof typeof faults][number];
export const faultNames: readonly FaultName[] = Object.values(faults).flat();

export interface MatrixCase {
  readonly wallet: Wallet;
  readonly mode: Mode;
  readonly cart: Cart;
  readonly act: Act;
  readonly faults: readonly FaultName[];
  readonly kill: KillPoint | undefined;
  readonly after: After;
}

export function nameOfCase({ wallet, mode, cart, act, faults: wrong, kill, after }: MatrixCase): string {
  return [`${wallet}-${mode}`, cart, act, wrong.length > 0 ? wrong.join('+') : 'well', kill ? nameOfPoint(kill) : 'alive', after].join('/');
}

/** Undefined where there is no such case. */
export function caseOfName(name: string): MatrixCase | undefined {
  const [who = '', cart, act, wrong = '', point = '', after] = name.split('/');
  const [wallet, mode] = who.split('-');
  const named = wrong === 'well' ? [] : wrong.split('+');
  const kill = point === 'alive' ? undefined : pointOfName(point);
  const isIn = <T extends string>(all: readonly T[], one: string | undefined): one is T => all.includes(one as T);
  if (!isIn(wallets, wallet) || !isIn(modes, mode) || !isIn(carts, cart) || !isIn(acts, act) || !isIn(afters, after)) return undefined;
  if (!named.every((fault): fault is FaultName => isIn(faultNames, fault)) || (point !== 'alive' && !kill)) return undefined;
  return { wallet, mode, cart, act, faults: named, kill, after };
}
