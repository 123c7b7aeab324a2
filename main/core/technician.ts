import { mayDecide } from '../../domain/attention/attention.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { TechnicianError, TerminalOperation } from '../../domain/contract/technician.ts';
import type { DeviceState } from '../../domain/device/state.ts';
import type { OrderId } from '../../domain/ids.ts';
import { isPaid } from '../../domain/order/order.ts';
import type { TestPageFacts } from '../../domain/receipt/test-page.ts';
import { composeTestPage } from '../../domain/receipt/test-page.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CardTerminal, ServiceReport, TerminalFailure, TerminalService } from '../../hardware/device/card-terminal/port.ts';
import type { ReceiptPrinter } from '../../hardware/device/receipt-printer/port.ts';
import { deadlinePassed, within } from '../../hardware/transport/deadline.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import type { Paper } from './paper.ts';
import type { Payments } from './payments.ts';
import type { Printing } from './printing.ts';
import type { TechnicianHandlers } from './technician-socket.ts';

/** What a kiosk that sells answers; how it stands with HQ and with its key, `kiosk.ts` knows. */
export type SellingHandlers = Omit<TechnicianHandlers, 'rotate-key'>;

export interface TechnicianDeps {
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly payments: Payments;
  readonly paper: Paper;
  readonly printing: Printing;
  readonly printer: ReceiptPrinter;
  readonly terminal: CardTerminal;
  readonly testPage: Omit<TestPageFacts, 'language' | 'at'>;
  readonly now: () => number;
  readonly devices: () => readonly DeviceState[];
  readonly kioskStatus: () => KioskStatus;
  readonly onChange: (orderId: OrderId) => void;
}

/** A test page on a slow line, behind a receipt that is being printed. */
const printedWithinMs = 30_000;

/** What a technician may ask of a running kiosk, and the decisions that a person makes about what stands on the list. */
export function createTechnician(deps: TechnicianDeps): SellingHandlers {
  const { reader, writer, payments, paper, printing, printer, terminal, testPage, now, devices, kioskStatus, onChange } = deps;

  return {
    status() {
      const { usedMm, leftMm, receiptsLeft } = paper.forecast();
      return ok({
        kiosk: kioskStatus(),
        devices: [...devices()],
        paper: { usedMm, ...(leftMm === undefined ? {} : { leftMm }), ...(receiptsLeft === undefined ? {} : { receiptsLeft }) },
        waitingPrints: reader.unfinishedPrintJobs().length,
        waitingDecisions: reader.attention().length,
      });
    },

    'attention.list': () => ok({ items: [...reader.attention()] }),

    'attention.settle'({ id, decision }) {
      const attention = reader.openAttention(id);
      if (!attention) return reader.decisionOf(id) === decision ? ok({}) : err(codedError('ATTENTION_UNKNOWN', reader.decisionOf(id)));
      if (!mayDecide(attention.kind, decision)) return err(codedError('DECISION_NOT_ALLOWED', `${decision} about ${attention.kind}`));
      if (attention.kind === 'reversal_refused' && reader.unsettledAttempt()?.id === attention.attemptId) return err(codedError('PAYMENT_UNSETTLED', 'it is being taken back just now'));
      if (decision === 'part_given_back' && reader.unsettledAttempt()?.orderId === attention.orderId) return err(codedError('PAYMENT_UNSETTLED', 'the whole order is being taken back just now'));
      writer.settleAttention(id, decision);
      onChange(attention.orderId);
      // What is to be sent back now is asked for at once.
      payments.settleOpenAttempt();
      return ok({});
    },

    async 'print-test'({ language }) {
      // A print job as any other: counted, and remembered if it is cut off in the middle.
      const jobId = writer.queueDocument(composeTestPage({ ...testPage, at: now(), language }), 'print_document', undefined);
      const ended = within(printing.ended(jobId), printedWithinMs);
      printing.kick();
      const state = await ended;
      return ok({ state: state === deadlinePassed ? (reader.printJob(jobId)?.state ?? 'queued') : state });
    },

    'new-roll'() {
      writer.startPaperRoll();
      return ok({});
    },

    async recover() {
      return ok({ printer: (await printer.recover()).kind });
    },

    async terminal({ operation }) {
      if (payments.running()) return err(codedError('PAYMENT_BUSY'));
      if (reader.unsettledAttempt()) return err(codedError('PAYMENT_UNSETTLED'));
      const { service } = terminal;
      if (!service) return err(codedError('DEVICE_CANNOT', 'this card terminal has no operations of its own'));
      const report = await perform(service, operation);
      if (!report.ok) return err(codedError('DEVICE_CANNOT', `${report.error.kind}: ${report.error.detail}`));
      const { slips, totals, clock } = report.value;
      return ok({ slips: [...slips], ...(totals ? { totals: { total: totals.total, count: totals.count } } : {}), ...(clock ? { clock } : {}) });
    },

    reprint({ order }) {
      const found = findOrder(order);
      if (!found.ok) return found;
      writer.printCopy(found.value);
      onChange(found.value);
      return ok({ number: reader.order(found.value)!.order.number, printerReady: printer.state().kind === 'ready' });
    },

    reverse({ order }) {
      const found = findOrder(order);
      if (!found.ok) return found;
      const { order: reversed } = reader.order(found.value)!;
      const begun = payments.reverse(found.value);
      return begun.ok ? ok({ number: reversed.number, amount: reversed.total }) : begun;
    },
  };

  /** By its id or its number; of several with one number the newest is meant. */
  function findOrder(text: string): Result<OrderId, TechnicianError> {
    const id = reader.newestOrder(text);
    const state = id && reader.order(id)?.state;
    if (!id || !state) return err(codedError('ORDER_UNKNOWN', text));
    return isPaid(state) || state === 'refunded' ? ok(id) : err(codedError('ORDER_NOT_PAID', state));
  }
}

async function perform(service: TerminalService, operation: TerminalOperation): Promise<Result<ServiceReport, TerminalFailure>> {
  switch (operation) {
    case 'diagnose':
      return service.diagnose();
    case 'end_of_day':
      return service.endOfDay();
    case 'initialise':
      return service.initialise();
    case 'repeat_receipt':
      return service.repeatReceipt();
    case 'log_off': {
      const off = await service.logOff();
      return off.ok ? ok({ slips: [] }) : off;
    }
  }
}
