import type { TerminalMessage } from '../../../domain/payment/card.ts';

/** Intermediate statuses (PA00P015, 3.7) by what the customer is to do or to know. */
const messages: Readonly<Record<TerminalMessage, readonly number[]>> = {
  starting: [],
  present_card: [0x0a, 0x2a],
  enter_pin: [0x01, 0x02, 0x15],
  contacting_bank: [0x04, 0xd2, 0xd3, 0xf2],
  remove_card: [0x0b, 0x4b],
  declined: [0x03, 0x07, 0x08, 0x09, 0x0d, 0x10, 0x12, 0x13, 0x14, 0x16, 0x18, 0x19, 0x1d],
  reversing: [0x05, 0x45],
  please_wait: [0x0c, 0x0e, 0x17, 0x1b, 0x1c],
};

const byCode: ReadonlyMap<number, TerminalMessage> = new Map(
  (Object.entries(messages) as [TerminalMessage, readonly number[]][]).flatMap(([message, codes]) => codes.map((code) => [code, message] as const)),
);

/** 41 to 5D are 01 to 1D with "please remove card" below. What has no meaning of its own for a customer is "please wait". */
export function terminalMessageOf(code: number): TerminalMessage {
  const message = byCode.get(code);
  if (message) return message;
  return code >= 0x41 && code <= 0x5d ? 'remove_card' : 'please_wait';
}
