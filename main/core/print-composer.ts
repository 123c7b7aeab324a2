import type { OrderId } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import { paymentOf } from '../../domain/payment/attempt.ts';
import { composeReceipt } from '../../domain/receipt/compose.ts';
import { composeKitchenTicket } from '../../domain/receipt/kitchen-ticket.ts';
import { composeStaffSlip } from '../../domain/receipt/staff-slip.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { PrintJob, StoreReader } from '../store/reader.ts';
import { servicesView } from './order-view.ts';

/** The lines of a print job, out of what is in the store now. `staffLanguage` is that of the people who work here. */
export function createPrintComposer(reader: StoreReader, staffLanguage: Language): (job: PrintJob) => Receipt {
  return (job) => {
    if (job.document) return job.document;
    if (!job.orderId) throw new Error(`print job ${job.id} has neither a document nor an order`);
    return composeOf(job, job.orderId);
  };

  function composeOf({ id, kind }: PrintJob, orderId: OrderId): Receipt {
    const stored = reader.order(orderId);
    if (!stored) throw new Error(`order ${orderId} does not exist`);
    const { shop, order, receiptUrl, state } = stored;
    const first = reader.jobs(orderId).find((job) => job.kind === kind)?.id ?? id;
    if (kind === 'print_kitchen') return composeKitchenTicket({ shop, order, language: staffLanguage, copy: first !== id });
    // A copy keeps the number of its first print.
    if (kind === 'print_staff_slip') return composeStaffSlip({ shop, order, slip: reader.printJob(first)?.slip ?? 0, language: staffLanguage, copy: first !== id });
    const paid = paymentOf(reader.attempts(orderId));
    return composeReceipt({
      shop, order, card: paid?.card, tender: paid?.tender, wallet: paid?.wallet, refunds: reader.refundsOf(orderId), services: servicesView(reader, stored),
      receiptUrl, copy: kind === 'print_copy', reversed: state === 'refunded', reversing: paid?.state === 'reversing',
    });
  }
}
