import type { ErrorCode } from '../../../domain/contract/errors.ts';
import type { Params } from '../../../domain/contract/kiosk.ts';
import type { MoveResult } from '../../../domain/contract/staff.ts';
import type { Result } from '../../../domain/result.ts';

type MoveMethod = 'stock.fill' | 'stock.count' | 'stock.waste';

/** What somebody has done at a slot, with the id under which it counts once. */
export type Move = { readonly [M in MoveMethod]: { readonly method: M; readonly params: Params<M> } }[MoveMethod];
/** The same before it has its id. */
export type Act = { readonly [M in MoveMethod]: { readonly method: M; readonly params: Omit<Params<M>, 'moveId'> } }[MoveMethod];

export type Outcome =
  | MoveResult
  /** Core has refused it: nothing was written. */
  | { readonly kind: 'refused'; readonly code: ErrorCode }
  /** No answer came, so it may stand in the books. It is kept, and asked again under the same id. */
  | { readonly kind: 'lost' }
  /** Another one is under way, or waits to be asked again. */
  | { readonly kind: 'busy' };

export interface MoveKeeper {
  /** Waits for its answer; undefined where nothing does. */
  pending(): Move | undefined;
  make(act: Act): Promise<Outcome>;
  /** The pending one again, with its id. */
  again(): Promise<Outcome>;
  /** What became of it is seen in the books. */
  forget(): void;
}

export interface MoveKeeperDeps {
  readonly newId: () => string;
  readonly send: (move: Move) => Promise<Result<MoveResult, { readonly code: ErrorCode }>>;
  /** Before the second try of a move whose answer did not come. */
  readonly pause: () => Promise<void>;
}

/** After these nobody knows whether it was written. Whoever is in no more comes in again, and the move with them. */
const unsure: readonly ErrorCode[] = ['INTERNAL', 'CONTRACT_MALFORMED', 'STAFF_NOT_IN', 'OUT_OF_SERVICE', 'STORE_FAILED'];

/**
 * One move at a time, each with an id that is kept until an answer came: a lost answer and a second tap count once. A move that got no answer is tried
 * once more by itself.
 */
export function createMoveKeeper({ newId, send, pause }: MoveKeeperDeps): MoveKeeper {
  let pending: Move | undefined;
  let isUnderWay = false;

  async function settle(move: Move, tries: number): Promise<Outcome> {
    isUnderWay = true;
    const result = await send(move);
    if (!result.ok && unsure.includes(result.error.code)) {
      if (tries > 1 && result.error.code !== 'STAFF_NOT_IN') {
        await pause();
        return settle(move, tries - 1);
      }
      isUnderWay = false;
      return { kind: 'lost' };
    }
    isUnderWay = false;
    pending = undefined;
    return result.ok ? result.value : { kind: 'refused', code: result.error.code };
  }

  return {
    pending: () => (isUnderWay ? undefined : pending),
    async make(act) {
      if (pending) return { kind: 'busy' };
      pending = { method: act.method, params: { ...act.params, moveId: newId() } } as Move;
      return settle(pending, 2);
    },
    async again() {
      if (!pending || isUnderWay) return { kind: 'busy' };
      return settle(pending, 1);
    },
    forget() {
      if (!isUnderWay) pending = undefined;
    },
  };
}
