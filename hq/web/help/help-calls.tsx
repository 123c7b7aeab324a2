import { useEffect, useState } from 'react';
import type { HelpCalls } from '../../contract/console.ts';
import { fetchHelpCalls } from '../api.ts';
import { formatAgo } from '../i18n/times.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { kioskPath } from '../kiosks/kiosks-page.tsx';
import { useLive } from '../live/use-live.tsx';
import { Link } from '../router.tsx';
import { Icon } from '../ui/icon.tsx';

/** How long each waits is told anew, and what no news told of is found. */
const refreshMs = 15_000;

/** On every page, as soon as a customer asks for a person; nothing while nobody does. */
export function HelpCallsBanner() {
  const texts = useTexts();
  const { language } = useLanguage();
  const open = useHelpCalls();
  const isUnanswered = open?.calls.some(({ answeredAt }) => answeredAt === null) ?? false;
  return (
    // There from the start, so that what comes into it is spoken.
    <div role="status">
      {open && open.calls.length > 0 && (
        <section className="calls" aria-labelledby="help-calls">
          <h2 id="help-calls"><Icon name="person" />{texts.helpCalls}</h2>
          <ul>
            {open.calls.map((call) => (
              <li key={call.callId}>
                <strong><Link to={kioskPath(call.kioskId)}>{call.kioskName}</Link></strong>
                <span>{formatAgo(call.calledAt, open.now, language)}</span>
                {call.screen && <span>{texts.helpScreen(call.screen)}</span>}
                {call.orderId !== null && call.orderNumber !== null && <Link to={`/orders/${encodeURIComponent(call.kioskId)}/${call.orderId}`}>{texts.orderOf(call.orderNumber)}</Link>}
                <span>{call.answeredAt === null ? texts.helpNotAnswered : texts.helpAnswered(call.answeredBy ?? '')}</span>
                {call.answeredAt === null && <code>{call.callId}</code>}
              </li>
            ))}
          </ul>
          {isUnanswered && <p>{texts.helpHowTo} <code>npm run hq -- answer ID --zh … --en …</code></p>}
        </section>
      )}
    </div>
  );
}

function useHelpCalls(): HelpCalls | undefined {
  const [open, setOpen] = useState<HelpCalls>();
  const [reading, setReading] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    void fetchHelpCalls(abort.signal).then((answer) => {
      // While HQ is away, what was open stays: the page says that it may be out of date.
      if (!abort.signal.aborted && answer.ok) setOpen(answer.value);
    });
    const timer = setTimeout(() => setReading((count) => count + 1), refreshMs);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [reading]);
  const again = () => setReading((count) => count + 1);
  useLive({ onHelp: again, onAgain: again });
  return open;
}
