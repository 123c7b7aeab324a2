import type { HelpView, Shopfront } from '../../domain/contract/kiosk.ts';
import type { FinishWords } from '../i18n/areas/finish.ts';
import { BellIcon, CheckIcon, ClockIcon, NoticeIcon } from '../ui/icons.tsx';
import { dutyHours } from './help-hours.ts';
import { useKiosk, useVisit } from './kiosk-context.tsx';

const icons: Readonly<Record<HelpView['kind'], typeof BellIcon>> = { none: BellIcon, calling: ClockIcon, answered: CheckIcon, nobody: NoticeIcon };

/** Where the call stands, honestly, and the way that works without it: the telephone. */
export function HelpPerson() {
  const { words, language } = useVisit();
  const { help, shopfront } = useKiosk().model;
  const say = words.finish.help;
  const Icon = icons[help.kind];
  const hasPhone = (shopfront?.help.phone ?? '') !== '';
  const { title, text } = help.kind === 'nobody' ? nobodyOf(say.nobody[help.reason], hasPhone) : say.state[help.kind];
  return (
    <section className={`help-person help-person--${help.kind}`} aria-label={say.person}>
      <div className="help-person__state" role="status">
        <Icon />
        <p>
          <strong>{title}</strong>
          {help.kind === 'answered' && help.words ? help.words[language] : text}
        </p>
      </div>
      {shopfront ? <Telephone help={shopfront.help} withDuty={help.kind !== 'nobody' || shopfront.help.onDuty.length > 0} /> : null}
    </section>
  );
}

/** Nobody is sent to a telephone whose number is not there. */
function nobodyOf({ title, text, withoutPhone }: FinishWords['help']['nobody']['off_duty'], hasPhone: boolean) {
  return { title, text: hasPhone ? text : withoutPhone };
}

/** `withDuty`: "somebody at all hours" is not said beside "nobody can be reached". */
function Telephone({ help, withDuty }: { readonly help: Shopfront['help']; readonly withDuty: boolean }) {
  const say = useVisit().words.finish.help;
  if (help.phone === '' && !withDuty) return null;
  return (
    <p className="help-person__phone">
      {help.phone === '' ? null : <b>{say.phone(help.phone)}</b>}
      {withDuty ? <span>{say.duty(dutyHours(help.onDuty, say))}</span> : null}
    </p>
  );
}
