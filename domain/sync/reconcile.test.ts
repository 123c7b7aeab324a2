import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genesisHash } from './chain.ts';
import type { LaneMark, LanePosition } from './reconcile.ts';
import { reconcile } from './reconcile.ts';

/** A kiosk whose event of epoch e and sequence s has the hash "e.s". */
const hash = (epoch: number, sequence: number) => (sequence === 0 ? genesisHash : `${epoch}.${sequence}`);
const position = (epoch: number, acknowledged: number, last: number, base?: LanePosition['base']): LanePosition => ({ epoch, acknowledged, last, base });
const mark = (epoch: number, acknowledged: number, head = hash(epoch, acknowledged)): LaneMark => ({ epoch, acknowledged, head });
const decide = (ours: LanePosition, theirs: LaneMark | undefined, keptFrom = 1) =>
  reconcile(ours, theirs, (sequence) => (sequence >= keptFrom && sequence <= ours.last ? hash(ours.epoch, sequence) : undefined));

describe('a kiosk that hears where HQ stands', () => {
  it.each<[string, LanePosition, LaneMark | undefined, ReturnType<typeof reconcile>]>([
    ['goes on where both agree', position(1, 5, 8), mark(1, 5), { kind: 'continue', acknowledged: 5, moved: 'no' }],
    ['begins where HQ has never heard of it', position(1, 0, 8), undefined, { kind: 'continue', acknowledged: 0, moved: 'no' }],
    ['advances where acknowledgements were lost', position(1, 5, 8), mark(1, 8), { kind: 'continue', acknowledged: 8, moved: 'forward' }],
    ['goes back where HQ was restored', position(1, 5, 8), mark(1, 2), { kind: 'continue', acknowledged: 2, moved: 'back' }],
    ['goes back to nothing where HQ is new', position(1, 5, 8), undefined, { kind: 'continue', acknowledged: 0, moved: 'back' }],
    ['opens an epoch where HQ has more than was ever written', position(1, 5, 8), mark(1, 9), { kind: 'next_epoch', epoch: 2, reason: 'store_restored', resend: 'unacknowledged' }],
    ['opens an epoch where HQ has another event under its number', position(1, 5, 8), mark(1, 7, 'another'), { kind: 'next_epoch', epoch: 2, reason: 'store_restored', resend: 'unacknowledged' }],
    ['opens an epoch above that of HQ where its store is from before it', position(2, 5, 8), mark(4, 1), { kind: 'next_epoch', epoch: 5, reason: 'store_restored', resend: 'unacknowledged' }],
    ['goes on in an epoch that HQ has not seen, where HQ has what was before it', position(2, 0, 8, { epoch: 1, acknowledged: 5 }), mark(1, 6), { kind: 'continue', acknowledged: 0, moved: 'no' }],
    ['sends all again where HQ lacks what was before the epoch', position(2, 0, 8, { epoch: 1, acknowledged: 5 }), mark(1, 4), { kind: 'next_epoch', epoch: 3, reason: 'hq_restored', resend: 'kept' }],
    ['sends all again where HQ has forgotten an epoch that it had acknowledged', position(2, 3, 8, { epoch: 1, acknowledged: 5 }), mark(1, 5), { kind: 'next_epoch', epoch: 3, reason: 'hq_restored', resend: 'kept' }],
    ['sends all again where a new HQ knows nothing of it', position(3, 3, 8, { epoch: 2, acknowledged: 5 }), undefined, { kind: 'next_epoch', epoch: 4, reason: 'hq_restored', resend: 'kept' }],
  ])('%s', (_what, ours, theirs, expected) => {
    expect(decide(ours, theirs)).toEqual(expected);
  });

  it('sends all that is kept where HQ went back to before it', () => {
    expect(decide(position(1, 50, 80), mark(1, 10), 40)).toEqual({ kind: 'next_epoch', epoch: 2, reason: 'hq_restored', resend: 'kept' });
  });

  it('sends all that is kept where HQ knows nothing, or no more than what was forgotten', () => {
    expect(decide(position(1, 50, 80), undefined, 40)).toEqual({ kind: 'next_epoch', epoch: 2, reason: 'hq_restored', resend: 'kept' });
    expect(decide(position(1, 50, 80), mark(1, 39), 40)).toEqual({ kind: 'next_epoch', epoch: 2, reason: 'hq_restored', resend: 'kept' });
    expect(decide(position(1, 50, 80), mark(1, 40), 40)).toEqual({ kind: 'continue', acknowledged: 40, moved: 'back' });
  });

  it('never goes on above its own last event or in front of a head that is not its own, and never opens an epoch that was used', () => {
    const numbers = fc.nat(12);
    fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), numbers, numbers, fc.integer({ min: 1, max: 5 }), numbers, fc.boolean(), fc.integer({ min: 1, max: 12 }), (epoch, first, second, hqEpoch, hqAt, isOurs, keptFrom) => {
      const ours = position(epoch, Math.min(first, second), Math.max(first, second), epoch > 1 ? { epoch: epoch - 1, acknowledged: 3 } : undefined);
      const theirs = mark(hqEpoch, hqAt, isOurs ? hash(hqEpoch, hqAt) : hqAt === 0 ? genesisHash : 'another');
      const decided = decide(ours, theirs, keptFrom);
      if (decided.kind === 'next_epoch') expect(decided.epoch).toBeGreaterThan(Math.max(epoch, hqEpoch));
      else {
        expect(decided.acknowledged).toBeLessThanOrEqual(ours.last);
        if (hqEpoch === epoch) expect(theirs.head).toBe(hash(epoch, decided.acknowledged));
        else expect(decided.acknowledged).toBe(0);
      }
    }));
  });
});
