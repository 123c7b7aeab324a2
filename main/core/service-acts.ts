import type { Decision } from '../../domain/attention/attention.ts';
import { mayDecide } from '../../domain/attention/attention.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { JobState } from '../../domain/contract/hq.ts';
import type { TerminalOperation } from '../../domain/contract/technician.ts';
import type { AttentionId, JobId, OrderId } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import { isPaid } from '../../domain/order/order.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { TestPageFacts } from '../../domain/receipt/test-page.ts';
import { composeTestPage } from '../../domain/receipt/test-page.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CardTerminal, ServiceReport, TerminalFailure, TerminalService } from '../../hardware/device/card-terminal/port.ts';
import type { ReceiptPrinter } from '../../hardware/device/receipt-printer/port.ts';
import { deadlinePassed, within } from '../../hardware/transport/deadline.ts';
import type { Emitter } from '../store/emitter.ts';
import type { StoreReader } from '../store/reader.ts';
import type { RefundWish } from '../store/refunds.ts';
import type { StoreWriter } from '../store/writer.ts';
import type { Payments } from './payments.ts';
import type { Printing } from './printing.ts';
import type { WalletRefunds } from './wallet-refunds.ts';

export interface ServiceActsDeps {
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly payments: Payments;
  readonly walletRefunds: Pick<WalletRefunds, 'reverse' | 'look'>;
  readonly printing: Printing;
  readonly printer: ReceiptPrinter;
  readonly terminal: CardTerminal;
  readonly testPage: Omit<TestPageFacts, 'language' | 'at'>;
  readonly now: () => number;
  /** Devices and pages hear of what is on disk, never of what may yet be undone. */
  readonly afterCommit: Emitter['afterCommit'];
  readonly onChange: (orderId: OrderId) => void;
}

/** What people may do at a running kiosk, whichever way they have come in: by the technician's command line, or at its screen. Who may do what is decided there. */
export interface ServiceActs {
  /** What a person has decided about something on the list. Again with the same decision it answers the same; with another it is refused. */
  decide(id: AttentionId, decision: Decision, by?: string): Result<Record<string, never>, CodedError>;
  /** A print job as any other: counted, and remembered if it is cut off in the middle. Answers how it stands after half a minute at the latest. */
  print(document: Receipt): Promise<JobState>;
  /** The same for a job that is queued already, and has not been begun. */
  printed(jobId: JobId): Promise<JobState>;
  printTestPage(language: Language): Promise<JobState>;
  newRoll(): void;
  /** What the printer waits for after its knife or paper path was cleared by hand. */
  recoverPrinter(): Promise<string>;
  /** Why the terminal cannot be asked for anything now. */
  terminalHindrance(): CodedError | undefined;
  serveTerminal(operation: TerminalOperation): Promise<Result<ServiceReport, CodedError>>;
  /** The receipt once more, marked COPY. */
  printCopy(orderId: OrderId): Result<{ readonly printerReady: boolean }, CodedError>;
  /** Sends the payment of a paid order back the way it came: through the terminal, or to the wallet through HQ. @param by who says so */
  reverse(orderId: OrderId, reason: string, by?: string): Result<void, CodedError>;
  /** A part of its money: asked of HQ for a wallet, or given by a person already. Throws where that is more than is left, and where it is the whole of a wallet's. */
  refundPart(wish: RefundWish): void;
}

/** A test page on a slow line, behind a receipt that is being printed. */
const printedWithinMs = 30_000;

export function createServiceActs({ reader, writer, payments, walletRefunds, printing, printer, terminal, testPage, now, afterCommit, onChange }: ServiceActsDeps): ServiceActs {
  async function print(document: Receipt): Promise<JobState> {
    const jobId = writer.queueDocument(document, 'print_document', undefined);
    const state = printed(jobId);
    printing.kick();
    return state;
  }

  async function printed(jobId: JobId): Promise<JobState> {
    const state = await within(printing.ended(jobId), printedWithinMs);
    return state === deadlinePassed ? (reader.printJob(jobId)?.state ?? 'queued') : state;
  }

  function terminalHindrance(): CodedError | undefined {
    if (payments.running()) return codedError('PAYMENT_BUSY');
    return reader.unsettledAttempt() ? codedError('PAYMENT_UNSETTLED') : undefined;
  }

  return {
    decide(id, decision, by) {
      const attention = reader.openAttention(id);
      if (!attention) return reader.decisionOf(id) === decision ? ok({}) : err(codedError('ATTENTION_UNKNOWN', reader.decisionOf(id)));
      if (!mayDecide(attention.kind, decision)) return err(codedError('DECISION_NOT_ALLOWED', `${decision} about ${attention.kind}`));
      const unsettled = reader.unsettledOf(attention.orderId);
      if (attention.kind === 'reversal_refused' && unsettled?.id === attention.attemptId) return err(codedError('PAYMENT_UNSETTLED', 'it is being taken back just now'));
      if (decision === 'part_given_back' && unsettled) return err(codedError('PAYMENT_UNSETTLED', 'the whole order is being taken back just now'));
      const left = decision === 'part_given_back' ? reader.refundable(attention.orderId)?.left.amount : undefined;
      if (left !== undefined && attention.amount && attention.amount.amount > left) return err(codedError('DECISION_NOT_ALLOWED', `no more than ${left} of the order is left to be given back`));
      writer.settleAttention(id, decision, by);
      afterCommit(() => {
        onChange(attention.orderId);
        // What is to be sent back now is asked for at once.
        payments.settleOpenAttempt();
        walletRefunds.look();
      });
      return ok({});
    },

    print,
    printed,
    printTestPage: (language) => print(composeTestPage({ ...testPage, at: now(), language })),
    newRoll: () => writer.startPaperRoll(),
    recoverPrinter: async () => (await printer.recover()).kind,
    terminalHindrance,

    async serveTerminal(operation) {
      const hindrance = terminalHindrance();
      if (hindrance) return err(hindrance);
      const { service } = terminal;
      if (!service) return err(codedError('DEVICE_CANNOT', 'this card terminal has no operations of its own'));
      const report = await perform(service, operation);
      return report.ok ? report : err(codedError('DEVICE_CANNOT', `${report.error.kind}: ${report.error.detail}`));
    },

    printCopy(orderId) {
      const state = reader.order(orderId)?.state;
      if (!state) return err(codedError('ORDER_UNKNOWN', orderId));
      if (!isPaid(state) && state !== 'refunded') return err(codedError('ORDER_NOT_PAID', state));
      writer.printCopy(orderId);
      afterCommit(() => onChange(orderId));
      return ok({ printerReady: printer.state().kind === 'ready' });
    },

    refundPart(wish) {
      writer.askRefund(wish);
      afterCommit(() => {
        walletRefunds.look();
        onChange(wish.orderId);
      });
    },

    reverse(orderId, reason, by) {
      const attempt = reader.attempts(orderId).find(({ state }) => state === 'approved');
      return attempt && attempt.tender !== 'card' ? walletRefunds.reverse(orderId, reason, by) : payments.reverse(orderId);
    },
  };
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
