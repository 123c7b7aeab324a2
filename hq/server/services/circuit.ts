import type { ServiceProvider, Unknown } from './provider.ts';

export interface CircuitDeps {
  readonly provider: ServiceProvider;
  readonly now: () => number;
  /** So many answers in a row that it is away, about more than one order, and it is left alone for a while: silence about one order alone is that order's. */
  readonly failures?: number;
  /** The first rest; each that follows without a word in between is twice as long, up to `longestRestMs`. */
  readonly restMs?: number;
  readonly longestRestMs?: number;
  /** Told when it is left alone, and when it answers again. */
  readonly onChange?: (change: { readonly isAway: boolean; readonly detail: string }) => void;
}

export interface Circuit extends ServiceProvider {
  /** Whether a question that comes now would be refused. */
  readonly isOpen: () => boolean;
}

/**
 * Leaves a provider alone that is unwell: it is asked by one question after each rest, and everybody else is answered at once, with `isUnsent`. Any answer that
 * is not "away" closes the circuit, a refusal too.
 */
export function createCircuit({ provider, now, failures = 5, restMs = 5000, longestRestMs = 60_000, onChange }: CircuitDeps): Circuit {
  let inARow = 0;
  const about = new Set<string>();
  let restsUntil: number | undefined;
  let nextRestMs = restMs;
  /** Counts the openings: what was asked before one and fails after it says nothing new. */
  let opening = 0;
  let isProbing = false;

  const noteAway = (subject: string, detail: string, wasProbe: boolean, askedIn: number) => {
    if (!wasProbe && askedIn !== opening) return;
    inARow++;
    about.add(subject);
    if (!wasProbe && (restsUntil !== undefined || inARow < failures || (failures > 1 && about.size < 2))) return;
    const isNew = restsUntil === undefined;
    restsUntil = now() + nextRestMs;
    nextRestMs = Math.min(nextRestMs * 2, longestRestMs);
    opening++;
    if (isNew) onChange?.({ isAway: true, detail });
  };
  const noteThere = () => {
    inARow = 0;
    about.clear();
    nextRestMs = restMs;
    if (restsUntil === undefined) return;
    restsUntil = undefined;
    onChange?.({ isAway: false, detail: `${provider.name} answers again` });
  };
  const refuses = () => restsUntil !== undefined && (isProbing || now() < restsUntil);

  const through = async <A extends { readonly kind: string }>(subject: string, ask: () => Promise<A | Unknown>, signal: AbortSignal): Promise<A | Unknown> => {
    if (refuses()) return { kind: 'unknown', detail: `${provider.name} is unwell, and is left alone for a while`, isAway: true, isUnsent: true };
    const wasProbe = restsUntil !== undefined;
    const askedIn = opening;
    if (wasProbe) isProbing = true;
    try {
      const answer = await Promise.race([ask().catch((error: unknown): Unknown => ({ kind: 'unknown', detail: error instanceof Error ? error.message : String(error), isAway: true })), givenUp(signal, provider.name)]);
      if (answer.kind === 'unknown' && (answer as Unknown).isAway) noteAway(subject, (answer as Unknown).detail, wasProbe, askedIn);
      else noteThere();
      return answer;
    } finally {
      if (wasProbe) isProbing = false;
    }
  };

  return {
    name: provider.name,
    isOpen: refuses,
    submit: (order, signal) => through(order.key, () => provider.submit(order, signal), signal),
    query: (key, signal) => through(key, () => provider.query(key, signal), signal),
    reverse: (key, signal) => through(key, () => provider.reverse(key, signal), signal),
    lookUp: (question, signal) => through('a number', () => provider.lookUp(question, signal), signal),
  };
}

/** A provider that does not heed its signal must not hold the one question that is let through. */
function givenUp(signal: AbortSignal, name: string): Promise<Unknown> {
  return new Promise((resolve) => {
    const give = () => resolve({ kind: 'unknown', detail: `${name} did not answer in time`, isAway: true });
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
