import { fleetTexts } from '../i18n/areas/fleet.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { AlarmKind } from '../alerts/alarm-kind.tsx';
import { AlertDetail } from '../alerts/alert-words.tsx';
import { Facts, Section } from '../ui/page.tsx';
import { Link } from '../router.tsx';
import { Ago, Time } from '../ui/time.tsx';
import { Clock, Paper, Queue, Seen, Why } from './glance.tsx';
import type { KioskInFull } from './kiosk-page.tsx';
import { StateBadge } from './state-badge.tsx';

export function KioskNow({ kiosk }: { readonly kiosk: KioskInFull }) {
  const texts = useAreaTexts(fleetTexts);
  const { row, alarms, orders, needsPerson, setAside, timeZone } = kiosk;
  return (
    <>
      <div className="k-card">
        <Facts items={[
          [texts.stateNow, <StateBadge key="s" state={row.state} />],
          [texts.reason, <Why key="w" row={row} />],
          [texts.seen, <Seen key="l" at={row.lastSeenAt} />],
          [texts.toldAt, row.toldAt === null ? texts.never : <Time key="t" at={row.toldAt} />],
          [texts.paper, <Paper key="p" paper={row.paper} />],
          [texts.queue, <Queue key="q" lagMs={row.lagMs} />],
          [texts.clock, <Clock key="c" skewMs={row.skewMs} />],
          [texts.version, row.app ?? '–'],
          [texts.disk, row.freeBytes === null ? '–' : `${(row.freeBytes / 1e9).toFixed(1)} GB`],
          [texts.ordersTotal, <Link key="o" to={`/orders?kiosk=${row.kioskId}`} className="k-link">{orders.toLocaleString('en-GB')}</Link>],
          [texts.needsPerson, needsPerson === 0 ? '–' : <Link key="n" to={`/orders?kiosk=${row.kioskId}&needs=person`} className="k-link">{needsPerson}</Link>],
          [texts.setAside, setAside === 0 ? '–' : String(setAside)],
          [texts.zone, timeZone || '–'],
        ]} />
      </div>
      <Section title={texts.alarms}>
        {alarms.length === 0 ? <p className="k-note">{texts.none}</p> : (
          <ul className="fleet-log fleet-alarms">
            {alarms.map((alarm) => <li key={alarm.alarmId}><Ago at={alarm.lastAt} /><strong><AlarmKind kind={alarm.kind} /></strong><AlertDetail alert={alarm} /></li>)}
          </ul>
        )}
      </Section>
    </>
  );
}
