import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { LocatedTransport } from './located.ts';
import { createRelay } from './relay.ts';
import type { Transport, TransportError } from './transport.ts';

/** A question that every device of a family answers whatever it is doing, that changes nothing and that spoils nothing when it comes garbled. */
export interface LineProbe {
  readonly question: Uint8Array;
  /** All bytes since the question. At a wrong speed they are rubbish: one byte that could be anything is no answer. */
  readonly isAnswer: (bytes: Uint8Array) => boolean;
  readonly answerMs: number;
}

export interface ProbedTransportOptions {
  /** In the order of likelihood; at least one. */
  readonly baudRates: readonly number[];
  readonly connect: (baudRate: number) => LocatedTransport;
  readonly probe: LineProbe;
  /** Called whenever a speed has answered that was not known before. */
  readonly onSettled?: (baudRate: number) => void;
}

const repeats = 2;
/** Rubbish beyond this is not looked at. */
const mostBytes = 256;

/**
 * A line whose speed is found out. It asks only while it is being opened, which is never in mid-job, since a driver opens
 * nothing but a lost line. The speed that answered last is asked first; where nobody answers at any, the line does not open
 * (`failure` says `silent`), so that the driver's next try asks again: a device that is switched on later is found.
 */
export function createProbedTransport({ baudRates, connect, probe, onSettled = () => {} }: ProbedTransportOptions): LocatedTransport {
  const lines = new Map(baudRates.map((baudRate) => [baudRate, connect(baudRate)]));
  const [first] = lines.values();
  if (!first) throw new Error('a line that is probed needs baud rates');
  const { name } = first;
  const relay = createRelay();
  let current: LocatedTransport | undefined;
  let settled: number | undefined;
  let failure: ReturnType<LocatedTransport['failure']>;
  let opening: Promise<Result<void, TransportError>> | undefined;
  let closed = false;

  return {
    name: `${name} at ${baudRates.join(' or ')} baud`,
    isOpen: () => current?.isOpen() === true,
    open() {
      closed = false;
      return (opening ??= openNow().finally(() => (opening = undefined)));
    },
    async write(bytes, timeoutMs) {
      return current ? current.write(bytes, timeoutMs) : err({ kind: 'not_open', detail: name });
    },
    onData: relay.onData,
    onLost: relay.onLost,
    async close() {
      // Whoever closes does not wait for all speeds to be asked.
      closed = true;
      await opening;
      const line = current;
      current = undefined;
      relay.detach();
      await line?.close();
    },
    failure: () => failure,
    port: () => current?.port(),
  };

  async function openNow(): Promise<Result<void, TransportError>> {
    if (current?.isOpen()) return ok();
    relay.detach();
    current = undefined;
    for (const [baudRate, line] of likeliestFirst()) {
      if (closed) return failed('other', 'closed');
      const opened = await line.open();
      if (!opened.ok) {
        failure = line.failure() ?? 'other';
        return opened;
      }
      if (await answers(line)) {
        if (!line.isOpen()) return failed('other', `${line.name} was lost while it was asked`);
        if (settled !== baudRate) onSettled(baudRate);
        settled = baudRate;
        failure = undefined;
        current = line;
        relay.attach(line, (detail) => {
          current = undefined;
          relay.tellLost(detail);
        });
        return ok();
      }
      await line.close();
    }
    return failed('silent', `${name}: no answer at ${baudRates.join(', ')} baud`);
  }

  function likeliestFirst(): readonly (readonly [number, LocatedTransport])[] {
    return [...lines].sort(([left], [right]) => Number(right === settled) - Number(left === settled));
  }

  function failed(reason: 'silent' | 'other', detail: string): Result<void, TransportError> {
    failure = reason;
    return err({ kind: 'open_failed', detail, reason });
  }

  /** The first question may be taken for the end of the rubbish that another speed left in the device. */
  async function answers(line: Transport): Promise<boolean> {
    for (let asked = 0; asked < repeats && !closed; asked += 1) {
      if (!(await answersOnce(line))) continue;
      // Two answers may be on their way then: the driver must not take the second for one to a question of its own.
      if (asked > 0) await new Promise((resolve) => setTimeout(resolve, probe.answerMs));
      return true;
    }
    return false;
  }

  function answersOnce(line: Transport): Promise<boolean> {
    return new Promise((resolve) => {
      let heard: number[] = [];
      const timer = setTimeout(() => settle(false), probe.answerMs);
      const stops = [
        line.onData((bytes) => {
          heard = [...heard, ...bytes].slice(0, mostBytes);
          if (probe.isAnswer(Uint8Array.from(heard))) settle(true);
        }),
        line.onLost(() => settle(false)),
      ];
      void line.write(probe.question, probe.answerMs).then((written) => {
        if (!written.ok) settle(false);
      });

      function settle(isAnswered: boolean): void {
        clearTimeout(timer);
        for (const stop of stops) stop();
        resolve(isAnswered);
      }
    });
  }
}
