import { useState } from 'react';
import type { StaffOrderFull } from '../../../domain/contract/staff.ts';
import type { RefundId } from '../../../domain/ids.ts';
import { refundIdSchema, uuidV7From } from '../../../domain/ids.ts';
import { formatMoney, money } from '../../../domain/money.ts';
import type { RefundReason } from '../../i18n/areas/staff-orders.ts';
import { refundReasons, staffOrdersWords } from '../../i18n/areas/staff-orders.ts';
import { walletWords } from '../../i18n/areas/wallet.ts';
import { Keypad } from '../../keyboard/keypad.tsx';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { Money } from '../../ui/money.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Button } from '../button.tsx';
import { useStaff } from '../staff-context.tsx';
import { StaffSheet } from '../staff-sheet.tsx';
import { TypedNote } from '../typed-note.tsx';
import { maxAmountDigits, partOf, restOf, wayOf } from './refund-amount.ts';

/** Money goes back in two steps: how much and why, and then "yes" with the amount on it. Core sends it once, however often it is asked: a part by the id that is made here. */
export function RefundSheet({ order, onClose, onDone }: { readonly order: StaffOrderFull; readonly onClose: () => void; readonly onDone: () => void }) {
  const { language, call, say } = useStaff();
  const words = staffOrdersWords[language];
  const canWhole = order.refundBlocked === undefined;
  const [refundId] = useState(newRefundId);
  const [share, setShare] = useState<'whole' | 'part'>(canWhole ? 'whole' : 'part');
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState<RefundReason | undefined>(undefined);
  const [own, setOwn] = useState('');
  const [isSure, setSure] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const rest = restOf(order);
  const part = partOf(typed, order.part);
  const value = share === 'whole' ? rest : part;
  const amount = value && formatMoney(value);
  const text = refundText(reason, own, words.refundReasons);
  const way = wayOf(order, share);
  const paidBy = order.attempts.find(({ state }) => state === 'approved');

  async function send(): Promise<void> {
    if (text === undefined || !value) return;
    setBusy(true);
    const result = await call('orders.refund', { orderId: order.orderId, reason: text, ...(share === 'part' ? { part: { refundId, amount: value.amount } } : {}) });
    setBusy(false);
    if (!result.ok) say(result.error.text, 'bad');
    else if (result.value.state === 'refunded') say(words.refunded);
    else say(share === 'whole' ? words.refundOpen : way === 'by_hand' ? words.partGiven : words.partAsked);
    onDone();
  }

  if (isSure && amount !== undefined) {
    const sure = way === 'by_hand' ? words.byHandText(amount) : way === 'wallet' ? words.refundWalletText(walletWords[language].name[paidBy?.tender ?? order.tender ?? 'card']) : words.refundSureText(paidBy?.card ?? '');
    return (
      <StaffSheet
        key="sure"
        title={words.refundSure(amount)}
        onClose={onClose}
        isBusy={isBusy}
        actions={
          <Button look="main" busy={isBusy} onPress={() => void send()}>
            {isBusy ? words.refundRunning : words.refundYes(amount)}
          </Button>
        }
      >
        <p className="staff-sheet__lead">
          {words.order(order.number)}: {text}
        </p>
        <Notice tone={isBusy ? 'wait' : 'warn'}>{isBusy ? words.refundRunning : sure}</Notice>
      </StaffSheet>
    );
  }
  return (
    <StaffSheet
      key="why"
      title={words.refundTitle}
      onClose={onClose}
      actions={
        <Button look="main" disabled={text === undefined || value === undefined} onPress={() => setSure(true)}>
          {words.next}
        </Button>
      }
    >
      <p className="staff-sheet__lead">
        {words.order(order.number)} {formatMoney(order.total)}
      </p>
      {order.part ? (
        <ChoiceGroup
          label={words.howMuch}
          value={share}
          onChange={setShare}
          items={[
            { id: 'whole', content: (rest.amount === order.total.amount ? words.whole : words.rest)(formatMoney(rest)), disabled: !canWhole },
            { id: 'part', content: words.part },
          ]}
        />
      ) : null}
      {share === 'part' && order.part ? (
        <div className="refund-amount" role="group" aria-label={words.amount}>
          <p className="refund-amount__value" role="status">
            <Money value={money(Number(typed === '' ? '0' : typed), order.part.atMost.currency)} />
            <span className={part === undefined && typed !== '' ? 'refund-amount__most refund-amount__most--over' : 'refund-amount__most'}>{words.atMost(formatMoney(order.part.atMost))}</span>
          </p>
          <Keypad value={typed} onChange={(next) => setTyped(next.replace(/^0+/, ''))} language={language} label={words.amount} maxLength={maxAmountDigits} />
        </div>
      ) : null}
      <ChoiceGroup label={words.refundWhy} value={reason} onChange={setReason} items={refundReasons.map((id) => ({ id, content: words.refundReasons[id] }))} />
      {reason === 'other' ? <TypedNote label={words.ownReason} value={own} maxLength={120} onChange={setOwn} /> : null}
    </StaffSheet>
  );
}

function newRefundId(): RefundId {
  return refundIdSchema.parse(uuidV7From(Date.now(), crypto.getRandomValues(new Uint8Array(10))));
}

/** What goes with the refund; undefined as long as "other" says nothing. */
export function refundText(reason: RefundReason | undefined, own: string, names: Readonly<Record<RefundReason, string>>): string | undefined {
  if (reason === undefined) return undefined;
  if (reason !== 'other') return names[reason];
  return own.trim() === '' ? undefined : own.trim();
}
