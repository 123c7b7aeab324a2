import type { FleetRow } from '../../contract/api/fleet.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { formatDuration } from '../i18n/times.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Ago } from '../ui/time.tsx';

/** Closer than this, a clock is right; later than this, a queue drains. */
const clocksAgreeMs = 60_000;
const queueDrainsMs = 60_000;
/** Fewer receipts than this are worth a walk. */
const paperLow = 50;

/** Why it is limited or out of service, in words where the device has some. */
export function Why({ row: { troubles, reasons, state } }: { readonly row: FleetRow }) {
  const { language } = useLanguage();
  if (troubles.length > 0) return <>{troubles.map(({ name, text }) => <span key={name} className="k-stacked">{text[language]}</span>)}</>;
  if (reasons.length > 0 && state !== 'selling') return <span className="k-mono">{reasons.join(', ')}</span>;
  return <Nothing />;
}

export function Seen({ at }: { readonly at: number | null }) {
  const texts = useAreaTexts(fleetTexts);
  return at === null ? <span className="k-nothing">{texts.never}</span> : <Ago at={at} />;
}

export function Paper({ paper }: { readonly paper: FleetRow['paper'] }) {
  const texts = useAreaTexts(fleetTexts);
  if (!paper || paper.receiptsLeft === undefined) return <Nothing />;
  const words = texts.receiptsLeft(paper.receiptsLeft);
  return paper.receiptsLeft < paperLow ? <Badge tone="warn" icon="paper">{words}</Badge> : <>{words}</>;
}

export function Queue({ lagMs }: { readonly lagMs: number | null }) {
  const texts = useAreaTexts(fleetTexts);
  const { language } = useLanguage();
  if (lagMs === null) return <Nothing />;
  return lagMs > queueDrainsMs ? <Badge tone="warn" icon="clock">{texts.late(formatDuration(lagMs, language))}</Badge> : <>{texts.upToDate}</>;
}

export function Clock({ skewMs }: { readonly skewMs: number | null }) {
  const texts = useAreaTexts(fleetTexts);
  const { language } = useLanguage();
  if (skewMs === null) return <Nothing />;
  if (Math.abs(skewMs) <= clocksAgreeMs) return <>{texts.clockRight}</>;
  const span = formatDuration(Math.abs(skewMs), language);
  return <Badge tone="bad" icon="clock">{skewMs > 0 ? texts.clockBehind(span) : texts.clockAhead(span)}</Badge>;
}

/** What a person has to see to, beside its state. */
export function Marks({ row }: { readonly row: FleetRow }) {
  const texts = useAreaTexts(fleetTexts);
  if (!row.isCloned && row.keysWaiting === 0 && row.alarms === 0 && !row.soldOut) return <Nothing />;
  return (
    <span className="k-marks">
      {row.isCloned && <Badge tone="bad" icon="alarm">{texts.cloned}</Badge>}
      {row.keysWaiting > 0 && <Badge tone="warn" icon="lock">{texts.keysWaiting}</Badge>}
      {row.alarms > 0 && <Badge tone="bad" icon="bell">{texts.alarmCount(row.alarms)}</Badge>}
      {row.soldOut !== null && row.soldOut > 0 && <Badge tone="quiet" icon="stock">{texts.soldOut(row.soldOut)}</Badge>}
    </span>
  );
}

function Nothing() {
  return <span className="k-nothing"><span aria-hidden="true">–</span><span className="unseen">{useAreaTexts(fleetTexts).none}</span></span>;
}
