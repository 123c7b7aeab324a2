import { useState } from 'react';
import type { Params } from '../../../domain/contract/kiosk.ts';
import type { StaffOrder } from '../../../domain/contract/staff.ts';
import { formatLocalTime } from '../../../domain/time.ts';
import { staffOrdersWords } from '../../i18n/areas/staff-orders.ts';
import { Keyboard } from '../../keyboard/keyboard.tsx';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { NoticeIcon, SearchIcon } from '../../ui/icons.tsx';
import { Money } from '../../ui/money.tsx';
import { Tile } from '../../ui/tile.tsx';
import { Button } from '../button.tsx';
import { useAsk, useStaff } from '../staff-context.tsx';
import { Await, StaffPage } from '../staff-page.tsx';
import { AttentionList } from './attention-list.tsx';
import { StateMark, itemsLine } from './order-facts.tsx';
import { OrderPage } from './order-page.tsx';
import './orders.css';

const pageSize = 40;
const views = ['all', 'attention'] as const;

/** What core is asked for: an order's number by what was typed of it. */
export function searchOf(text: string, before: string | undefined): Params<'orders.find'> {
  const wanted = text.trim().toUpperCase();
  return { limit: pageSize, ...(wanted === '' ? {} : { text: wanted }), ...(before === undefined ? {} : { before: before as StaffOrder['orderId'] }) };
}

/** The orders, newest first; one of them in full; and what a person has to decide. */
export function OrdersArea({ orderId: wanted }: { readonly orderId: string | undefined }) {
  const [open, setOpen] = useState(wanted);
  const [cameFrom, setCameFrom] = useState<string | undefined>(undefined);
  const [view, setView] = useState<(typeof views)[number]>('all');
  const [text, setText] = useState('');
  const [before, setBefore] = useState<string | undefined>(undefined);
  if (open !== undefined) {
    return (
      <OrderPage
        key={open}
        orderId={open}
        onBack={() => {
          setCameFrom(open);
          setOpen(undefined);
        }}
      />
    );
  }
  return <OrderList view={view} onView={setView} text={text} onText={(next) => (setText(next), setBefore(undefined))} before={before} onBefore={setBefore} cameFrom={cameFrom} onOpen={setOpen} />;
}

interface OrderListProps {
  readonly view: (typeof views)[number];
  readonly onView: (view: (typeof views)[number]) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly before: string | undefined;
  readonly onBefore: (before: string | undefined) => void;
  readonly cameFrom: string | undefined;
  readonly onOpen: (orderId: string) => void;
}

function OrderList({ view, onView, text, onText, before, onBefore, cameFrom, onOpen }: OrderListProps) {
  const { language, timeZone } = useStaff();
  const words = staffOrdersWords[language];
  const { asked, again } = useAsk('orders.find', searchOf(text, before));
  const attention = useAsk('attention.list', {});
  const open = attention.asked.kind === 'there' ? attention.asked.value.items.length : 0;
  const [isTyping, setTyping] = useState(false);
  const last = asked.kind === 'there' && asked.value.more ? asked.value.orders.at(-1)?.orderId : undefined;
  return (
    <StaffPage
      title={words.title}
      keepsFocus={cameFrom !== undefined}
      actions={
        view === 'all' && (before !== undefined || last !== undefined) ? (
          <>
            {before === undefined ? null : <Button onPress={() => onBefore(undefined)}>{words.newest}</Button>}
            {last === undefined ? null : <Button onPress={() => onBefore(last)}>{words.older}</Button>}
          </>
        ) : null
      }
    >
      <ChoiceGroup
        className="stock-filters"
        label={words.show}
        value={view}
        onChange={onView}
        items={[
          { id: 'all', content: words.all },
          {
            id: 'attention',
            content: (
              <span className={open > 0 ? 'state-mark state-mark--warn' : undefined}>
                {open > 0 ? <NoticeIcon /> : null}
                {open > 0 ? words.needsCount(open) : words.needsPerson}
              </span>
            ),
          },
        ]}
      />
      {view === 'attention' ? (
        <AttentionList asked={attention.asked} again={attention.again} onOrder={onOpen} />
      ) : (
        <>
          <div className="order-search" role="search">
            <SearchIcon />
            <input className="order-search__field" type="text" inputMode="none" autoComplete="off" spellCheck={false} aria-label={words.search} placeholder={words.searchHint} value={text} onFocus={() => setTyping(true)} onChange={({ target }) => onText(target.value.slice(0, 60))} />
            {text === '' ? null : <Button onPress={() => onText('')}>{words.clear}</Button>}
            <Button onPress={() => setTyping(!isTyping)}>{words.keyboard}</Button>
          </div>
          {isTyping ? <Keyboard value={text} onChange={onText} language={language} mode="latin" label={words.search} maxLength={60} /> : null}
          <Await asked={asked} again={again}>
            {({ orders }) =>
              orders.length === 0 ? (
                <p className="stock-none" role="status">
                  {text === '' ? words.none : words.noneFound(text)}
                </p>
              ) : (
                <ul className="orders" aria-label={words.title}>
                  {orders.map((order) => (
                    <li key={order.orderId}>
                      <Tile className="order-row" onPress={() => onOpen(order.orderId)} ref={order.orderId === cameFrom ? comeBack : undefined}>
                        <b className="order-row__number">{order.number}</b>
                        <span className="order-row__words">
                          <span>{itemsLine(order, language)}</span>
                          <span className="order-row__state">
                            <time>{formatLocalTime(order.placedAt, timeZone).slice(5)}</time>
                            <StateMark state={order.state} />
                            {order.needsPerson ? (
                              <span className="state-mark state-mark--warn">
                                <NoticeIcon />
                                {words.needsPerson}
                              </span>
                            ) : null}
                          </span>
                        </span>
                        <span className="order-row__total">
                          <Money value={order.total} />
                        </span>
                      </Tile>
                    </li>
                  ))}
                </ul>
              )
            }
          </Await>
        </>
      )}
    </StaffPage>
  );
}

function comeBack(row: HTMLButtonElement | null): void {
  row?.scrollIntoView({ block: 'center' });
  row?.focus({ preventScroll: true });
}
