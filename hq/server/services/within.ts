import type { Unknown } from './provider.ts';

/** A call's answer, or "unknown" where it breaks off, or says nothing for so long: then its signal is aborted, and what comes later nobody hears. */
export function answerWithin<A>(call: (signal: AbortSignal) => Promise<A>, { who, ms }: { readonly who: string; readonly ms: number }): Promise<A | Unknown> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<Unknown>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'unknown', detail: `${who} did not answer within ${ms} ms` });
      abort.abort();
    }, ms);
  });
  // A call that throws at once breaks off, too.
  const answer = Promise.resolve().then(() => call(abort.signal)).catch((error: unknown): Unknown => ({ kind: 'unknown', detail: error instanceof Error ? error.message : String(error) }));
  return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
}
