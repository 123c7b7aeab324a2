import { formatMoney } from '../../../domain/money.ts';
import type { Moment } from '../../contract/api/orders.ts';
import { ordersTexts } from '../i18n/areas/orders.ts';
import { formatFullTime, formatPreciseTime } from '../i18n/times.ts';
import { useAreaTexts, useLanguage, useTexts } from '../i18n/use-texts.tsx';
import type { IconName } from '../ui/icon.tsx';
import { Icon } from '../ui/icon.tsx';
import { Section } from './section.tsx';

const icons: Readonly<Record<Moment['kind'], IconName>> = {
  placed: 'orders', state: 'dash', payment: 'check', wallet: 'check', refund: 'back', job: 'kiosk', stock: 'dash', service: 'clock', attention: 'alarm', settled: 'person', staff: 'person', command: 'up', answered: 'back', feedback: 'star', event: 'dash',
};
/** Later than this is worth a line: the kiosk was away. */
const lateMs = 60_000;

/** Everything that happened to the order, the oldest first. */
export function OrderLife({ life }: { readonly life: readonly Moment[] }) {
  const texts = useAreaTexts(ordersTexts);
  const { language } = useLanguage();
  return (
    <Section title={texts.life}>
      <ol className="life">
        {life.map((moment, place) => (
          <li key={place} className={`life-${moment.kind}`}>
            <Icon name={icons[moment.kind]} />
            <div>
              <p><strong>{texts.lifeKind[moment.kind]}</strong> <Gist moment={moment} /></p>
              <p className="life-when">
                <time dateTime={new Date(moment.at).toISOString()}>{isOtherDay(moment.at, life[place - 1]?.at) ? formatFullTime(moment.at, language) : formatPreciseTime(moment.at, language)}</time>
                {moment.receivedAt !== null && moment.receivedAt - moment.at > lateMs && <span> · {texts.acknowledged(formatPreciseTime(moment.receivedAt, language))}</span>}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** The clock alone would not say that a night lies between. */
function isOtherDay(at: number, before: number | undefined): boolean {
  return before === undefined || new Date(at).toDateString() !== new Date(before).toDateString();
}

function Gist({ moment: { kind, name, outcome, subject, detail, amount } }: { readonly moment: Moment }) {
  const words = useTexts();
  const { reasons } = useAreaTexts(ordersTexts);
  const say = (text: string | null) => (text === null ? undefined : (reasons[text] ?? text.replaceAll('_', ' ')));
  const stateWord = (states: Readonly<Record<string, string>>) => states[name] ?? say(name);
  const parts = kind === 'placed' ? []
    : kind === 'state' ? [stateWord(words.orderState)]
    : kind === 'payment' ? [stateWord(words.attemptState), say(outcome), say(detail)]
    // Whose attempt it is stands with the payments.
    : kind === 'wallet' ? [say(name), name.startsWith('refund') ? say(subject) : say(outcome), say(detail)]
    : kind === 'job' ? [(words.jobKind as Readonly<Record<string, string>>)[name] ?? say(name), (words.jobState as Readonly<Record<string, string>>)[outcome ?? ''] ?? say(outcome)]
    : kind === 'feedback' ? ['★'.repeat(Number(name) || 0), detail ?? undefined]
    : [say(name), say(outcome), subject ?? undefined, detail ?? undefined];
  return <>{[amount && formatMoney(amount), ...parts].filter(Boolean).join(' · ')}</>;
}
