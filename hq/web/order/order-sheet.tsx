import { useEffect, useEffectEvent, useId, useRef } from 'react';
import { readOrder } from '../../contract/api/orders.ts';
import { useApi } from '../api/use-api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { OrderBadge } from '../ui/state-badges.tsx';
import { Icon } from '../ui/icon.tsx';
import { EventList } from './event-list.tsx';
import { OpenAttention, SettledAttention } from './order-attention.tsx';
import { OrderFacts } from './order-facts.tsx';
import { OrderLife } from './order-life.tsx';
import { OrderLines } from './order-lines.tsx';
import { OrderPayments } from './order-payments.tsx';
import { OrderRefund } from './order-refund.tsx';
import { OrderWork } from './order-work.tsx';
import { ReceiptPaper } from './receipt-paper.tsx';

interface OrderSheetProps {
  readonly kioskId: string;
  readonly orderId: string;
  readonly onClose: () => void;
}

/** News of the order come at once; of a command about it they do not. */
const refreshMs = 5000;

/** One order in full, beside the table: not modal, so that the table can still be read and used. */
export function OrderSheet({ kioskId, orderId, onClose }: OrderSheetProps) {
  const texts = useTexts();
  const titleId = useId();
  const { data: order, error, refetch } = useApi(readOrder, { params: { kiosk: kioskId, order: orderId } as never }, { everyMs: refreshMs });
  const problem = error && (error.kind === 'not_found' || error.kind === 'invalid' ? 'not_found' : 'away');
  const sheet = useRef<HTMLDivElement>(null);

  // Whoever opened it by keyboard goes on inside, and is given back where they were.
  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  const closeOnEscape = useEffectEvent((event: KeyboardEvent) => {
    // A dialog over it closes itself.
    if (event.key === 'Escape' && !document.querySelector('[role=dialog][data-rac]')) onClose();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => closeOnEscape(event);
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);

  return (
    <div className="sheet" role="dialog" aria-labelledby={titleId} tabIndex={-1} ref={sheet}>
      <header className="sheet-head">
        <h2 id={titleId}>{order ? texts.orderOf(order.row.number) : texts.loading}</h2>
        {order && <OrderBadge state={order.row.state} />}
        <button type="button" className="close" onClick={onClose}><Icon name="cross" />{texts.close}</button>
      </header>
      <div className="sheet-body">
        {problem === 'not_found' && <p className="notice">{texts.orderUnknown}</p>}
        {problem === 'away' && <p className="notice" role="status">{texts.away}</p>}
        {order && (
          <>
            <OpenAttention order={order} />
            <OrderFacts order={order} />
            <OrderLines order={order} />
            <OrderPayments order={order} />
            <OrderRefund order={order} onChange={() => void refetch()} />
            <OrderWork order={order} />
            <SettledAttention order={order} />
            <OrderLife life={order.life} />
            <ReceiptPaper receipt={order.receipt} receiptUrl={order.receiptUrl} />
            <EventList events={order.events} />
          </>
        )}
      </div>
    </div>
  );
}
