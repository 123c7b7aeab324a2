/** From so long before the end on, whoever is there is told. */
export const warnedMs = 30_000;
/** Core is told of touches this often at most. */
const toldEveryMs = 5000;

export interface IdleClockDeps {
  readonly idleMs: number;
  readonly monotonicNow: () => number;
  /** Core's own clock begins anew. */
  readonly onAlive: () => void;
  /** Whole seconds that are left, once fewer than `warnedMs` are; undefined as long as there is time. */
  readonly onLeft: (seconds: number | undefined) => void;
  readonly onIdle: () => void;
}

export interface IdleClock {
  touch(): void;
  /** Something that was asked for is under way: nobody is idle while the card terminal ends its day. */
  busy(isBusy: boolean): void;
  stop(): void;
}

/** Out by itself: the page counts as core does, so that it can say so in time. */
export function createIdleClock({ idleMs, monotonicNow, onAlive, onLeft, onIdle }: IdleClockDeps): IdleClock {
  let touchedAt = monotonicNow();
  let toldAt = touchedAt;
  let underWay = 0;
  let shown: number | undefined;
  const timer = setInterval(look, 500);

  function show(seconds: number | undefined): void {
    if (seconds === shown) return;
    shown = seconds;
    onLeft(seconds);
  }

  function touch(): void {
    touchedAt = monotonicNow();
    show(undefined);
    if (touchedAt - toldAt >= toldEveryMs) tell();
  }

  function tell(): void {
    toldAt = monotonicNow();
    onAlive();
  }

  function look(): void {
    if (underWay > 0) touch();
    // The last touch is told as well, so that core never ends before the countdown has.
    if (touchedAt > toldAt && monotonicNow() - toldAt >= toldEveryMs) tell();
    const leftMs = touchedAt + idleMs - monotonicNow();
    if (leftMs <= 0) {
      clearInterval(timer);
      onIdle();
    } else show(leftMs <= Math.min(warnedMs, idleMs / 2) ? Math.ceil(leftMs / 1000) : undefined);
  }

  return {
    touch,
    busy(isBusy) {
      underWay += isBusy ? 1 : -1;
      touch();
    },
    stop: () => clearInterval(timer),
  };
}
