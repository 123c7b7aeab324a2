import { useState } from 'react';
import { listFleet, listGroups, listPlaces, readKioskRoute, updateKiosk } from '../../contract/api/fleet.ts';
import { useAct, useApi } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, ComboField, NumberField, TextField } from '../ui/field.tsx';
import { Trouble } from '../ui/trouble.tsx';
import type { KioskInFull } from './kiosk-page.tsx';

const zones = Intl.supportedValuesOf('timeZone').map((id) => ({ id, name: id }));

export function EditKioskDialog({ kiosk, onClose }: { readonly kiosk: KioskInFull; readonly onClose: () => void }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const { row } = kiosk;
  const [name, setName] = useState(row.name);
  const [place, setPlace] = useState(row.place);
  const [timeZone, setTimeZone] = useState(kiosk.timeZone);
  const [latitude, setLatitude] = useState(kiosk.latitude);
  const [longitude, setLongitude] = useState(kiosk.longitude);
  const [groups, setGroups] = useState<readonly string[]>(row.groups.map(({ groupId }) => groupId));
  const all = useApi(listGroups).data?.groups ?? [];
  const save = useAct(updateKiosk, { done: texts.saved, invalidates: [readKioskRoute, listFleet, listPlaces, listGroups] });
  const go = async () => {
    if (await save.act({ params: { kiosk: row.kioskId }, body: { name: name.trim(), place: place.trim(), timeZone, latitude, longitude, groups: [...groups] } })) onClose();
  };
  const isHalf = (latitude === null) !== (longitude === null);
  return (
    <Dialog title={texts.edit} isOpen onClose={onClose} actions={<><Button onPress={onClose}>{ui.cancel}</Button><Button look="main" isBusy={save.isBusy} isDisabled={name.trim() === '' || isHalf} onPress={() => void go()}>{ui.save}</Button></>}>
      <TextField label={texts.name} value={name} onChange={setName} isRequired maxLength={80} />
      <TextField label={texts.place} value={place} onChange={setPlace} maxLength={120} />
      <ComboField label={texts.zone} items={zones} value={timeZone} onChange={setTimeZone} />
      <div className="k-form-row">
        <NumberField label={texts.latitude} value={latitude} onChange={setLatitude} min={-90} max={90} step={0.0001} />
        <NumberField label={texts.longitude} value={longitude} onChange={setLongitude} min={-180} max={180} step={0.0001} />
      </div>
      {all.length > 0 && (
        <fieldset>
          <legend className="k-label">{texts.groups}</legend>
          <div className="fleet-members">
            {all.map(({ groupId, name: groupName }) => (
              <Checkbox key={groupId} value={groups.includes(groupId)} onChange={(on) => setGroups(on ? [...groups, groupId] : groups.filter((id) => id !== groupId))}>{groupName}</Checkbox>
            ))}
          </div>
        </fieldset>
      )}
      <Trouble failure={save.failure} />
    </Dialog>
  );
}
