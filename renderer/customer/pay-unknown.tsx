import type { OrderView } from '../../domain/order/view.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import { Button } from '../ui/button.tsx';
import { ClockIcon } from '../ui/icons.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { ActionBar } from './action-bar.tsx';
import { useVisit } from './kiosk-context.tsx';
import { Page, Title } from './page.tsx';

/** Nobody knows yet whether money moved. Said honestly, with all that the customer needs to walk away with. */
export function PayUnknown({ order, tender }: { readonly order: OrderView; readonly tender: Tender }) {
  const { words, dispatch } = useVisit();
  const { unknown } = words.pay;
  return (
    <Page
      name="pay-unknown"
      actions={
        <ActionBar>
          <Button className="pay-unknown__leave" onPress={() => dispatch({ kind: 'done' })}>{unknown.leave}</Button>
        </ActionBar>
      }
    >
      <div className="pay">
        <div className="pay-unknown">
          <div className="pay-unknown__say" role="status">
            <span className="pay-due__badge pay-due__badge--wait" aria-hidden="true">
              <ClockIcon />
            </span>
            <Title className="pay__title">{unknown.title}</Title>
            <p className="pay__text">{tender === 'card' ? unknown.text : words.wallet.unknown(words.wallet.name[tender])}</p>
          </div>
          <div className="pay-unknown__take">
            <div>
              <p className="pay__label">{unknown.number}</p>
              <p className="pay-unknown__number">{order.number}</p>
            </div>
            <div className="pay-unknown__code">
              <QrCode data={order.receiptUrl} label={words.result.qr} />
              <p>{unknown.scan}</p>
            </div>
          </div>
        </div>
      </div>
    </Page>
  );
}
