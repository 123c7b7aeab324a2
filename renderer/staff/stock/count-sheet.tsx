import { useState } from 'react';
import type { SlotView } from '../../../domain/contract/staff.ts';
import type { countReasons } from '../../../domain/stock/stock.ts';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { Button } from '../button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { useStaff } from '../staff-context.tsx';
import '../staff-sheet.css';
import { CountField } from './count-field.tsx';
import { lyingIn, reasonsFor } from './restock.ts';
import type { Stock } from './stock-area.tsx';

export interface CountSheetProps {
  readonly stock: Stock;
  readonly slot: SlotView;
  /** Undefined: all that lies in the slot. */
  readonly lotId: string | undefined;
  readonly onClose: () => void;
}

/** What lies there, counted by hand. Where it is what the books say, one tap; where it differs, the reason is the tap. */
export function CountSheet({ stock, slot, lotId, onClose }: CountSheetProps) {
  const { language, words } = useStaff();
  const text = staffStockWords[language];
  // The slot follows what is sold meanwhile, and so do the books.
  const lot = slot.lots.find((candidate) => candidate.lotId === lotId);
  /** What core has said the books hold, where that is not what the page thought. */
  const [told, setTold] = useState<number | undefined>(undefined);
  const books = told ?? (lot ? lot.count : lyingIn(slot));
  const [counted, setCounted] = useState(books);

  async function send(reason?: (typeof countReasons)[number]): Promise<void> {
    const outcome = await stock.act({ method: 'stock.count', params: { slot: slot.slot, counted, ...(lotId === undefined ? {} : { lotId }), ...(reason ? { reason } : {}) } });
    // Somebody bought one since, or has not paid for it yet: the books of now stand beside what was counted.
    if (outcome.kind === 'reason_needed') setTold(outcome.books);
    else if (outcome.kind !== 'busy') onClose();
  }

  return (
    <Sheet size="tall" label={`${text.recount} ${slot.slot}`} onClose={onClose}>
      <div className="staff-sheet scrolls">
        <h2 className="staff-sheet__title">
          {slot.slot} {slot.name[language]}: {text.howMany}
        </h2>
        {lot ? <p className="staff-sheet__lead">{lot.bestBefore === undefined ? text.lotUnnamed(lot.count) : text.lot(lot.bestBefore, lot.count)}</p> : null}
        <p>
          {text.books(books)}
          {slot.held && !lot ? ` (${text.held(slot.held)})` : ''}
        </p>
        <CountField label={text.howMany} value={counted} least={0} most={Math.max(slot.capacity, books) + 99} onChange={setCounted} />
        {counted === books ? null : (
          <section className="reasons" aria-label={text.why}>
            <p className="reasons__why" role="status">
              <strong>{text.differs(counted - books)}</strong> {text.why}
            </p>
            <div className="reasons__list">
              {reasonsFor(counted - books).map((reason) => (
                <Button key={reason} disabled={stock.isActing} onPress={() => void send(reason)}>
                  {text.countReasons[reason]}
                </Button>
              ))}
            </div>
          </section>
        )}
      </div>
      <div className="staff-sheet__actions">
        <Button onPress={onClose}>{words.common.cancel}</Button>
        {counted === books ? (
          <Button look="main" busy={stock.isActing} onPress={() => void send()}>
            {text.agrees(counted)}
          </Button>
        ) : null}
      </div>
    </Sheet>
  );
}
