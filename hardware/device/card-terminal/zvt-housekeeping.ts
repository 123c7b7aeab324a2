import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { currencies, money } from '../../../domain/money.ts';
import { BMP } from '../../codec/zvt/bmp.ts';
import { cardDetailsOf, reversedTraceOf } from '../../codec/zvt/card-details.ts';
import { valueOf } from '../../codec/zvt/fields.ts';
import type { Field } from '../../codec/zvt/fields.ts';
import { TAG } from '../../codec/zvt/tag.ts';
import type { Tlv } from '../../codec/zvt/tlv.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';
import { amountOf, codeText, currencyOf } from '../../codec/zvt/values.ts';
import type { LastTransaction } from './port.ts';
import type { TerminalProfile } from './profiles.ts';
import { answerToUnasked, positive } from './zvt-answers.ts';
import type { Exchange } from './zvt-exchange.ts';

/** BMP 19 of a registration's completion, bit 0: the terminal wants 06 93 before it sells (PA00P015, 2.1). */
const WANTS_INITIALISATION = 0x01;

/** Of a transaction that has been taken back. */
const ALREADY_REVERSED = 0xb4;

/** Completed, or aborted with a result code. */
export type Ended = { readonly kind: 'completed'; readonly fields: readonly Field[] } | { readonly kind: 'aborted'; readonly code: number };

/** 05 01: is it there, and is it ready? */
export function statusEnquiry(profile: TerminalProfile): Exchange<{ readonly terminalStatus: number }> {
  return {
    command: { kind: 'status_enquiry', password: profile.password, fields: [] },
    t4Ms: profile.t3Ms,
    movesMoney: false,
    onMessage(message) {
      if (message.kind === 'status_completion') return { answer: positive, end: { value: { terminalStatus: message.terminalStatus ?? 0 } } };
      if (message.kind === 'abort') return { answer: positive, end: { value: { terminalStatus: message.resultCode ?? 0xa0 } } };
      return { answer: answerToUnasked(message) };
    },
  };
}

/** 06 B0 to a terminal that is still at what a process before us began. It may refuse; what it then says is answered as unasked. */
export function abortLeftover(): Exchange<undefined> {
  return {
    command: { kind: 'abort_command', fields: [] },
    t4Ms: 0,
    movesMoney: false,
    endsWithAnswer: { value: undefined },
    onMessage: (message) => ({ answer: answerToUnasked(message) }),
  };
}

/** 06 00. */
export function registration(profile: TerminalProfile): Exchange<Ended> {
  return {
    command: {
      kind: 'registration',
      password: profile.password,
      configByte: profile.configByte,
      currencyCode: currencies[profile.currency].numeric,
      fields: registrationFields(profile),
    },
    // A terminal may initialise itself first, which takes as long as a payment.
    t4Ms: profile.t4Ms,
    movesMoney: false,
    onMessage: (message) => endOf(message) ?? { answer: answerToUnasked(message) },
  };
}

function registrationFields({ registration: { serviceByte, permittedCommands, lineWidth, charset } }: TerminalProfile): readonly Field[] {
  const tlvs: Tlv[] = [];
  if (lineWidth !== undefined) tlvs.push({ tag: TAG.LINE_WIDTH, value: Uint8Array.of(lineWidth) });
  if (charset !== undefined) tlvs.push({ tag: TAG.CHARSET, value: Uint8Array.of(charset) });
  if (permittedCommands?.length) {
    tlvs.push({ tag: TAG.PERMITTED_COMMANDS, value: permittedCommands.map((command) => ({ tag: TAG.COMMAND, value: Uint8Array.of(command >>> 8, command & 0xff) })) });
  }
  return [
    ...(serviceByte === undefined ? [] : [{ bmp: BMP.SERVICE_BYTE, value: Uint8Array.of(serviceByte) }]),
    ...(tlvs.length === 0 ? [] : [{ bmp: BMP.TLV_CONTAINER, tlvs }]),
  ];
}

/** A registered terminal says that it cannot sell before it was initialised. */
export function wantsInitialisation(fields: readonly Field[]): boolean {
  return ((valueOf(fields, BMP.STATUS_BYTE)?.[0] ?? 0) & WANTS_INITIALISATION) !== 0;
}

/** 06 93 right after a registration that asks for it: the terminal fetches its parameters, which takes as long as a payment. */
export function initialisation(profile: TerminalProfile): Exchange<Ended> {
  return {
    command: { kind: 'initialisation', password: profile.password, fields: [] },
    t4Ms: profile.t4Ms,
    movesMoney: false,
    slipKind: 'administration',
    onMessage: (message) => endOf(message) ?? { answer: answerToUnasked(message) },
  };
}

export type LastTransactionAnswer = Result<LastTransaction, { readonly detail: string }>;

/** 06 20 with service byte 03: the question after an unknown outcome. */
export function repeatReceipt(profile: TerminalProfile): Exchange<LastTransactionAnswer> {
  let status: readonly Field[] | undefined;
  return {
    command: {
      kind: 'repeat_receipt',
      password: profile.password,
      fields: profile.repeatReceiptServiceByte === undefined ? [] : [{ bmp: BMP.SERVICE_BYTE, value: Uint8Array.of(profile.repeatReceiptServiceByte) }],
    },
    t4Ms: profile.t4Ms,
    movesMoney: false,
    onMessage(message) {
      if (message.kind === 'status_information') {
        status = message.fields;
        // What it did is told, not offered: this answer books nothing.
        return { answer: positive };
      }
      const ended = endOf(message);
      if (!ended) return { answer: answerToUnasked(message) };
      return { answer: ended.answer, end: { value: status ? transactionOf(status, profile) : nothingToTell(ended.end.value, profile) } };
    },
  };
}

export function endOf(message: ZvtMessage): { readonly answer: ZvtMessage; readonly end: { readonly value: Ended } } | undefined {
  if (message.kind === 'completion') return { answer: positive, end: { value: { kind: 'completed', fields: message.fields } } };
  if (message.kind === 'abort') return { answer: positive, end: { value: { kind: 'aborted', code: message.resultCode ?? 0xff } } };
  return undefined;
}

function nothingToTell(ended: Ended, profile: TerminalProfile): LastTransactionAnswer {
  if (ended.kind === 'aborted' && profile.nothingToRepeatCodes.includes(ended.code)) return ok({ kind: 'none' });
  return err({ detail: ended.kind === 'aborted' ? `06 20 ended with ${codeText(ended.code)}` : '06 20 completed without a status' });
}

function transactionOf(fields: readonly Field[], profile: TerminalProfile): LastTransactionAnswer {
  const resultCode = valueOf(fields, BMP.RESULT_CODE)?.[0];
  const amountValue = valueOf(fields, BMP.AMOUNT);
  const amount = amountValue && amountOf(amountValue);
  const currencyValue = valueOf(fields, BMP.CURRENCY_CODE);
  const currency = currencyValue ? currencyOf(currencyValue) : profile.currency;
  if (resultCode === undefined || amount === undefined || currency === undefined) {
    return err({ detail: 'the status of the last transaction lacks its result or amount' });
  }
  const reversedTrace = reversedTraceOf(fields);
  if (reversedTrace !== undefined && resultCode === 0) {
    // What it did last was to take that one back: told as what became of it. Its own numbers are of no purchase.
    const { terminalId } = cardDetailsOf(fields, profile.charset);
    return ok({ kind: 'transaction', resultCode: codeText(ALREADY_REVERSED), amount: money(amount, currency), card: { traceNumber: reversedTrace, ...(terminalId ? { terminalId } : {}) } });
  }
  return ok({
    kind: 'transaction',
    resultCode: codeText(resultCode),
    amount: money(amount, currency),
    card: cardDetailsOf(fields, profile.charset),
  });
}
