import { useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import type { OrderInFull } from '../../contract/console.ts';
import { fetchOrder } from '../api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useLive } from '../live/use-live.tsx';
import { OrderBadge } from '../ui/state-badges.tsx';
import { Icon } from '../ui/icon.tsx';
import { EventList } from './event-list.tsx';
import { OpenAttention, SettledAttention } from './order-attention.tsx';
import { OrderFacts } from './order-facts.tsx';
import { OrderLines } from './order-lines.tsx';
import { OrderPayments } from './order-payments.tsx';
import { OrderWork } from './order-work.tsx';
import { ReceiptPaper } from './receipt-paper.tsx';

interface OrderSheetProps {
  readonly kioskId: string;
  readonly orderId: string;
  readonly onClose: () => void;
}

/** One order in full, beside the table: not modal, so that the table can still be read and used. */
export function OrderSheet({ kioskId, orderId, onClose }: OrderSheetProps) {
  const texts = useTexts();
  const titleId = useId();
  const { order, problem } = useOrder(kioskId, orderId);
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
    if (event.key === 'Escape') onClose();
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
            <OrderWork order={order} />
            <SettledAttention order={order} />
            <ReceiptPaper receipt={order.receipt} receiptUrl={order.receiptUrl} />
            <EventList events={order.events} />
          </>
        )}
      </div>
    </div>
  );
}

function useOrder(kioskId: string, orderId: string): { readonly order: OrderInFull | undefined; readonly problem: 'away' | 'not_found' | undefined } {
  const [order, setOrder] = useState<OrderInFull>();
  const [problem, setProblem] = useState<'away' | 'not_found'>();
  const [reading, setReading] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    void fetchOrder(kioskId, orderId, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setProblem(answer.ok ? undefined : answer.error === 'away' ? 'away' : 'not_found');
      if (answer.ok) setOrder(answer.value);
    });
    return () => abort.abort();
  }, [kioskId, orderId, reading]);
  const again = () => setReading((count) => count + 1);
  useLive({
    onOrders: (from, orders) => {
      if (from === kioskId && orders.some((row) => row.orderId === orderId)) again();
    },
    onAgain: again,
  });
  return { order, problem };
}
