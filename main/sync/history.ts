import type { History, Lane } from '../../domain/contract/hq.ts';
import { laneSchema, lanes } from '../../domain/contract/hq.ts';
import type { Result } from '../../domain/result.ts';
import { ok } from '../../domain/result.ts';
import type { Outbox } from '../store/outbox.ts';
import type { SyncState } from '../store/sync-state.ts';
import type { HqClient, HqFailure, InSession } from './hq-client.ts';

export interface HistoryDeps {
  readonly state: SyncState;
  readonly client: Pick<HqClient, 'history'>;
  readonly outbox: Pick<Outbox, 'position'>;
  /**
   * What HQ has of this kiosk and the store may lack, in order, page by page; it may come again. It is remembered as done when this returns, so it
   * has to be in the store by then.
   */
  readonly onHistory: (page: History) => void;
  /** HQ has told everything of a lane. */
  readonly onToldAll: (lane: Lane) => void;
}

/** What a store that went back to an older copy asks of HQ. Remembered in the store until it is done. */
export interface HistoryKeeper {
  isNeeded(): boolean;
  /** From an event of an epoch (both know it, or 0) up to the epoch that the store opens now, or to HQ's end. */
  need(lane: Lane, epoch: number, after: number, until: number | undefined): void;
  /** For every lane, from the newest event that HQ and the store surely agree on. */
  needAll(): void;
  /** Asks page after page; what fails is asked again at the next call. */
  fetch(session: InSession, stop?: AbortSignal): Promise<Result<void, HqFailure>>;
}

interface Need { readonly epoch: number; readonly after: number; readonly until?: number | undefined }

export function createHistoryKeeper({ state, client, outbox, onHistory, onToldAll }: HistoryDeps): HistoryKeeper {
  const needs = new Map<Lane, Need>(read(state.get('history')));
  const keep = () => state.set('history', needs.size === 0 ? undefined : JSON.stringify(Object.fromEntries(needs)));

  function need(lane: Lane, epoch: number, after: number, until: number | undefined): void {
    const before = needs.get(lane);
    // An older need goes on from its own place: it lies further back.
    const from = before && (before.epoch < epoch || (before.epoch === epoch && before.after <= after)) ? before : { epoch, after };
    needs.set(lane, { epoch: from.epoch, after: from.after, until });
    keep();
  }

  return {
    isNeeded: () => needs.size > 0,
    need,
    needAll() {
      for (const lane of lanes) {
        const { epoch, acknowledged, base } = outbox.position(lane);
        if (acknowledged === 0 && base) need(lane, base.epoch, base.acknowledged, epoch);
        else need(lane, epoch, acknowledged, undefined);
      }
    },

    async fetch(session, stop) {
      // Of the very map: what is needed meanwhile comes at its end.
      for (const lane of needs.keys()) {
        for (;;) {
          const from = needs.get(lane)!;
          const answer = await client.history(lane, from.epoch, from.after, session, stop);
          if (!answer.ok) return answer;
          // A hello has found meanwhile that more is needed: this page is of a question that is void.
          if (needs.get(lane) !== from) continue;
          // What the store itself has sent in its newest epoch it need not be told.
          const foreign = answer.value.events.filter(({ epoch }) => from.until === undefined || epoch < from.until);
          if (foreign.length > 0) onHistory({ events: foreign, keys: answer.value.keys });
          const newest = answer.value.events.at(-1);
          const isFurther = newest && (newest.epoch > from.epoch || (newest.epoch === from.epoch && newest.event.sequence > from.after));
          if (isFurther && foreign.length === answer.value.events.length) {
            needs.set(lane, { ...from, epoch: newest.epoch, after: newest.event.sequence });
            keep();
            continue;
          }
          needs.delete(lane);
          keep();
          onToldAll(lane);
          break;
        }
      }
      return ok();
    },
  };
}

function read(text: string | undefined): [Lane, Need][] {
  if (text === undefined) return [];
  return Object.entries(JSON.parse(text) as Record<string, Need>).flatMap(([name, need]) => {
    const lane = laneSchema.safeParse(name);
    return lane.success ? [[lane.data, need] as [Lane, Need]] : [];
  });
}
