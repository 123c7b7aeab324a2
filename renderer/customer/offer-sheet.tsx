import { useEffect, useRef } from 'react';
import { maxCartLines, quantityOf } from '../../domain/cart/cart.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import { formatMoney, isZero } from '../../domain/money.ts';
import { priceLine } from '../../domain/pricing/pricing.ts';
import { hasRoomFor, mostOf } from '../state/draft.ts';
import { sheetTrouble } from '../state/facts.ts';
import type { Draft } from '../state/model.ts';
import { newPlanOf, numberOf } from '../state/numbers.ts';
import type { Part } from '../state/parts.ts';
import { partsOf } from '../state/parts.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Notice } from '../ui/notice.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { ActionBar } from './action-bar.tsx';
import { AddressPart } from './address-part.tsx';
import { ComboStep } from './combo-step.tsx';
import { ConsentPart } from './consent-part.tsx';
import { FieldsPart } from './field-part.tsx';
import { useFacts, useKiosk, useShop } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import { NumberCard } from './number-card.tsx';
import { missingIn } from './offer-missing.ts';
import { OfferPart } from './offer-part.tsx';
import './offer-sheet.css';
import { PhoneCheck, PhonePart } from './phone-field.tsx';
import { TermsPart } from './terms-part.tsx';

/** One offer with all that there is to decide about it, a page at a time. */
export function OfferSheet({ draft }: { readonly draft: Draft }) {
  const { shopfront } = useShop();
  const offer = findOffer(shopfront.catalogue, draft.line.offerId);
  return offer ? <OfferPages offer={offer} draft={draft} /> : null;
}

function OfferPages({ offer, draft }: { readonly offer: Offer; readonly draft: Draft }) {
  const { visit, words, language, shopfront, dispatch } = useShop();
  const { model } = useKiosk();
  const facts = useFacts();
  const title = useRef<HTMLHeadingElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { line, changing, tried } = draft;
  const parts = partsOf(offer, line);
  const at = Math.min(draft.part, parts.length - 1);
  const part = parts[at]!;
  const isLast = at === parts.length - 1;
  // Nothing in it takes the focus: it does so itself, or keys could not scroll it.
  const isReading = part.kind === 'terms' || part.kind === 'phone_check';
  const isPlain = parts.length === 1 && offer.options.length === 0;

  const priced = priceLine(shopfront.catalogue, offer, line, model.moment ?? noMoment, visit.cart.dining);
  const amount = formatMoney(priced.total);
  const keep = isZero(priced.total) ? words.offer.keepFree : words.offer.keep(amount);
  const add = isZero(priced.total) ? words.offer.addFree : words.offer.add(amount);
  const forward = isLast ? (changing ? keep : add) : words.details.next;

  // The carrier would refuse it, and the customer would wait for their money; its answer may come when they are a page further.
  const known = numberOf(visit, offer, line.form);
  const isAfterNumber = parts.slice(0, at + 1).some(({ kind }) => kind === 'phone_check');
  const isRefused = isAfterNumber && known !== undefined && known !== 'asking' && known.kind === 'not_for_it';
  const { notForIt } = words.wallet.number;

  const trouble = facts ? sheetTrouble(facts, offer) : undefined;
  // While cards cannot be used it is said, and chosen all the same: paying is not offered until they can.
  const isKept = trouble !== undefined && trouble.code !== 'payment_unavailable';
  const isFull = !changing && !hasRoomFor(visit.cart, line);
  const none = mostOf(shopfront, visit.cart, offer, line.id) === 0;
  const isLimit = quantityOf(visit.cart, offer.id) >= offer.maxPerOrder;
  const warning = trouble?.text[language] ?? (none ? (isLimit ? words.details.noMoreInOrder : words.details.restInCart) : isFull ? words.offers.cartFull(maxCartLines) : isRefused && part.kind !== 'phone_check' ? `${notForIt.title} ${notForIt.text}` : undefined);
  // A field says itself what is wrong with it.
  const isSaid = part.kind === 'fields' || part.kind === 'phone';
  const missing = tried && !isSaid ? missingIn(offer, line, part)[0]?.[language] : undefined;

  const back = () => dispatch({ kind: 'part_back' });
  useEffect(() => title.current?.focus({ preventScroll: true }), [at]);
  return (
    // A touch beside the sheet goes one page back, as the button does: from the first one the sheet closes, and no page that was filled in is lost by it.
    <Sheet size="tall" label={offer.name[language]} onClose={back} focus={title}>
      <div className={classNames('offer-sheet', isPlain && 'offer-sheet--plain')}>
        <header className="offer-sheet__head">
          {parts.length > 1 ? <Progress at={at} of={parts.length} name={at === 0 ? undefined : offer.name[language]} price={isZero(priced.total) ? words.common.free : amount} /> : null}
          <h2 className="offer-sheet__title" tabIndex={-1} ref={title} key={at}>
            {titleOf(part, offer, language, words.details)}
          </h2>
        </header>
        <div className="offer-sheet__body" key={at}>
          <div className="offer-sheet__content" ref={content} {...(isReading ? { tabIndex: 0, role: 'group', 'aria-label': titleOf(part, offer, language, words.details) } : {})}>
            <Body part={part} offer={offer} draft={draft} />
          </div>
        </div>
        <div className="offer-sheet__actions">
          <MoreBelow key={at} of={content} keepsRoom />
          <div className="offer-sheet__notice" role="status">
            {missing !== undefined ? <Notice tone="bad">{missing}</Notice> : warning !== undefined ? <Notice tone="warn">{warning}</Notice> : null}
          </div>
          <ActionBar back={{ label: part.kind === 'phone_check' ? words.details.changeNumber : at === 0 ? words.common.back : words.details.back, onPress: back }}>
            <Button look="main" disabled={none || isFull || isKept || isRefused} onPress={() => dispatch({ kind: 'part_done' })}>
              {part.kind === 'phone_check' ? words.details.numberIsRight : forward}
            </Button>
          </ActionBar>
        </div>
      </div>
    </Sheet>
  );
}

/** Before core has said what time it is, nothing is cheaper by the hour. */
const noMoment = { at: 0, weekday: 1, minute: 0 };

function Body({ part, offer, draft }: { readonly part: Part; readonly offer: Offer; readonly draft: Draft }) {
  const { line, tried } = draft;
  const known = numberOf(useShop().visit, offer, line.form);
  switch (part.kind) {
    case 'offer':
      return <OfferPart offer={offer} draft={draft} groups={part.groups} />;
    case 'step':
      return <ComboStep group={part.group} line={line} tried={tried} />;
    case 'terms':
      return <TermsPart offer={offer} terms={part.terms} known={known} />;
    case 'phone':
      return <PhonePart field={part.field} value={line.form[part.field.id] ?? ''} tried={tried} />;
    case 'phone_check':
      return (
        <PhoneCheck value={line.form[part.field.id] ?? ''}>
          <NumberCard offer={offer} known={known} />
        </PhoneCheck>
      );
    case 'district':
      return <AddressPart field={part.field} value={line.form[part.field.id] ?? ''} />;
    case 'fields':
      return <FieldsPart fields={part.fields} form={line.form} tried={tried} />;
    case 'consent':
      return part.field.kind === 'consent' ? <ConsentPart field={part.field} value={line.form[part.field.id] ?? ''} tried={tried} /> : null;
  }
}

type ShopWords = ReturnType<typeof useShop>['words'];

function titleOf(part: Part, offer: Offer, language: 'zh' | 'en', words: ShopWords['details']): string {
  switch (part.kind) {
    case 'offer': return offer.name[language];
    case 'step': return part.group.name[language];
    case 'terms': return newPlanOf(offer) ? words.terms.title : words.terms.compareTitle;
    case 'phone': return words.phone.title;
    case 'phone_check': return words.phone.checkTitle;
    case 'district': return words.district.title;
    case 'fields': {
      const [only, ...more] = part.fields;
      if (!only || more.length > 0) return words.fields.title;
      return (only.kind === 'choice' ? words.fields.chooseOne : words.fields.fillIn)(only.label[language]);
    }
    case 'consent': return words.consent.title;
  }
}

interface ProgressProps {
  readonly at: number;
  readonly of: number;
  /** What it is about, where the title does not say it. */
  readonly name: string | undefined;
  /** As chosen so far. */
  readonly price: string;
}

function Progress({ at, of, name, price }: ProgressProps) {
  const { words } = useShop();
  return (
    <div className="offer-sheet__progress">
      <p className="offer-sheet__step">
        {words.details.step(at + 1, of)}
        <span className="offer-sheet__of">
          {name} <strong>{price}</strong>
        </span>
      </p>
      <div className="offer-sheet__bar" aria-hidden="true">
        {Array.from({ length: of }, (_, place) => (
          <span key={place} className={classNames('offer-sheet__piece', place <= at && 'offer-sheet__piece--done')} />
        ))}
      </div>
    </div>
  );
}
