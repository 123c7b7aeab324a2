import type { HqEvent, Mark } from '../../domain/contract/hq.ts';
import type { KioskId } from '../../domain/ids.ts';
import type { HqClient, HqFailure } from './hq-client.ts';

/** What the pump needs of the store. */
export interface Outbox {
  outbox(after: number, limit: number): readonly HqEvent[];
  outboxPosition(): { readonly epoch: number; readonly last: number; readonly acknowledged: number };
  acknowledge(mark: Mark): void;
  rewind(mark: Mark): void;
  nextEpoch(epoch: number): void;
}

export interface PumpDeps {
  readonly kioskId: KioskId;
  readonly outbox: Outbox;
  readonly client: HqClient;
  /** While HQ is away, the longest wait between two tries. */
  readonly retryMaxMs: number;
  /** 0 up to 1: spreads the tries of a fleet whose HQ comes back. */
  readonly random: () => number;
  /** Said once for each kind of trouble until HQ answers well again. */
  readonly onTrouble: (kind: PumpTrouble, detail: string) => void;
  readonly onRecovered: () => void;
  /** HQ has acknowledged more than before. */
  readonly onAcknowledged: () => void;
}

export type PumpTrouble = HqFailure['kind'] | 'mark' | 'bug';

export interface Pump {
  start(): void;
  /** Gives up the batch that is under way: HQ may have it or not, and takes it once all the same. */
  stop(): Promise<void>;
}

/** How often the outbox is looked at while all is well: driven by the clock, never by the next sale. */
const pollMs = 500;
/** With nothing to send, HQ is told after so many looks (a minute) that the kiosk is there. */
const pollsBetweenSignsOfLife = 120;
const firstRetryMs = 500;
const batchEvents = 100;
/** Well under HQ's limit for a body. */
const batchBytes = 400_000;

/**
 * Sends the oldest events, one batch in flight, and marks what HQ has acknowledged. What gets no answer is sent again,
 * byte for byte: HQ takes each event once.
 */
export function createPump({ kioskId, outbox, client, retryMaxMs, random, onTrouble, onRecovered, onAcknowledged }: PumpDeps): Pump {
  let failures = 0;
  /** Kinds of trouble that were said since HQ last answered well. */
  const said = new Set<PumpTrouble>();
  let batchLimit = batchEvents;
  let timer: NodeJS.Timeout | undefined;
  let inFlight: Promise<void> | undefined;
  let stopped = true;
  let stopping = new AbortController();
  let idlePolls = 0;

  function schedule(delayMs: number): void {
    if (stopped) return;
    timer = setTimeout(() => {
      inFlight = tick().then(schedule, (cause: unknown) => {
        say('bug', String(cause));
        schedule(retryMaxMs);
      });
    }, delayMs);
  }

  /** Sends one batch; answers after how many milliseconds to go on. */
  async function tick(): Promise<number> {
    const { epoch, last, acknowledged } = outbox.outboxPosition();
    if (acknowledged >= last) {
      idlePolls = (idlePolls + 1) % pollsBetweenSignsOfLife;
      // Whether it is heard makes no difference here: the next batch tells.
      if (idlePolls === 0) await client.greet(stopping.signal);
      return pollMs;
    }
    const events = takeBatch(outbox.outbox(acknowledged, batchLimit));
    const answer = await client.send({ kioskId, lane: 'orders', epoch, events }, stopping.signal);
    if (stopped) return pollMs;
    if (!answer.ok) return recover(answer.error, epoch, acknowledged);
    const mark = answer.value;
    if (mark.epoch !== epoch || mark.acknowledged <= acknowledged || mark.acknowledged > last) {
      failures += 1;
      say('mark', `HQ answered ${mark.epoch}:${mark.acknowledged}, the outbox stands at ${epoch}:${acknowledged} of ${last}`);
      return backoff();
    }
    if (failures > 0) onRecovered();
    failures = 0;
    said.clear();
    batchLimit = batchEvents;
    // HQ has compared what it was sent, so no more than that is believed: an event beyond it might not be ours at HQ.
    const reached = Math.min(mark.acknowledged, events.at(-1)?.sequence ?? acknowledged);
    outbox.acknowledge({ epoch, acknowledged: reached });
    onAcknowledged();
    return reached < last ? 0 : pollMs;
  }

  /** Answers after how many milliseconds to go on. Nothing is skipped or deleted, whatever HQ says. */
  function recover(failure: HqFailure, epoch: number, acknowledged: number): number {
    failures += 1;
    say(failure.kind, failure.detail);
    if (failure.kind === 'too_large') batchLimit = Math.max(1, Math.floor(batchLimit / 2));
    if (failure.kind === 'gap' && failure.mark.epoch === epoch && failure.mark.acknowledged < acknowledged) outbox.rewind(failure.mark);
    if (failure.kind === 'conflict') outbox.nextEpoch(epoch);
    return failure.kind === 'away' && failure.retryAfterMs !== undefined ? failure.retryAfterMs : backoff();
  }

  function say(kind: PumpTrouble, detail: string): void {
    if (!said.has(kind)) onTrouble(kind, detail);
    said.add(kind);
  }

  /** Full jitter: a random part of a span that doubles up to its limit. */
  function backoff(): number {
    const span = Math.min(retryMaxMs, firstRetryMs * 2 ** Math.min(failures, 16));
    return Math.max(50, Math.round(random() * span));
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      stopping = new AbortController();
      schedule(0);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      stopping.abort();
      await inFlight;
    },
  };
}

function takeBatch(events: readonly HqEvent[]): HqEvent[] {
  const taken: HqEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += event.payload.length * 3;
    if (taken.length > 0 && bytes > batchBytes) break;
    taken.push(event);
  }
  return taken;
}
