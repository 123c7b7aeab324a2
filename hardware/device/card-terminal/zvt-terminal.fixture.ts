import { expect, vi } from 'vitest';
import { money } from '../../../domain/money.ts';
import { createZvtTerminalSim } from '../../sim/zvt-terminal/sim.ts';
import type { ZvtTerminalSimOptions } from '../../sim/zvt-terminal/sim.ts';
import { createMemoryLine } from '../../transport/memory.ts';
import type { MemoryLineOptions } from '../../transport/memory.ts';
import type { Authorisation, AuthorisationOutcome, CardDetails, CardTerminalState, TerminalMessage, TerminalSlip } from './port.ts';
import { specification } from './profiles.ts';
import type { TerminalProfile } from './profiles.ts';
import type { CardTerminalTrace } from './trace.ts';
import { createZvtTerminal } from './zvt-terminal.ts';

export const price = money(1250, 'CNY');

export interface BenchOptions {
  readonly profile?: Partial<TerminalProfile>;
  readonly sim?: ZvtTerminalSimOptions;
  readonly line?: MemoryLineOptions;
  readonly canPrint?: () => boolean;
}

/**
 * The driver and the simulated terminal on a memory line, in a time that stands still until the test lets it run. Bytes
 * travel by setImmediate, which is real, so that only the protocol's own time-outs are under control.
 */
export async function bench({ profile = {}, sim: simOptions = {}, line: lineOptions = {}, canPrint }: BenchOptions = {}) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const line = createMemoryLine(lineOptions);
  const [kioskEnd, terminalEnd] = line.ends;
  await terminalEnd.open();
  const sim = createZvtTerminalSim({ now: () => Date.UTC(2026, 10, 22, 10, 30), framing: profile.framing ?? 'serial', ...simOptions });
  sim.connect(terminalEnd);
  const trace: CardTerminalTrace[] = [];
  const told: Uint8Array[] = [];
  kioskEnd.onData((bytes) => told.push(bytes));
  const written: Uint8Array[] = [];
  terminalEnd.onData((bytes) => written.push(bytes));
  const terminal = createZvtTerminal({ transport: kioskEnd, profile: { ...specification, ...profile }, trace: (event) => trace.push(event), ...(canPrint ? { canPrint } : {}) });
  const slips: TerminalSlip[] = [];
  terminal.onSlip((slip) => slips.push(slip));
  const refusals: CardDetails[] = [];
  terminal.onRefusedApproval((card) => refusals.push(card));
  const states: CardTerminalState['kind'][] = [];
  terminal.onState((state) => states.push(state.kind));

  return {
    line,
    sim,
    terminal,
    trace,
    refusals,
    slips,
    states,
    /** Bytes that reached the terminal, joined. */
    received: () => Uint8Array.from(written.flatMap((bytes) => [...bytes])),
    /** Bytes that came from it, joined. */
    sent: () => Uint8Array.from(told.flatMap((bytes) => [...bytes])),
    ready: () => until(() => terminal.state().kind === 'ready'),
    /** The cable is put in again; the terminal at the far end never noticed more than silence. */
    async mend() {
      line.mend();
      await terminalEnd.open();
    },
    async close() {
      sim.close();
      await letRun(terminal.close());
      vi.useRealTimers();
    },
  };
}

/** A purchase with everything written down that the driver told of it. */
export function purchase(overrides: Partial<Authorisation> = {}) {
  const messages: TerminalMessage[] = [];
  const approvals: CardDetails[] = [];
  const authorisation: Authorisation = {
    amount: price,
    onMessage: (message) => messages.push(message),
    onApproved: async (card) => void approvals.push(card),
    ...overrides,
  };
  return { authorisation, messages, approvals };
}

/** Everything that can happen without time passing has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets this much time run, to the half second. */
export async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await settle();
    vi.advanceTimersByTime(500);
  }
  await settle();
}

/** Lets time run, from one timer to the next, until it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let timers = 0; timers < 2_000; timers += 1) {
    await settle();
    if (isSo()) return;
    vi.advanceTimersToNextTimer();
  }
  throw new Error('it never became so');
}

export async function letRun<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const mark = () => {
    settled = true;
  };
  promise.then(mark, mark);
  await until(() => settled);
  return promise;
}

/** What the terminal booked and what the driver said of it are the same, to the cent. */
export function expectAgreement(outcome: AuthorisationOutcome, book: ReturnType<ReturnType<typeof createZvtTerminalSim>['book']>): void {
  const approved = book.filter((entry) => entry.state === 'approved');
  if (outcome.kind === 'approved') {
    expect(approved).toHaveLength(1);
    expect(approved[0]).toMatchObject({ amount: price.amount, receiptNumber: outcome.card.receiptNumber, traceNumber: outcome.card.traceNumber });
    return;
  }
  expect(outcome.kind).not.toBe('unknown');
  expect(approved).toEqual([]);
}
