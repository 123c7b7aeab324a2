import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { formatMoney, isZero } from '../../../domain/money.ts';
import type { OrderRow } from '../../contract/console.ts';
import { zoneName } from '../i18n/times.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { Link, navigate } from '../router.tsx';
import { AttemptBadge, OrderBadge, PersonBadge, PrintBadge } from '../ui/state-badges.tsx';
import { Time } from '../ui/time.tsx';
import type { OrderFilters } from './filters.ts';
import { orderPath } from './filters.ts';
import type { OrderList } from './order-list.ts';

interface OrdersTableProps {
  readonly list: OrderList;
  readonly filters: OrderFilters;
  readonly open: { readonly orderId: string } | undefined;
  readonly onOlder: () => Promise<void>;
}

export function OrdersTable({ list, filters, open, onOlder }: OrdersTableProps) {
  const texts = useTexts();
  const { language } = useLanguage();
  return (
    <>
      <table className="orders">
        <thead>
          <tr>
            <th scope="col">{texts.number}</th>
            <th scope="col" title={texts.timesIn(zoneName(language))}>{texts.time}</th>
            <th scope="col" className="minor">{texts.kiosk}</th>
            <th scope="col">{texts.items}</th>
            <th scope="col" className="amount">{texts.total}</th>
            <th scope="col">{texts.state}</th>
            <th scope="col" className="minor">{texts.payment}</th>
            <th scope="col" className="minor">{texts.receipt}</th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => <Row key={`${row.kioskId} ${row.orderId}`} row={row} filters={filters} isOpen={open?.orderId === row.orderId} />)}
        </tbody>
      </table>
      <p className="table-foot">
        {list.next === null ? `${texts.endOfList} ${texts.timesIn(zoneName(language))}` : <OlderButton onOlder={onOlder} />}
      </p>
    </>
  );
}

function Row({ row, filters, isOpen }: { readonly row: OrderRow; readonly filters: OrderFilters; readonly isOpen: boolean }) {
  const texts = useTexts();
  const { language } = useLanguage();
  const path = orderPath(row, filters);
  // Seen by whoever looks at the table at that moment, and then over.
  const [isNews] = useState(() => Math.abs(Date.now() - row.receivedAt) < 5000);
  const open = (event: MouseEvent<HTMLTableRowElement>) => {
    // So that closing the sheet gives the focus back to this row.
    event.currentTarget.querySelector<HTMLElement>('a.number')?.focus({ preventScroll: true });
    navigate(path);
  };
  return (
    <tr className={[isOpen && 'is-open', isNews && 'is-news'].filter(Boolean).join(' ') || undefined} aria-selected={isOpen} onClick={open}>
      <th scope="row"><Link to={path} className="number" onKeyDown={moveBetweenRows}>{row.number}</Link></th>
      <td className="when"><Time at={row.occurredAt} /></td>
      <td className="kiosk minor">{row.kioskName}</td>
      <td className="items"><span>{row.items.map(({ name, quantity }) => (quantity > 1 ? `${name[language]} ×${quantity}` : name[language])).join(language === 'zh' ? '、' : ', ')}</span></td>
      <td className="amount">{isZero(row.total) ? texts.free : formatMoney(row.total)}</td>
      <td className="state">{row.needsPerson && <PersonBadge word={texts.needsPerson} />}<OrderBadge state={row.state} /></td>
      <td className="minor">{row.payment ? <AttemptBadge state={row.payment} isPlain /> : <span className="nothing">–</span>}</td>
      <td className="minor">{row.print ? <PrintBadge state={row.print} isPlain /> : <span className="nothing">–</span>}</td>
    </tr>
  );
}

/** Loads by itself as its reader comes near; a button for whoever comes by keyboard. */
function OlderButton({ onOlder }: { readonly onOlder: () => Promise<void> }) {
  const texts = useTexts();
  const button = useRef<HTMLButtonElement>(null);
  const load = useEffectEvent(() => void onOlder());
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load(), { rootMargin: '600px' });
    if (button.current) observer.observe(button.current);
    return () => observer.disconnect();
  }, []);
  return <button type="button" className="button" ref={button} onClick={() => void onOlder()}>{texts.loadOlder}</button>;
}

/** Up and down go from order to order, as in any list. */
function moveBetweenRows(event: KeyboardEvent<HTMLAnchorElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const links = [...(event.currentTarget.closest('table')?.querySelectorAll<HTMLAnchorElement>('a.number') ?? [])];
  const next = links[links.indexOf(event.currentTarget) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
