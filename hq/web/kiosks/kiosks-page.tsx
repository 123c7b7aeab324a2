import { useEffect, useState } from 'react';
import type { KioskList } from '../../contract/console.ts';
import { fetchKiosks } from '../api.ts';
import { formatAgo, formatDuration, formatFullTime } from '../i18n/times.ts';
import { useLanguage, useTexts } from '../i18n/use-texts.tsx';
import { useLive } from '../live/use-live.tsx';
import { noFilters, ordersPath } from '../orders/filters.ts';
import { Link } from '../router.tsx';
import { LookBadge as Badge, PersonBadge, ProofBadge } from '../ui/state-badges.tsx';

/** News alone would not do: a kiosk that fell silent sends none. */
const refreshMs = 10_000;
/** Closer than this, a clock is right. */
const clocksAgreeMs = 60_000;

export function KiosksPage() {
  const texts = useTexts();
  const { list, isAway } = useKiosks();
  return (
    <main className="page">
      <div className="page-head">
        <h1>{texts.kiosks}</h1>
        <p className="lead">{texts.kiosksText}</p>
      </div>
      {isAway && <p className="notice" role="status">{texts.away}</p>}
      <div className="scroller short">
        {list?.kiosks.length === 0 ? (
          <section className="empty">
            <h2>{texts.noKiosksTitle}</h2>
            <p>{texts.noKiosksText}</p>
            <pre className="command">npm run hq -- enrol kiosk-001 "Lobby"</pre>
          </section>
        ) : list ? (
          <KiosksTable list={list} />
        ) : (
          !isAway && <p className="notice quiet" role="status">{texts.loading}</p>
        )}
      </div>
    </main>
  );
}

function KiosksTable({ list: { now, kiosks } }: { readonly list: KioskList }) {
  const texts = useTexts();
  const { language } = useLanguage();
  const ago = (at: number) => (now - at < 5000 ? texts.justNow : formatAgo(at, now, language));
  return (
    <table className="kiosks as-cards">
      <thead>
        <tr>
          <th scope="col">{texts.kiosk}</th>
          <th scope="col">{texts.lastHeard}</th>
          <th scope="col">{texts.delay}</th>
          <th scope="col">{texts.clock}</th>
          <th scope="col" className="amount">{texts.eventsTaken}</th>
          <th scope="col" className="amount">{texts.orders}</th>
          <th scope="col">{texts.needsPerson}</th>
          <th scope="col">{texts.setAsideEvents}</th>
          <th scope="col">{texts.lastClosing}</th>
          <th scope="col">{texts.alarms}</th>
        </tr>
      </thead>
      <tbody>
        {kiosks.map((kiosk) => (
          <tr key={kiosk.kioskId}>
            <th scope="row"><Link to={kioskPath(kiosk.kioskId)} className="name"><strong>{kiosk.name}</strong></Link>{kiosk.name !== kiosk.kioskId && <span className="other">{kiosk.kioskId}</span>}</th>
            <td data-label={texts.lastHeard} title={kiosk.lastSeenAt === null ? undefined : formatFullTime(kiosk.lastSeenAt, language)}>{kiosk.lastSeenAt === null ? texts.never : ago(kiosk.lastSeenAt)}</td>
            <td data-label={texts.delay}>{kiosk.lagMs === null ? <span className="nothing">–</span> : formatDuration(kiosk.lagMs, language)}</td>
            <td data-label={texts.clock}><Skew skewMs={kiosk.skewMs} /></td>
            <td className="amount" data-label={texts.eventsTaken}>{kiosk.acknowledged.toLocaleString('en-GB')}{kiosk.epoch !== null && kiosk.epoch > 1 && <span className="other">{texts.epoch(kiosk.epoch)}</span>}</td>
            <td className="amount" data-label={texts.orders}><Link to={ordersPath({ ...noFilters, kiosk: kiosk.kioskId })} className="plain-link">{kiosk.orders.toLocaleString('en-GB')}</Link></td>
            <td data-label={texts.needsPerson}>
              {kiosk.needsPerson > 0 ? (
                <Link to={ordersPath({ ...noFilters, kiosk: kiosk.kioskId, needsPerson: true })} className="badge-link"><PersonBadge word={String(kiosk.needsPerson)} /></Link>
              ) : <span className="nothing">–</span>}
            </td>
            <td data-label={texts.setAsideEvents}>{kiosk.setAside > 0 ? <Badge look={['bad', 'question']} word={String(kiosk.setAside)} /> : <span className="nothing">–</span>}</td>
            <td data-label={texts.lastClosing}>
              {kiosk.lastProof ? <span className="closing">{kiosk.lastProof.day} <ProofBadge state={kiosk.lastProof.state} /></span> : <span className="nothing">–</span>}
              {kiosk.proofsRed > 0 && <span className="other">{texts.redDays(kiosk.proofsRed)}</span>}
            </td>
            <td data-label={texts.alarms}>
              {kiosk.isCloned && <Badge look={['bad', 'cross']} word={texts.cloned} />}
              {kiosk.alarms > 0 ? <Link to={kioskPath(kiosk.kioskId)} className="badge-link"><Badge look={['bad', 'alarm']} word={String(kiosk.alarms)} /></Link> : !kiosk.isCloned && <span className="nothing">–</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How far a clock is off, where that is worth saying. */
export function Skew({ skewMs }: { readonly skewMs: number | null }) {
  const texts = useTexts();
  const { language } = useLanguage();
  if (skewMs === null) return <span className="nothing">–</span>;
  if (Math.abs(skewMs) <= clocksAgreeMs) return <>{texts.clockRight}</>;
  const span = formatDuration(Math.abs(skewMs), language);
  return <Badge look={['bad', 'clock']} word={skewMs > 0 ? texts.clockBehind(span) : texts.clockAhead(span)} />;
}

export function kioskPath(kioskId: string): string {
  return `/kiosks/${encodeURIComponent(kioskId)}`;
}

function useKiosks(): { readonly list: KioskList | undefined; readonly isAway: boolean } {
  const [list, setList] = useState<KioskList>();
  const [isAway, setAway] = useState(false);
  const [reading, setReading] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    void fetchKiosks(abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setAway(!answer.ok);
      if (answer.ok) setList(answer.value);
    });
    const timer = setTimeout(() => setReading((count) => count + 1), refreshMs);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [reading]);
  const again = () => setReading((count) => count + 1);
  useLive({ onOrders: again, onAgain: again });
  return { list, isAway };
}
