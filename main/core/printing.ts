import type { OrderId } from '../../domain/ids.ts';
import { composeReceipt } from '../../domain/receipt/compose.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { ReceiptPrinter } from '../../hardware/device/receipt-printer/port.ts';
import type { StoredJob, StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import type { Ages } from './ages.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';

export interface Printing {
  paper(): 'ready' | 'low' | 'unavailable';
  /** Prints what is queued, one after the other; called whenever something may have become printable. */
  kick(): void;
  stop(): void;
}

export interface PrintingDeps {
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly printer: ReceiptPrinter;
  readonly log: Log;
  readonly faults: Faults;
  readonly ages: Ages;
  /** A receipt that waited longer stays an e-receipt: its customer has left. */
  readonly receiptMs: number;
  readonly onChange: (orderId: OrderId) => void;
}

/**
 * The print queue. A job is `doing` before its first byte, so a job found `doing` (after a restart, or because its end
 * could not be written) may have become paper: it is uncertain, and nothing prints it again by itself.
 */
export function createPrinting({ reader, writer, printer, log, faults, ages, receiptMs, onChange }: PrintingDeps): Printing {
  let working = false;
  let kicked = false;
  let stopped = false;

  const forgetPrinter = printer.onState((state) => {
    if (state.kind === 'ready') kick();
  });

  function setState(job: StoredJob, state: 'queued' | 'doing' | 'done' | 'uncertain' | 'lapsed'): void {
    writer.setJobState(job.id, state);
    if (state !== 'queued' && state !== 'doing') ages.forget(job.id);
    if (state === 'uncertain' || state === 'lapsed') log.warn(`receipt ${state}`, { job: job.id, order: job.orderId });
    onChange(job.orderId);
  }

  function kick(): void {
    if (stopped) return;
    kicked = true;
    if (working) return;
    working = true;
    work()
      .catch((cause: unknown) => faults.report('printing', cause))
      .finally(() => {
        working = false;
        if (kicked) kick();
      });
  }

  async function work(): Promise<void> {
    while (kicked && !stopped) {
      kicked = false;
      for (const job of reader.unfinishedPrintJobs()) {
        if (stopped) return;
        if (job.state === 'doing') setState(job, 'uncertain');
        else if (ages.ageMs(job.id, job.createdAt) > receiptMs) setState(job, 'lapsed');
        else if (!(await printJob(job))) break;
      }
    }
  }

  /** Whether the next job may be tried. */
  async function printJob(job: StoredJob): Promise<boolean> {
    if ((await printer.check()).kind !== 'ready' || stopped) return false;
    setState(job, 'doing');
    const printed = await printer.print(receiptOf(reader, job.orderId));
    if (printed.ok) {
      setState(job, 'done');
      return true;
    }
    const { error } = printed;
    log.warn('receipt not printed', { job: job.id, failure: error.kind, printer: error.state.kind, ...('detail' in error ? { detail: error.detail } : {}) });
    setState(job, error.kind === 'not_started' ? 'queued' : 'uncertain');
    return false;
  }

  return {
    paper() {
      const state = printer.state();
      if (state.kind !== 'ready') return 'unavailable';
      return state.paper === 'low' ? 'low' : 'ready';
    },
    kick,
    stop() {
      stopped = true;
      forgetPrinter();
    },
  };
}

function receiptOf(reader: StoreReader, orderId: OrderId): Receipt {
  const stored = reader.order(orderId);
  if (!stored) throw new Error(`order ${orderId} does not exist`);
  const card = reader.attempts(orderId).find((attempt) => attempt.state === 'approved')?.card;
  return composeReceipt({ shop: stored.shop, order: stored.order, card, receiptUrl: stored.receiptUrl, copy: false });
}
