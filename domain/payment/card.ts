import { z } from 'zod';

/** What a card terminal tells of an approved (or repeated) transaction. No full card number ever: masked at the codec. */
export const cardDetailsSchema = z.strictObject({
  /** Number that the terminal printed on its receipt, four digits (BMP 87). */
  receiptNumber: z.string().max(8).optional(),
  /** Six digits (BMP 0B). */
  traceNumber: z.string().max(8).optional(),
  /** Terminal id, eight digits (BMP 29). */
  terminalId: z.string().max(8).optional(),
  /** The terminal's own clock: "MMDD" and "HHMMSS" (BMP 0D, 0C). It may be wrong. */
  date: z.string().max(4).optional(),
  time: z.string().max(6).optional(),
  /** "************1234" (BMP 22, masked). */
  maskedPan: z.string().max(24).optional(),
  cardName: z.string().max(40).optional(),
  /** Authorisation attribute (BMP 3B), as hex. */
  aid: z.string().max(16).optional(),
});
export type CardDetails = z.infer<typeof cardDetailsSchema>;

/** What the terminal is doing, told apart as far as a customer needs it (ZVT 04 FF). */
export const terminalMessages = ['starting', 'present_card', 'enter_pin', 'contacting_bank', 'remove_card', 'declined', 'reversing', 'please_wait'] as const;
export const terminalMessageSchema = z.enum(terminalMessages);
export type TerminalMessage = z.infer<typeof terminalMessageSchema>;
