import { useState } from 'react';
import { readCatalogueScopes, readSoldOut, setSoldOut } from '../../contract/api/catalogue.ts';
import type { ScopeText } from '../../contract/api/scope.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ComboField, SelectField } from '../ui/field.tsx';
import { FilterBar, SearchField } from '../ui/filter-bar.tsx';
import { Empty } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { catalogueFilterSchema } from './catalogue-filters.ts';
import { scopeItems } from './scope-items.ts';

type Row = ApiAnswer<typeof readSoldOut>['offers'][number];

/** Off sale at once, everywhere or at one kiosk, for good or until a time: from one search box. */
export function SoldOut() {
  const texts = useAreaTexts(catalogueTexts);
  const { language } = useLanguage();
  const { may } = useMe();
  const [{ search }, setFilters] = useFilters(catalogueFilterSchema);
  const { data, error, refetch } = useApi(readSoldOut, { query: search === '' ? {} : { search } }, { keepsLast: true, everyMs: 30_000 });
  const setting = useAct(setSoldOut, { done: texts.nowOn, invalidates: [readSoldOut] });
  const [resting, setResting] = useState<Row>();
  const mayPublish = may('catalogue.publish');
  const nameOf = ({ name, offerId }: Row) => name?.[language] ?? offerId;
  return (
    <>
      <p className="k-note">{texts.soldOutLead}</p>
      <FilterBar><SearchField label={texts.soldOutSearch} value={search} onChange={(text) => setFilters({ search: text }, { replace: true })} /></FilterBar>
      <Trouble failure={error ?? setting.failure} {...(error ? { onAgain: () => void refetch() } : {})} />
      {!data && !error && <Loading />}
      {data && (
        <DataTable
          label={texts.tabs.soldOut} rows={data.offers} rowKey={({ offerId }) => offerId} empty={<Empty title={texts.nothingRests} text={texts.nothingRestsText} />}
          columns={[
            { id: 'offer', name: texts.offer, isRowHeader: true, cell: (row) => <>{nameOf(row)}<span className="k-other">{row.offerId}</span></> },
            { id: 'rests', name: texts.where, cell: ({ rests }) => (rests.length === 0 ? <Badge tone="good">{texts.onSale}</Badge> : (
              <ul>{rests.map(({ scope, name, until }) => (
                <li key={`${scope} ${until}`}><Badge tone="bad" icon="pause">{texts.resting}</Badge> {scope === 'all' ? texts.everywhere : scope.startsWith('group:') ? texts.group(name) : name}{until !== null && <> {texts.restsUntil} <Time at={until} /></>}</li>
              ))}</ul>
            )) },
            ...(mayPublish ? [{ id: 'act', name: '', align: 'end' as const, cell: (row: Row) => (
              <span className="k-actions">
                {row.rests.map(({ scope, name }) => <Button key={scope} label={`${texts.backOnSale}: ${nameOf(row)}, ${scope === 'all' ? texts.everywhere : name}`} isBusy={setting.isBusy} onPress={() => void setting.act({ body: { offerId: row.offerId, scope, isSold: true } })}>{texts.backOnSale}</Button>)}
                {!row.rests.some(({ scope, until }) => scope === 'all' && until === null) && <Button look="danger" label={`${texts.rest}: ${nameOf(row)}`} onPress={() => setResting(row)}>{texts.rest}</Button>}
              </span>
            ) }] : []),
          ]}
        />
      )}
      {resting && <RestDialog offerId={resting.offerId} name={nameOf(resting)} onClose={() => setResting(undefined)} />}
    </>
  );
}

const hourMs = 3_600_000;
const spans: Readonly<Record<string, number | 'day' | undefined>> = { back: undefined, '1': 1, '3': 3, day: 'day', '24': 24 };

function RestDialog({ offerId, name, onClose }: { readonly offerId: string; readonly name: string; readonly onClose: () => void }) {
  const texts = useAreaTexts(catalogueTexts);
  const { data } = useApi(readCatalogueScopes);
  const [scope, setScope] = useState('all');
  const [span, setSpan] = useState('back');
  const setting = useAct(setSoldOut, { done: texts.nowOff, invalidates: [readSoldOut] });
  const untilOf = () => {
    const held = spans[span];
    if (held === undefined) return undefined;
    return held === 'day' ? new Date().setHours(24, 0, 0, 0) : Date.now() + held * hourMs;
  };
  const rest = async () => {
    const until = untilOf();
    if (await setting.act({ body: { offerId, scope: scope as ScopeText, isSold: false, ...(until === undefined ? {} : { until }) } })) onClose();
  };
  return (
    <Dialog title={`${texts.rest}: ${name}`} isOpen onClose={onClose} actions={<>
      <Button onPress={onClose}>{texts.cancel}</Button>
      <Button look="danger" isBusy={setting.isBusy} isDisabled={scope === ''} onPress={() => void rest()}>{texts.rest}</Button>
    </>}>
      <Trouble failure={setting.failure} />
      {data && <ComboField label={texts.where} value={scope} items={scopeItems(data, texts)} onChange={setScope} isRequired />}
      <SelectField label={texts.untilWhen} value={span} onChange={setSpan} items={[{ id: 'back', name: texts.untilBack }, { id: '1', name: texts.forHours(1) }, { id: '3', name: texts.forHours(3) }, { id: 'day', name: texts.untilMidnight }, { id: '24', name: texts.forHours(24) }]} />
    </Dialog>
  );
}
