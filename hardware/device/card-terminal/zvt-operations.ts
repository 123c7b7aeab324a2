import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { messageOf } from '../../../domain/contract/errors.ts';
import { codeText } from '../../codec/zvt/values.ts';
import type { ReversalOutcome, ReversiblePurchase, ServiceReport, TerminalFailure, TerminalService, TerminalSlip } from './port.ts';
import type { TerminalProfile } from './profiles.ts';
import type { Exchange, ExchangeEnd } from './zvt-exchange.ts';
import { refundExchange, reversalExchange } from './zvt-reversal.ts';
import type { ReversalExchange } from './zvt-reversal.ts';
import { diagnosis, endOfDay, initialise, logOff, printReceiptAgain, setTime } from './zvt-service.ts';
import type { Served } from './zvt-service.ts';

/** A reversal whose outcome is unknown is asked for so often in all: it is idempotent (B4). */
const REVERSALS = 3;

export interface ZvtOperationsDeps {
  readonly profile: TerminalProfile;
  isOpen(): boolean;
  /** The terminal is told as busy meanwhile. */
  whileWorking<T>(work: () => Promise<T>): Promise<T>;
  /** When the line is free and the terminal registered. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  run<T>(exchange: Exchange<T>): Promise<ExchangeEnd<T>>;
  /** Why nothing can be sent now. */
  unavailable(): { readonly kind: 'not_sent'; readonly detail: string } | undefined;
  untilReady(): Promise<boolean>;
  /** It has to be asked and registered anew. */
  disturb(): void;
  /** What the terminal prints from here on; nowhere any more with `undefined`. */
  collectSlips(into: TerminalSlip[] | undefined): void;
  onLoggedOff(): void;
}

export interface ZvtOperations {
  reverse(purchase: ReversiblePurchase): Promise<ReversalOutcome>;
  readonly service: TerminalService;
}

/** What is asked of a terminal besides purchases. */
export function createZvtOperations({ profile, isOpen, whileWorking, inTurn, run, unavailable, untilReady, disturb, collectSlips, onLoggedOff }: ZvtOperationsDeps): ZvtOperations {
  return { reverse, service: createService() };

  /** Asked for again while its outcome is unknown: an idempotent question needs no other to resolve it. */
  async function reverse({ amount, card }: ReversiblePurchase): Promise<ReversalOutcome> {
    const { receiptNumber } = card;
    if (receiptNumber === undefined || !/^[0-9]{4}$/.test(receiptNumber)) return { kind: 'refused', detail: 'the purchase has no receipt number' };
    let outcome = { kind: 'not_sent', detail: 'never tried' } as ReversalOutcome;
    for (let tried = 0; tried < REVERSALS; tried += 1) {
      if (tried > 0 && !(await untilReady())) break;
      const next = await giveBack(reversalExchange({ amount, card: { ...card, receiptNumber } }, profile));
      // What is known of the first try stays: one that was sent and one that was not are together unknown.
      outcome = next.kind === 'not_sent' && outcome.kind === 'unknown' ? outcome : next;
      if (next.kind !== 'unknown') break;
    }
    return outcome;
  }

  function giveBack({ exchange, outcomeOf }: ReversalExchange): Promise<ReversalOutcome> {
    return inTurn(async () => {
      const notNow = unavailable();
      if (notNow) return notNow;
      let outcome: ReversalOutcome;
      try {
        outcome = outcomeOf(await run(exchange));
      } catch (cause) {
        outcome = { kind: 'unknown', detail: messageOf(cause) };
      }
      if (outcome.kind === 'unknown') disturb();
      return outcome;
    });
  }

  function createService(): TerminalService {
    return {
      endOfDay: () => serve(() => endOfDay(profile)),
      diagnose: () => serve(() => diagnosis(profile)),
      initialise: () => serve(() => initialise(profile)),
      repeatReceipt: () => serve(() => printReceiptAgain(profile)),
      async setTime(date, time) {
        if (!/^[0-9]{6}$/.test(date) || !/^[0-9]{6}$/.test(time)) return err({ kind: 'refused', detail: 'date and time are six digits each' });
        const report = await serve(() => setTime(date, time, profile));
        return report.ok ? ok() : report;
      },
      refund: (amount) => whileWorking(() => giveBack(refundExchange(amount, profile))),
      logOff: () =>
        whileWorking(() =>
          inTurn(async () => {
            const notNow = unavailable();
            if (notNow) return err(failureNow(notNow.detail));
            const end = await run(logOff());
            if (end.kind === 'refused') return err({ kind: 'refused', detail: `06 02 was refused: ${codeText(end.code)}` });
            if (end.kind !== 'done') return err(failureNow(end.detail));
            onLoggedOff();
            return ok();
          }),
        ),
    };
  }

  function serve(make: () => Exchange<Served>): Promise<Result<ServiceReport, TerminalFailure>> {
    return whileWorking(() =>
      inTurn(async () => {
        const notNow = unavailable();
        if (notNow) return err(failureNow(notNow.detail));
        const collected: TerminalSlip[] = [];
        collectSlips(collected);
        try {
          const end = await run(make());
          if (end.kind === 'refused') {
            if (profile.notReadyStatuses.includes(end.code)) return err({ kind: 'busy', detail: `the terminal is busy (${codeText(end.code)})` });
            return err({ kind: 'refused', detail: `the terminal refused (${codeText(end.code)})` });
          }
          if (end.kind !== 'done') return err(failureNow(end.detail));
          const { ended, report } = end.value;
          if (ended.kind === 'aborted') return err({ kind: 'refused', detail: `the terminal gave up (${codeText(ended.code)})` });
          return ok({ ...report, slips: collected });
        } catch (cause) {
          return err({ kind: 'no_answer', detail: messageOf(cause) });
        } finally {
          collectSlips(undefined);
        }
      }),
    );
  }

  function failureNow(detail: string): TerminalFailure {
    return { kind: isOpen() ? 'no_answer' : 'unplugged', detail };
  }
}
