import { listStaffActs } from '../../contract/api/fleet.ts';
import { useApiPages } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';

const tones = { begun: 'quiet', done: 'good', refused: 'warn', failed: 'bad' } as const;

/** What staff did at the kiosk, each entry held against its chain. */
export function KioskStaffActs({ kioskId }: { readonly kioskId: string }) {
  const texts = useAreaTexts(fleetTexts);
  const { pages, failure, isLoading, isMore, more, again } = useApiPages(listStaffActs, { params: { kiosk: kioskId as never } }, ({ next }) => (next === null ? undefined : { before: next }));
  const acts = pages?.flatMap((page) => page.acts) ?? [];
  const faults = pages?.[0]?.faults ?? 0;
  return (
    <>
      <Trouble failure={failure} onAgain={again} />
      {acts.length > 0 && <p>{faults === 0 ? <Badge tone="good" icon="lock">{texts.chainHolds}</Badge> : <span className="k-strong-note k-stacked" role="alert">{texts.chainBroken(faults)}</span>}</p>}
      <DataTable
        label={texts.staffActs} rows={acts} rowKey={({ place }) => place} isLoading={isLoading} isMore={isMore} onMore={more} empty={<p className="k-note">{texts.noActs}</p>}
        columns={[
          { id: 'act', name: texts.act, isRowHeader: true, cell: ({ act, number, fault }) => <><span className="k-mono">{act}</span><span className="k-other">#{number}</span>{fault && <Badge tone="bad">{texts.fault[fault]}</Badge>}</> },
          { id: 'staff', name: texts.staffNumber, cell: ({ staff }) => staff ?? '–' },
          { id: 'subject', name: texts.subject, cell: ({ subject, detail }) => <>{subject || '–'}{detail && <span className="k-other">{detail}</span>}</> },
          { id: 'outcome', name: texts.outcome, cell: ({ outcome }) => <Badge tone={tones[outcome]}>{texts.actOutcome[outcome]}</Badge> },
          { id: 'at', name: texts.time, cell: ({ at }) => <Time at={at} /> },
        ]}
      />
    </>
  );
}
