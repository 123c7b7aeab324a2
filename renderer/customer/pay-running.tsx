import { useState } from 'react';
import type { OrderView } from '../../domain/order/view.ts';
import type { TerminalMessage } from '../../domain/payment/card.ts';
import type { TitledText, Words } from '../i18n/words.ts';
import { monotonicNow } from '../state/monotonic.ts';
import { classNames } from '../ui/class-names.ts';
import { DownIcon } from '../ui/icons.tsx';
import { Money } from '../ui/money.tsx';
import { lengthOf } from './amount-length.ts';
import { ActionBar } from './action-bar.tsx';
import { useKiosk, useVisit } from './kiosk-context.tsx';
import { Page, Title } from './page.tsx';
import { PayPatience, patienceOf } from './pay-patience.tsx';
import { TerminalPicture } from './terminal-picture.tsx';
import { useMonotonicNow } from './use-now.ts';

export interface PayRunningProps {
  readonly order: OrderView;
  readonly message: TerminalMessage;
  readonly cancelRequested: boolean;
  readonly cancellable: boolean;
}

/** The amount, huge; what the terminal wants, in our words and never in its own, which are in whatever language; and where the terminal is. */
export function PayRunning({ order, message, cancelRequested, cancellable }: PayRunningProps) {
  const { words, dispatch } = useVisit();
  const [begun] = useState(monotonicNow);
  const waited = useMonotonicNow(1000) - begun;
  const patience = patienceOf(waited, cancellable && !cancelRequested);
  const say = cancelRequested ? cancelWords(words, message) : { title: words.pay.title[message], text: words.pay.text[message] };
  const pointsThere = !cancelRequested || message === 'remove_card';
  return (
    <Page
      name="pay"
      actions={
        <ActionBar
          back={{
            label: cancelRequested ? words.pay.cancelling : words.pay.cancel,
            onPress: () => dispatch({ kind: 'payment_cancelled' }),
            disabled: cancelRequested || !cancellable,
          }}
        />
      }
    >
      <div className="pay">
        <div className="pay__inner">
          <div className="pay__say" role="status">
            <Title className="pay__title">{say.title}</Title>
            <p className="pay__text">{say.text}</p>
          </div>
          <div className="pay__amount">
            <p className="pay__label">{words.pay.amount}</p>
            <p className="pay__sum" style={lengthOf(order.total)}>
              <Money value={order.total} />
            </p>
          </div>
          <div className="pay__terminal">
            <TerminalPicture message={pointsThere ? message : 'please_wait'} />
            {pointsThere ? <TerminalPlace /> : null}
          </div>
          <PayPatience patience={patience} usual={words.pay.patience} wayOut={words.pay.longPatience} />
        </div>
      </div>
    </Page>
  );
}

/** An arrow to the terminal and its place in words. Where the configuration does not say, it stands below an upright screen and to the right of a wide one. */
function TerminalPlace() {
  const { words } = useVisit();
  const known = useKiosk().model.shopfront?.screen.terminal;
  const places = known ? [known] : (['below', 'right'] as const);
  return places.map((place) => (
    <p key={place} className={classNames('pay__place', `pay__place--${place}`, known === undefined && 'pay__place--guessed')}>
      <DownIcon />
      {words.pay.place[place]}
    </p>
  ));
}

/** Whatever the terminal still asks for, nobody is invited to pay what they have just cancelled; a card left in it is theirs to take. */
function cancelWords(words: Words, message: TerminalMessage): TitledText {
  return message === 'remove_card' ? { title: words.pay.beingCancelled.title, text: words.pay.title.remove_card } : words.pay.beingCancelled;
}
