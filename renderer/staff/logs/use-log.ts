import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogEntry } from '../../../domain/contract/staff.ts';
import type { CallTrouble } from '../staff-context.tsx';
import { useStaff } from '../staff-context.tsx';
import type { LogChoice } from './log-filter.ts';
import { filterOf } from './log-filter.ts';

export interface LogView {
  readonly entries: readonly LogEntry[];
  readonly sources: readonly string[];
  readonly tookMs: number;
  /** Where to ask on; undefined at the log's beginning. */
  readonly next: number | undefined;
  readonly isLoading: boolean;
  readonly trouble: CallTrouble | undefined;
}

const pageSize = 200;
const followEveryMs = 1_000;
/** While it is followed, the oldest on the screen go. */
const mostShown = 1_000;
const nothing: LogView = { entries: [], sources: [], tookMs: 0, next: undefined, isLoading: true, trouble: undefined };

/** Pages of the log, newest first, and what comes while somebody follows it. Whoever changes the choice begins anew; late answers to an older one are passed over. */
export function useLog(choice: LogChoice, isFollowing: boolean): LogView & { readonly more: () => void; readonly again: () => void } {
  const { call, client } = useStaff();
  const [kept, setKept] = useState<{ readonly question: string; readonly view: LogView }>({ question: '', view: nothing });
  const turn = useRef(0);
  const newest = useRef(0);
  const question = JSON.stringify(choice);

  // Of another question it shows nothing: neither its lines nor its trouble.
  const view = kept.question === question ? kept.view : { ...nothing, sources: kept.view.sources };

  const ask = useCallback(async (before: number | undefined) => {
    const mine = (turn.current += 1);
    const found = await call('logs.find', { filter: filterOf(JSON.parse(question) as LogChoice, Date.now()), limit: pageSize, ...(before === undefined ? {} : { before }) });
    if (turn.current !== mine) return;
    if (!found.ok) {
      setKept((shown) => ({ question, view: { ...(shown.question === question ? shown.view : nothing), isLoading: false, trouble: found.error } }));
      return;
    }
    const { entries, next, sources, tookMs, newest: last } = found.value;
    if (before === undefined) newest.current = last;
    setKept((shown) => ({ question, view: { entries: before === undefined ? entries : [...shown.view.entries, ...entries], sources, tookMs, next, isLoading: false, trouble: undefined } }));
  }, [call, question]);

  useEffect(() => {
    // Of two choices in one moment, only the last is asked.
    const timer = setTimeout(() => void ask(undefined), 0);
    return () => {
      clearTimeout(timer);
      turn.current += 1;
    };
  }, [ask]);

  useEffect(() => {
    if (!isFollowing) return undefined;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    // Not by `call`: what the page asks by itself is no sign that anybody is there.
    const look = async () => {
      const found = newest.current > 0 ? await client.request('logs.since', { filter: filterOf(JSON.parse(question) as LogChoice, Date.now()), after: newest.current, limit: pageSize }) : undefined;
      if (isOver) return;
      if (found?.ok) {
        const { entries } = found.value;
        newest.current = Math.max(newest.current, found.value.newest);
        if (entries.length > 0) {
          setKept((shown) => {
            const known = shown.view.entries[0]?.id ?? 0;
            return { ...shown, view: { ...shown.view, entries: [...entries.filter(({ id }) => id > known).toReversed(), ...shown.view.entries].slice(0, mostShown) } };
          });
        }
      }
      timer = setTimeout(() => void look(), followEveryMs);
    };
    timer = setTimeout(() => void look(), followEveryMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isFollowing, client, question]);

  return {
    ...view,
    more() {
      setKept((shown) => ({ ...shown, view: { ...shown.view, isLoading: true } }));
      void ask(view.next);
    },
    again: () => void ask(undefined),
  };
}
