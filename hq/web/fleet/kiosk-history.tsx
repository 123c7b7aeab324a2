import { useState } from 'react';
import { readKioskHistory } from '../../contract/api/fleet.ts';
import { useApi } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { formatDuration, formatFullTime } from '../i18n/times.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SelectField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { StateBadge } from './state-badge.tsx';

export function KioskHistory({ kioskId }: { readonly kioskId: string }) {
  const texts = useAreaTexts(fleetTexts);
  const { language } = useLanguage();
  const [days, setDays] = useState('7');
  const { data, error, refetch } = useApi(readKioskHistory, { params: { kiosk: kioskId as never }, query: { days: Number(days) } }, { keepsLast: true });
  if (!data) return error ? <Trouble failure={error} onAgain={() => void refetch()} /> : <Loading />;
  const whole = data.to - data.from;
  const up = data.spans.reduce((sum, { from, to, state }) => sum + (state === 'selling' || state === 'limited' ? to - from : 0), 0);
  const percent = `${((up / whole) * 100).toFixed(1)} %`;
  return (
    <>
      <FilterBar><SelectField label={texts.lastDays} items={['1', '7', '30', '90'].map((id) => ({ id, name: texts.days(Number(id)) }))} value={days} onChange={setDays} /></FilterBar>
      <p><strong>{texts.availabilityOf(percent, Number(days))}</strong></p>
      <div className="fleet-band" role="img" aria-label={texts.availabilityOf(percent, Number(days))}>
        {data.spans.map(({ from, to, state }) => <span key={from} className={state} style={{ width: `${((to - from) / whole) * 100}%` }} title={`${texts.states[state]} ${formatFullTime(from, language)}`} />)}
      </div>
      <DataTable
        label={texts.history} rows={data.spans.toReversed().slice(0, 300)} rowKey={({ from }) => String(from)}
        columns={[
          { id: 'state', name: texts.state, isRowHeader: true, cell: ({ state }) => <StateBadge state={state} /> },
          { id: 'reasons', name: texts.reason, cell: ({ reasons }) => (reasons.length > 0 ? <span className="k-mono">{reasons.join(', ')}</span> : '–') },
          { id: 'from', name: texts.from, cell: ({ from }) => <Time at={from} /> },
          { id: 'lasted', name: texts.lasted, align: 'end', cell: ({ from, to }) => formatDuration(to - from, language) },
        ]}
      />
    </>
  );
}
