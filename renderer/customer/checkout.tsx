import { equals, formatMoney, isZero } from '../../domain/money.ts';
import type { PricedLine } from '../../domain/pricing/pricing.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import type { TitledText } from '../i18n/words.ts';
import type { CartChanges } from '../state/changes.ts';
import { changesOf } from '../state/changes.ts';
import { formatPhone } from '../state/draft.ts';
import type { Stage } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { CardIcon, NoticeIcon, PhoneIcon, ReceiptIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { Picture } from '../ui/picture.tsx';
import { ActionBar } from './action-bar.tsx';
import './checkout.css';
import { useShop } from './kiosk-context.tsx';
import { Page } from './page.tsx';
import { PriceTag } from './price-tag.tsx';
import { TotalBar } from './total-bar.tsx';

const cardFacts = { ready: 'byCard', unavailable: 'cardUnavailable', held: 'cardHeld' } as const;

export function Checkout({ stage }: { readonly stage: Extract<Stage, { kind: 'checkout' }> }) {
  const { visit, words, shopfront, status, dispatch } = useShop();
  const priced = priceCart(shopfront.catalogue, visit.cart);
  const free = isZero(priced.total);
  const payable = priced.lines.length > 0 && (free || status.card === 'ready');
  const payWords = free ? words.checkout.confirmFree : words.checkout.pay(formatMoney(priced.total));
  return (
    <Page
      name="checkout"
      title={words.checkout.title}
      cart={<TotalBar priced={priced} />}
      actions={
        <ActionBar back={{ label: words.common.back, onPress: () => dispatch({ kind: 'back' }), disabled: stage.placing }}>
          <Button look="main" busy={stage.placing} disabled={!payable} onPress={() => dispatch({ kind: 'order_sent' })}>
            {stage.placing ? words.checkout.placing : payable ? payWords : words.checkout.paused}
          </Button>
        </ActionBar>
      }
    >
      <div className="checkout scrolls">
        {stage.trouble ? <Notice tone="warn">{words.checkout.trouble}</Notice> : null}
        <ul className="checkout__lines">
          {priced.lines.map((line) => (
            <CheckoutLine key={line.lineId} line={line} />
          ))}
        </ul>
        <div className="checkout__facts" role="status">
          <Fact icon={payable ? CardIcon : NoticeIcon} warns={!payable} {...(free ? words.checkout.nothingToPay : words.checkout[cardFacts[status.card]])} />
          <Fact icon={status.paper === 'unavailable' ? PhoneIcon : ReceiptIcon} warns={status.paper === 'unavailable'} {...(status.paper === 'unavailable' ? words.checkout.noPaper : words.checkout.paper)} />
        </div>
      </div>
      <Changes changes={visit.before && changesOf(visit.before, shopfront.catalogue, visit.cart)} />
    </Page>
  );
}

/** Always there, so that a change is heard when it comes; outside of what scrolls, so that it is seen. */
function Changes({ changes }: { readonly changes: CartChanges | undefined }) {
  const { words, language } = useShop();
  const sayTotals = changes?.repriced ? words.checkout.priceChanged : words.checkout.totalChanged;
  return (
    <div className="checkout-changes" role="status">
      {changes ? (
        <p className="notice notice--warn">
          <NoticeIcon />
          <span>
            {changes.gone.map(({ id, name }) => (
              <span key={id}>{words.refusals.text.offer_gone(name[language])} </span>
            ))}
            {equals(changes.before, changes.now) ? null : <b>{sayTotals(formatMoney(changes.before), formatMoney(changes.now))}</b>}
          </span>
        </p>
      ) : null}
    </div>
  );
}

interface FactProps extends TitledText {
  readonly icon: typeof CardIcon;
  readonly warns: boolean;
}

/** How it is paid, and how the receipt comes: before the customer pays, not after. */
function Fact({ icon: Icon, warns, title, text }: FactProps) {
  return (
    <div className={classNames('checkout-fact', warns && 'checkout-fact--warns')}>
      <Icon />
      <p>
        <strong>{title}</strong>
        {text}
      </p>
    </div>
  );
}

function CheckoutLine({ line }: { readonly line: PricedLine }) {
  const { language } = useShop();
  return (
    <li className="checkout-line">
      <span className="checkout-line__picture">
        <Picture picture={line.offer.picture} language={language} />
      </span>
      <div>
        <p className="checkout-line__name">
          {line.offer.name[language]}
          {line.quantity > 1 ? <span className="checkout-line__times">{` ×${line.quantity}`}</span> : null}
        </p>
        {line.choices.length > 0 ? <p className="checkout-line__choices">{line.choices.map((choice) => choice.name[language]).join(' · ')}</p> : null}
        {line.form.phone ? <p className="checkout-line__phone">{formatPhone(line.form.phone)}</p> : null}
      </div>
      <span className="checkout-line__price">
        <PriceTag value={line.total} />
      </span>
    </li>
  );
}
