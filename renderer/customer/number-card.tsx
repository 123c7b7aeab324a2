import type { Offer } from '../../domain/catalogue/offer.ts';
import type { NumberView } from '../../domain/contract/number.ts';
import { formatMoney, money } from '../../domain/money.ts';
import { effectiveField } from '../../domain/receipt/plan-change.ts';
import { tagOf } from '../i18n/language.ts';
import type { WalletWords } from '../i18n/areas/wallet.ts';
import { newPlanOf } from '../state/numbers.ts';
import { ClockIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { useShop } from './kiosk-context.tsx';
import './number-card.css';

export interface NumberCardProps {
  readonly offer: Offer;
  /** Undefined where nobody could be asked: then nothing is said, and nothing is kept from being sold. */
  readonly known: NumberView | 'asking' | undefined;
}

/** Whose number it is, and what it has now: before anything is paid for it. The place is always there, so that what comes into it is spoken. */
export function NumberCard({ offer, known }: NumberCardProps) {
  return (
    <div className="number-card" role="status">
      <Known offer={offer} known={known} />
    </div>
  );
}

function Known({ offer, known }: NumberCardProps) {
  const { words, language, shopfront } = useShop();
  const say = words.wallet.number;
  if (known === undefined) return null;
  if (known === 'asking') {
    return (
      <p className="number-card__asking">
        <ClockIcon />
        {say.asking}
      </p>
    );
  }
  if (known.kind === 'away') return null;
  if (known.kind !== 'found') {
    const { title, text } = known.kind === 'unknown_number' ? say.unknown : say.notForIt;
    return (
      <Notice tone="bad">
        <strong>{title}</strong> {text}
      </Notice>
    );
  }
  const { owner, plan, balance } = known;
  const terms = newPlanOf(offer);
  // Where the customer chooses when, they have not done so yet.
  const asksWhen = offer.form.some(({ id }) => id === effectiveField);
  const isSame = terms !== undefined && plan?.planId === offer.id;
  const price = terms && formatMoney(money(terms.after.price, shopfront.catalogue.currency));
  return (
    <>
      <dl className="number-card__facts">
        {/* A name is Chinese on an English page, too. */}
        <Row name={say.owner} value={owner} lang={tagOf.zh} />
        {plan ? <Row name={say.plan} value={[plan.name[language], plan.price && say.perMonth(formatMoney(plan.price))].filter(Boolean).join(' · ')} /> : null}
        {terms && price !== undefined && !isSame ? <Row name={say.newPlan} value={`${terms.after.name[language]} · ${terms.per === 'month' ? say.perMonth(price) : price}`} isNew /> : null}
        {terms && known.effectiveOn !== undefined && !isSame && !asksWhen ? <Row name={say.from} value={dayIn(say, known.effectiveOn)} isNew /> : null}
        {balance ? <Row name={say.balance} value={formatMoney(balance)} /> : null}
      </dl>
      {isSame ? <Notice tone="warn">{say.same}</Notice> : <p className="number-card__ask">{say.ownerAsk}</p>}
    </>
  );
}

function Row({ name, value, lang, isNew = false }: { readonly name: string; readonly value: string; readonly lang?: string; readonly isNew?: boolean }) {
  return (
    <div className={isNew ? 'number-card__row number-card__row--new' : 'number-card__row'}>
      <dt>{name}</dt>
      <dd {...(lang === undefined ? {} : { lang })}>{value}</dd>
    </div>
  );
}

/** "2026-12-01" as people write it. */
export function dayIn({ day }: WalletWords['number'], date: string): string {
  const [year = 0, month = 0, dayOfMonth = 0] = date.split('-').map(Number);
  return day(year, month, dayOfMonth);
}
