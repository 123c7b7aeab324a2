import type { Currency } from '../../../domain/money.ts';
import type { Charset } from '../../codec/zvt/text.ts';

/** How one make of terminal deviates from the specification, as data. Times are in milliseconds. */
export interface TerminalProfile {
  readonly name: string;
  /** Frames with ACK and repeats on a serial line (PA00P016, 2), or the bare APDUs over TCP, mostly on port 20007 (PA00P016, 4). */
  readonly framing: 'serial' | 'tcp';
  readonly baudRate: number;
  /** PA00P016, 2.1 asks for two; some take one. */
  readonly stopBits: 1 | 2;
  /** Of the texts that the terminal sends: FF CP437, FE UTF-8, 01 Latin-1, 00 ZVT's own (TLV 14). */
  readonly charset: Charset;
  /**
   * Registration's config byte: bit 1 we print payment receipts, 2 administrative receipts, 3 we want intermediate status,
   * 4 no amount input, 5 no administration at the terminal, 7 prints by 06 D1/D3 (counted from 0).
   */
  readonly configByte: number;
  /** What registration says besides (06 00, BMP 03 and TLV); nothing unless the terminal wants it. */
  readonly registration: {
    readonly serviceByte?: number;
    /** TLV 26: the commands that the terminal may send, as control fields; 06 D3 among them where it is to print by text blocks. */
    readonly permittedCommands?: readonly number[];
    /** TLV 12: characters in a line of our printer. */
    readonly lineWidth?: number;
    /** TLV 14. */
    readonly charset?: number;
  };
  /** It says in its answer to the registration (BMP 19, bit 0) that it wants 06 93 first, and means it. */
  readonly wantsInitialisation: boolean;
  /** Of 06 20 (BMP 03): bit 0 tells the status of the last transaction, bit 1 prints nothing. None for a terminal that knows no service byte. */
  readonly repeatReceiptServiceByte: number | undefined;
  /** BMP 01 of a purchase: how long the terminal waits for a card; its own time unless told otherwise. */
  readonly cardTimeoutSeconds?: number;
  /** BMP 02 of a purchase that releases goods: how often it asks again after 84 9C, every two seconds. 0 where it does not. */
  readonly maxStatusInfos: number;
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
  /**
   * How long the terminal may be silent after we have accepted its approval, before it is asked what became of it. The
   * purchase is final then, and the customer need not wait T4 for a completion that does not come.
   */
  readonly settleMs: number;
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
  framing: 'serial',
  baudRate: 9600,
  stopBits: 2,
  charset: 'cp437',
  configByte: 0x3e,
  registration: {},
  wantsInitialisation: false,
  repeatReceiptServiceByte: 0x03,
  maxStatusInfos: 10,
  password: '000000',
  currency: 'CNY',
  abortSupported: true,
  t1Ms: 200,
  t2Ms: 5_000,
  repeats: 2,
  t3Ms: 5_000,
  t4Ms: 180_000,
  settleMs: 10_000,
  answerMs: 3_000,
  heartbeatMs: 10_000,
  reconnectMs: [250, 500, 1_000, 2_000, 3_000],
  readyTimeoutMs: 30_000,
  readyPollMs: 500,
  notReadyStatuses: [0x9c, 0xa0],
  nothingToRepeatCodes: [0x83],
};

/** Config byte BE and the list of commands that providers recommend for a vending machine: slips come as whole text blocks. */
const kioskPrints = { configByte: 0xbe, registration: { permittedCommands: [0x06d3] } } as const;

export const terminalProfiles = {
  specification,
  /** Unattended readers that take no abort and answer slowly while the network comes up. */
  no_abort: { ...specification, name: 'ZVT without abort', abortSupported: false },
  /** USB terminals at 115200 baud with one stop bit, texts in UTF-8. */
  usb: { ...specification, name: 'ZVT over USB', baudRate: 115_200, stopBits: 1, charset: 'utf-8' },
  /** The specification's line, but for one stop bit. */
  one_stop_bit: { ...specification, name: 'ZVT with one stop bit', stopBits: 1 },
  /** Texts in UTF-8 whatever registration says. */
  utf_8: { ...specification, name: 'ZVT with texts in UTF-8', charset: 'utf-8' },
  /** Its slips come out of the kiosk's printer, each as one text block. */
  kiosk_prints: { ...specification, ...kioskPrints, name: 'ZVT, the kiosk prints' },
  /** The same by single lines: it knows no text blocks. Some put a TLV container behind each line. */
  kiosk_prints_lines: { ...specification, name: 'ZVT, the kiosk prints lines', configByte: 0xbe },
  /** Answers late, and takes its time after the approval: a reader on a slow network. */
  slow: { ...specification, name: 'ZVT, slow', t3Ms: 15_000, settleMs: 30_000, heartbeatMs: 30_000, readyTimeoutMs: 60_000 },
  /** Wants its parameters after a power cut before it sells (06 93), and says so. */
  wants_initialisation: { ...specification, name: 'ZVT that wants 06 93', wantsInitialisation: true },
  /** 06 20 without service byte: it prints again and tells nothing, so that an unknown outcome is always for a person. */
  plain_repeat: { ...specification, name: 'ZVT with a plain 06 20', repeatReceiptServiceByte: undefined },
  /** In the network, port 20007. */
  network: { ...specification, name: 'ZVT over TCP', framing: 'tcp' },
} as const satisfies Record<string, TerminalProfile>;

export type TerminalProfileName = keyof typeof terminalProfiles;

/** Config byte, bit 7: the terminal's slips come by 06 D1 and 06 D3, and it reverses what it cannot print. */
export function printsByUs({ configByte }: Pick<TerminalProfile, 'configByte'>): boolean {
  return (configByte & 0x80) !== 0;
}
