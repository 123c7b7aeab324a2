import { describe, expect, it } from 'vitest';
import type { History, Lane } from '../../domain/contract/hq.ts';
import { ok } from '../../domain/result.ts';
import type { SyncState } from '../store/sync-state.ts';
import { createHistoryKeeper } from './history.ts';

/** HQ has twelve events of the lane. */
function openHistory() {
  const kept = new Map<string, string>();
  const state: SyncState = { get: (name) => kept.get(name), set: (name, value) => void (value === undefined ? kept.delete(name) : kept.set(name, value)) };
  const [asked, heard]: [number[], number[]] = [[], []];
  const told: Lane[] = [];
  let whileAsked: (() => void) | undefined;
  const keeper = createHistoryKeeper({
    state,
    client: {
      async history(lane, epoch, after) {
        asked.push(after);
        whileAsked?.();
        whileAsked = undefined;
        const events = Array.from({ length: Math.min(5, 12 - after) }, (_, index) => ({ lane, epoch, event: { sequence: after + 1 + index } as History['events'][number]['event'] }));
        return ok({ events, keys: [] });
      },
    },
    outbox: { position: () => ({ epoch: 1, last: 12, acknowledged: 12, head: '', base: undefined }) },
    onHistory: ({ events }) => void heard.push(...events.map(({ event }) => event.sequence)),
    onToldAll: (lane) => void told.push(lane),
  });
  return { keeper, asked, heard, told, during: (run: () => void) => void (whileAsked = run) };
}

const session = { id: 'session', encoding: undefined };
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('what a store asks of HQ', () => {
  it('comes page after page to the end, and is not asked again', async () => {
    const { keeper, asked, heard, told } = openHistory();
    keeper.need('orders', 1, 3, 2);
    expect(await keeper.fetch(session)).toEqual(ok());
    expect([asked, heard, told, keeper.isNeeded()]).toEqual([[3, 8, 12], range(4, 12), ['orders'], false]);
  });

  it('goes further back as soon as a hello finds that it must, even while a page is on its way', async () => {
    const { keeper, asked, heard, told, during } = openHistory();
    keeper.need('orders', 1, 10, 2);
    during(() => {
      keeper.need('orders', 1, 2, 3);
      keeper.need('logs', 1, 12, 3);
    });
    await keeper.fetch(session);
    expect(asked).toEqual([10, 2, 7, 12, 12]);
    expect(heard).toEqual(range(3, 12));
    expect([told, keeper.isNeeded()]).toEqual([['orders', 'logs'], false]);
  });
});
