import { useState } from 'react';
import type { SlotView } from '../../../domain/contract/staff.ts';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { Button } from '../button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { useStaff } from '../staff-context.tsx';
import '../staff-sheet.css';
import { CountField } from './count-field.tsx';
import { DateField } from './date-field.tsx';
import { dateChoices, dateNeedOf, roomIn } from './restock.ts';
import type { Stock } from './stock-area.tsx';

export interface FillSheetProps {
  readonly stock: Stock;
  readonly slot: SlotView;
  readonly quantity: number;
  /** Only the date is asked: the quantity fills to par. */
  readonly isFixed?: boolean;
  readonly onClose: () => void;
}

/** Pieces put in: how many, and until when they last where that is known of them. */
export function FillSheet({ stock, slot, quantity: wanted, isFixed = false, onClose }: FillSheetProps) {
  const { language, words } = useStaff();
  const text = staffStockWords[language];
  const { today, slots } = stock.shelves;
  const last = stock.lastDate(slot.offerId);
  const [need] = useState(() => dateNeedOf(slot, slots, last));
  const [quantity, setQuantity] = useState(wanted);
  const [date, setDate] = useState<string | null | undefined>(need === 'none' ? null : (last ?? undefined));

  async function send(): Promise<void> {
    const outcome = await stock.act({ method: 'stock.fill', params: { slot: slot.slot, quantity, ...(date ? { bestBefore: date } : {}) } });
    if (outcome.kind !== 'busy') onClose();
  }

  return (
    <Sheet size="tall" label={`${slot.slot} ${slot.name[language]}`} onClose={onClose}>
      <div className="staff-sheet scrolls">
        <h2 className="staff-sheet__title">
          {slot.slot} {slot.name[language]}
        </h2>
        {isFixed ? <p className="staff-sheet__lead">{text.fill(slot.par, quantity)}</p> : <CountField label={text.quantity} value={quantity} least={1} most={Math.max(1, roomIn(slot))} onChange={setQuantity} />}
        <DateField choices={dateChoices(slot, last, today)} last={last} today={today} mayBeNone={need !== 'asked'} value={date} onChange={setDate} />
      </div>
      <div className="staff-sheet__actions">
        <Button onPress={onClose}>{words.common.cancel}</Button>
        <Button look="main" busy={stock.isActing} disabled={date === undefined || roomIn(slot) === 0} onPress={() => void send()}>
          {text.putIn(quantity)}
        </Button>
      </div>
    </Sheet>
  );
}
