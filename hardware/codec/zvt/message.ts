import type { Field } from './fields.ts';

/** The control fields of PA00P015, 2 and 3, that this codec knows, by the specification's own names. */
export const control = {
  SET_DATE_AND_TIME_IN_ECR: 0x0401,
  STATUS_INFORMATION: 0x040f,
  INTERMEDIATE_STATUS: 0x04ff,
  STATUS_ENQUIRY: 0x0501,
  REGISTRATION: 0x0600,
  AUTHORISATION: 0x0601,
  LOG_OFF: 0x0602,
  COMPLETION: 0x060f,
  ABORT: 0x061e,
  REPEAT_RECEIPT: 0x0620,
  REVERSAL: 0x0630,
  REFUND: 0x0631,
  END_OF_DAY: 0x0650,
  DIAGNOSIS: 0x0670,
  RESET: 0x0618,
  SET_DATE_AND_TIME: 0x0691,
  INITIALISATION: 0x0693,
  ABORT_COMMAND: 0x06b0,
  PRINT_LINE: 0x06d1,
  PRINT_TEXT_BLOCK: 0x06d3,
  DISPLAY_TEXT: 0x06e0,
  POSITIVE: 0x8000,
} as const;

/** Six digits. */
export type Password = string;

export type ZvtMessage =
  // From the kiosk (ECR) to the terminal (PT).
  | { readonly kind: 'registration'; readonly password: Password; readonly configByte: number; readonly currencyCode?: string; readonly fields: readonly Field[] }
  | { readonly kind: 'authorisation'; readonly fields: readonly Field[] }
  | { readonly kind: 'log_off'; readonly fields: readonly Field[] }
  | { readonly kind: 'status_enquiry'; readonly password?: Password; readonly fields: readonly Field[] }
  | { readonly kind: 'repeat_receipt'; readonly password: Password; readonly fields: readonly Field[] }
  | { readonly kind: 'reversal'; readonly password: Password; readonly fields: readonly Field[] }
  | { readonly kind: 'refund'; readonly password: Password; readonly fields: readonly Field[] }
  | { readonly kind: 'end_of_day'; readonly password: Password; readonly fields: readonly Field[] }
  | { readonly kind: 'initialisation'; readonly password: Password; readonly fields: readonly Field[] }
  | { readonly kind: 'reset'; readonly fields: readonly Field[] }
  /** AA date (YYMMDD), 0C time: the terminal's clock is set. */
  | { readonly kind: 'set_date_and_time_in_terminal'; readonly fields: readonly Field[] }
  | { readonly kind: 'diagnosis'; readonly fields: readonly Field[] }
  | { readonly kind: 'abort_command'; readonly fields: readonly Field[] }
  | { readonly kind: 'display_text'; readonly fields: readonly Field[] }
  // From the terminal to the kiosk.
  | { readonly kind: 'status_information'; readonly fields: readonly Field[] }
  | { readonly kind: 'intermediate_status'; readonly code: number; readonly timeoutMinutes?: number; readonly fields: readonly Field[] }
  | { readonly kind: 'completion'; readonly fields: readonly Field[] }
  /** The completion of a status enquiry: the same control field with another body, told apart only by what was asked. */
  | { readonly kind: 'status_completion'; readonly softwareVersion?: Uint8Array; readonly terminalStatus?: number; readonly fields: readonly Field[] }
  | { readonly kind: 'abort'; readonly resultCode?: number; readonly fields: readonly Field[] }
  | { readonly kind: 'print_line'; readonly attribute: number; readonly text: Uint8Array }
  | { readonly kind: 'print_text_block'; readonly fields: readonly Field[] }
  | { readonly kind: 'set_date_and_time'; readonly fields: readonly Field[] }
  // Answers, both ways.
  /** 80 00: taken. */
  | { readonly kind: 'positive'; readonly fields: readonly Field[] }
  /** 84 xx. Code 00 is positive too; 9C asks to wait, 9D says that a part of the goods came out; 84 1E carries the reason as an abort does. */
  | { readonly kind: 'answer'; readonly code: number; readonly resultCode?: number; readonly fields: readonly Field[] };

export type ZvtMessageKind = ZvtMessage['kind'];
