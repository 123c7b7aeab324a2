import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { StaffOrder } from '../../../domain/contract/staff.ts';
import { formatMoney } from '../../../domain/money.ts';
import type { AttemptState } from '../../../domain/payment/attempt.ts';
import { formatLocalTime } from '../../../domain/time.ts';
import { staffOrdersWords } from '../../i18n/areas/staff-orders.ts';
import { walletWords } from '../../i18n/areas/wallet.ts';
import { Money } from '../../ui/money.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Button } from '../button.tsx';
import { useAsk, useStaff } from '../staff-context.tsx';
import { Await, StaffPage } from '../staff-page.tsx';
import { AttentionCard } from './attention-list.tsx';
import { StateMark } from './order-facts.tsx';
import { restOf } from './refund-amount.ts';
import { RefundSheet } from './refund-sheet.tsx';

const moving = new Set<AttemptState>(['started', 'authorised', 'unknown', 'reversing']);
const lookMs = 2000;

/** One order: what was bought, what became of its money and its paper, and what can be done about it. */
export function OrderPage({ orderId, onBack }: { readonly orderId: string; readonly onBack: () => void }) {
  const { language, member, timeZone, call, say, go } = useStaff();
  const words = staffOrdersWords[language];
  const { asked, again } = useAsk('orders.see', { orderId: orderId as StaffOrder['orderId'] });
  const [isRefunding, setRefunding] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  const order = asked.kind === 'there' ? asked.value : undefined;
  const may = (act: (typeof member.acts)[number]) => member.acts.includes(act);

  async function reprint(): Promise<void> {
    if (!order) return;
    setPrinting(true);
    const result = await call('orders.reprint', { orderId: order.orderId });
    setPrinting(false);
    if (!result.ok) say(result.error.text, 'bad');
    else say(result.value.printerReady ? words.reprinted : words.reprintLater);
    again();
  }

  // Money that goes back through the terminal takes its time; what has become of it is seen here.
  const isMoving = order !== undefined && (order.attempts.some(({ state }) => moving.has(state)) || order.refunds.some(({ state, way }) => state === 'asked' && way === 'tender'));
  useEffect(() => {
    if (!isMoving) return undefined;
    const timer = setInterval(again, lookMs);
    return () => clearInterval(timer);
  }, [isMoving, again]);

  const canWhole = order && order.refundBlocked === undefined;
  const canRefund = order && may('orders.refund') && (canWhole || order.part !== undefined);
  return (
    <StaffPage
      isReadOnly
      title={order ? words.order(order.number) : words.title}
      beside={order ? <StateMark state={order.state} /> : null}
      back={{ onPress: onBack }}
      actions={
        order ? (
          <>
            {may('logs.see') ? <Button onPress={() => go('logs', order.orderId)}>{words.trail}</Button> : null}
            {may('orders.reprint') && (order.payment === 'approved' || order.state === 'paid' || order.state === 'fulfilled' || order.state === 'refunded') ? (
              <Button busy={isPrinting} onPress={() => void reprint()}>
                {words.reprint}
              </Button>
            ) : null}
            {canRefund ? (
              <Button look="main" onPress={() => setRefunding(true)}>
                {canWhole ? words.refundOf(formatMoney(restOf(order))) : words.refundAny}
              </Button>
            ) : null}
          </>
        ) : null
      }
    >
      <Await asked={asked} again={again}>
        {(full) => (
          <>
            {full.attention.map((item) => (
              <AttentionCard key={item.id} item={item} onDecided={again} />
            ))}
            <p className="order-head">
              <span>
                {words.placed} {formatLocalTime(full.placedAt, timeZone)}
              </span>
              <b>
                <Money value={full.total} />
              </b>
            </p>
            <Part title={words.items}>
              {full.items.map(({ name, quantity }, place) => (
                // An order's lines never change their places.
                <li key={place} className="order-line">
                  <span>{name[language]}</span>
                  <b>×{quantity}</b>
                </li>
              ))}
            </Part>
            <Part title={words.payments}>
              {full.attempts.length === 0 ? <li className="order-line">{words.noPayments}</li> : null}
              {full.attempts.map(({ attemptId, tender, state, amount, startedAt, card }) => (
                <li key={attemptId} className="order-line">
                  <span>
                    {formatLocalTime(startedAt, timeZone).slice(-5)} {tender === 'card' ? card : `${walletWords[language].name[tender]} ${card}`}
                  </span>
                  <span>
                    <Money value={amount} /> <b>{words.attempts[state]}</b>
                  </span>
                </li>
              ))}
            </Part>
            {full.refunds.length > 0 ? (
              <Part title={words.refunds}>
                {full.refunds.map(({ refundId, amount, way, state, reason, by, detail }) => (
                  <li key={refundId} className="order-line">
                    <span>
                      {[reason, words.refundWays[way], by === undefined ? undefined : words.by(by), state === 'refused' ? detail : undefined].filter(Boolean).join(' · ')}
                    </span>
                    <span>
                      <Money value={amount} /> <b>{words.refundStates[state]}</b>
                    </span>
                  </li>
                ))}
              </Part>
            ) : null}
            {full.jobs.length > 0 ? (
              <Part title={words.papers}>
                {full.jobs.map(({ kind, state, createdAt }, place) => (
                  <li key={place} className="order-line">
                    <span>
                      {formatLocalTime(createdAt, timeZone).slice(-5)} {words.jobs[kind]}
                    </span>
                    <b>{words.jobStates[state]}</b>
                  </li>
                ))}
              </Part>
            ) : null}
            {may('orders.refund') && full.refundBlocked ? <Notice tone="info">{words.refundBlocked[full.refundBlocked]}</Notice> : null}
            {isRefunding ? (
              <RefundSheet
                order={full}
                onClose={() => setRefunding(false)}
                onDone={() => {
                  setRefunding(false);
                  again();
                }}
              />
            ) : null}
          </>
        )}
      </Await>
    </StaffPage>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="shelf__name">{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}
