import { equals, formatMoney } from '../../domain/money.ts';
import { cartChanges, shortOffers } from '../state/changes.ts';
import { Button } from '../ui/button.tsx';
import { NoticeIcon } from '../ui/icons.tsx';
import { useKiosk, useShop } from './kiosk-context.tsx';

/**
 * What has changed under the customer's hands since they chose it, by name, before they pay: gone, dearer, sold out meanwhile. Always there, so that
 * a change is heard when it comes; outside of what scrolls, so that it is seen.
 */
export function CheckoutChanges() {
  const { visit, words, language, dispatch } = useShop();
  const { model } = useKiosk();
  const { review } = words.finish;
  const changes = cartChanges(model);
  const short = shortOffers(model);
  const sentences = [
    ...(changes?.gone ?? []).map((offer) => review.gone(offer.name[language])),
    ...(changes?.repriced ?? []).map(({ offer, before, now }) => review.repriced(offer.name[language], formatMoney(before), formatMoney(now))),
  ];
  const sayTotals = changes && changes.repriced.length > 0 ? words.checkout.priceChanged : words.checkout.totalChanged;
  const isQuiet = !changes && short.length === 0;
  return (
    <div className="checkout-changes" role="status">
      {isQuiet ? null : (
        <div className="notice notice--warn">
          <NoticeIcon />
          <div className="checkout-changes__words">
            {sentences.map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
            {short.map(({ offer, left }) => {
              const name = offer.name[language];
              return (
                <div key={offer.id} className="checkout-changes__short">
                  <p>{left > 0 ? review.short(name, left) : review.soldOut(name)}</p>
                  <Button
                    label={left > 0 ? review.takeOf(name, left) : review.remove(name)}
                    onPress={() => {
                      for (const { id, quantity } of fitted(visit.cart.lines.filter((line) => line.offerId === offer.id), left)) dispatch({ kind: 'line_quantity_set', lineId: id, quantity });
                    }}
                  >
                    {left > 0 ? review.take(left) : review.remove(name)}
                  </Button>
                </div>
              );
            })}
            {changes && !equals(changes.before, changes.now) ? <b>{sayTotals(formatMoney(changes.before), formatMoney(changes.now))}</b> : null}
            <p className="checkout-changes__rest">{review.restKept}</p>
          </div>
        </div>
      )}
    </div>
  );
}

/** The lines of one offer cut down to what is left, the later ones first; only those that change. */
export function fitted(lines: readonly { readonly id: string; readonly quantity: number }[], left: number): readonly { readonly id: string; readonly quantity: number }[] {
  let over = lines.reduce((sum, { quantity }) => sum + quantity, 0) - left;
  return lines.toReversed().flatMap(({ id, quantity }) => {
    const less = Math.min(Math.max(0, over), quantity);
    over -= less;
    return less > 0 ? [{ id, quantity: quantity - less }] : [];
  });
}
