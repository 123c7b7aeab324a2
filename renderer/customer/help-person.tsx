import type { HelpView, Shopfront } from '../../domain/contract/kiosk.ts';
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
  const { title, text } = help.kind === 'nobody' ? say.nobody[help.reason] : say.state[help.kind];
  return (
    <section className={`help-person help-person--${help.kind}`} aria-label={say.person}>
      <div className="help-person__state" role="status">
        <Icon />
        <p>
          <strong>{title}</strong>
          {help.kind === 'answered' && help.words ? help.words[language] : text}
        </p>
      </div>
      {shopfront ? <Telephone help={shopfront.help} /> : null}
    </section>
  );
}

function Telephone({ help }: { readonly help: Shopfront['help'] }) {
  const say = useVisit().words.finish.help;
  return (
    <p className="help-person__phone">
      {help.phone === '' ? null : <b>{say.phone(help.phone)}</b>}
      <span>{say.duty(dutyHours(help.onDuty, say))}</span>
    </p>
  );
}
