import { useState } from 'react';
import type { RestockRoute } from '../../contract/api/stock.ts';
import { addRoute, changeRoute, dropRoute, readRoutes } from '../../contract/api/stock.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { ConfirmButton } from '../catalogue/confirm-button.tsx';
import { NewerVersion } from '../edit/newer-version.tsx';
import { useEditing } from '../edit/use-editing.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { SideSheet } from '../ui/dialog.tsx';
import { ComboField, TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/page.tsx';
import { Ago } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';

/** Tours of kiosks, in their order: each is a restock list. */
export function Routes() {
  const texts = useAreaTexts(stockTexts);
  const { may } = useMe();
  const { data, error, refetch } = useApi(readRoutes);
  const [opened, setOpened] = useState<string>();
  const add = may('stock.edit') ? <Button look="main" onPress={() => setOpened('new')}>{texts.addRoute}</Button> : undefined;
  return (
    <>
      <Trouble failure={error} {...(error ? { onAgain: () => void refetch() } : {})} />
      {!data && !error && <Loading />}
      {data && data.routes.length > 0 && <div className="k-actions">{add}</div>}
      {data && (
        <DataTable
          label={texts.tabs.routes} rows={data.routes} rowKey={({ routeId }) => routeId} href={({ routeId }) => `/stock/routes/${routeId}`} empty={<Empty title={texts.noRoutes} text={texts.noRoutesText} action={add} />}
          columns={[
            { id: 'name', name: texts.routeName, isRowHeader: true, cell: ({ name }) => name },
            { id: 'stops', name: texts.stops, cell: ({ kiosks }) => kiosks.map(({ kiosk }) => kiosk).join(' → ') },
            { id: 'changed', name: texts.changed, hideBelow: 'medium', cell: ({ changedAt, changedBy }) => <><Ago at={changedAt} /><span className="k-other">{texts.by(changedBy)}</span></> },
            ...(may('stock.edit') ? [{ id: 'edit', name: '', cell: (route: RestockRoute) => <Button onPress={() => setOpened(route.routeId)} label={`${texts.editRoute}: ${route.name}`}>{texts.editRoute}</Button> }] : []),
          ]}
        />
      )}
      {data && opened !== undefined && <RouteSheet key={opened} isNew={opened === 'new'} route={data.routes.find(({ routeId }) => routeId === opened)} kiosks={data.kiosks} onClose={() => setOpened(undefined)} />}
    </>
  );
}

interface RouteSheetProps {
  readonly isNew: boolean;
  /** As HQ has it now; undefined of a new one, and where somebody has removed it. */
  readonly route: RestockRoute | undefined;
  readonly kiosks: readonly { readonly kioskId: string; readonly name: string }[];
  readonly onClose: () => void;
}

interface Typed { readonly name: string; readonly stops: readonly string[] }
const empty: Typed = { name: '', stops: [] };

function RouteSheet({ isNew, route, kiosks, onClose }: RouteSheetProps) {
  const texts = useAreaTexts(stockTexts);
  const held = isNew ? empty : route && { name: route.name, stops: route.kiosks.map(({ kioskId }) => kioskId) };
  const editing = useEditing<Typed | undefined>({ version: route?.version ?? 0, by: route?.changedBy ?? null, at: route?.changedAt ?? null, value: held });
  const { newer, over } = editing;
  const { name, stops } = editing.value ?? empty;
  const setStops = (next: readonly string[]) => editing.set({ name, stops: next });
  const adding = useAct(addRoute, { done: texts.saved, invalidates: [readRoutes] });
  const changing = useAct(changeRoute, { done: texts.saved, invalidates: [readRoutes] });
  const dropping = useAct(dropRoute, { done: texts.removed, invalidates: [readRoutes] });
  const nameOf = (id: string) => kiosks.find(({ kioskId }) => kioskId === id)?.name ?? id;
  const swap = (at: number, other: number) => setStops(stops.map((stop, index) => (index === at ? stops[other]! : index === other ? stops[at]! : stop)));
  const save = async () => {
    const body = { name, kiosks: stops as never };
    // One that somebody has removed, and whose removal was seen, is made anew.
    if (route ? await changing.act({ params: { route: route.routeId }, body: { ...body, version: over.version } }) : await adding.act({ body })) onClose();
  };
  const failure = adding.failure ?? changing.failure ?? dropping.failure;
  if (editing.value === undefined) return null;
  return (
    <SideSheet title={route?.name ?? texts.addRoute} isOpen onClose={onClose} actions={<>
      {route && <ConfirmButton look="danger" name={texts.remove} question={texts.removeRoute(route.name)} isDisabled={newer !== undefined} isBusy={dropping.isBusy} onConfirm={() => void dropping.act({ params: { route: route.routeId } }).then((done) => done && onClose())} />}
      <Button onPress={onClose}>{texts.cancel}</Button>
      <Button look="main" isDisabled={name.trim() === '' || stops.length === 0 || newer !== undefined} isBusy={adding.isBusy || changing.isBusy} onPress={() => void save()}>{texts.save}</Button>
    </>}>
      <div className="k-form">
        {newer ? <NewerVersion editing={editing} isRemoved={newer.value === undefined} lines={(of) => ({ [texts.routeName]: of?.name ?? '', [texts.stops]: (of?.stops ?? []).map(nameOf).join(' → ') })} onDecided={() => { changing.forget(); dropping.forget(); }} /> : <Trouble failure={failure} />}
        <TextField label={texts.routeName} value={name} onChange={(next) => editing.set({ name: next, stops })} maxLength={60} isRequired />
        <div className="k-field">
          <span className="k-label">{texts.stops}</span>
          <ol className="stock-stops">
            {stops.map((stop, index) => (
              <li key={stop} className="stock-stop">
                <span>{index + 1}. {nameOf(stop)}</span>
                <Button look="quiet" label={texts.up(nameOf(stop))} isDisabled={index === 0} onPress={() => swap(index, index - 1)}><span className="stock-turned"><Icon name="chevron" /></span></Button>
                <Button look="quiet" label={texts.down(nameOf(stop))} isDisabled={index === stops.length - 1} onPress={() => swap(index, index + 1)}><Icon name="chevron" /></Button>
                <Button look="quiet" label={texts.removeStop(nameOf(stop))} onPress={() => setStops(stops.filter((other) => other !== stop))}><Icon name="cross" /></Button>
              </li>
            ))}
          </ol>
          <ComboField key={stops.join(' ')} label={texts.addStop} value="" items={kiosks.filter(({ kioskId }) => !stops.includes(kioskId)).map(({ kioskId, name: kiosk }) => ({ id: kioskId, name: kiosk === kioskId ? kiosk : `${kiosk} (${kioskId})` }))} onChange={(id) => id !== '' && setStops([...stops, id])} />
        </div>
      </div>
    </SideSheet>
  );
}
