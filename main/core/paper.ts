import type { PrinterState, ReceiptPrinter } from '../../hardware/device/receipt-printer/port.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';

export interface PaperForecast {
  readonly usedMm: number;
  /** Undefined where nobody has said how long a roll is. */
  readonly leftMm: number | undefined;
  /** How many receipts of the usual length that will be. */
  readonly receiptsLeft: number | undefined;
}

export interface Paper {
  /** What a customer may expect of the printer. */
  status(): 'ready' | 'low' | 'unavailable';
  forecast(): PaperForecast;
  stop(): void;
}

export interface PaperDeps {
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly printer: ReceiptPrinter;
  readonly rollMetres: number | undefined;
}

/** With fewer receipts left than this the paper is low, whatever the printer's own sensor says: many have none. */
const fewReceipts = 10;
/** Until a slip was measured. */
const usualSlipMm = 150;

/**
 * How far the roll will last. A roll is new when the printer, having said that its paper was out or near its end, says that
 * there is enough; or when a technician says so, after a change that nobody saw.
 */
export function createPaper({ reader, writer, printer, rollMetres }: PaperDeps): Paper {
  let wasShort = isShort(printer.state());

  const forgetPrinter = printer.onState((state) => {
    if (state.kind === 'ready' && state.paper === 'ok' && wasShort) writer.startPaperRoll();
    if (state.kind === 'ready' || state.kind === 'paper_out') wasShort = isShort(state);
  });

  function forecast(): PaperForecast {
    const { usedMm, meanSlipMm = usualSlipMm } = reader.paperUse();
    if (rollMetres === undefined) return { usedMm, leftMm: undefined, receiptsLeft: undefined };
    const leftMm = Math.max(0, Math.round(rollMetres * 1000) - usedMm);
    return { usedMm, leftMm, receiptsLeft: Math.floor(leftMm / meanSlipMm) };
  }

  return {
    status() {
      const state = printer.state();
      if (state.kind !== 'ready') return 'unavailable';
      const { receiptsLeft } = forecast();
      return state.paper === 'low' || (receiptsLeft !== undefined && receiptsLeft < fewReceipts) ? 'low' : 'ready';
    },
    forecast,
    stop: forgetPrinter,
  };
}

function isShort(state: PrinterState): boolean {
  return state.kind === 'paper_out' || (state.kind === 'ready' && state.paper === 'low');
}
