import type { Answer } from '../../codec/escpos/answers.ts';
import { createAnswerReader } from '../../codec/escpos/answers.ts';
import type { PrinterState } from './port.ts';
import { stateOfAutomatic } from './automatic-status.ts';

type Awaited = Extract<Answer, { kind: 'status' | 'marker' }>;

/** What came in from the printer, for one reader at a time. */
export interface Inbox {
  push(bytes: Uint8Array): void;
  /** The next answer of this kind, from now on or already here; undefined at the deadline or when the line is lost. */
  next(kind: Awaited['kind'], timeoutMs: number): Promise<Awaited | undefined>;
  /** Drops answers of this kind that nobody waited for, and says how many there were: each is late or a stray. */
  discard(kind: Awaited['kind']): number;
  /** As `discard`, with the time at which each came. */
  takeStatusTimes(): readonly number[];
  /** Resolves when anything comes, when the line is lost, or after so long. One at a time. */
  activity(timeoutMs: number): Promise<void>;
  /** What the printer told by itself last, since the line was opened or `forgetTold`. */
  told(): PrinterState | undefined;
  forgetTold(): void;
  /** XOFF came, and no XON after it. */
  isHeld(): boolean;
  /** An XON that never came. */
  release(): void;
  /** Bytes since the last call that are no answer at all, as hex; empty when the line is clean. */
  takeRubbish(): string;
  /** When the last byte came, by the monotonic clock. */
  lastByteAt(): number;
  /** The line was lost: whoever waits is told, half answers are forgotten. */
  lost(): void;
  /** How often the line was lost so far. */
  losses(): number;
}

export interface InboxOptions {
  /** Without it XON and XOFF are no answers, but rubbish. */
  readonly flowBytes: boolean;
  /** Whether four bytes that look like automatic status are believed. */
  readonly automatic: boolean;
  readonly onTold: (state: PrinterState) => void;
}

export function createInbox({ flowBytes, automatic, onTold }: InboxOptions): Inbox {
  const reader = createAnswerReader();
  const here: Record<Awaited['kind'], Awaited[]> = { status: [], marker: [] };
  const waiting: Partial<Record<Awaited['kind'], (answer: Awaited | undefined) => void>> = {};
  let statusTimes: number[] = [];
  let watcher: (() => void) | undefined;
  let rubbish: number[] = [];
  let losses = 0;
  let lastByteAt = Number.NEGATIVE_INFINITY;
  let told: PrinterState | undefined;
  let held = false;

  return {
    push(bytes) {
      if (bytes.length > 0) lastByteAt = performance.now();
      for (const answer of reader.push(bytes)) {
        if (answer.kind === 'status' || answer.kind === 'marker') take(answer);
        else if (answer.kind === 'flow' && flowBytes) held = !answer.go;
        else if (answer.kind === 'automatic') {
          if (!automatic) continue;
          told = stateOfAutomatic(answer.bytes);
          onTold(told);
        }
        // Endless rubbish must not grow: the first bytes tell enough.
        else if (rubbish.length < 16) rubbish.push(answer.kind === 'unknown' ? answer.byte : answer.go ? 0x11 : 0x13);
      }
      watcher?.();
    },
    next(kind, timeoutMs) {
      const ready = here[kind].shift();
      if (kind === 'status') statusTimes.shift();
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
      if (kind === 'status') statusTimes = [];
      return here[kind].splice(0).length;
    },
    takeStatusTimes() {
      here.status = [];
      return statusTimes.splice(0);
    },
    activity(timeoutMs) {
      return new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          watcher = undefined;
          resolve();
        };
        const timer = setTimeout(finish, timeoutMs);
        watcher = finish;
      });
    },
    told: () => told,
    forgetTold() {
      told = undefined;
    },
    isHeld: () => held,
    release() {
      held = false;
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
      statusTimes = [];
      here.marker = [];
      told = undefined;
      held = false;
      waiting.status?.(undefined);
      waiting.marker?.(undefined);
      watcher?.();
    },
  };

  function take(answer: Awaited): void {
    const waiter = waiting[answer.kind];
    if (waiter !== undefined) waiter(answer);
    else if (here[answer.kind].length < 512) {
      here[answer.kind].push(answer);
      if (answer.kind === 'status') statusTimes.push(performance.now());
    }
  }
}
