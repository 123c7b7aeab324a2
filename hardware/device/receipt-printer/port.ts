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
  /**
   * Bytes went out but the printer has not confirmed that they became paper: never printed again without a person.
   * `paperMm`: an estimate, by the bytes that went out.
   */
  | { readonly kind: 'uncertain'; readonly state: PrinterState; readonly detail: string; readonly paperMm: number };

export interface Printed {
  readonly bytes: number;
  readonly paper: 'ok' | 'low';
  /** Millimetres that it used, with what was cut off before it because an earlier job had failed. */
  readonly paperMm: number;
  /** From its turn (jobs before it were done) to the printer's confirmation. */
  readonly durationMs: number;
}

/** Anything that prints receipts. One job at a time: a second `print` waits for the first, in the order of the calls. */
export interface ReceiptPrinter {
  /** Last known state, without asking. */
  state(): PrinterState;
  onState(listener: (state: PrinterState) => void): () => void;
  /** Asks the printer now. */
  check(): Promise<PrinterState>;
  /** Resolves `ok` only when the printer has confirmed that everything before the cut was processed and paper is in. */
  print(receipt: Receipt): Promise<Result<Printed, PrintFailure>>;
  /**
   * Once, by hand of a person who has cleared the knife or the paper path: in a cutter or mechanical error the printer is told to
   * recover and to forget what it held. The state after it; without such an error, only the state.
   */
  recover(): Promise<PrinterState>;
  close(): Promise<void>;
}
