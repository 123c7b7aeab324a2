import { formatMoney } from '../../domain/money.ts';
import type { PaymentView } from '../../domain/order/view.ts';
import type { TitledText, Words } from '../i18n/words.ts';
import type { PayStage } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { waysOf } from '../state/ways.ts';
import { CardIcon, NoticeIcon, PhoneIcon } from '../ui/icons.tsx';
import { Money } from '../ui/money.tsx';
import { lengthOf } from './amount-length.ts';
import { ActionBar } from './action-bar.tsx';
import { useKiosk, useVisit } from './kiosk-context.tsx';
import { Page, Title } from './page.tsx';
import { PayWays } from './pay-ways.tsx';

/** After so many, the same words would only send the customer round once more. */
const manyDeclines = 3;

type Due = Extract<PaymentView, { kind: 'due' }>;

/** No money has moved: what happened, that nothing was charged, and the ways on. */
export function PayDue({ stage, payment }: { readonly stage: PayStage; readonly payment: Due }) {
  const { words, dispatch } = useVisit();
  const { order } = stage;
  const { last } = payment;
  const { status } = useKiosk().model;
  // With the card alone there is nothing to choose, unless a wallet was tried that is not offered any more.
  const ways = status && status.wallets.length > 0 ? waysOf(status) : undefined;
  const ending = stage.ending !== 'no';
  const hopeless = last === 'declined' && stage.declines >= manyDeclines;
  const say = stage.trouble ? words.pay.trouble : hopeless ? words.pay.declinedOften : dueWords(words, payment, ways !== undefined);
  const pay = hopeless ? words.pay.otherCard : words.pay.again;
  return (
    <Page
      name="pay-due"
      actions={
        <ActionBar mainFirst={ways !== undefined && !ending} back={{ label: words.pay.change, onPress: () => dispatch({ kind: 'order_changed' }), disabled: ending }}>
          {ways && !ending ? (
            <PayWays ways={ways} total={order.total} onPay={(tender) => dispatch({ kind: 'pay_again', tender })} />
          ) : (
            <Button look="main" busy={ending} onPress={() => dispatch({ kind: 'pay_again', tender: 'card' })}>
              {ending ? words.pay.giving : pay(formatMoney(order.total))}
            </Button>
          )}
        </ActionBar>
      }
    >
      <div className="pay">
        <div className="pay-due">
          <span className="pay-due__badge" aria-hidden="true">
            {last !== 'cancelled' && last !== 'none' ? <NoticeIcon /> : ways ? <PhoneIcon /> : <CardIcon />}
          </span>
          <div className="pay-due__say" role="status">
            <Title className="pay__title">{say.title}</Title>
            <p className="pay__text">{say.text}</p>
          </div>
          <p className="pay-due__sum">
            {words.pay.amount} <span style={lengthOf(order.total)}><Money value={order.total} /></span>
          </p>
          {ways?.some(({ tender, state }) => tender !== 'card' && state === 'ready') ? (
            <p className="pay__hold">
              <PhoneIcon />
              {words.wallet.orHold}
            </p>
          ) : null}
          <Button look={hopeless ? 'plain' : 'quiet'} className="pay-due__give-up" disabled={ending} onPress={() => dispatch({ kind: 'order_given_up' })}>
            {words.pay.giveUp}
          </Button>
        </div>
      </div>
    </Page>
  );
}

/** What became of the last try: of a wallet by its name, with what its customer can do about it. `canChoose`: there are several ways to pay. */
export function dueWords({ pay, wallet }: Words, { last, tender, refusal }: Due, canChoose: boolean): TitledText {
  const name = wallet.name[tender ?? 'card'];
  if (last === 'wallet_unavailable' || last === 'too_late') return wallet.due[last](name);
  if (last === 'none' && canChoose) return wallet.due.none(name);
  if (tender === undefined || tender === 'card') return pay.due[last];
  if (last === 'declined') return wallet.refused[refusal ?? 'refused'](name);
  return last === 'not_paid' ? wallet.due.not_paid(name) : pay.due[last];
}
