import { useState } from 'react';
import type { OrderView } from '../../domain/order/view.ts';
import type { TerminalMessage } from '../../domain/payment/card.ts';
import { DownIcon } from '../ui/icons.tsx';
import { Money } from '../ui/money.tsx';
import { ActionBar } from './action-bar.tsx';
import { useVisit } from './kiosk-context.tsx';
import { Page, Title } from './page.tsx';
import { TerminalPicture } from './terminal-picture.tsx';
import { useNow } from './use-now.ts';

const patienceMs = 10_000;
const longPatienceMs = 30_000;

export interface PayRunningProps {
  readonly order: OrderView;
  readonly message: TerminalMessage;
  readonly cancelRequested: boolean;
  readonly cancellable: boolean;
}

/** The amount, huge; what the terminal wants, in our words; and where the terminal is. */
export function PayRunning({ order, message, cancelRequested, cancellable }: PayRunningProps) {
  const { words, dispatch } = useVisit();
  const [begun] = useState(() => Date.now());
  const waited = useNow(1000) - begun;
  const patience = waited >= longPatienceMs ? words.pay.longPatience : waited >= patienceMs ? words.pay.patience : undefined;
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
        <div className="pay__say" role="status">
          <Title className="pay__title">{words.pay.title[message]}</Title>
          <p className="pay__text">{words.pay.text[message]}</p>
        </div>
        <div className="pay__amount">
          <p className="pay__label">{words.pay.amount}</p>
          <p className="pay__sum">
            <Money value={order.total} />
          </p>
        </div>
        <div className="pay__terminal">
          <TerminalPicture message={message} />
          <p className="pay__place pay__place--below">
            <DownIcon />
            {words.pay.place.below}
          </p>
          <p className="pay__place pay__place--right">
            {words.pay.place.right}
            <DownIcon />
          </p>
        </div>
        <p className="pay__patience" role="status">
          {patience}
        </p>
      </div>
    </Page>
  );
}
