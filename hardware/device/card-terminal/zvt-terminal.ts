import type { CardDetails } from '../../../domain/payment/card.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { codeText } from '../../codec/zvt/values.ts';
import { messageOf } from '../../../domain/contract/errors.ts';
import type { Transport } from '../../transport/transport.ts';
import { createKeptConnection, createRefusals } from './kept-connection.ts';
import type { Connection } from './kept-connection.ts';
import type {
  Authorisation,
  AuthorisationOutcome,
  CardTerminal,
  LastTransaction,
  TerminalFailure,
  TerminalSlip,
} from './port.ts';
import { printsByUs } from './profiles.ts';
import type { TerminalProfile } from './profiles.ts';
import { createSlips } from './slips.ts';
import type { TraceListener } from './trace.ts';
import { authorisationExchange } from './zvt-authorisation.ts';
import { createZvtExchanges } from './zvt-exchange.ts';
import type { Exchange, ExchangeEnd } from './zvt-exchange.ts';
import { abortLeftover, initialisation, registration, repeatReceipt, statusEnquiry, wantsInitialisation } from './zvt-housekeeping.ts';
import { createZvtLink } from './zvt-link.ts';
import { createZvtOperations } from './zvt-operations.ts';
import { createZvtTcpLink } from './zvt-tcp-link.ts';

export interface ZvtTerminalDeps {
  readonly transport: Transport;
  readonly profile: TerminalProfile;
  readonly trace?: TraceListener;
  /** Asked before each purchase and each slip where our printer prints for the terminal (`needsPrinter`); always unless told otherwise. */
  readonly canPrint?: () => boolean;
}

interface Authorising {
  aborted: boolean;
  /** The line is ours: an abort goes to this exchange and no other. */
  onLine: boolean;
}

const NOT_REGISTERED = 0x6b;
/** A terminal that does not answer the question for the baseline is asked so often on one line, and then used without. */
const BASELINE_QUESTIONS = 2;

/**
 * A card terminal that speaks ZVT on a line. It opens the line, waits until the terminal is ready, registers, asks now and
 * then whether it is still there, and begins anew by itself whenever that fails. It never sends a purchase twice.
 */
export function createZvtTerminal({ transport, profile, trace = () => {}, canPrint = () => true }: ZvtTerminalDeps): CardTerminal {
  const link = (profile.framing === 'tcp' ? createZvtTcpLink : createZvtLink)({ transport, profile, trace });
  const needsPrinter = printsByUs(profile);
  const slipListeners = new Set<(slip: TerminalSlip) => void>();
  const slips = createSlips({ charset: profile.charset, canPrint: () => !needsPrinter || canPrint(), trace, tell: tellSlip });
  const refusals = createRefusals(trace);
  const exchanges = createZvtExchanges({ link, transport, profile, trace, onRefusedApproval, slips });
  let authorising: Authorising | undefined;
  let baseline: LastTransaction | undefined;
  let baselineQuestions = 0;
  /** A purchase ended unknown, and the terminal has not told since what it did last. */
  let outcomeUnknown = false;
  /** A 06 20 went unanswered: a 04 0F that comes now tells what was long ago, and offers nothing. */
  let repeatOverdue = false;
  /** The terminal may still be at the end of a purchase that is paid: it is not told to stop. */
  let settling = false;
  let reversing = false;
  /** By a technician: registered again only for the next payment, or whoever asks it something. */
  let loggedOff = false;
  let served: TerminalSlip[] | undefined;

  const kept = createKeptConnection({
    transport,
    trace,
    times: profile,
    bringUp,
    async heartbeat() {
      if (!loggedOff) await run(statusEnquiry(profile));
    },
  });
  const operations = createZvtOperations({
    profile,
    isOpen: () => transport.isOpen(),
    whileWorking: kept.whileWorking,
    run,
    // Whoever wants something of a terminal that is logged off has it registered first.
    inTurn: (work) => kept.inTurn(() => registerAgain().then(work)),
    unavailable,
    untilReady: kept.untilReady,
    disturb: kept.disturb,
    collectSlips: (into) => (served = into),
    onLoggedOff: () => (loggedOff = true),
  });

  return {
    state: kept.state,
    onState: kept.onState,
    authorise(authorisation) {
      if (authorising) throw new Error('card terminal: an authorisation is under way');
      authorising = { aborted: false, onLine: false };
      const mine = authorising;
      // Said at once, not when the line is free: a terminal that hangs keeps it for many seconds.
      const work = async () => unavailable() ?? (await kept.inTurn(() => authoriseNow(authorisation, mine)));
      return kept.whileWorking(work).finally(() => (authorising = undefined));
    },
    abort() {
      if (!authorising) return;
      authorising.aborted = true;
      if (authorising.onLine) exchanges.abort();
    },
    lastTransaction: () => kept.whileWorking(askLastTransaction),
    baseline: () => baseline,
    onRefusedApproval: refusals.on,
    reverse(purchase) {
      if (authorising) throw new Error('card terminal: an authorisation is under way');
      if (reversing) throw new Error('card terminal: a reversal is under way');
      reversing = true;
      return kept.whileWorking(() => operations.reverse(purchase)).finally(() => (reversing = false));
    },
    service: operations.service,
    needsPrinter,
    onSlip(listener) {
      slipListeners.add(listener);
      return () => slipListeners.delete(listener);
    },
    async close() {
      kept.beginClosing();
      exchanges.close();
      link.close();
      await transport.close();
      await kept.ended;
    },
  };

  function onRefusedApproval(card: CardDetails): void {
    trace({ kind: 'fault', detail: 'an approval is refused (84 66)' });
    if (!repeatOverdue) refusals.tell(card);
  }

  /** Throws what a listener throws: then the slip is refused with 84 CC, and the terminal reverses. */
  function tellSlip(slip: TerminalSlip): void {
    served?.push(slip);
    for (const listener of slipListeners) listener(slip);
  }

  async function run<T>(exchange: Exchange<T>): Promise<ExchangeEnd<T>> {
    const end = await exchanges.run(exchange);
    // Whoever did not finish may have been restarted meanwhile: it is asked and registered anew before anything else.
    if (end.kind === 'unfinished' || end.kind === 'not_sent' || (end.kind === 'refused' && end.code === NOT_REGISTERED)) kept.disturb();
    return end;
  }

  function unavailable(): { readonly kind: 'not_sent'; readonly detail: string } | undefined {
    if (kept.isUsable()) return undefined;
    return { kind: 'not_sent', detail: `the card terminal is not ready: ${kept.current().kind}` };
  }

  async function authoriseNow(authorisation: Authorisation, mine: Authorising): Promise<AuthorisationOutcome> {
    if (mine.aborted) return { kind: 'not_sent', detail: 'aborted before it was sent' };
    await registerAgain();
    const notNow = unavailable();
    if (notNow) return notNow;
    // Otherwise it would be approved, answered 84 CC at its first line, and reversed.
    if (needsPrinter && !canPrint()) return { kind: 'not_sent', detail: 'the printer cannot print the slip of the card terminal' };
    if (mine.aborted) return { kind: 'not_sent', detail: 'aborted before it was sent' };
    const { exchange, outcomeOf, isSettled } = authorisationExchange(authorisation, profile);
    mine.onLine = true;
    let outcome: AuthorisationOutcome;
    try {
      outcome = outcomeOf(await run(exchange));
    } catch (cause) {
      // A bug (a listener that throws) in the middle of a purchase: what the terminal did has to be asked like after any other fault.
      outcome = outcomeOf({ kind: 'unfinished', detail: messageOf(cause) });
    }
    mine.onLine = false;
    if (outcome.kind === 'unknown') {
      outcomeUnknown = true;
      settling = isSettled();
    }
    if (outcome.kind === 'unknown' || ('resultCode' in outcome && outcome.resultCode === codeText(NOT_REGISTERED))) kept.disturb();
    return outcome;
  }

  /** After a log-off the terminal is registered for whoever wants something of it, and its baseline is what was done meanwhile. */
  async function registerAgain(): Promise<void> {
    if (!loggedOff) return;
    loggedOff = false;
    await kept.bringUpNow();
    if (kept.current().kind !== 'ready') kept.disturb();
  }

  async function askLastTransaction(): Promise<Result<LastTransaction, TerminalFailure>> {
    if (profile.repeatReceiptServiceByte === undefined) return err({ kind: 'refused', detail: 'this terminal does not tell what it did last' });
    const deadline = kept.startDeadline(profile.readyTimeoutMs);
    let detail = 'not ready in time';
    try {
      while (!deadline.isOver()) {
        if (!kept.isUp()) {
          await kept.changed.next();
          continue;
        }
        const end = await kept.inTurn(askRepeatReceipt);
        if (end.kind === 'done' && end.value.ok) {
          outcomeUnknown = false;
          return ok(end.value.value);
        }
        if (end.kind === 'done') return err({ kind: 'refused', detail: end.value.ok ? '' : end.value.error.detail });
        detail = end.kind === 'refused' ? `06 20 was refused: ${codeText(end.code)}` : end.detail;
        if (end.kind !== 'refused') continue;
        // 9C and A0 mean "not now": it is asked again after the same pause as a terminal that is not ready.
        if (!profile.notReadyStatuses.includes(end.code) && end.code !== NOT_REGISTERED) return err({ kind: 'refused', detail });
        await kept.changed.next(profile.readyPollMs);
      }
    } finally {
      deadline.clear();
    }
    return err(kept.failure(detail));
  }

  async function askRepeatReceipt() {
    await registerAgain();
    const status = await run(statusEnquiry(profile));
    if (status.kind !== 'done') return status;
    const { terminalStatus } = status.value;
    if (profile.notReadyStatuses.includes(terminalStatus)) return { kind: 'refused', code: terminalStatus } as const;
    return noteOverdue(await run(repeatReceipt(profile)));
  }

  function noteOverdue<T>(end: ExchangeEnd<T>): ExchangeEnd<T> {
    repeatOverdue = end.kind === 'unfinished';
    return end;
  }

  /** Line, status, registration: `starting` where the terminal asks for patience. */
  async function bringUp(): Promise<Connection> {
    baseline = undefined;
    if (!transport.isOpen()) {
      const opened = await transport.open();
      if (!opened.ok) return { kind: 'unplugged', detail: opened.error.detail };
      link.reset();
      baselineQuestions = 0;
    }
    if (kept.isClosed()) return { kind: 'starting' };
    const status = await exchanges.run(statusEnquiry(profile));
    if (status.kind === 'not_sent' || status.kind === 'unfinished') return kept.failed(status.detail);
    if (profile.notReadyStatuses.includes(status.kind === 'done' ? status.value.terminalStatus : status.code)) {
      // It may be waiting for a card that nobody here waits for: a purchase of a process before us.
      if (profile.abortSupported && !settling) await exchanges.run(abortLeftover());
      return { kind: 'starting' };
    }
    settling = false;
    if (loggedOff) return { kind: 'ready' };
    const registered = await exchanges.run(registration(profile));
    switch (registered.kind) {
      case 'done':
        if (registered.value.kind === 'aborted') return kept.failed(`registration ended with ${codeText(registered.value.code)}`);
        return profile.wantsInitialisation && wantsInitialisation(registered.value.fields) ? initialiseFirst() : askBaseline();
      case 'refused':
        return profile.notReadyStatuses.includes(registered.code) ? { kind: 'starting' } : kept.failed(`registration refused: ${codeText(registered.code)}`);
      default:
        return kept.failed(registered.detail);
    }
  }

  async function initialiseFirst(): Promise<Connection> {
    const end = await exchanges.run(initialisation(profile));
    if (end.kind === 'done') return end.value.kind === 'completed' ? askBaseline() : kept.failed(`initialisation ended with ${codeText(end.value.code)}`);
    return kept.failed(end.kind === 'refused' ? `initialisation refused: ${codeText(end.code)}` : end.detail);
  }

  /** What it did before any purchase of ours; one that will not say is ready all the same. */
  async function askBaseline(): Promise<Connection> {
    if (outcomeUnknown || baselineQuestions >= BASELINE_QUESTIONS || profile.repeatReceiptServiceByte === undefined) {
      repeatOverdue = false;
      return { kind: 'ready' };
    }
    baselineQuestions += 1;
    const end = noteOverdue(await exchanges.run({ ...repeatReceipt(profile), t4Ms: profile.t3Ms }));
    // Its answer may still be on the way: begin anew, so that it is never taken for the answer to a purchase.
    if (end.kind === 'not_sent' || end.kind === 'unfinished') return kept.failed(end.detail);
    if (end.kind === 'refused' && profile.notReadyStatuses.includes(end.code)) return { kind: 'starting' };
    baselineQuestions = 0;
    if (end.kind === 'done' && end.value.ok) baseline = end.value.value;
    return { kind: 'ready' };
  }
}
