import { describe, expect, it } from 'vitest';
import type { StaffOrderFull } from '../../../domain/contract/staff.ts';
import { refundIdSchema } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import { staffOrdersWords } from '../../i18n/areas/staff-orders.ts';
import { partOf, restOf, wayOf } from './refund-amount.ts';
import { refundText } from './refund-sheet.tsx';

const yuan = (amount: number) => money(amount, 'CNY');
const refund = (amount: number, state: 'asked' | 'done' | 'refused'): StaffOrderFull['refunds'][number] => ({ refundId: refundIdSchema.parse('019a0000-0000-7000-8000-000000000001'), amount: yuan(amount), way: 'tender', state, reason: 'cold' });

describe('what of an order can go back', () => {
  it('is less by what has gone or is on its way, and not by what was refused', () => {
    expect(restOf({ total: yuan(1000), refunds: [] })).toEqual(yuan(1000));
    expect(restOf({ total: yuan(1000), refunds: [refund(200, 'done'), refund(300, 'asked'), refund(400, 'refused')] })).toEqual(yuan(500));
    expect(restOf({ total: yuan(1000), refunds: [refund(1000, 'done')] })).toEqual(yuan(0));
  });

  it('is typed as on a till, and never more than there is', () => {
    const part = { way: 'tender', atMost: yuan(350) } as const;
    expect(partOf('350', part)).toEqual(yuan(350));
    expect(partOf('5', part)).toEqual(yuan(5));
    for (const typed of ['', '0', '351', '99999999']) expect(partOf(typed, part)).toBeUndefined();
    expect(partOf('1', undefined)).toBeUndefined();
  });

  it('goes the way it was paid; a part of a card’s payment out of somebody’s hand', () => {
    const byHand = { way: 'by_hand', atMost: yuan(1) } as const;
    expect(wayOf({ tender: 'card', part: byHand }, 'part')).toBe('by_hand');
    expect(wayOf({ tender: 'card', part: byHand }, 'whole')).toBe('card');
    expect(wayOf({ tender: 'alipay', part: { way: 'tender', atMost: yuan(1) } }, 'part')).toBe('wallet');
    expect(wayOf({ tender: undefined, part: undefined }, 'whole')).toBe('card');
  });
});

describe('the reason of a refund', () => {
  it('is always said, in words of its own where it is another', () => {
    const names = staffOrdersWords.en.refundReasons;
    expect(refundText(undefined, '', names)).toBeUndefined();
    expect(refundText('damaged', 'ignored', names)).toBe(names.damaged);
    expect(refundText('other', '  ', names)).toBeUndefined();
    expect(refundText('other', ' cold ', names)).toBe('cold');
  });
});
