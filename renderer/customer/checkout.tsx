import { formatMoney, isZero } from '../../domain/money.ts';
import type { PricedCart } from '../../domain/pricing/pricing.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import { listOf } from '../i18n/areas/wallet.ts';
import type { TitledText, Words } from '../i18n/words.ts';
import type { Stage } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { CardIcon, NoticeIcon, PhoneIcon, ReceiptIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { canPayNow, waysOf } from '../state/ways.ts';
import { ActionBar } from './action-bar.tsx';
import { CheckoutChanges } from './checkout-changes.tsx';
import { CheckoutDining } from './checkout-dining.tsx';
import { CheckoutLine } from './checkout-line.tsx';
import './checkout.css';
import { useKiosk, useShop } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import { Page } from './page.tsx';
import { PayWays } from './pay-ways.tsx';
import { TotalBar } from './total-bar.tsx';


/** Everything once more before money moves: what, for whom, where to, what it costs, how it is paid, how the receipt comes. */
export function Checkout({ stage }: { readonly stage: Extract<Stage, { kind: 'checkout' }> }) {
  const { visit, words, shopfront, status, dispatch } = useShop();
  const { moment } = useKiosk().model;
  if (!moment) return null;
  const priced = priceCart(shopfront.catalogue, visit.cart, moment);
  const free = isZero(priced.total);
  const payable = priced.lines.length > 0 && (free || canPayNow(status));
  // Without wallets there is nothing to choose: one main action, and the card it is.
  const ways = free || status.wallets.length === 0 || stage.placing ? undefined : waysOf(status);
  const payWords = free ? words.checkout.confirmFree : words.checkout.pay(formatMoney(priced.total));
  return (
    <Page
      name="checkout"
      title={words.checkout.title}
      cart={<TotalBar priced={priced} />}
      actions={
        <ActionBar mainFirst={ways !== undefined} back={{ label: words.common.back, onPress: () => dispatch({ kind: 'back' }), disabled: stage.placing }}>
          {ways ? (
            <PayWays ways={ways} total={priced.total} disabled={!payable} onPay={(tender) => dispatch({ kind: 'order_sent', tender })} />
          ) : (
            <Button look="main" busy={stage.placing} disabled={!payable} onPress={() => dispatch({ kind: 'order_sent' })}>
              {stage.placing ? words.checkout.placing : payable ? payWords : words.checkout.paused}
            </Button>
          )}
        </ActionBar>
      }
    >
      <CheckoutChanges />
      <div className="checkout scrolls">
        {stage.trouble ? <Notice tone="warn">{words.checkout.trouble}</Notice> : null}
        <ul className="checkout__lines" aria-label={words.finish.review.lines}>
          {priced.lines.map((line) => (
            <CheckoutLine key={line.lineId} line={line} changeable={!stage.placing} />
          ))}
        </ul>
        <CheckoutDining priced={priced} />
        <Sums priced={priced} />
        <div className="checkout__facts" role="status">
          <PayFact status={status} free={free} />
          <Fact icon={status.paper === 'unavailable' ? PhoneIcon : ReceiptIcon} warns={status.paper === 'unavailable'} {...(status.paper === 'unavailable' ? words.checkout.noPaper : words.checkout.paper)} />
        </div>
      </div>
      <MoreBelow />
    </Page>
  );
}

/** How the total comes about, where it is more than the sum of the lines: the total itself stands in the bar below. */
function Sums({ priced }: { readonly priced: PricedCart }) {
  const { words } = useShop();
  const { review } = words.finish;
  const taxes = priced.taxes.filter(({ tax }) => !isZero(tax));
  if (taxes.length === 0) return null;
  return (
    <dl className={classNames('checkout__sums', !isZero(priced.taxAdded) && 'checkout__sums--added')} aria-label={review.sums}>
      <div>
        <dt>{review.subtotal}</dt>
        <dd>{formatMoney(priced.subtotal)}</dd>
      </div>
      {taxes.map(({ basisPoints, included, tax }) => (
        <div key={`${basisPoints} ${included}`}>
          <dt>{(included ? review.taxIncluded : review.taxAdded)(`${basisPoints / 100}%`)}</dt>
          <dd>{formatMoney(tax)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface FactProps extends TitledText {
  readonly icon: typeof CardIcon;
  readonly warns: boolean;
}

function PayFact({ status, free }: { readonly status: KioskStatus; readonly free: boolean }) {
  const { words } = useShop();
  const says = payFact(words, status, free);
  return <Fact icon={says.warns ? NoticeIcon : status.wallets.length > 0 && !free ? PhoneIcon : CardIcon} {...says} />;
}

/** How it can be paid; where a way cannot be used now, which, and what can be done instead. */
export function payFact({ checkout, wallet }: Words, { card, wallets }: KioskStatus, free: boolean): TitledText & { readonly warns: boolean } {
  if (free) return { ...checkout.nothingToPay, warns: false };
  const namesOf = (state: 'ready' | 'away') => wallets.filter((one) => one.state === state).map((one) => wallet.name[one.wallet]);
  const [ready, away] = [namesOf('ready'), namesOf('away')];
  if (wallets.length === 0) return { ...{ ready: checkout.byCard, unavailable: checkout.cardUnavailable, held: checkout.cardHeld }[card], warns: card !== 'ready' };
  if (card !== 'ready' && ready.length === 0) return { ...(card === 'held' ? checkout.cardHeld : wallet.nothing), warns: true };
  if (card !== 'ready') return { ...(card === 'held' ? wallet.cardHeld : wallet.cardAway)(listOf(wallet, ready)), warns: true };
  return away.length > 0 ? { ...wallet.walletsAway(listOf(wallet, away)), warns: true } : { ...wallet.any(listOf(wallet, ready)), warns: false };
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
