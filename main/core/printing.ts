import type { JobState } from '../../domain/contract/hq.ts';
import type { JobId, OrderId } from '../../domain/ids.ts';
import { paymentOf } from '../../domain/payment/attempt.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { PrintFailure, ReceiptPrinter } from '../../hardware/device/receipt-printer/port.ts';
import type { PrintJob, PrintKind, StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import type { Ages } from './ages.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import { withSource } from './log.ts';

export interface Printing {
  /** Prints what is queued, one after the other; called whenever something may have become printable. */
  kick(): void;
  /** What became of a job, once that will not change any more by itself. */
  ended(jobId: JobId): Promise<JobState>;
  stop(): void;
}

export interface PrintingDeps {
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly printer: ReceiptPrinter;
  /** What is printed here: a kitchen has a printer of its own. */
  readonly kinds: readonly PrintKind[];
  /** Its lines, as they are now. */
  readonly compose: (job: PrintJob) => Receipt;
  readonly log: Log;
  readonly faults: Faults;
  readonly ages: Ages;
  /** A receipt that waited longer stays an e-receipt: its customer has left. What staff asked for waits as long as it takes. */
  readonly receiptMs: number;
  readonly onChange: (orderId: OrderId) => void;
}

/**
 * The print queue. A job is `doing` before its first byte, so a job found `doing` (after a restart, or because its end
 * could not be written) may have become paper: it is uncertain, and nothing prints it again by itself.
 */
export function createPrinting({ reader, writer, printer, kinds, compose, faults, ages, receiptMs, onChange, ...deps }: PrintingDeps): Printing {
  const log = withSource(deps.log, 'printing');
  let working = false;
  let kicked = false;
  let stopped = false;
  const waiting = new Map<JobId, (state: JobState) => void>();

  const forgetPrinter = printer.onState((state) => {
    if (state.kind === 'ready') kick();
  });

  function setState(job: PrintJob, state: 'queued' | 'doing' | 'done' | 'uncertain' | 'lapsed', paperMm = 0): void {
    writer.setJobState(job.id, state, paperMm);
    if (state !== 'queued' && state !== 'doing') {
      ages.forget(job.id);
      waiting.get(job.id)?.(state);
      waiting.delete(job.id);
    }
    if (state === 'uncertain' || state === 'lapsed') log.warn(`${job.kind} ${state}`, { event: `print.${state}`, ...namesOf(job) });
    else if (state === 'doing' || state === 'done') log.info(`${job.kind} ${state}`, { event: `print.${state}`, ...namesOf(job), ...(paperMm > 0 ? { paperMm } : {}) });
    if (job.orderId) onChange(job.orderId);
  }

  function kick(): void {
    if (stopped) return;
    kicked = true;
    if (working) return;
    working = true;
    work()
      .then(() => faults.over('printing'))
      .catch((cause: unknown) => faults.report('printing', cause))
      .finally(() => {
        working = false;
        if (kicked) kick();
      });
  }

  async function work(): Promise<void> {
    while (kicked && !stopped) {
      kicked = false;
      // What will not be printed any more does not wait behind what may.
      for (const job of ours()) {
        if (job.state === 'doing') setState(job, 'uncertain');
        else if (isForTheCustomer(job) && ages.ageMs(job.id, job.createdAt) > receiptMs) setState(job, 'lapsed');
      }
      for (const job of ours()) if (stopped || !(await printJob(job))) break;
    }
  }

  function ours(): readonly PrintJob[] {
    return reader.unfinishedPrintJobs().filter((job) => kinds.includes(job.kind) && !(job.state === 'queued' && waitsForMoney(job)));
  }

  /** Nothing is cooked or fetched for an order whose money is on its way back. Where it stays after all, that change of its payment kicks. */
  function waitsForMoney({ kind, orderId }: PrintJob): boolean {
    return (kind === 'print_kitchen' || kind === 'print_staff_slip') && orderId !== undefined && paymentOf(reader.attempts(orderId))?.state === 'reversing';
  }

  /** Whether the next job may be tried. */
  async function printJob(job: PrintJob): Promise<boolean> {
    if ((await printer.check()).kind !== 'ready' || stopped) return false;
    // While the printer was asked, a refund may have ended it.
    const current = reader.printJob(job.id);
    if (current?.state !== 'queued' || waitsForMoney(current)) return true;
    setState(job, 'doing');
    const printed = await printer.print(compose(reader.printJob(job.id)!));
    if (printed.ok) {
      setState(job, 'done', printed.value.paperMm);
      return true;
    }
    tellFailure(job, printed.error);
    return false;
  }

  function tellFailure(job: PrintJob, error: PrintFailure): void {
    log.warn(`${job.kind} not printed`, { event: 'print.failed', ...namesOf(job), failure: error.kind, printer: error.state.kind, ...('detail' in error ? { detail: error.detail } : {}) });
    if (error.kind === 'not_started') setState(job, 'queued');
    else setState(job, 'uncertain', error.paperMm);
  }

  return {
    kick,
    ended: (jobId) => new Promise((resolve) => waiting.set(jobId, resolve)),
    stop() {
      stopped = true;
      forgetPrinter();
    },
  };
}

function namesOf({ id, orderId }: PrintJob): { readonly job: string; readonly order?: string } {
  return { job: id, ...(orderId ? { order: orderId } : {}) };
}

function isForTheCustomer({ kind }: PrintJob): boolean {
  return kind === 'print_receipt' || kind === 'print_terminal_slip';
}
