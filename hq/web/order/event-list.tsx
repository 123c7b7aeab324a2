import type { OrderEvent } from '../../contract/console.ts';
import { formatPreciseTime } from '../i18n/times.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { LookBadge as Badge } from '../ui/state-badges.tsx';
import { Section } from './section.tsx';

export function EventList({ events }: { readonly events: readonly OrderEvent[] }) {
  const texts = useTexts();
  const { language } = useLanguage();
  return (
    <Section title={`${texts.events} (${events.length})`}>
      <p className="none">{texts.eventsText}</p>
      <ol className="events">
        {events.map((event) => (
          <li key={`${event.lane} ${event.epoch} ${event.sequence}`}>
            <details>
              <summary>
                <span className="sequence">{event.epoch > 1 ? `${event.epoch}:` : ''}{event.sequence}</span>
                <span className="kind">{event.kind}</span>
                <span className="gist">{gistOf(event.payload)}</span>
                {event.setAside && <Badge look={['bad', 'question']} word={texts.setAside} />}
                {event.repeated && <Badge look={['quiet', 'back']} word={texts.repeated} />}
                <time dateTime={new Date(event.occurredAt).toISOString()}>{formatPreciseTime(event.occurredAt, language)}</time>
              </summary>
              <pre>{JSON.stringify(JSON.parse(event.payload), null, 2)}</pre>
            </details>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** What an engineer looks for first: where it went from and to, its state, or what it is about. */
function gistOf(payload: string): string {
  const body = JSON.parse(payload) as { from?: string; to?: string; state?: string; kind?: string; change?: number; decision?: string };
  if (body.from && body.to) return `${body.from} → ${body.to}`;
  if (body.state || body.decision) return [body.kind, body.state ?? body.decision].filter(Boolean).join(' ');
  return body.change === undefined ? (body.kind ?? '') : String(body.change);
}
