import { useState } from 'react';
import type { Tender } from '../../domain/payment/tender.ts';
import type { TitledText, Words } from '../i18n/words.ts';
import type { PayStage } from '../state/model.ts';
import { classNames } from '../ui/class-names.ts';
import { PhoneIcon } from '../ui/icons.tsx';
import { Money } from '../ui/money.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { lengthOf } from './amount-length.ts';
import { ActionBar } from './action-bar.tsx';
import { useVisit } from './kiosk-context.tsx';
import { Page, Title } from './page.tsx';
import { PayPatience, patienceOf } from './pay-patience.tsx';
import './pay-wallet.css';
import { PhonePicture } from './phone-picture.tsx';
import { useMonotonicNow } from './use-now.ts';
import { WalletCountdown } from './wallet-countdown.tsx';
import { WayIcon } from './wallet-icons.tsx';

export interface PayWalletProps {
  readonly stage: PayStage;
  readonly wallet: Exclude<Tender, 'card'>;
}

/** With a phone: the code for it to read, the amount and the time that is left; or what the phone, HQ or we are doing. */
export function PayWallet({ stage, wallet }: PayWalletProps) {
  const { words, visit, dispatch } = useVisit();
  const { order, toldAt } = stage;
  const payment = order.payment.kind === 'wallet' ? order.payment : undefined;
  const name = words.wallet.name[wallet];
  const now = useMonotonicNow(1000);
  const endsAt = toldAt + (payment?.leftMs ?? 0);
  const act = actOf(stage, now >= endsAt);
  const [since, setSince] = useState({ act, at: now });
  if (since.act !== act) setSince({ act, at: now });
  const stoppable = payment !== undefined && !payment.cancelRequested && act !== 'checking';
  const code = act === 'show' ? payment?.code : undefined;
  const patience = act === 'show' ? 'none' : patienceOf(now - since.at, stoppable);
  const say = sayOf(words, act, name, payment?.mode ?? 'shown', visit.speech.on);
  return (
    <Page
      name="pay"
      actions={
        <ActionBar
          back={{
            label: payment?.cancelRequested ? words.pay.cancelling : words.pay.cancel,
            onPress: () => dispatch({ kind: 'payment_cancelled' }),
            disabled: !stoppable,
          }}
        />
      }
    >
      <div className="pay">
        <div className={classNames('pay__inner', code !== undefined && 'pay__inner--code')}>
          <div className="pay__say" role="status">
            <Title className="pay__title">{say.title}</Title>
            <p className="pay__text">{say.text}</p>
          </div>
          <div className="pay__amount">
            <div>
              <p className="pay__label">{words.pay.amount}</p>
              <p className="pay__sum" style={lengthOf(order.total)}>
                <Money value={order.total} />
              </p>
            </div>
            {code === undefined ? null : <WalletCountdown endsAt={endsAt} />}
          </div>
          <div className="pay__terminal">
            {code === undefined ? (
              <PhonePicture confirms={act === 'confirm'} />
            ) : (
              <>
                {/* By its sign before any word is read: with which of the two. */}
                <div className="pay__code">
                  <p className="pay__wallet" aria-hidden="true">
                    <WayIcon tender={wallet} />
                    {name}
                  </p>
                  <QrCode data={code} label={words.wallet.code(name)} quiet={4} />
                </div>
                <p className="pay__hold">
                  <PhoneIcon />
                  {words.wallet.orHold}
                </p>
              </>
            )}
          </div>
          <PayPatience patience={patience} usual={words.wallet.patience} wayOut={words.wallet.longPatience} />
        </div>
      </div>
    </Page>
  );
}

type Act = 'starting' | 'show' | 'confirm' | 'checking' | 'cancelling' | 'returning';

/** What is going on. A code whose time is over invites nobody any more, whether core has said so yet or not. */
function actOf({ order: { payment } }: PayStage, isOver: boolean): Act {
  if (payment.kind === 'returning') return 'returning';
  if (payment.kind !== 'wallet') return 'starting';
  if (payment.cancelRequested) return 'cancelling';
  if (payment.step !== 'show') return payment.step;
  if (isOver) return 'checking';
  return payment.code === undefined ? 'starting' : 'show';
}

function sayOf({ wallet }: Words, act: Act, name: string, mode: 'shown' | 'read', isHeard: boolean): TitledText {
  if (act === 'starting') return wallet.starting[mode](name);
  if (act === 'show' && isHeard) return wallet.showHeard(name);
  return wallet[act](name);
}
