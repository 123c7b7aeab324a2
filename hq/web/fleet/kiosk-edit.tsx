import { listFleet, listGroups, listPlaces, readKioskRoute, updateKiosk } from '../../contract/api/fleet.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { NewerVersion } from '../edit/newer-version.tsx';
import { useEditing } from '../edit/use-editing.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, ComboField, NumberField, TextField } from '../ui/field.tsx';
import { Trouble } from '../ui/trouble.tsx';
import type { KioskInFull } from './kiosk-page.tsx';

const zones = Intl.supportedValuesOf('timeZone').map((id) => ({ id, name: id }));

interface Typed { readonly name: string; readonly place: string; readonly timeZone: string; readonly latitude: number | null; readonly longitude: number | null; readonly groups: readonly string[] }

export function EditKioskDialog({ kiosk, onClose }: { readonly kiosk: KioskInFull; readonly onClose: () => void }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const { row } = kiosk;
  const editing = useEditing<Typed>({
    version: kiosk.written.version, by: kiosk.written.changedBy, at: kiosk.written.changedAt,
    value: { name: row.name, place: row.place, timeZone: kiosk.timeZone, latitude: kiosk.latitude, longitude: kiosk.longitude, groups: row.groups.map(({ groupId }) => groupId).sort() },
  }, (of) => ({ ...of, name: of.name.trim(), place: of.place.trim(), groups: [...of.groups].sort() }));
  const { value: typed, over, newer, set } = editing;
  const { name, place, timeZone, latitude, longitude, groups } = typed;
  const all = useApi(listGroups).data?.groups ?? [];
  const save = useAct(updateKiosk, { done: texts.saved, invalidates: [readKioskRoute, listFleet, listPlaces, listGroups] });
  const go = async () => {
    // What was left as it was is left to whoever changes it meanwhile. A position is two numbers.
    const changed = Object.fromEntries(Object.entries({ ...typed, name: name.trim(), place: place.trim() }).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(over.value[field as keyof Typed])));
    const body = { version: over.version, ...changed, ...('latitude' in changed || 'longitude' in changed ? { latitude, longitude } : {}) };
    if (await save.act({ params: { kiosk: row.kioskId }, body })) onClose();
  };
  const lines = (of: Typed) => ({
    [texts.name]: of.name, [texts.place]: of.place, [texts.zone]: of.timeZone, [texts.latitude]: String(of.latitude ?? ''), [texts.longitude]: String(of.longitude ?? ''),
    [texts.groups]: of.groups.map((id) => all.find(({ groupId }) => groupId === id)?.name ?? id).join(', '),
  });
  const isHalf = (latitude === null) !== (longitude === null);
  return (
    <Dialog title={texts.edit} isOpen onClose={onClose} actions={<><Button onPress={onClose}>{ui.cancel}</Button><Button look="main" isBusy={save.isBusy} isDisabled={name.trim() === '' || isHalf || newer !== undefined} onPress={() => void go()}>{ui.save}</Button></>}>
      <TextField label={texts.name} value={name} onChange={(next) => set({ ...typed, name: next })} isRequired maxLength={80} />
      <TextField label={texts.place} value={place} onChange={(next) => set({ ...typed, place: next })} maxLength={120} />
      <ComboField label={texts.zone} items={zones} value={timeZone} onChange={(next) => set({ ...typed, timeZone: next })} />
      <div className="k-form-row">
        <NumberField label={texts.latitude} value={latitude} onChange={(next) => set({ ...typed, latitude: next })} min={-90} max={90} step={0.0001} />
        <NumberField label={texts.longitude} value={longitude} onChange={(next) => set({ ...typed, longitude: next })} min={-180} max={180} step={0.0001} />
      </div>
      {all.length > 0 && (
        <fieldset>
          <legend className="k-label">{texts.groups}</legend>
          <div className="fleet-members">
            {all.map(({ groupId, name: groupName }) => (
              <Checkbox key={groupId} value={groups.includes(groupId)} onChange={(on) => set({ ...typed, groups: on ? [...groups, groupId] : groups.filter((id) => id !== groupId) })}>{groupName}</Checkbox>
            ))}
          </div>
        </fieldset>
      )}
      {newer ? <NewerVersion editing={editing} lines={lines} onDecided={save.forget} /> : <Trouble failure={save.failure} />}
    </Dialog>
  );
}
