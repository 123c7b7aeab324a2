import type { ReactNode } from 'react';
import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import type { ErrorCode } from '../../domain/contract/errors.ts';
import type { Answer, EventName, EventPayload, Params } from '../../domain/contract/kiosk.ts';
import type { StaffMember, StaffMethod } from '../../domain/contract/staff.ts';
import type { Language } from '../../domain/language.ts';
import type { Currency } from '../../domain/money.ts';
import type { Result } from '../../domain/result.ts';
import type { StaffAreaId, StaffWords } from '../i18n/areas/staff.ts';
import { useLatest } from '../keyboard/use-latest.ts';
import type { KioskClient } from '../state/kiosk-client.ts';
import type { MoveKeeper } from './stock/move-keeper.ts';

/** Why a request failed: the code for whoever has to decide by it, and a sentence for the screen. */
export interface CallTrouble {
  readonly code: ErrorCode;
  readonly text: string;
}

export interface Staff {
  readonly client: KioskClient;
  /** Who is in. */
  readonly member: StaffMember;
  readonly language: Language;
  readonly words: StaffWords;
  readonly timeZone: string;
  readonly currency: Currency;
  /** Asks core. Whoever turns out to be in no more is shown the way in. */
  call<M extends StaffMethod>(method: M, params: Params<M>): Promise<Result<Answer<M>, CallTrouble>>;
  /** Shown for some seconds and read out: the result of what was pressed. */
  say(text: string, tone?: 'good' | 'bad'): void;
  /** What is done at the slots: kept while somebody who was put out comes in again. */
  readonly moves: MoveKeeper;
  /** To another area; `orderId` is the order to be shown there. */
  go(area: StaffAreaId, orderId?: string): void;
}

const StaffContext = createContext<Staff | undefined>(undefined);

export function StaffProvider({ staff, children }: { readonly staff: Staff; readonly children: ReactNode }) {
  return <StaffContext value={staff}>{children}</StaffContext>;
}

export function useStaff(): Staff {
  const staff = useContext(StaffContext);
  if (!staff) throw new Error('a screen of the staff stands outside StaffProvider');
  return staff;
}

/** Hears an event of core for as long as the component is there. */
export function useStaffEvent<E extends EventName>(name: E, onEvent: (payload: EventPayload<E>) => void): void {
  const { client } = useStaff();
  const latest = useLatest(onEvent);
  useEffect(() => client.onEvent((event) => (event.name === name ? latest(event.payload as EventPayload<E>) : undefined)), [client, name, latest]);
}

export type Asked<T> =
  | { readonly kind: 'loading' }
  /** `trouble`: asking again has failed, and this is what was there before. */
  | { readonly kind: 'there'; readonly value: T; readonly trouble: CallTrouble | undefined }
  | { readonly kind: 'trouble'; readonly trouble: CallTrouble };

/**
 * What core answers to a question, asked when the screen appears, when the question changes, and by `again`. `put` is for an answer that a move has brought
 * along.
 */
export function useAsk<M extends StaffMethod>(method: M, params: Params<M>): { readonly asked: Asked<Answer<M>>; readonly again: () => void; readonly put: (value: Answer<M>) => void } {
  const { call } = useStaff();
  const [asked, setAsked] = useState<Asked<Answer<M>>>({ kind: 'loading' });
  const [turn, setTurn] = useState(0);
  const newest = useRef(0);
  const question = JSON.stringify([method, params]);
  useEffect(() => {
    let isGone = false;
    const mine = ++newest.current;
    const [asking, given] = JSON.parse(question) as [M, Params<M>];
    void call(asking, given).then((result) => {
      // A newer question has overtaken it, or the screen has gone.
      if (isGone || newest.current !== mine) return;
      setAsked((before) => (result.ok ? { kind: 'there', value: result.value, trouble: undefined } : before.kind === 'there' ? { ...before, trouble: result.error } : { kind: 'trouble', trouble: result.error }));
    });
    return () => {
      isGone = true;
    };
  }, [call, question, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const put = useCallback((value: Answer<M>) => {
    newest.current++;
    setAsked({ kind: 'there', value, trouble: undefined });
  }, []);
  return { asked, again, put };
}
