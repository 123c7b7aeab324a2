import { money } from '../../../domain/money.ts';
import { BMP } from '../../codec/zvt/bmp.ts';
import { bytesOf, hexOf } from '../../codec/zvt/bytes.ts';
import { valueOf } from '../../codec/zvt/fields.ts';
import type { Field } from '../../codec/zvt/fields.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';
import { totalsOf } from '../../codec/zvt/totals.ts';
import { amountOf } from '../../codec/zvt/values.ts';
import type { ServiceReport, TerminalTotals } from './port.ts';
import type { TerminalProfile } from './profiles.ts';
import { answerToUnasked, isApproval, positive } from './zvt-answers.ts';
import type { Exchange } from './zvt-exchange.ts';
import { endOf } from './zvt-housekeeping.ts';
import type { Ended } from './zvt-housekeeping.ts';

/** How a service command ended, and what the terminal told meanwhile. */
export interface Served {
  readonly ended: Ended;
  readonly report: Pick<ServiceReport, 'totals' | 'clock'>;
}

/** 06 50: closes the day; the totals come in 04 0F. */
export const endOfDay = (profile: TerminalProfile) => serviceExchange({ kind: 'end_of_day', password: profile.password, fields: [] }, profile);

/** 06 70: the terminal tries its way to the bank, and may tell its clock (04 01). */
export const diagnosis = (profile: TerminalProfile) => serviceExchange({ kind: 'diagnosis', fields: [] }, profile);

/** 06 93. */
export const initialise = (profile: TerminalProfile) => serviceExchange({ kind: 'initialisation', password: profile.password, fields: [] }, profile);

/** 06 20 without a service byte: it prints its last receipt once more. */
export const printReceiptAgain = (profile: TerminalProfile) => ({
  ...serviceExchange({ kind: 'repeat_receipt', password: profile.password, fields: [] }, profile),
  slipKind: 'customer' as const,
});

/** 06 91: "YYMMDD", "HHMMSS". */
export const setTime = (date: string, time: string, profile: TerminalProfile) =>
  serviceExchange(
    {
      kind: 'set_date_and_time_in_terminal',
      fields: [
        { bmp: BMP.DATE_WITH_YEAR, value: bytesOf(date) },
        { bmp: BMP.TIME, value: bytesOf(time) },
      ],
    },
    profile,
  );

/** 06 02: only 80 00 follows, no completion (PA00P015, 2.25). */
export function logOff(): Exchange<undefined> {
  return {
    command: { kind: 'log_off', fields: [] },
    t4Ms: 0,
    movesMoney: false,
    endsWithAnswer: { value: undefined },
    onMessage: (message) => ({ answer: answerToUnasked(message) }),
  };
}

function serviceExchange(command: ZvtMessage, profile: TerminalProfile): Exchange<Served> {
  let totals: TerminalTotals | undefined;
  let clock: ServiceReport['clock'];

  return {
    command,
    t4Ms: profile.t4Ms,
    movesMoney: false,
    slipKind: 'administration',
    onMessage(message) {
      const end = endOf(message);
      if (end) return { answer: end.answer, end: { value: { ended: end.end.value, report: { ...(totals ? { totals } : {}), ...(clock ? { clock } : {}) } } } };
      if (message.kind === 'status_information') {
        totals = totalsFrom(message.fields, profile) ?? totals;
        // What it tells here are totals and repeated results. A purchase names its amount and receipt, and nobody asked for one.
        return { answer: isPurchase(command, message) ? answerToUnasked(message) : positive };
      }
      if (message.kind === 'set_date_and_time') clock = clockFrom(message.fields) ?? clock;
      return { answer: answerToUnasked(message) };
    },
  };
}

function isPurchase(command: ZvtMessage, message: ZvtMessage & { readonly kind: 'status_information' }): boolean {
  if (command.kind === 'end_of_day' || command.kind === 'repeat_receipt' || !isApproval(message)) return false;
  return valueOf(message.fields, BMP.AMOUNT) !== undefined && valueOf(message.fields, BMP.TOTALS) === undefined;
}

function totalsFrom(fields: readonly Field[], { currency }: TerminalProfile): TerminalTotals | undefined {
  const value = valueOf(fields, BMP.TOTALS);
  const totals = value && totalsOf(value);
  if (!totals) return undefined;
  // The sum that the terminal itself names counts more than ours over its kinds of cards.
  const named = valueOf(fields, BMP.AMOUNT);
  const total = (named && amountOf(named)) ?? totals.total;
  return { total: money(total, currency), count: totals.count, fromReceipt: totals.fromReceipt, toReceipt: totals.toReceipt };
}

/** AA is YYMMDD, 0C HHMMSS (PA00P015, 3.8). */
function clockFrom(fields: readonly Field[]): ServiceReport['clock'] {
  const date = valueOf(fields, BMP.DATE_WITH_YEAR);
  const time = valueOf(fields, BMP.TIME);
  return date && time ? { date: hexOf(date).slice(2), time: hexOf(time) } : undefined;
}
