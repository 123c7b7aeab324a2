import type { ReactNode } from 'react';
import { useState } from 'react';
import type { SlotView } from '../../../domain/contract/staff.ts';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { Button } from '../button.tsx';
import { NoticeIcon } from '../../ui/icons.tsx';
import { useStaff } from '../staff-context.tsx';
import { StaffPage } from '../staff-page.tsx';
import { CountSheet } from './count-sheet.tsx';
import { FillSheet } from './fill-sheet.tsx';
import { dateNeedOf, fillOf, roomIn, sellable } from './restock.ts';
import { SlotBar, SlotPicture } from './slot-facts.tsx';
import type { Stock } from './stock-area.tsx';
import { WasteSheet } from './waste-sheet.tsx';

export interface SlotPageProps {
  readonly stock: Stock;
  readonly slot: SlotView;
  readonly notice: ReactNode;
  readonly onBack: () => void;
}

type Asking = { readonly kind: 'fill'; readonly quantity: number; readonly isFixed: boolean } | { readonly kind: 'count' | 'waste'; readonly lotId: string | undefined };

/** One slot: how many lie there, and what can be done with them. The usual thing is the one at the bottom right. */
export function SlotPage({ stock, slot, notice, onBack }: SlotPageProps) {
  const { language } = useStaff();
  const text = staffStockWords[language];
  const [asking, setAsking] = useState<Asking | undefined>(undefined);
  const { mayMove, isActing, shelves } = stock;
  const toPar = fillOf(slot);
  const expired = slot.lots.filter((lot) => lot.expired && lot.count > 0);
  const close = () => setAsking(undefined);

  function fill(): void {
    if (dateNeedOf(slot, shelves.slots, stock.lastDate(slot.offerId)) === 'none') void stock.act({ method: 'stock.fill', params: { slot: slot.slot, quantity: toPar } });
    else setAsking({ kind: 'fill', quantity: toPar, isFixed: true });
  }

  return (
    <StaffPage
      title={
        <>
          {slot.slot} {slot.name[language]}
        </>
      }
      back={{ onPress: onBack }}
      actions={
        mayMove && toPar > 0 ? (
          <Button look="main" busy={isActing} onPress={fill}>
            {text.fill(slot.par, toPar)}
          </Button>
        ) : null
      }
    >
      {notice}
      <div className="slot-facts">
        <SlotPicture picture={slot.picture} language={language} />
        <dl className="slot-facts__numbers">
          <div className="slot-facts__there">
            <dt>{text.onShelf}</dt>
            <dd>{sellable(slot)}</dd>
          </div>
          <div>
            <dt>{text.toPar}</dt>
            <dd>{slot.par}</dd>
          </div>
          <div>
            <dt>{text.capacity}</dt>
            <dd>{slot.capacity}</dd>
          </div>
        </dl>
        <SlotBar slot={slot} />
      </div>
      {slot.held ? <p>{text.held(slot.held)}</p> : null}
      {expired.length > 0 ? (
        <div className="slot-expired">
          <p>
            <NoticeIcon />
            {text.expired(slot.expired)}
          </p>
          {mayMove
            ? expired.map((lot) => (
                <Button key={lot.lotId} className="slot-expired__take" busy={isActing} onPress={() => void stock.act({ method: 'stock.waste', params: { slot: slot.slot, lotId: lot.lotId, quantity: lot.count, reason: 'expired' } })}>
                  {text.takeExpired(lot.count)}
                  {expired.length > 1 ? ` (${lot.bestBefore ?? ''})` : ''}
                </Button>
              ))
            : null}
        </div>
      ) : null}
      {mayMove ? (
        <div className="slot-acts">
          <Button disabled={isActing || roomIn(slot) === 0} onPress={() => setAsking({ kind: 'fill', quantity: Math.max(1, toPar), isFixed: false })}>
            {text.put}
          </Button>
          <Button disabled={isActing} onPress={() => setAsking({ kind: 'count', lotId: undefined })}>
            {text.recount}
          </Button>
          <Button disabled={isActing || slot.count === 0} onPress={() => setAsking({ kind: 'waste', lotId: undefined })}>
            {text.waste}
          </Button>
        </div>
      ) : null}
      {slot.lots.length > 0 ? (
        <section className="lots" aria-label={text.lots}>
          <h2 className="shelf__name">{text.lots}</h2>
          <ul>
            {slot.lots.map((lot) => (
              <li key={lot.lotId} className="lot">
                <span className="lot__words">
                  {lot.bestBefore === undefined ? text.lotUnnamed(lot.count) : text.lot(lot.bestBefore, lot.count)}
                  {lot.expired ? (
                    <span className="slot-mark slot-mark--bad">
                      <NoticeIcon />
                      {text.expired(lot.count)}
                    </span>
                  ) : null}
                </span>
                {mayMove && slot.lots.length > 1 ? (
                  <Button label={`${text.countLot}: ${lot.bestBefore ?? text.noDate}`} disabled={isActing} onPress={() => setAsking({ kind: 'count', lotId: lot.lotId })}>
                    {text.countLot}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {asking?.kind === 'fill' ? <FillSheet stock={stock} slot={slot} quantity={asking.quantity} isFixed={asking.isFixed} onClose={close} /> : null}
      {asking?.kind === 'count' ? <CountSheet stock={stock} slot={slot} lotId={asking.lotId} onClose={close} /> : null}
      {asking?.kind === 'waste' ? <WasteSheet stock={stock} slot={slot} lotId={asking.lotId} onClose={close} /> : null}
    </StaffPage>
  );
}
