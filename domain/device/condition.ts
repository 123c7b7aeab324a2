import type { DeviceCode } from './codes.ts';
import type { DeviceCondition } from './state.ts';

/**
 * From what each driver says to the one registry of codes. The drivers' own types must fit these: a driver that learns a
 * new state does not compile before it has a code, and with it an advice, here.
 */
type LineTrouble = { readonly kind: 'unplugged'; readonly detail: string } | { readonly kind: 'no_answer'; readonly detail: string };

export type PrinterInput =
  | { readonly kind: 'ready'; readonly paper: 'ok' | 'low' }
  | { readonly kind: 'paper_out' }
  | { readonly kind: 'cover_open' }
  | { readonly kind: 'fault'; readonly fault: 'cutter' | 'too_hot' | 'mechanical' | 'unrecoverable' }
  | LineTrouble;

export type TerminalInput = { readonly kind: 'ready' } | { readonly kind: 'busy' } | { readonly kind: 'starting' } | LineTrouble;

/** Lit or dark, a scanner works: `lit` says nothing here. */
export type ScannerInput = { readonly kind: 'ready' } | { readonly kind: 'starting' } | LineTrouble;

/** Why a line could not be opened, as far as it asks for another help than "plug it in". */
export type LineFailure = 'not_found' | 'in_use' | 'denied' | 'ambiguous' | 'stuck' | 'silent' | 'other';

const printerFaults = {
  cutter: 'PRINTER_CUTTER_JAMMED',
  too_hot: 'PRINTER_TOO_HOT',
  mechanical: 'PRINTER_MECHANICAL',
  unrecoverable: 'PRINTER_BROKEN',
} as const satisfies Record<string, DeviceCode>;

export function printerCondition(state: PrinterInput, failure?: LineFailure): DeviceCondition {
  switch (state.kind) {
    case 'ready':
      return { code: state.paper === 'low' ? 'PRINTER_PAPER_LOW' : 'PRINTER_READY', detail: '' };
    case 'paper_out':
      return { code: 'PRINTER_PAPER_OUT', detail: '' };
    case 'cover_open':
      return { code: 'PRINTER_COVER_OPEN', detail: '' };
    case 'fault':
      return { code: printerFaults[state.fault], detail: '' };
    case 'unplugged':
      return { code: lineCode(failure, 'PRINTER_UNPLUGGED', 'PRINTER_NO_ANSWER'), detail: state.detail };
    case 'no_answer':
      return { code: 'PRINTER_NO_ANSWER', detail: state.detail };
  }
}

export function terminalCondition(state: TerminalInput, failure?: LineFailure): DeviceCondition {
  switch (state.kind) {
    case 'ready':
      return { code: 'TERMINAL_READY', detail: '' };
    case 'busy':
      return { code: 'TERMINAL_BUSY', detail: '' };
    case 'starting':
      return { code: 'TERMINAL_STARTING', detail: '' };
    case 'unplugged':
      return { code: lineCode(failure, 'TERMINAL_UNPLUGGED', 'TERMINAL_NO_ANSWER'), detail: state.detail };
    case 'no_answer':
      return { code: 'TERMINAL_NO_ANSWER', detail: state.detail };
  }
}

export function scannerCondition(state: ScannerInput, failure?: LineFailure): DeviceCondition {
  switch (state.kind) {
    case 'ready':
      return { code: 'SCANNER_READY', detail: '' };
    case 'starting':
      return { code: 'SCANNER_STARTING', detail: '' };
    case 'unplugged':
      return { code: lineCode(failure, 'SCANNER_UNPLUGGED', 'SCANNER_NO_ANSWER'), detail: state.detail };
    case 'no_answer':
      return { code: 'SCANNER_NO_ANSWER', detail: state.detail };
  }
}

function lineCode(failure: LineFailure | undefined, unplugged: DeviceCode, noAnswer: DeviceCode): DeviceCode {
  switch (failure) {
    case 'in_use':
      return 'PORT_IN_USE';
    case 'denied':
      return 'PORT_DENIED';
    case 'ambiguous':
      return 'PORT_AMBIGUOUS';
    case 'stuck':
      return 'PORT_STUCK';
    // The port is there; only at no speed did anybody answer.
    case 'silent':
      return noAnswer;
    case 'not_found':
    case 'other':
    case undefined:
      return unplugged;
  }
}
