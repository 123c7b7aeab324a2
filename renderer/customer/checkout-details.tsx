import type { CartLine } from '../../domain/cart/cart.ts';
import type { FormField } from '../../domain/catalogue/form.ts';
import { askedFields } from '../../domain/catalogue/form.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import { fieldsOf } from '../../domain/catalogue/offer.ts';
import type { Language } from '../../domain/language.ts';
import { effectiveOn } from '../../domain/receipt/plan-change.ts';
import { tagOf } from '../i18n/language.ts';
import { formatPhone } from '../state/draft.ts';
import { newPlanOf, numberOf } from '../state/numbers.ts';
import { CheckIcon, NoticeIcon } from '../ui/icons.tsx';
import { DistrictName } from './checkout-district.tsx';
import { useKiosk, useVisit } from './kiosk-context.tsx';
import { dayIn } from './number-card.tsx';

/** What was filled in, by its name, for a last look: numbers large and in groups, the place in words, what was agreed to. */
export function CheckoutDetails({ offer, form }: { readonly offer: Offer; readonly form: CartLine['form'] }) {
  const { words, language, visit } = useVisit();
  const { shopfront, moment } = useKiosk().model;
  const known = numberOf(visit, offer, form);
  const begins = newPlanOf(offer) ? beginsOn(form, known, moment?.at, shopfront?.timeZone) : undefined;
  const filled = askedFields(fieldsOf(offer), form).filter(({ id }) => form[id]);
  const [agreed, told] = [filled.filter(({ kind }) => kind === 'consent'), filled.filter(({ kind }) => kind !== 'consent')];
  if (filled.length === 0) return null;
  return (
    <div className="checkout-details">
      {told.length > 0 ? (
        <dl className="checkout-details__list">
          {told.map((field) => (
            <div key={field.id} className={`checkout-details__row checkout-details__row--${field.kind}`}>
              <dt>{field.label[language]}</dt>
              <dd>{field.kind === 'district' ? <DistrictName code={form[field.id] ?? ''} language={language} /> : <Typed field={field} value={form[field.id] ?? ''} />}</dd>
            </div>
          ))}
          {known !== undefined && known !== 'asking' && known.kind === 'found' ? (
            <div className="checkout-details__row">
              <dt>{words.wallet.number.owner}</dt>
              <dd lang={tagOf.zh}>{known.owner}</dd>
            </div>
          ) : null}
          {begins !== undefined ? (
            <div className="checkout-details__row">
              <dt>{words.wallet.number.from}</dt>
              <dd>{dayIn(words.wallet.number, begins)}</dd>
            </div>
          ) : null}
        </dl>
      ) : null}
      {known !== undefined && known !== 'asking' && (known.kind === 'unknown_number' || known.kind === 'not_for_it') ? (
        <p className="checkout-details__warning" role="status">
          <NoticeIcon />
          {(known.kind === 'unknown_number' ? words.wallet.number.unknown : words.wallet.number.notForIt).title}
        </p>
      ) : null}
      {agreed.map((field) => (
        <p key={field.id} className="checkout-details__agreed">
          <CheckIcon />
          {words.finish.review.agreed(field.label[language])}
        </p>
      ))}
    </div>
  );
}

/** From when a changed plan counts, YYYY-MM-DD: as its customer has chosen, or else as the carrier says. */
function beginsOn(form: CartLine['form'], known: ReturnType<typeof numberOf>, now: number | undefined, timeZone: string | undefined): string | undefined {
  const chosen = now === undefined || timeZone === undefined ? undefined : effectiveOn(form, now, timeZone);
  return chosen ?? (known !== undefined && known !== 'asking' && known.kind === 'found' ? known.effectiveOn : undefined);
}

/** What was typed is in the language that it was typed in: a Chinese name is read as Chinese on an English page. */
function Typed({ field, value }: { readonly field: FormField; readonly value: string }) {
  const { language } = useVisit();
  const shown = shownValue(field, value, language);
  // Said digit by digit, as a phone number is: a postcode or an account is no amount.
  if (field.kind === 'digits' || field.kind === 'postcode') {
    return (
      <>
        <span className="unseen">{[...shown].join(' ')}</span>
        <span aria-hidden="true">{shown}</span>
      </>
    );
  }
  return /\p{Script=Han}/u.test(shown) ? <span lang={tagOf.zh}>{shown}</span> : shown;
}

/** A value as a person reads it. Of an identity card's number the day of birth stays hidden: it has a check character, and others stand nearby. */
export function shownValue(field: FormField, value: string, language: Language): string {
  switch (field.kind) {
    case 'phone':
      return formatPhone(value);
    case 'id_card':
      return `${value.slice(0, 6)} •••••••• ${value.slice(14)}`;
    case 'choice':
      return field.choices.find(({ id }) => id === value)?.label[language] ?? value;
    default:
      return value;
  }
}
