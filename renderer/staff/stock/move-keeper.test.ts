import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../domain/contract/errors.ts';
import type { MoveResult } from '../../../domain/contract/staff.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Act, Move } from './move-keeper.ts';
import { createMoveKeeper } from './move-keeper.ts';

const fill: Act = { method: 'stock.fill', params: { slot: 'A1', quantity: 7 } };
const refusal: MoveResult = { kind: 'too_many', fits: 2 };

/** A ledger that counts each id once, and a line that may lose its answers. */
function openLine(answers: readonly ('lost' | 'kept' | ErrorCode)[]) {
  const counted = new Map<string, number>();
  const sent: Move[] = [];
  let made = 0;
  const left = [...answers];
  const keeper = createMoveKeeper({
    newId: () => `id-${++made}`,
    pause: () => Promise.resolve(),
    send: async (move): Promise<Result<MoveResult, { code: ErrorCode }>> => {
      sent.push(move);
      const answer = left.shift() ?? 'kept';
      if (answer !== 'lost' && answer !== 'kept') return err({ code: answer });
      if (move.method === 'stock.fill' && !counted.has(move.params.moveId)) counted.set(move.params.moveId, move.params.quantity);
      return answer === 'lost' ? err({ code: 'INTERNAL' }) : ok(refusal);
    },
  });
  const total = () => [...counted.values()].reduce((sum, quantity) => sum + quantity, 0);
  return { keeper, sent, total };
}

describe('a move', () => {
  it('has an id of its own', async () => {
    const { keeper, sent, total } = openLine([]);
    await keeper.make(fill);
    await keeper.make(fill);
    expect(sent.map(({ params }) => params.moveId)).toEqual(['id-1', 'id-2']);
    expect(total()).toBe(14);
  });

  it('whose answer was lost is asked again by itself, and counts once', async () => {
    const { keeper, sent, total } = openLine(['lost']);
    expect(await keeper.make(fill)).toEqual(refusal);
    expect(sent.map(({ params }) => params.moveId)).toEqual(['id-1', 'id-1']);
    expect(total()).toBe(7);
    expect(keeper.pending()).toBeUndefined();
  });

  it('whose answer stays away is kept with its id until it came, however often it is tried', async () => {
    const { keeper, total } = openLine(['lost', 'lost', 'lost']);
    expect(await keeper.make(fill)).toEqual({ kind: 'lost' });
    expect(keeper.pending()?.params).toMatchObject({ moveId: 'id-1', slot: 'A1' });
    expect(await keeper.make(fill)).toEqual({ kind: 'busy' });
    expect(await keeper.again()).toEqual({ kind: 'lost' });
    expect(await keeper.again()).toEqual(refusal);
    expect(total()).toBe(7);
    expect(keeper.pending()).toBeUndefined();
  });

  it('that is tapped twice at once is sent once', async () => {
    const { keeper, sent } = openLine([]);
    const [first, second] = await Promise.all([keeper.make(fill), keeper.make(fill)]);
    expect([first, second]).toEqual([refusal, { kind: 'busy' }]);
    expect(sent).toHaveLength(1);
  });

  it('of somebody who was put out meanwhile waits for them to come in again', async () => {
    const { keeper, sent, total } = openLine(['STAFF_NOT_IN']);
    expect(await keeper.make(fill)).toEqual({ kind: 'lost' });
    expect(sent).toHaveLength(1);
    expect(await keeper.again()).toEqual(refusal);
    expect(total()).toBe(7);
  });

  it('that core has refused is over', async () => {
    const { keeper, sent } = openLine(['STAFF_NOT_ALLOWED']);
    expect(await keeper.make(fill)).toEqual({ kind: 'refused', code: 'STAFF_NOT_ALLOWED' });
    expect(keeper.pending()).toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  it('that is forgotten leaves room for the next one, under another id', async () => {
    const { keeper, sent } = openLine(['lost', 'lost']);
    await keeper.make(fill);
    keeper.forget();
    expect(keeper.pending()).toBeUndefined();
    await keeper.make(fill);
    expect(sent.at(-1)?.params.moveId).toBe('id-2');
  });

  it('cannot be forgotten while it is under way', async () => {
    const { keeper } = openLine([]);
    const making = keeper.make(fill);
    keeper.forget();
    expect(await keeper.make(fill)).toEqual({ kind: 'busy' });
    expect(await making).toEqual(refusal);
  });
});
