import type { Answer } from '../../codec/escpos/answers.ts';
import { createAnswerReader } from '../../codec/escpos/answers.ts';

type Awaited = Extract<Answer, { kind: 'status' | 'marker' }>;

/** What came in from the printer, for one reader at a time. */
export interface Inbox {
  push(bytes: Uint8Array): void;
  /** The next answer of this kind, from now on or already here; undefined at the deadline or when the line is lost. */
  next(kind: Awaited['kind'], timeoutMs: number): Promise<Awaited | undefined>;
  /** Drops answers of this kind that nobody waited for, and says how many there were: each is late or a stray. */
  discard(kind: Awaited['kind']): number;
  /** Bytes since the last call that are no answer at all, as hex; empty when the line is clean. */
  takeRubbish(): string;
  /** When the last byte came, by the monotonic clock. */
  lastByteAt(): number;
  /** The line was lost: whoever waits is told, half answers are forgotten. */
  lost(): void;
  /** How often the line was lost so far. */
  losses(): number;
}

export function createInbox(): Inbox {
  const reader = createAnswerReader();
  const here: Record<Awaited['kind'], Awaited[]> = { status: [], marker: [] };
  const waiting: Partial<Record<Awaited['kind'], (answer: Awaited | undefined) => void>> = {};
  let rubbish: number[] = [];
  let losses = 0;
  let lastByteAt = Number.NEGATIVE_INFINITY;

  return {
    push(bytes) {
      if (bytes.length > 0) lastByteAt = performance.now();
      for (const answer of reader.push(bytes)) {
        if (answer.kind === 'status' || answer.kind === 'marker') take(answer);
        // Endless rubbish must not grow: the first bytes tell enough.
        else if (answer.kind === 'unknown' && rubbish.length < 16) rubbish.push(answer.byte);
      }
    },
    next(kind, timeoutMs) {
      const ready = here[kind].shift();
      if (ready !== undefined) return Promise.resolve(ready);
      return new Promise((resolve) => {
        const timer = setTimeout(() => finish(undefined), timeoutMs);
        const finish = (answer: Awaited | undefined): void => {
          clearTimeout(timer);
          delete waiting[kind];
          resolve(answer);
        };
        waiting[kind] = finish;
      });
    },
    discard(kind) {
      return here[kind].splice(0).length;
    },
    takeRubbish() {
      const hex = rubbish.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      rubbish = [];
      return hex;
    },
    lastByteAt: () => lastByteAt,
    losses: () => losses,
    lost() {
      losses += 1;
      reader.reset();
      here.status = [];
      here.marker = [];
      waiting.status?.(undefined);
      waiting.marker?.(undefined);
    },
  };

  function take(answer: Awaited): void {
    const waiter = waiting[answer.kind];
    if (waiter !== undefined) waiter(answer);
    else if (here[answer.kind].length < 64) here[answer.kind].push(answer);
  }
}
