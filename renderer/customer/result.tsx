import type { ComponentType } from 'react';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { OrderView, ReceiptView } from '../../domain/order/view.ts';
import type { Words } from '../i18n/words.ts';
import type { ResultStage } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { BellIcon, CheckIcon, ClockIcon, HatchIcon, MessageIcon, NoticeIcon, PhoneIcon, ReceiptIcon, ReturnedIcon } from '../ui/icons.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { ActionBar } from './action-bar.tsx';
import { FeedbackCard } from './feedback-card.tsx';
import { useKiosk, useVisit } from './kiosk-context.tsx';
import { MoreBelow } from './more-below.tsx';
import { Page, Title } from './page.tsx';
import { ResultCountdown } from './result-countdown.tsx';
import { TruckIcon } from './result-icons.tsx';
import { ResultServices } from './result-services.tsx';
import './result.css';

type Handover = ResultStage['pickup'][number] | 'delivery';
const icons: Readonly<Record<Handover, ComponentType>> = { goods: HatchIcon, telecom: MessageIcon, food: BellIcon, delivery: TruckIcon };

/** There is paper, or there will be in a moment: the code is the second way, not the only one. */
function onPaper(receipt: ReceiptView): boolean {
  return receipt.kind === 'printing' || receipt.kind === 'printed';
}

/** For a person walking away: a check mark, the number, where to go, what is still being done, the receipt. */
export function Result({ stage }: { readonly stage: ResultStage }) {
  const { words, dispatch } = useVisit();
  const { order } = stage;
  const { shopfront, status } = useKiosk().model;
  const catalogue = shopfront?.catalogue;
  const pickup: readonly Handover[] = stage.pickup;
  const { finish, result } = words;
  const reference = referenceOf(order, pickup, catalogue);
  const nothingToFetch = pickup.length > 0 && pickup.every((place) => place === 'telecom' || place === 'delivery');
  // In the queue of a printer that can print it is as good as on its way.
  const receipt: ReceiptView = order.receipt.kind === 'waiting' && status !== undefined && status.paper !== 'unavailable' ? { kind: 'printing' } : order.receipt;
  const paper = onPaper(receipt);
  const isReturning = order.payment.kind === 'returning';
  const isBack = order.state === 'refunded' || isReturning || order.payment.kind === 'returned';
  const isFree = order.payment.kind === 'free';
  // What was not done is in the title: who reads nothing else must not go away content.
  const isRefused = !isBack && order.services.some(({ state }) => state === 'refused');
  const way = wayOf(words, stage);
  const backTitle = isReturning ? finish.result.returningTitle : result.refunded;
  const title = isBack ? backTitle : isRefused ? (isFree ? finish.result.notDone : finish.result.paidNotDone) : isFree ? result.free : result.paid;
  const label = reference !== undefined ? finish.result.reference : nothingToFetch || isBack ? result.orderNumber : result.number;
  // The progress of a service says more than that there will be a message.
  const places = isBack ? [] : pickup.filter((place) => place !== 'telecom' || order.services.length === 0);
  const number = reference ?? order.number;
  return (
    <Page
      name="result"
      actions={
        <>
          <ResultCountdown />
          <ActionBar>
            <Button look="main" onPress={() => dispatch({ kind: 'done' })}>
              {words.common.done}
            </Button>
          </ActionBar>
        </>
      }
    >
      <div className="result">
        <div className={classNames('result__inner', !paper && 'result__inner--no-paper')}>
          <div className="result__head">
            <span className={classNames('result__check', (isReturning || isRefused) && 'result__check--open')} aria-hidden="true">
              {isReturning ? <ClockIcon /> : isBack ? <ReturnedIcon /> : isRefused ? <NoticeIcon /> : <CheckIcon />}
            </span>
            <div>
              <Title className="result__title">{title}</Title>
              {isBack ? <p className="result__back">{backWords(words, stage)}</p> : order.payment.kind === 'paid' && way !== undefined ? <p className="result__way">{words.wallet.paidBy(way)}</p> : null}
            </div>
          </div>
          {/* Above the number in every state: it must be in sight where it went wrong, and nothing may jump when it does. */}
          <ResultServices order={order} catalogue={catalogue} tender={stage.tender} />
          <section className="ticket" aria-label={label}>
            <p className="ticket__label">{label}</p>
            <p className={classNames('ticket__number', number.length > 14 ? 'ticket__number--longest' : number.length > 5 && 'ticket__number--long')}>{number}</p>
            {isBack || (pickup.length > 0 && places.length === 0) ? null : (
              <ul className="ticket__places">
                {pickup.length === 0 ? <PlaceRow icon={BellIcon} text={result.whereUnknown} /> : null}
                {places.map((place) =>
                  place === 'delivery' ? (
                    <PlaceRow key={place} icon={icons[place]} {...finish.result.delivery} />
                  ) : (
                    <PlaceRow key={place} icon={icons[place]} title={result.whereTitle[place]} text={result.where[place]} />
                  ),
                )}
              </ul>
            )}
          </section>
          <section className="result__receipt" aria-label={result.scan}>
            <div className="result__code">
              <QrCode data={order.receiptUrl} label={result.qr} />
            </div>
            <div>
              <p className={classNames('result__state', `result__state--${receipt.kind}`)} role="status">
                {paper ? <ReceiptIcon /> : receipt.kind === 'waiting' ? <NoticeIcon /> : <PhoneIcon />}
                {result.receipt[receipt.kind]}
              </p>
              <p className="result__scan">{result.scanInstead}</p>
            </div>
          </section>
          <FeedbackCard stage={stage} />
        </div>
      </div>
      <MoreBelow />
    </Page>
  );
}

/** What it was paid with, as its customer knows it: "WeChat Pay", "card ending in 1234". */
function wayOf({ wallet }: Words, { order: { payment }, tender }: ResultStage): string | undefined {
  if (tender === undefined) return undefined;
  const ending = payment.kind === 'paid' ? payment.maskedPan?.match(/\d{4}$/)?.[0] : undefined;
  return tender === 'card' && ending !== undefined ? wallet.cardEnding(ending) : wallet.name[tender];
}

function backWords({ finish, wallet }: Words, { order, tender }: ResultStage): string {
  const isOnItsWay = order.payment.kind === 'returning';
  if (tender === 'card') return isOnItsWay ? finish.result.returning : finish.result.refunded;
  return (isOnItsWay ? wallet.refunding : wallet.refunded)(tender && wallet.name[tender]);
}

/** An application is found by its reference: where the order is one and nothing else, that is its number. */
export function referenceOf(order: OrderView, pickup: readonly Handover[], catalogue: Catalogue | undefined): string | undefined {
  const [only, ...others] = order.services;
  if (!only || others.length > 0 || !catalogue || pickup.length === 0 || pickup.some((place) => place !== 'telecom')) return undefined;
  const fulfilment = findOffer(catalogue, only.offerId)?.fulfilment;
  return fulfilment?.kind === 'telecom' && fulfilment.service === 'application' ? only.reference : undefined;
}

function PlaceRow({ icon: Icon, title, text }: { readonly icon: ComponentType; readonly title?: string; readonly text: string }) {
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
