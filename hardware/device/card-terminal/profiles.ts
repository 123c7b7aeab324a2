import type { Currency } from '../../../domain/money.ts';

/** How one make of terminal deviates from the specification, as data. Times are in milliseconds. */
export interface TerminalProfile {
  readonly name: string;
  readonly baudRate: number;
  /** PA00P016, 2.1 asks for two; some take one. */
  readonly stopBits: 1 | 2;
  /** Of the texts that the terminal sends: FF CP437, FE UTF-8, 01 Latin-1 (TLV 14). */
  readonly charset: 'cp437' | 'utf-8' | 'latin-1';
  /**
   * Registration's config byte: bit 1 we print payment receipts, 2 administrative receipts, 3 we want intermediate status,
   * 4 no amount input, 5 no administration at the terminal, 7 prints by 06 D1/D3 (counted from 0).
   */
  readonly configByte: number;
  /** Six digits; most terminals take any. */
  readonly password: string;
  readonly currency: Currency;
  /** False where 06 B0 makes it worse. */
  readonly abortSupported: boolean;
  /** T1: between two bytes of a frame, then NAK (PA00P016, 2.5). */
  readonly t1Ms: number;
  /** T2: for ACK or NAK, then the frame is repeated. */
  readonly t2Ms: number;
  /** At most so many repeats of a frame. */
  readonly repeats: number;
  /** T3: from a command to its answer. */
  readonly t3Ms: number;
  /** T4: from the answer to the completion, started anew by 04 FF and 04 0F. */
  readonly t4Ms: number;
  /** How long `onApproved` may take before the approval is refused with 84 66. Below the terminal's own T3, which runs meanwhile. */
  readonly answerMs: number;
  /** Between two status enquiries while nothing else is going on; 0 asks never. */
  readonly heartbeatMs: number;
  /** Waits between attempts to open or register: the last one goes on for ever. */
  readonly reconnectMs: readonly number[];
  /** How long `lastTransaction` waits for the terminal to be there and ready, and how often it asks meanwhile. */
  readonly readyTimeoutMs: number;
  readonly readyPollMs: number;
  /** Terminal statuses (05 01) that say "not now": 9C wait, A0 not ready. Others are told by the command that follows. */
  readonly notReadyStatuses: readonly number[];
  /** Result codes of 06 1E after 06 20 that say that there is nothing to repeat. */
  readonly nothingToRepeatCodes: readonly number[];
}

/**
 * The specification's own values. Config byte 3E, not BE: the terminal sends no print lines, because the kiosk's receipt
 * carries what it needs from 04 0F.
 */
export const specification: TerminalProfile = {
  name: 'ZVT 13.08',
  baudRate: 9600,
  stopBits: 2,
  charset: 'cp437',
  configByte: 0x3e,
  password: '000000',
  currency: 'CNY',
  abortSupported: true,
  t1Ms: 200,
  t2Ms: 5_000,
  repeats: 2,
  t3Ms: 5_000,
  t4Ms: 180_000,
  answerMs: 3_000,
  heartbeatMs: 10_000,
  reconnectMs: [250, 500, 1_000, 2_000, 3_000],
  readyTimeoutMs: 30_000,
  readyPollMs: 500,
  notReadyStatuses: [0x9c, 0xa0],
  nothingToRepeatCodes: [0x83],
};

export const terminalProfiles = {
  specification,
  /** Unattended readers that take no abort and answer slowly while the network comes up. */
  no_abort: { ...specification, name: 'ZVT without abort', abortSupported: false },
  /** USB terminals at 115200 baud with one stop bit, texts in UTF-8. */
  usb: { ...specification, name: 'ZVT over USB', baudRate: 115_200, stopBits: 1, charset: 'utf-8' },
} as const satisfies Record<string, TerminalProfile>;

export type TerminalProfileName = keyof typeof terminalProfiles;
