import { BMP } from '../codec/zvt/bmp.ts';
import { cardDetailsOf } from '../codec/zvt/card-details.ts';
import { decodeMessage } from '../codec/zvt/decode.ts';
import type { Asked } from '../codec/zvt/decode.ts';
import { valueOf } from '../codec/zvt/fields.ts';
import type { Field } from '../codec/zvt/fields.ts';
import { createFrameDecoder } from '../codec/zvt/frame.ts';
import type { FrameEvent } from '../codec/zvt/frame.ts';
import { control } from '../codec/zvt/message.ts';
import type { ZvtMessage } from '../codec/zvt/message.ts';
import { decodeText } from '../codec/zvt/text.ts';
import { amountOf, codeText, currencyOf } from '../codec/zvt/values.ts';
import { formatMoney, money } from '../../domain/money.ts';
import { maskDigits } from './mask-digits.ts';
import { plainText } from './trace.ts';
import type { LineTrace } from './trace.ts';

const names: ReadonlyMap<number, string> = new Map(Object.entries(control).map(([name, value]) => [value, name.toLowerCase().replaceAll('_', ' ')]));

/** What both directions of one line know together: a 06 0F is read by what was asked. */
export interface ZvtConversation {
  asked: Asked;
}

/** ZVT on a serial line, message by message. What it holds of a card has gone through the codec, which masks and drops. */
export function createZvtTrace(conversation: ZvtConversation = { asked: 'anything_else' }): LineTrace {
  const decoder = createFrameDecoder();
  /** Bytes since the last whole message. */
  let unread = 0;

  return {
    push(bytes) {
      unread += bytes.length;
      const events = decoder.push(bytes);
      if (events.length > 0) unread = 0;
      return events.map(eventText);
    },
    rest() {
      if (unread === 0) return [];
      const count = unread;
      unread = 0;
      decoder.reset();
      return [`${count} bytes that are no whole frame: another speed, stop bits or device?`];
    },
  };

  function eventText(event: FrameEvent): string {
    switch (event.kind) {
      case 'ack':
        return 'ACK';
      case 'nak':
        return 'NAK: the last frame is wanted again';
      case 'broken':
        return `broken frame (${{ crc: 'wrong check sum', framing: 'cut off', too_long: 'too long' }[event.reason]})`;
      case 'apdu':
        return describe(event.apdu);
    }
  }

  function describe(apdu: Uint8Array): string {
    const [high = 0, low = 0] = apdu;
    const bytes = `${codeText(high)} ${codeText(low)}`;
    const name = high === 0x84 ? 'answer' : (names.get((high << 8) | low) ?? 'unknown message');
    const decoded = decodeMessage(apdu, conversation.asked);
    if (name === 'status enquiry') conversation.asked = 'status_enquiry';
    else if (high === 0x06 && low !== 0x0f && low !== 0x1e) conversation.asked = 'anything_else';
    if (!decoded.ok) return `${bytes} ${name}, ${apdu.length} bytes that cannot be read: ${decoded.error.kind}, ${decoded.error.detail}`;
    const details = detailsOf(decoded.value);
    return `${bytes} ${name}${details.length > 0 ? `: ${details.join(', ')}` : ''}`;
  }
}

function detailsOf(message: ZvtMessage): readonly string[] {
  switch (message.kind) {
    case 'registration':
      return [`config byte ${codeText(message.configByte)}`, ...(message.currencyCode ? [`currency ${message.currencyCode}`] : [])];
    case 'intermediate_status':
      return [`status ${codeText(message.code)}`, ...(message.timeoutMinutes === undefined ? [] : [`time-out ${message.timeoutMinutes} min`])];
    case 'status_completion':
      return message.terminalStatus === undefined ? [] : [`terminal status ${codeText(message.terminalStatus)}`];
    case 'abort':
      return message.resultCode === undefined ? ['no result code'] : [`result ${codeText(message.resultCode)}`];
    case 'answer':
      return [`code ${codeText(message.code)}`, ...(message.resultCode === undefined ? [] : [`result ${codeText(message.resultCode)}`])];
    case 'print_line':
      return [`"${maskDigits(plainText(decodeText(message.text, 'cp437')))}"`];
    default:
      return fieldDetails(message.fields);
  }
}

/** A few fields by name, the numbers of all others. */
function fieldDetails(fields: readonly Field[]): readonly string[] {
  const code = valueOf(fields, BMP.RESULT_CODE)?.[0];
  const amount = valueOf(fields, BMP.AMOUNT);
  const minorUnits = amount && amountOf(amount);
  const currencyField = valueOf(fields, BMP.CURRENCY_CODE);
  const currency = (currencyField && currencyOf(currencyField)) ?? undefined;
  const { receiptNumber, traceNumber, terminalId, maskedPan, cardName } = cardDetailsOf(fields, 'cp437');
  const told = new Set<number>([BMP.RESULT_CODE, BMP.AMOUNT, BMP.CURRENCY_CODE, BMP.RECEIPT_NUMBER, BMP.TRACE_NUMBER, BMP.TERMINAL_ID, BMP.PAN, BMP.CARD_NAME]);
  const others = fields.filter(({ bmp }) => !told.has(bmp)).map(({ bmp }) => codeText(bmp));
  return [
    ...(code === undefined ? [] : [`result ${codeText(code)}`]),
    ...(minorUnits === undefined ? [] : [`amount ${currency ? formatMoney(money(minorUnits, currency)) : `${minorUnits} minor units`}`]),
    ...(receiptNumber ? [`receipt ${receiptNumber}`] : []),
    ...(traceNumber ? [`trace ${traceNumber}`] : []),
    ...(terminalId ? [`terminal ${terminalId}`] : []),
    ...(maskedPan ? [`card ${maskedPan}`] : []),
    ...(cardName ? [maskDigits(plainText(cardName))] : []),
    ...(others.length > 0 ? [`fields ${others.join(' ')}`] : []),
  ];
}
