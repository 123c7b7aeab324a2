import type { Inbox } from './inbox.ts';

/**
 * A printer that loses its power holds the kiosk by CTS, so that hardly a byte is lost: back again it would take the rest of the job and
 * answer every marker, with the beginning of the receipt gone. But it cannot answer a real-time question while it starts. So the
 * stream carries one now and then (DLE EOT 1), and each answer must come in time.
 */
export interface Pulse {
  /** The stream has come to this byte. */
  sentTo(bytes: number): void;
  /** An answer is missing for longer than it may, or was. */
  isLate(): boolean;
  /** Waits until all were answered, or one is late. */
  settled(): Promise<void>;
}

/** `limitMs`: from the writing to the answer, with what may lie before it in the port. */
export function createPulse(ends: readonly number[], inbox: Inbox, limitMs: number): Pulse {
  const askedAt: number[] = [];
  let answered = 0;
  let late = false;

  function isLate(): boolean {
    for (const at of inbox.takeStatusTimes()) {
      const asked = askedAt[answered];
      if (asked === undefined) continue;
      late ||= at - asked > limitMs;
      answered += 1;
    }
    const waiting = askedAt[answered];
    late ||= waiting !== undefined && performance.now() - waiting > limitMs;
    return late;
  }

  return {
    sentTo(bytes) {
      while ((ends[askedAt.length] ?? Number.POSITIVE_INFINITY) <= bytes) askedAt.push(performance.now());
    },
    isLate,
    async settled() {
      const losses = inbox.losses();
      while (!isLate() && answered < askedAt.length && inbox.losses() === losses) await inbox.activity(limitMs / 2);
    },
  };
}
