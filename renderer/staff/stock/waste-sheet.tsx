import { useState } from 'react';
import type { SlotView } from '../../../domain/contract/staff.ts';
import { wasteReasons } from '../../../domain/stock/stock.ts';
import { staffStockWords } from '../../i18n/areas/staff-stock.ts';
import { Button } from '../button.tsx';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { useStaff } from '../staff-context.tsx';
import '../staff-sheet.css';
import { TypedNote } from '../typed-note.tsx';
import { CountField } from './count-field.tsx';
import type { Stock } from './stock-area.tsx';

/** Pieces taken out for good: of which lot, how many, and why. */
export function WasteSheet({ stock, slot, lotId: first, onClose }: { readonly stock: Stock; readonly slot: SlotView; readonly lotId: string | undefined; readonly onClose: () => void }) {
  const { language, words } = useStaff();
  const text = staffStockWords[language];
  const [lotId, setLotId] = useState(first ?? slot.lots[0]?.lotId);
  const lot = slot.lots.find((candidate) => candidate.lotId === lotId);
  const [quantity, setQuantity] = useState(1);
  const [reason, setReason] = useState<(typeof wasteReasons)[number] | undefined>(lot?.expired ? 'expired' : undefined);
  const [note, setNote] = useState('');
  const most = lot?.count ?? slot.count;

  async function send(): Promise<void> {
    if (!reason) return;
    const outcome = await stock.act({ method: 'stock.waste', params: { slot: slot.slot, quantity: Math.min(quantity, most), reason, ...(lotId === undefined ? {} : { lotId }), ...(note.trim() === '' ? {} : { note: note.trim() }) } });
    if (outcome.kind !== 'busy') onClose();
  }

  return (
    <Sheet size="tall" label={`${text.waste} ${slot.slot}`} onClose={onClose}>
      <div className="staff-sheet scrolls">
        <h2 className="staff-sheet__title">
          {text.waste}: {slot.slot} {slot.name[language]}
        </h2>
        {slot.lots.length > 1 ? (
          <ChoiceGroup
            label={text.lots}
            value={lotId}
            onChange={setLotId}
            items={slot.lots.map((each) => ({ id: each.lotId, content: each.bestBefore === undefined ? text.lotUnnamed(each.count) : text.lot(each.bestBefore, each.count) }))}
          />
        ) : null}
        <CountField label={text.quantity} value={Math.min(quantity, Math.max(1, most))} least={1} most={Math.max(1, most)} onChange={setQuantity} />
        <ChoiceGroup label={text.waste} value={reason} onChange={setReason} items={wasteReasons.map((id) => ({ id, content: text.wasteReasons[id] }))} />
        {/* What came about, for whoever reads the audit; never asked for. */}
        {reason === undefined ? null : <TypedNote key={reason} label={text.note} value={note} maxLength={120} onChange={setNote} isQuiet={reason !== 'other'} />}
      </div>
      <div className="staff-sheet__actions">
        <Button onPress={onClose}>{words.common.cancel}</Button>
        <Button look="main" busy={stock.isActing} disabled={reason === undefined || most === 0} onPress={() => void send()}>
          {text.takeOut(Math.min(quantity, most))}
        </Button>
      </div>
    </Sheet>
  );
}
