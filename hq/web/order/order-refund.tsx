import { useState } from 'react';
import { currencies, formatMoney, money } from '../../../domain/money.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { readOrder, refundOrder } from '../../contract/api/orders.ts';
import { useMe } from '../api/me.tsx';
import { useAct } from '../api/use-api.ts';
import { readAmount } from '../catalogue/loose.ts';
import { ordersTexts } from '../i18n/areas/orders.ts';
import { formatFullTime } from '../i18n/times.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { Facts, Section } from './section.tsx';

const tones = { waiting: 'warn', expired: 'quiet', cancelled: 'quiet', done: 'good', failed: 'bad', refused: 'bad' } as const;

/** The money back, asked for once; and what became of it, as the kiosk tells it, or the wallet's gateway where the kiosk is gone. */
export function OrderRefund({ order, onChange }: { readonly order: ApiAnswer<typeof readOrder>; readonly onChange: () => void }) {
  const texts = useAreaTexts(ordersTexts);
  const { language } = useLanguage();
  const { may } = useMe();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [isTried, setTried] = useState(false);
  const { act, isBusy, failure, forget } = useAct(refundOrder, { done: ({ isNew, refund }) => (!isNew ? texts.refundBefore(refund.askedBy) : refund.via === 'hq' ? texts.refundGivenByHq : texts.refundGiven), invalidates: [readOrder] });
  const { refund, mayRefund, refundable, row } = order;
  const left = refundable?.left ?? row.total;
  const most = formatMoney(left);
  const part = typed.trim() === '' ? undefined : readAmount(typed, currencies[left.currency].exponent);
  const isWrong = typed.trim() !== '' && (part === undefined || part < 1 || part > left.amount);
  const amount = isWrong || part === undefined ? most : formatMoney(money(part, left.currency));
  const tooShort = reason.trim().length < 3;
  const give = async () => {
    setTried(true);
    if (tooShort || isWrong) return;
    if (await act({ params: { kiosk: row.kioskId, order: row.orderId } as never, body: { reason, left: left.amount, ...(part === undefined ? {} : { amount: part }) } })) setOpen(false);
    onChange();
  };
  if (refund === null && (mayRefund === 'free' || mayRefund === 'unpaid' || !may('orders.refund'))) return null;
  return (
    <Section title={texts.refund}>
      {refund && (
        <>
          <p><Badge tone={tones[refund.state]}>{(refund.via === 'hq' ? texts.refundStateByHq[refund.state] : undefined) ?? texts.refundState[refund.state]}</Badge></p>
          <Facts
            facts={[
              [texts.refundAmount, refund.amount !== null && texts.refundPartOf(formatMoney(money(refund.amount, row.total.currency)))],
              [texts.askedBy, `${refund.askedBy}, ${formatFullTime(refund.askedAt, language)}`], [texts.reason, refund.reason],
              [texts.delivered, refund.via === 'kiosk' && (refund.deliveredAt === null ? texts.notDelivered : formatFullTime(refund.deliveredAt, language))],
              [texts.until, refund.state === 'waiting' && refund.expiresAt !== null && formatFullTime(refund.expiresAt, language)], [refund.via === 'hq' ? texts.answerOfGateway : texts.answer, refund.detail],
            ]}
          />
        </>
      )}
      {mayRefund === 'yes' ? may('orders.refund') && <Button onPress={() => setOpen(true)}>{texts.refundAsk}</Button> : <p className="none">{mayRefund === 'asked' && refund?.via === 'hq' ? texts.whyAskedOfGateway : texts.why[mayRefund]}</p>}
      <Dialog
        title={texts.refundTitle(amount)} isOpen={isOpen} onClose={() => { setOpen(false); forget(); }}
        actions={<><Button onPress={() => setOpen(false)}>{texts.keep}</Button><Button look="danger" isBusy={isBusy} onPress={() => void give()}>{texts.refundGive(amount)}</Button></>}
      >
        <p>{refundable?.via === 'hq' ? texts.refundTextGone(texts.tenders[refundable.tender]) : refundable?.parts === true ? texts.refundTextWallet : texts.refundText}</p>
        <Trouble failure={failure} />
        {refundable?.parts === true && <TextField label={texts.refundAmount} hint={texts.refundAmountHint(most)} value={typed} onChange={setTyped} inputMode="decimal" maxLength={13} error={isWrong ? texts.refundAmountWrong(most) : undefined} />}
        <TextField label={texts.refundReason} hint={refundable?.via === 'hq' ? texts.refundReasonHintGone : texts.refundReasonHint} value={reason} onChange={setReason} maxLength={200} isRequired error={isTried && tooShort ? texts.refundTooShort : undefined} />
      </Dialog>
    </Section>
  );
}
