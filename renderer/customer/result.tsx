import type { Business } from '../../domain/catalogue/catalogue.ts';
import type { ReceiptView } from '../../domain/order/view.ts';
import type { ResultStage } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { BellIcon, CheckIcon, HatchIcon, MessageIcon, PhoneIcon, ReceiptIcon } from '../ui/icons.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { ActionBar } from './action-bar.tsx';
import { useVisit } from './kiosk-context.tsx';
import { Page, Title } from './page.tsx';
import './result.css';

const places: Readonly<Record<Business, typeof BellIcon>> = { goods: HatchIcon, telecom: MessageIcon, food: BellIcon };

/** There is paper, or there will be in a moment: the code is the second way, not the only one. */
function onPaper(receipt: ReceiptView): boolean {
  return receipt.kind === 'printing' || receipt.kind === 'printed';
}

/** For a person walking away: a check mark, the number, where to go, the receipt. */
export function Result({ stage }: { readonly stage: ResultStage }) {
  const { words, dispatch } = useVisit();
  const { order, pickup } = stage;
  const nothingToFetch = pickup.length > 0 && pickup.every((business) => business === 'telecom');
  const paper = onPaper(order.receipt);
  const title = order.state === 'refunded' ? words.result.refunded : order.payment.kind === 'free' ? words.result.free : words.result.paid;
  return (
    <Page
      name="result"
      actions={
        <ActionBar>
          <Button look="main" onPress={() => dispatch({ kind: 'done' })}>
            {words.common.done}
          </Button>
        </ActionBar>
      }
    >
      <div className={classNames('result', 'scrolls', !paper && 'result--no-paper')}>
        <div className="result__head">
          <span className="result__check" aria-hidden="true">
            <CheckIcon />
          </span>
          <Title className="result__title">{title}</Title>
        </div>
        <section className="ticket" aria-label={words.result.number}>
          <p className="ticket__label">{nothingToFetch ? words.result.orderNumber : words.result.number}</p>
          <p className="ticket__number">{order.number}</p>
          <ul className="ticket__places">
            {pickup.length === 0 ? <PlaceRow icon={BellIcon} text={words.result.whereUnknown} /> : null}
            {pickup.map((business) => (
              <PlaceRow key={business} icon={places[business]} title={words.result.whereTitle[business]} text={words.result.where[business]} />
            ))}
          </ul>
        </section>
        <section className="result__receipt" aria-label={words.result.scan}>
          <div className="result__code">
            <QrCode data={order.receiptUrl} label={words.result.qr} />
          </div>
          <div>
            <p className={classNames('result__state', `result__state--${order.receipt.kind}`)} role="status">
              {paper ? <ReceiptIcon /> : <PhoneIcon />}
              {words.result.receipt[order.receipt.kind]}
            </p>
            <p className="result__scan">{words.result.scanInstead}</p>
          </div>
        </section>
      </div>
    </Page>
  );
}

function PlaceRow({ icon: Icon, title, text }: { readonly icon: typeof BellIcon; readonly title?: string; readonly text: string }) {
  return (
    <li className="ticket__place">
      <Icon />
      <span>
        {title === undefined ? null : <strong>{title}</strong>}
        {text}
      </span>
    </li>
  );
}
