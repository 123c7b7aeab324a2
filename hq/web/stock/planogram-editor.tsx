import { useMemo, useState } from 'react';
import type { PlanogramSlot } from '../../../domain/stock/stock.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import type { ScopeText } from '../../contract/api/scope.ts';
import { readPlanogram, readStockKiosks, withdrawPlanogram, writePlanogram } from '../../contract/api/stock.ts';
import { call } from '../api/call.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { scopeItems, scopeName } from '../catalogue/scope-items.ts';
import { NewerVersion } from '../edit/newer-version.tsx';
import { useEditing } from '../edit/use-editing.ts';
import { stockTexts } from '../i18n/areas/stock.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ComboField, NumberField, TextField } from '../ui/field.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { Icon } from '../ui/icon.tsx';
import { toast } from '../ui/toaster.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { stockFilterSchema } from './stock-filters.ts';

type Loaded = ApiAnswer<typeof readPlanogram>;
/** As it is typed: numbers may be missing. */
interface SlotDraft { readonly key: string; readonly slot: string; readonly offerId: string; readonly par: number | null; readonly capacity: number | null; readonly shelf: string; readonly code: string }

/** What stands where, and how much of it should: for all kiosks, a group, or one. */
export function PlanogramEditor() {
  const texts = useAreaTexts(stockTexts);
  const [{ scope }, setFilters] = useFilters(stockFilterSchema);
  const { data, error, refetch } = useApi(readPlanogram, { query: { scope: scope as ScopeText } }, { everyMs: 30_000 });
  return (
    <>
      {data && <FilterBar><ComboField key={data.kiosks.length} label={texts.scope} value={scope} items={scopeItems(data, texts)} onChange={(next) => setFilters({ scope: next === 'all' ? undefined : next })} /></FilterBar>}
      <Trouble failure={error} {...(error ? { onAgain: () => void refetch() } : {})} />
      {!data && !error && <Loading />}
      {data && <Slots key={data.scope} loaded={data} />}
    </>
  );
}

function Slots({ loaded }: { readonly loaded: Loaded }) {
  const texts = useAreaTexts(stockTexts);
  const { language } = useLanguage();
  const { may } = useMe();
  const { scope, inForce } = loaded;
  const isOwn = inForce?.scope === scope;
  const held = useMemo(() => loaded.slots.map(draftOf), [loaded.slots]);
  const editing = useEditing<readonly SlotDraft[]>({ version: inForce?.revision ?? 0, by: inForce?.publishedBy ?? null, at: inForce?.publishedAt ?? null, value: held }, saidBySlots);
  const { value: slots, over, isTouched, set: setSlots } = editing;
  const [template, setTemplate] = useState('');
  const writing = useAct(writePlanogram, { done: texts.published, invalidates: [readPlanogram, readStockKiosks] });
  const withdrawing = useAct(withdrawPlanogram, { done: texts.withdrawn, invalidates: [readPlanogram, readStockKiosks] });
  const mayEdit = may('stock.edit');
  const change = (key: string, patch: Partial<SlotDraft>) => setSlots(slots.map((slot) => (slot.key === key ? { ...slot, ...patch } : slot)));
  const publish = async () => { if (await writing.act({ body: { scope, over: over.version === 0 ? null : over.version, slots: slots.map(slotOf) } })) editing.saved(); };
  const withdraw = async () => { if (await withdrawing.act({ body: { scope, over: over.version } })) editing.saved(); };
  const copy = async (from: string) => {
    setTemplate(from);
    const other = await call(readPlanogram, { query: { scope: from as ScopeText } });
    setSlots(other.slots.map(draftOf));
    toast(texts.templateTaken(scopeName(loaded, texts, from)));
  };
  const known = loaded.offers.map(({ offerId, name }) => ({ id: offerId, name: name?.[language] ?? offerId }));
  const offers = [...known, ...[...new Set(slots.map(({ offerId }) => offerId))].filter((id) => id !== '' && !known.some((one) => one.id === id)).map((id) => ({ id, name: id }))];
  const lines = (of: readonly SlotDraft[]) => Object.fromEntries(of.map(({ slot, offerId, par, capacity, shelf, code }) => [
    `${texts.slot} ${slot}`, [offers.find(({ id }) => id === offerId)?.name ?? offerId, `${texts.par} ${par ?? ''}`, `${texts.capacity} ${capacity ?? ''}`, ...(shelf === '' ? [] : [`${texts.shelf} ${shelf}`]), ...(code === '' ? [] : [`${texts.code} ${code}`])].join(' · '),
  ]));
  const isWhole = slots.every((slot, index) => Object.values(faultsOf(slot, slots, index)).every((fault) => fault === undefined));
  return (
    <>
      <p className="k-note">
        {!inForce ? texts.noPlanogramText : isOwn ? texts.planogramOf(scopeName(loaded, texts, scope), inForce.revision) : texts.planogramFrom(scopeName(loaded, texts, inForce.scope))}
        {' '}{isTouched && <Badge tone="warn">{texts.unsaved}</Badge>}
      </p>
      {editing.newer ? <NewerVersion editing={editing} lines={lines} onDecided={writing.forget} /> : <Trouble failure={writing.failure ?? withdrawing.failure} />}
      <div className="stock-slots">
        {slots.length > 0 && <div className="stock-slot stock-slot-head" aria-hidden="true">{[texts.slot, texts.offer, texts.par, texts.capacity, texts.shelf, texts.code].map((name) => <span key={name}>{name}</span>)}</div>}
        {slots.map((slot, index) => {
          const faults = faultsOf(slot, slots, index);
          const inWords = (fault: Fault | undefined) => (fault === undefined || !isTouched ? undefined : texts[fault]);
          return (
            <div key={slot.key} className="stock-slot" role="group" aria-label={`${texts.slot} ${slot.slot}`}>
              <TextField label={texts.slot} value={slot.slot} onChange={(text) => change(slot.key, { slot: text })} error={inWords(faults.slot)} maxLength={20} isDisabled={!mayEdit} />
              <ComboField key={`${offers.length}`} label={texts.offer} value={slot.offerId} items={offers} onChange={(id) => change(slot.key, { offerId: id })} error={inWords(faults.offerId)} isDisabled={!mayEdit} />
              <NumberField label={texts.par} value={slot.par} onChange={(par) => change(slot.key, { par })} min={0} max={100_000} error={inWords(faults.par)} isDisabled={!mayEdit} />
              <NumberField label={texts.capacity} value={slot.capacity} onChange={(capacity) => change(slot.key, { capacity })} min={0} max={100_000} error={inWords(faults.capacity)} isDisabled={!mayEdit} />
              <TextField label={texts.shelf} value={slot.shelf} onChange={(shelf) => change(slot.key, { shelf })} maxLength={40} isDisabled={!mayEdit} />
              <TextField label={texts.code} value={slot.code} onChange={(code) => change(slot.key, { code })} maxLength={60} isDisabled={!mayEdit} />
              {mayEdit && <Button look="quiet" label={texts.removeSlot(slot.slot)} onPress={() => setSlots(slots.filter(({ key }) => key !== slot.key))}><Icon name="cross" /></Button>}
            </div>
          );
        })}
      </div>
      {mayEdit && (
        <div className="k-actions">
          <Button onPress={() => setSlots([...slots, { key: newKey(), slot: '', offerId: '', par: null, capacity: null, shelf: slots.at(-1)?.shelf ?? '', code: '' }])}>{texts.addSlot}</Button>
          <Button look="main" isDisabled={!isWhole || !isTouched || editing.newer !== undefined} isBusy={writing.isBusy} onPress={() => void publish()}>{texts.publish}</Button>
          {isOwn && scope !== 'all' && <Button isDisabled={editing.newer !== undefined} isBusy={withdrawing.isBusy} onPress={() => void withdraw()}>{texts.withdraw}</Button>}
          {loaded.templates.some((one) => one.scope !== scope) && <ComboField key={template} label={texts.template} value="" items={scopeItems(loaded, texts).filter(({ id }) => id !== scope && loaded.templates.some((one) => one.scope === id))} onChange={(from) => { if (from !== '') void copy(from); }} />}
        </div>
      )}
    </>
  );
}

type Fault = 'missing' | 'twice' | 'tooMuch';

function faultsOf(slot: SlotDraft, slots: readonly SlotDraft[], index: number): { readonly slot?: Fault | undefined; readonly offerId?: Fault | undefined; readonly par?: Fault | undefined; readonly capacity?: Fault | undefined } {
  return {
    slot: slot.slot.trim() === '' ? 'missing' : slots.some((other, at) => at < index && other.slot.trim() === slot.slot.trim()) ? 'twice' : undefined,
    offerId: slot.offerId === '' ? 'missing' : undefined,
    par: slot.par === null ? 'missing' : slot.capacity !== null && slot.par > slot.capacity ? 'tooMuch' : undefined,
    capacity: slot.capacity === null ? 'missing' : undefined,
  };
}

/** Keys by place: of the same planogram, read again, they are the same. */
function draftOf({ slot, offerId, par, capacity, shelf = '', code = '' }: PlanogramSlot, place: number): SlotDraft {
  return { key: `read ${place}`, slot, offerId, par, capacity, shelf, code };
}

function slotOf({ slot, offerId, par, capacity, shelf, code }: SlotDraft): PlanogramSlot {
  return { slot: slot.trim(), offerId, par: par ?? 0, capacity: capacity ?? 0, ...(shelf.trim() === '' ? {} : { shelf: shelf.trim() }), ...(code.trim() === '' ? {} : { code: code.trim() }) };
}

function saidBySlots(slots: readonly SlotDraft[]): readonly PlanogramSlot[] {
  return slots.map(slotOf);
}

function newKey(): string {
  return crypto.randomUUID?.() ?? String(Math.random());
}
