import { useState } from 'react';
import type { Attention, Decision } from '../../../domain/attention/attention.ts';
import { decisionsFor } from '../../../domain/attention/attention.ts';
import { isRefundUnheard, waitsForHistory } from '../../../domain/attention/unheard.ts';
import type { Answer } from '../../../domain/contract/kiosk.ts';
import { formatMoney } from '../../../domain/money.ts';
import { formatLocalTime } from '../../../domain/time.ts';
import { staffOrdersWords } from '../../i18n/areas/staff-orders.ts';
import { Money } from '../../ui/money.tsx';
import { NoticeIcon } from '../../ui/icons.tsx';
import { Button } from '../button.tsx';
import type { Asked } from '../staff-context.tsx';
import { useStaff } from '../staff-context.tsx';
import { Await } from '../staff-page.tsx';
import { StaffSheet } from '../staff-sheet.tsx';

/** What the kiosk must not guess, each with what a person can say of it. */
export function AttentionList({ asked, again, onOrder }: { readonly asked: Asked<Answer<'attention.list'>>; readonly again: () => void; readonly onOrder?: ((orderId: string) => void) | undefined }) {
  const { language } = useStaff();
  const words = staffOrdersWords[language];
  return (
    <Await asked={asked} again={again}>
      {({ items }) => (items.length === 0 ? <p className="stock-none">{words.attentionNone}</p> : items.map((item) => <AttentionCard key={item.id} item={item} onOrder={onOrder} onDecided={again} />))}
    </Await>
  );
}

export function AttentionCard({ item, onOrder, onDecided }: { readonly item: Attention; readonly onOrder?: ((orderId: string) => void) | undefined; readonly onDecided: () => void }) {
  const { language, timeZone, member, call, say } = useStaff();
  const words = staffOrdersWords[language];
  const [asking, setAsking] = useState<Decision | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const isShownOnly = waitsForHistory(item);
  const { title, text } = isShownOnly ? words.attentionWaits : isRefundUnheard(item) ? words.attentionUnheard : words.attention[item.kind];
  const number = item.orderNumber ?? item.orderId.slice(-6);

  async function decide(decision: Decision): Promise<void> {
    setBusy(true);
    const result = await call('attention.decide', { id: item.id, decision });
    setBusy(false);
    setAsking(undefined);
    if (result.ok) say(words.decided);
    else say(result.error.text, 'bad');
    onDecided();
  }

  return (
    <section className="attention" aria-label={`${words.of(number)}: ${title}`}>
      <h2 className="attention__title">
        <NoticeIcon />
        {title}
      </h2>
      <p className="attention__facts">
        <strong>{words.of(number)}</strong>
        {item.amount ? (
          <strong>
            <Money value={item.amount} />
          </strong>
        ) : null}
        <time>{formatLocalTime(item.startedAt ?? item.raisedAt, timeZone)}</time>
        {item.card?.maskedPan ? (
          <span>
            {words.card} {item.card.maskedPan}
          </span>
        ) : null}
        {item.lastCard?.maskedPan ? (
          <span>
            {words.lastCard} {item.lastCard.maskedPan}
          </span>
        ) : null}
      </p>
      <p>{text}</p>
      <div className="attention__decisions">
        {member.acts.includes('attention.decide') && !isShownOnly
          ? decisionsFor[item.kind].map((decision) => (
              <Button key={decision} disabled={isBusy} onPress={() => setAsking(decision)}>
                {words.decisions[decision].name}
              </Button>
            ))
          : null}
        {onOrder ? (
          <Button look="quiet" className="attention__order" onPress={() => onOrder(item.orderId)}>
            {words.seeOrder}
          </Button>
        ) : null}
      </div>
      {asking ? (
        <StaffSheet
          title={words.decideSure}
          onClose={() => setAsking(undefined)}
          isBusy={isBusy}
          actions={
            <Button look="main" busy={isBusy} onPress={() => void decide(asking)}>
              {words.yes}
            </Button>
          }
        >
          <p className="staff-sheet__lead">{words.decisions[asking].name}</p>
          <p>
            {words.of(number)}
            {item.amount ? ` ${formatMoney(item.amount)}` : ''}
          </p>
          <p>{words.decisions[asking].after}</p>
        </StaffSheet>
      ) : null}
    </section>
  );
}
