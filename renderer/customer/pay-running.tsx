import { useState } from 'react';
import type { OrderView } from '../../domain/order/view.ts';
import type { TerminalMessage } from '../../domain/payment/card.ts';
import type { TitledText, Words } from '../i18n/words.ts';
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
  /** What the terminal says in its own words: shown only where we have none that are better. */
  readonly terminalText: string | undefined;
  readonly cancelRequested: boolean;
  readonly cancellable: boolean;
}

/** The amount, huge; what the terminal wants, in our words; and where the terminal is. */
export function PayRunning({ order, message, terminalText, cancelRequested, cancellable }: PayRunningProps) {
  const { words, dispatch } = useVisit();
  const [begun] = useState(() => Date.now());
  const waited = useNow(1000) - begun;
  const longWords = cancellable && !cancelRequested ? words.pay.longPatience : words.pay.onlyPatience;
  const patience = waited >= longPatienceMs ? longWords : waited >= patienceMs ? words.pay.patience : undefined;
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
        <div className="pay__say" role="status">
          <Title className="pay__title">{say.title}</Title>
          <p className="pay__text">{!cancelRequested && message === 'please_wait' && terminalText !== undefined ? terminalText : say.text}</p>
        </div>
        <div className="pay__amount">
          <p className="pay__label">{words.pay.amount}</p>
          <p className="pay__sum">
            <Money value={order.total} />
          </p>
        </div>
        <div className="pay__terminal">
          <TerminalPicture message={pointsThere ? message : 'please_wait'} />
          {pointsThere ? (
            <>
              <p className="pay__place pay__place--below">
                <DownIcon />
                {words.pay.place.below}
              </p>
              <p className="pay__place pay__place--right">
                {words.pay.place.right}
                <DownIcon />
              </p>
            </>
          ) : null}
        </div>
        <p className="pay__patience" role="status">
          {patience}
        </p>
      </div>
    </Page>
  );
}

/** Whatever the terminal still asks for, nobody is invited to pay what they have just cancelled; a card left in it is theirs to take. */
function cancelWords(words: Words, message: TerminalMessage): TitledText {
  return message === 'remove_card' ? { title: words.pay.beingCancelled.title, text: words.pay.title.remove_card } : words.pay.beingCancelled;
}
