import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { OrderView, ServiceView } from '../../domain/order/view.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import type { FinishWords } from '../i18n/areas/finish.ts';
import { classNames } from '../ui/class-names.ts';
import { CheckIcon, ClockIcon, NoticeIcon } from '../ui/icons.tsx';
import { useVisit } from './kiosk-context.tsx';

const icons: Readonly<Record<ServiceView['state'], typeof CheckIcon>> = { asked: ClockIcon, pending: ClockIcon, done: CheckIcon, refused: NoticeIcon };

/** What is credited elsewhere, while its customer watches: each change is seen and said. */
export function ResultServices({ order, catalogue, tender }: { readonly order: OrderView; readonly catalogue: Catalogue | undefined; readonly tender: Tender | undefined }) {
  const { words, language } = useVisit();
  const say = words.finish.result;
  if (order.services.length === 0) return null;
  return (
    <section className="services" aria-label={say.services}>
      <ul aria-live="polite">
        {order.services.map(({ offerId, name, state, reference, money }, index) => {
          const Icon = icons[state];
          const fulfilment = catalogue && findOffer(catalogue, offerId)?.fulfilment;
          const isApplication = fulfilment?.kind === 'telecom' && fulfilment.service === 'application';
          const { title, text } = textsOf(say, state, isApplication, order.payment.kind === 'free');
          const moneyText = state === 'refused' && money !== undefined ? words.wallet.serviceMoney[money](tender && words.wallet.name[tender]) : text;
          return (
            // Two of the same offer differ by nothing but their place.
            <li key={`${offerId} ${index}`} className={classNames('service', `service--${state}`)}>
              <Icon />
              <p className="service__words">
                <span className="service__name">{name[language]}</span>
                <strong>{title}</strong>
                <span>{reference === undefined || state === 'refused' ? moneyText : say.serviceReference(reference)}</span>
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

type Says = FinishWords['result'];

/** An application ends in a number rather than in something that works at once; where nothing was paid, no money goes back. */
function textsOf(say: Says, state: ServiceView['state'], isApplication: boolean, isFree: boolean): Says['applied'] {
  if (state === 'done') return isApplication ? say.applied : say.service.done;
  if (state === 'refused') return isFree ? { ...say.service.refused, text: say.refusedFree } : say.service.refused;
  return isApplication && state === 'asked' ? { ...say.service.asked, text: say.referenceSoon } : say.service[state];
}
