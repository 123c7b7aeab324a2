import type { ReactNode } from 'react';
import { useState } from 'react';
import type { SlotView } from '../../../domain/contract/staff.ts';
import { formatLocalTime } from '../../../domain/time.ts';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { Button } from '../button.tsx';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { CheckIcon, NoticeIcon } from '../../ui/icons.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Tile } from '../../ui/tile.tsx';
import { useStaff } from '../staff-context.tsx';
import { StaffPage } from '../staff-page.tsx';
import { FillSheet } from './fill-sheet.tsx';
import type { SlotFilter } from './restock.ts';
import { dateNeedOf, fillOf, groupSlots, sellable, slotFilters } from './restock.ts';
import { SlotBar, SlotDates, SlotPicture } from './slot-facts.tsx';
import type { Stock } from './stock-area.tsx';

export interface ShelvesPageProps {
  readonly stock: Stock;
  readonly filter: SlotFilter;
  /** A code has named these. */
  readonly only: readonly string[] | undefined;
  /** The slot that somebody comes back from. */
  readonly cameFrom: string | undefined;
  readonly notice: ReactNode;
  readonly onFilter: (filter: SlotFilter) => void;
  readonly onSlot: (slot: string) => void;
  readonly onBring: () => void;
  readonly onFinish: () => void;
}

/** The planogram: what is where, what has ended, and one tap that fills. */
export function ShelvesPage({ stock, filter, only, cameFrom, notice, onFilter, onSlot, onBring, onFinish }: ShelvesPageProps) {
  const { language, timeZone } = useStaff();
  const text = staffStockWords[language];
  const { shelves, mayMove, isActing } = stock;
  const [asking, setAsking] = useState<SlotView | undefined>(undefined);
  // Whoever finds a visit that was begun before is told once; what is done from here on is their own.
  const [begunBefore] = useState(() => shelves.visit && shelves.visit.slotsDone.length > 0 && Date.now() - shelves.visit.startedAt > 60_000 && cameFrom === undefined);
  const groups = groupSlots(shelves, filter, only);
  const { visit } = shelves;

  function fill(slot: SlotView): void {
    const last = stock.lastDate(slot.offerId);
    if (dateNeedOf(slot, shelves.slots, last) === 'none') void stock.act({ method: 'stock.fill', params: { slot: slot.slot, quantity: fillOf(slot) } });
    else setAsking(slot);
  }

  return (
    <StaffPage
      title={text.title}
      keepsFocus={cameFrom !== undefined}
      beside={visit ? <p className="visit-sum">{text.visit(visit.slotsDone.length, visit.piecesIn, visit.piecesOut, visit.differences)}</p> : null}
      actions={
        <>
          <Button onPress={onBring}>
            {text.bring} {shelves.bring.length > 0 ? `(${shelves.bring.length})` : ''}
          </Button>
          {mayMove && visit ? (
            <Button look="main" onPress={onFinish}>
              {text.finish}
            </Button>
          ) : null}
        </>
      }
    >
      {notice}
      {begunBefore && visit ? <Notice tone="wait">{text.goesOn(formatLocalTime(visit.startedAt, timeZone).slice(-5))}</Notice> : null}
      {only ? (
        <Button onPress={() => onFilter('all')}>{text.showAll}</Button>
      ) : (
        <ChoiceGroup className="stock-filters" label={text.filter} value={filter} onChange={onFilter} items={slotFilters.map((id) => ({ id, content: text.filters[id] }))} />
      )}
      {groups.length === 0 ? <p className="stock-none">{text.none}</p> : null}
      {groups.map(({ kind, shelf, slots }) => (
        <section key={`${kind} ${shelf ?? ''}`} className="shelf" aria-label={kind === 'expired' ? text.expiredFirst : (shelf ?? text.noShelf)}>
          <h2 className={kind === 'expired' ? 'shelf__name shelf__name--expired' : 'shelf__name'}>
            {kind === 'expired' ? <NoticeIcon /> : null}
            {kind === 'expired' ? text.expiredFirst : (shelf ?? text.noShelf)}
          </h2>
          <ul className="shelf__slots">
            {slots.map((slot) => (
              <li key={slot.slot} className="slot-row">
                <Tile
                  className="slot-row__open"
                  onPress={() => onSlot(slot.slot)}
                  ref={slot.slot === cameFrom ? comeBack : undefined}
                >
                  <SlotPicture picture={slot.picture} language={language} />
                  <span className="slot-row__words">
                    <span className="slot-row__name">
                      <strong>{slot.slot}</strong> {slot.name[language]}
                      {visit?.slotsDone.includes(slot.slot) ? (
                        <span className="slot-mark slot-mark--good">
                          <CheckIcon />
                          <span className="unseen">{text.isDone}</span>
                        </span>
                      ) : null}
                    </span>
                    <SlotBar slot={slot} />
                    <SlotDates slot={slot} />
                  </span>
                  <span className="slot-row__count">
                    <span className="unseen">{text.count(sellable(slot), slot.par, slot.capacity)}</span>
                    <span aria-hidden="true">
                      <b>{sellable(slot)}</b>
                      {slot.par === 0 && slot.capacity === 0 ? null : (
                        <>
                          /{slot.par}
                          <small>
                            {text.capacity} {slot.capacity}
                          </small>
                        </>
                      )}
                    </span>
                  </span>
                </Tile>
                {mayMove ? (
                  fillOf(slot) > 0 ? (
                    <Button className="slot-row__fill" label={text.fillName(slot.slot, slot.name[language], fillOf(slot))} disabled={isActing} onPress={() => fill(slot)}>
                      <span>{text.fillShort(fillOf(slot))}</span>
                    </Button>
                  ) : (
                    // Goods that belong to no slot any more are counted out, not filled: nothing says "full" of them.
                    <span className="slot-row__full">
                      {slot.expired > 0 || slot.par === 0 ? null : <CheckIcon />}
                      {slot.expired > 0 || slot.par === 0 ? '' : text.full}
                    </span>
                  )
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {asking ? <FillSheet stock={stock} slot={shelves.slots.find(({ slot }) => slot === asking.slot) ?? asking} quantity={fillOf(asking)} isFixed onClose={() => setAsking(undefined)} /> : null}
    </StaffPage>
  );
}

/** Where somebody comes back to, they go on from the row they left. */
function comeBack(row: HTMLButtonElement | null): void {
  row?.scrollIntoView({ block: 'center' });
  row?.focus({ preventScroll: true });
}
