import type { CodedError } from '../../../domain/contract/errors.ts';
import { codedError } from '../../../domain/contract/errors.ts';
import type { DayReport } from '../../../domain/contract/staff.ts';
import type { Language } from '../../../domain/language.ts';
import type { Currency } from '../../../domain/money.ts';
import type { Tally } from '../../../domain/receipt/z-report.ts';
import { composeZReport } from '../../../domain/receipt/z-report.ts';
import type { Shop } from '../../../domain/receipt/shop.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { CardTerminal } from '../../../hardware/device/card-terminal/port.ts';
import type { DayFacts, DayStore } from '../../store/day-reports.ts';
import { faultOf } from '../faults.ts';
import type { Log } from '../log.ts';
import type { ServiceActs } from '../service-acts.ts';
import type { StaffHandlers } from './gate.ts';

export interface StaffDayDeps {
  readonly days: DayStore;
  readonly acts: Pick<ServiceActs, 'print' | 'terminalHindrance'>;
  readonly terminal: Pick<CardTerminal, 'service' | 'state'>;
  readonly shop: Shop;
  readonly currency: () => Currency;
  /** False while HQ may still tell a restored store that the report which it finds begun was made long ago. */
  readonly isHistoryKnown: () => boolean;
  readonly log: Log;
}

export interface StaffDay {
  readonly handlers: DayHandlers;
  /** Makes the report that was cut off, where there is one, as soon as it may be made. */
  finishCutOff(): void;
}

type DayHandlers = Pick<StaffHandlers, 'day.close' | 'day.reports' | 'day.reprint'>;

const reportsShown = 60;

/**
 * The shop's day, closed at the terminal. The terminal tells its totals once and begins to count anew, so what is done stands in the store in steps: asked, answered, reported.
 * Cut off after it was answered, the report is made at the next start. Cut off before, nobody knows whether the terminal has closed: the next time it is asked again, and what it
 * says then is believed for the whole day only where it agrees with our own book; otherwise the first totals are on the terminal's own slip alone, and the report leaves them out.
 */
export function createStaffDay({ days, acts, terminal, shop, currency, isHistoryKnown, log }: StaffDayDeps): StaffDay {
  let isClosing = false;
  finishCutOff();

  /** What the terminal has answered stands there until it is reported, whatever goes wrong here. */
  function finishCutOff(): void {
    try {
      if (!isHistoryKnown() || days.open()?.state !== 'answered') return;
      const { number } = days.report(currency());
      log.warn('the report of a day was cut off, and is made now', { number });
    } catch (cause) {
      log.error(faultOf(cause));
    }
  }

  function composed(facts: DayFacts, language: Language, isCopy: boolean) {
    return composeZReport({ ...facts, shop, language, copy: isCopy });
  }

  async function close(staff: string): Promise<Result<DayReport, CodedError>> {
    finishCutOff();
    if (days.open() && !isHistoryKnown()) return err(codedError('HQ_UNAVAILABLE', 'the store was brought back, and HQ has yet to tell how the day that was being closed then has ended'));
    // Asked again it would begin a new day, and what it has told for the last one would be lost.
    if (days.open()?.state === 'answered') return err(codedError('STORE_FAILED', 'the report of the day before could not be made'));
    const hindrance = acts.terminalHindrance();
    if (hindrance) return err(hindrance);
    const { service } = terminal;
    const { kind } = terminal.state();
    // Its totals are half of what a report is for.
    if (service && kind !== 'ready' && kind !== 'busy') return err(codedError('DEVICE_CANNOT', 'the card terminal is away'));
    const wasAsked = days.open()?.state === 'asked';
    days.ask(staff);
    const totals = service ? await totalsOf(service, wasAsked) : ok(undefined);
    if (!totals.ok) return totals;
    days.answered(totals.value);
    const report = days.report(currency());
    log.info('the day is closed at the terminal', { number: report.number, difference: report.difference ?? null });
    return ok(report);
  }

  async function totalsOf(service: NonNullable<CardTerminal['service']>, wasAsked: boolean): Promise<Result<Tally | undefined, CodedError>> {
    const ended = await service.endOfDay();
    const ours = days.cardsOurs(currency());
    if (!ended.ok) {
      const { kind, detail } = ended.error;
      // It has nothing to close, and neither have we; or it has closed it the last time, before we could write that down.
      if (kind === 'refused' && (ours.count === 0 || wasAsked)) return ok(undefined);
      // Certainly not done. Where it does not answer any more, it may be: then it stays asked.
      if ((kind === 'refused' || kind === 'busy') && !wasAsked) days.giveUp();
      return err(codedError('DEVICE_CANNOT', `${kind}: ${detail}`));
    }
    const told = ended.value.totals;
    if (!told || told.total.currency !== currency()) return ok(undefined);
    const totals = { count: told.count, amount: told.total.amount };
    if (wasAsked && (totals.count !== ours.count || totals.amount !== ours.amount)) {
      log.warn("the terminal's day had been closed before: its totals are on its own slip", { count: totals.count, amount: totals.amount });
      return ok(undefined);
    }
    return ok(totals);
  }

  const handlers: DayHandlers = {
    async 'day.close'({ language }, { number }) {
      // Two at once would be two ends of day.
      if (isClosing) return err(codedError('PAYMENT_BUSY', 'the day is being closed'));
      isClosing = true;
      try {
        const closed = await close(number);
        if (!closed.ok) return closed;
        return ok({ report: closed.value, printed: await acts.print(composed(days.facts(closed.value.number)!, language, false)) });
      } finally {
        isClosing = false;
      }
    },

    'day.reports': () => ok({ reports: [...days.reports(reportsShown)] }),

    async 'day.reprint'({ number, language }) {
      const facts = days.facts(number);
      if (!facts) return err(codedError('STAFF_UNKNOWN', `report ${number}`));
      return ok({ state: await acts.print(composed(facts, language, true)) });
    },
  };
  return { handlers, finishCutOff };
}
