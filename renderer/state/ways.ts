import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { Tender } from '../../domain/payment/tender.ts';

/** One way to pay, as the customer's finger meets it. `held`: the terminal is finding out about an earlier payment. */
export interface Way {
  readonly tender: Tender;
  readonly state: 'ready' | 'away' | 'held';
}

/** Every way that is offered here, in the order in which they stand: the card last, where the main action is. */
export function waysOf({ wallets, card }: Pick<KioskStatus, 'wallets' | 'card'>): readonly Way[] {
  return [...wallets.map(({ wallet, state }) => ({ tender: wallet, state })), { tender: 'card', state: card === 'unavailable' ? 'away' : card }];
}

/** `none`: not offered here. */
export function stateOf(status: Pick<KioskStatus, 'wallets' | 'card'>, tender: Tender): Way['state'] | 'none' {
  return waysOf(status).find((way) => way.tender === tender)?.state ?? 'none';
}

export function canPayNow(status: Pick<KioskStatus, 'wallets' | 'card'>): boolean {
  return waysOf(status).some(({ state }) => state === 'ready');
}
