import { maxCartLines } from '../../domain/cart/cart.ts';
import type { Offer } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import { formatMoney, isZero, money } from '../../domain/money.ts';
import { priceLine } from '../../domain/pricing/pricing.ts';
import { hasRoomFor, mostOf, stockOf } from '../state/draft.ts';
import type { Draft } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { DownIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { Picture } from '../ui/picture.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Stepper } from '../ui/stepper.tsx';
import { ActionBar } from './action-bar.tsx';
import { useShop } from './kiosk-context.tsx';
import './offer-sheet.css';
import { OptionGroup } from './option-group.tsx';
import { PhoneField } from './phone-field.tsx';
import { PriceTag } from './price-tag.tsx';

/** One offer with all that there is to decide about it. */
export function OfferSheet({ draft }: { readonly draft: Draft }) {
  const { shopfront } = useShop();
  const offer = findOffer(shopfront.catalogue, draft.line.offerId);
  return offer ? <OfferForm offer={offer} draft={draft} /> : null;
}

function OfferForm({ offer, draft }: { readonly offer: Offer; readonly draft: Draft }) {
  const { visit, words, language, shopfront, dispatch } = useShop();
  const { line, changing, tried } = draft;
  const { catalogue } = shopfront;
  const { total } = priceLine(catalogue, offer, line);
  const most = mostOf(shopfront, visit.cart, offer, line.id);
  const full = !changing && !hasRoomFor(visit.cart, line);
  const stock = stockOf(shopfront, offer);
  const close = () => dispatch({ kind: 'sheet_closed' });
  const amount = formatMoney(total);
  const keep = isZero(total) ? words.offer.keepFree : words.offer.keep(amount);
  const add = isZero(total) ? words.offer.addFree : words.offer.add(amount);
  return (
    <Sheet size="tall" label={offer.name[language]} onClose={close}>
      <div className="offer-sheet scrolls">
        <header className="offer-sheet__head">
          <span className="offer-sheet__picture">
            <Picture picture={offer.picture} language={language} />
          </span>
          <div className="offer-sheet__words">
            <h2 className="offer-sheet__name">{offer.name[language]}</h2>
            <p className="offer-sheet__text">{offer.description[language]}</p>
            {stock !== undefined && stock <= 5 ? <p className="offer-sheet__left">{words.offers.left(stock)}</p> : null}
            <p className="offer-sheet__price">
              <PriceTag value={money(offer.price, catalogue.currency)} />
            </p>
            {most > 1 ? (
              <Stepper
                label={words.offer.quantity}
                value={line.quantity}
                least={1}
                most={most}
                fewer={words.offer.fewer}
                more={words.offer.more}
                onChange={(quantity) => dispatch({ kind: 'quantity_set', quantity })}
              />
            ) : (
              <p className="offer-sheet__most">{words.offer.most(Math.max(most, 1))}</p>
            )}
          </div>
        </header>
        {offer.options.length > 0 || offer.form.includes('phone') ? (
          <div className="offer-sheet__choices">
            {offer.options.map((group) => (
              <OptionGroup key={group.id} group={group} chosen={line.choices[group.id] ?? []} tried={tried} />
            ))}
            {offer.form.includes('phone') ? <PhoneField digits={line.form.phone ?? ''} tried={tried} /> : null}
            <p className="offer-sheet__more" aria-hidden="true">
              <span>
                {words.offer.moreBelow}
                <DownIcon />
              </span>
            </p>
          </div>
        ) : null}
      </div>
      <div className="offer-sheet__actions">
        {full ? <Notice tone="warn">{words.offers.cartFull(maxCartLines)}</Notice> : null}
        <ActionBar back={{ label: words.common.back, onPress: close }}>
          <Button look="main" disabled={most === 0 || full} onPress={() => dispatch({ kind: 'draft_kept' })}>
            {changing ? keep : add}
          </Button>
        </ActionBar>
      </div>
    </Sheet>
  );
}
