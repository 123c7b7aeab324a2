import type { OrderId } from '../../domain/ids.ts';
import { composeReceipt } from '../../domain/receipt/compose.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { PrintJob, StoreReader } from '../store/reader.ts';

/** The lines of a print job, out of what is in the store now. */
export function createPrintComposer(reader: StoreReader): (job: PrintJob) => Receipt {
  return (job) => {
    if (job.document) return job.document;
    if (!job.orderId) throw new Error(`print job ${job.id} has neither a document nor an order`);
    return composeOf(reader, job.kind, job.orderId);
  };
}

function composeOf(reader: StoreReader, kind: PrintJob['kind'], orderId: OrderId): Receipt {
  const stored = reader.order(orderId);
  if (!stored) throw new Error(`order ${orderId} does not exist`);
  const card = reader.attempts(orderId).find((attempt) => attempt.state === 'approved')?.card;
  return composeReceipt({ shop: stored.shop, order: stored.order, card, receiptUrl: stored.receiptUrl, copy: kind === 'print_copy' });
}
