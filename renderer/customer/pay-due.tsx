import { formatMoney } from '../../domain/money.ts';
import type { DueReason } from '../i18n/words.ts';
import type { PayStage } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { CardIcon, NoticeIcon } from '../ui/icons.tsx';
import { Money } from '../ui/money.tsx';
import { lengthOf } from './amount-length.ts';
import { ActionBar } from './action-bar.tsx';
import { useVisit } from './kiosk-context.tsx';
import { Page, Title } from './page.tsx';

/** After so many, the same words would only send the customer round once more. */
const manyDeclines = 3;

/** No money has moved: what happened, that nothing was charged, and the three ways on. */
export function PayDue({ stage, last }: { readonly stage: PayStage; readonly last: DueReason }) {
  const { words, dispatch } = useVisit();
  const { order } = stage;
  const ending = stage.ending !== 'no';
  const hopeless = last === 'declined' && stage.declines >= manyDeclines;
  const say = stage.trouble ? words.pay.trouble : hopeless ? words.pay.declinedOften : words.pay.due[last];
  const pay = hopeless ? words.pay.otherCard : words.pay.again;
  return (
    <Page
      name="pay-due"
      actions={
        <ActionBar back={{ label: words.pay.change, onPress: () => dispatch({ kind: 'order_changed' }), disabled: ending }}>
          <Button look="main" busy={ending} onPress={() => dispatch({ kind: 'pay_again' })}>
            {ending ? words.pay.giving : pay(formatMoney(order.total))}
          </Button>
        </ActionBar>
      }
    >
      <div className="pay">
        <div className="pay-due">
          <span className="pay-due__badge" aria-hidden="true">
            {last === 'cancelled' || last === 'none' ? <CardIcon /> : <NoticeIcon />}
          </span>
          <div className="pay-due__say" role="status">
            <Title className="pay__title">{say.title}</Title>
            <p className="pay__text">{say.text}</p>
          </div>
          <p className="pay-due__sum">
            {words.pay.amount} <span style={lengthOf(order.total)}><Money value={order.total} /></span>
          </p>
          <Button look={hopeless ? 'plain' : 'quiet'} className="pay-due__give-up" disabled={ending} onPress={() => dispatch({ kind: 'order_given_up' })}>
            {words.pay.giveUp}
          </Button>
        </div>
      </div>
    </Page>
  );
}
