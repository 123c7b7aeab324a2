import { useState } from 'react';
import type { StaffOrderFull } from '../../../domain/contract/staff.ts';
import { formatMoney } from '../../../domain/money.ts';
import type { RefundReason } from '../../i18n/areas/staff-orders.ts';
import { refundReasons, staffOrdersWords } from '../../i18n/areas/staff-orders.ts';
import { Keyboard } from '../../keyboard/keyboard.tsx';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Button } from '../button.tsx';
import { useStaff } from '../staff-context.tsx';
import { StaffSheet } from '../staff-sheet.tsx';

/** Money goes back in two steps: why, and then "yes" with the amount on it. Core sends it once, however often it is asked. */
export function RefundSheet({ order, onClose, onDone }: { readonly order: StaffOrderFull; readonly onClose: () => void; readonly onDone: () => void }) {
  const { language, call, say } = useStaff();
  const words = staffOrdersWords[language];
  const [reason, setReason] = useState<RefundReason | undefined>(undefined);
  const [own, setOwn] = useState('');
  const [isSure, setSure] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const total = formatMoney(order.total);
  const card = order.attempts.find(({ state }) => state === 'approved')?.card ?? '';
  const text = refundText(reason, own, words.refundReasons);

  async function send(): Promise<void> {
    if (text === undefined) return;
    setBusy(true);
    const result = await call('orders.refund', { orderId: order.orderId, reason: text });
    setBusy(false);
    if (!result.ok) say(result.error.text, 'bad');
    else if (result.value.state === 'refunded') say(words.refunded);
    else say(words.refundOpen);
    onDone();
  }

  if (isSure) {
    return (
      <StaffSheet
        key="sure"
        title={words.refundSure(total)}
        onClose={onClose}
        isBusy={isBusy}
        actions={
          <Button look="main" busy={isBusy} onPress={() => void send()}>
            {isBusy ? words.refundRunning : words.refundYes(total)}
          </Button>
        }
      >
        <p className="staff-sheet__lead">
          {words.order(order.number)}: {text}
        </p>
        <Notice tone={isBusy ? 'wait' : 'warn'}>{isBusy ? words.refundRunning : words.refundSureText(card)}</Notice>
      </StaffSheet>
    );
  }
  return (
    <StaffSheet
      key="why"
      title={words.refundTitle}
      onClose={onClose}
      actions={
        <Button look="main" disabled={text === undefined} onPress={() => setSure(true)}>
          {words.next}
        </Button>
      }
    >
      <p className="staff-sheet__lead">
        {words.order(order.number)} {total}
      </p>
      <ChoiceGroup label={words.refundWhy} value={reason} onChange={setReason} items={refundReasons.map((id) => ({ id, content: words.refundReasons[id] }))} />
      {reason === 'other' ? (
        <>
          <input className="order-search__field order-search__field--own" type="text" inputMode="none" autoComplete="off" spellCheck={false} aria-label={words.ownReason} placeholder={words.ownReason} value={own} onChange={({ target }) => setOwn(target.value.slice(0, 120))} />
          <Keyboard value={own} onChange={setOwn} language={language} mode="text" label={words.ownReason} maxLength={120} />
        </>
      ) : null}
    </StaffSheet>
  );
}

/** What goes with the refund; undefined as long as "other" says nothing. */
export function refundText(reason: RefundReason | undefined, own: string, names: Readonly<Record<RefundReason, string>>): string | undefined {
  if (reason === undefined) return undefined;
  if (reason !== 'other') return names[reason];
  return own.trim() === '' ? undefined : own.trim();
}
