import type { Offer, Terms } from '../../domain/catalogue/offer.ts';
import type { NumberView } from '../../domain/contract/number.ts';
import type { Money as Amount } from '../../domain/money.ts';
import { formatMoney, money } from '../../domain/money.ts';
import { newPlanOf } from '../state/numbers.ts';
import { classNames } from '../ui/class-names.ts';
import { NextIcon } from '../ui/icons.tsx';
import { Money } from '../ui/money.tsx';
import { useShop } from './kiosk-context.tsx';
import './terms-part.css';

export interface TermsPartProps {
  readonly offer: Offer;
  readonly terms: Terms;
  /** What the carrier says of the number, where it was asked and has answered. */
  readonly known: NumberView | 'asking' | undefined;
}

/**
 * What comes, and what it takes the place of, side by side; the difference is said in words, not by colour. Of a changed plan the old one is what the carrier says it is:
 * the catalogue cannot know which plan this customer has, and where nobody could be asked none is named.
 */
export function TermsPart({ offer, terms, known }: TermsPartProps) {
  const { words, shopfront } = useShop();
  const say = words.details.terms;
  const inShop = (price: number) => money(price, shopfront.catalogue.currency);
  const rate = terms.per === 'month' ? say.perMonth : say.once;
  const after = inShop(terms.after.price);
  const isChange = newPlanOf(offer) !== undefined;
  const now = known !== 'asking' && known?.kind === 'found' ? known.plan : undefined;
  const before = isChange ? now : { name: terms.before.name, price: inShop(terms.before.price) };
  const difference = () => {
    if (!isChange) return saidOf(say.saves, say.costsMore, say.same, before?.price, after, rate);
    if (before === undefined) return known === 'asking' ? say.planAsked : say.planUnknown;
    return now?.planId === offer.id ? words.wallet.number.same : saidOf(say.cheaper, say.dearer, say.same, before.price, after, rate);
  };
  return (
    <div className="terms">
      <div className={classNames('terms__sides', before === undefined && 'terms__sides--alone')}>
        {before === undefined ? null : (
          <>
            <Side label={isChange ? say.before : say.without} name={before.name} price={before.price} rate={rate} />
            <p className="terms__arrow">
              <NextIcon />
              <span>{isChange ? say.becomes : say.instead}</span>
            </p>
          </>
        )}
        <Side label={isChange ? say.after : say.with} name={terms.after.name} price={after} rate={rate} isNew />
      </div>
      <p className="terms__difference" role="status">
        {difference()}
      </p>
    </div>
  );
}

interface SideProps {
  readonly label: string;
  readonly name: Terms['before']['name'];
  /** Not every carrier tells what a plan costs. */
  readonly price: Amount | undefined;
  readonly rate: string;
  readonly isNew?: boolean;
}

function Side({ label, name, price, rate, isNew = false }: SideProps) {
  const { language } = useShop();
  return (
    <section className={classNames('terms__side', isNew && 'terms__side--new')}>
      <h3 className="terms__label">{label}</h3>
      <p className="terms__name">{name[language]}</p>
      {price === undefined ? null : (
        <p className="terms__price">
          <Money value={price} />
          <span className="terms__rate">{rate}</span>
        </p>
      )}
    </section>
  );
}

type Says = (amount: string, rate: string) => string;

/** Nothing where one of the two prices is not known, or is in other money. */
function saidOf(cheaper: Says, dearer: Says, same: string, before: Amount | undefined, after: Amount, rate: string): string | null {
  if (before === undefined || before.currency !== after.currency) return null;
  const difference = after.amount - before.amount;
  const amount = formatMoney(money(Math.abs(difference), after.currency));
  return difference === 0 ? same : (difference > 0 ? dearer : cheaper)(amount, rate);
}
