import type { StaffOrderFull } from '../../../domain/contract/staff.ts';
import type { Money } from '../../../domain/money.ts';
import { money } from '../../../domain/money.ts';

/** Digits are minor units, as on a till: 350 is 3.50. */
export const maxAmountDigits = 8;

/** What has not gone back yet, nor is on its way. */
export function restOf({ total, refunds }: Pick<StaffOrderFull, 'total' | 'refunds'>): Money {
  const back = refunds.reduce((sum, { amount, state }) => sum + (state === 'refused' ? 0 : amount.amount), 0);
  return money(Math.max(0, total.amount - back), total.currency);
}

/** The part that was typed; undefined where it is nothing, or more than can be given back. */
export function partOf(typed: string, part: StaffOrderFull['part']): Money | undefined {
  const amount = typed === '' ? 0 : Number(typed);
  return part && Number.isSafeInteger(amount) && amount > 0 && amount <= part.atMost.amount ? money(amount, part.atMost.currency) : undefined;
}

/** How it goes back: through the terminal, to the customer's wallet, or out of somebody's hand. */
export function wayOf({ tender, part }: Pick<StaffOrderFull, 'tender' | 'part'>, share: 'whole' | 'part'): 'card' | 'wallet' | 'by_hand' {
  if (share === 'part' && part?.way === 'by_hand') return 'by_hand';
  return tender === undefined || tender === 'card' ? 'card' : 'wallet';
}
