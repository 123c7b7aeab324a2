import type { Receipt } from '../../../domain/receipt/receipt.ts';
import type { Result } from '../../../domain/result.ts';

/** What a receipt printer is now. */
export type PrinterState =
  | { readonly kind: 'ready'; readonly paper: 'ok' | 'low' }
  | { readonly kind: 'paper_out' }
  | { readonly kind: 'cover_open' }
  | { readonly kind: 'fault'; readonly fault: 'cutter' | 'too_hot' | 'mechanical' | 'unrecoverable' }
  /** No line: not plugged in, or not yet opened. */
  | { readonly kind: 'unplugged'; readonly detail: string }
  /** A line, but silence or bytes that are no status. */
  | { readonly kind: 'no_answer'; readonly detail: string };

export type PrintFailure =
  /** Nothing was sent: printing later is safe. */
  | { readonly kind: 'not_started'; readonly state: PrinterState }
  /** Bytes went out but the printer has not confirmed that they became paper: never printed again without a person. */
  | { readonly kind: 'uncertain'; readonly state: PrinterState; readonly detail: string };

export interface Printed {
  readonly bytes: number;
  readonly paper: 'ok' | 'low';
}

/** Anything that prints receipts. One job at a time: a second `print` waits for the first. */
export interface ReceiptPrinter {
  /** Last known state, without asking. */
  state(): PrinterState;
  onState(listener: (state: PrinterState) => void): () => void;
  /** Asks the printer now. */
  check(): Promise<PrinterState>;
  /** Resolves `ok` only when the printer has confirmed that everything before the cut was processed and paper is in. */
  print(receipt: Receipt): Promise<Result<Printed, PrintFailure>>;
  close(): Promise<void>;
}
