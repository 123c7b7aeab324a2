import { useState } from 'react';
import type { ReactNode } from 'react';
import { QrCode } from '../../../renderer/ui/qr-code.tsx';
import { addKiosk, listFleet } from '../../contract/api/fleet.ts';
import { useAct } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { formatFullTime } from '../i18n/times.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { toast } from '../ui/toaster.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { kioskPath } from './paths.ts';

export interface EnrolmentCode {
  readonly code: string;
  readonly expiresAt: number;
}

export function AddKioskDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return isOpen ? <AddKiosk onClose={onClose} /> : null;
}

function AddKiosk({ onClose }: { readonly onClose: () => void }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const [kioskId, setKioskId] = useState('');
  const [name, setName] = useState('');
  const [minutes, setMinutes] = useState('60');
  const [made, setMade] = useState<EnrolmentCode>();
  const add = useAct(addKiosk, { invalidates: [listFleet], done: (code) => setMade(code) });
  const isIdRight = /^[a-z0-9][a-z0-9-]{1,40}$/.test(kioskId);
  if (made) return <CodeDialog made={made} onClose={onClose} more={<ButtonLink to={kioskPath(kioskId, 'identity')}>{texts.identity}</ButtonLink>} />;
  return (
    <Dialog
      title={texts.addTitle} isOpen onClose={onClose}
      actions={<><Button onPress={onClose}>{ui.cancel}</Button><Button look="main" isBusy={add.isBusy} isDisabled={!isIdRight || name.trim() === ''} onPress={() => void add.act({ body: { kioskId: kioskId as never, name: name.trim(), minutes: Number(minutes) } })}>{texts.make}</Button></>}
    >
      <p className="k-note">{texts.addText}</p>
      <TextField label={texts.kioskId} value={kioskId} onChange={(typed) => setKioskId(typed.toLowerCase().trim())} hint={texts.kioskIdHint} isRequired autoFocus error={kioskId === '' || isIdRight ? undefined : texts.kioskIdHint} />
      <TextField label={texts.name} value={name} onChange={setName} isRequired maxLength={80} />
      <SelectField label={texts.codeFor} items={texts.validFor.slice(1).map(([id, words]) => ({ id, name: words }))} value={minutes} onChange={setMinutes} />
      <Trouble failure={add.failure} />
    </Dialog>
  );
}

/** Shown once: HQ itself keeps only a hash. */
export function CodeDialog({ made: { code, expiresAt }, onClose, more }: { readonly made: EnrolmentCode; readonly onClose: () => void; readonly more?: ReactNode }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const { language } = useLanguage();
  const copy = () => void navigator.clipboard?.writeText(code).then(() => toast(texts.copied));
  return (
    <Dialog title={texts.codeTitle} isOpen onClose={onClose} actions={<>{more}<Button onPress={copy}>{texts.copy}</Button><Button look="main" onPress={onClose}>{ui.done}</Button></>}>
      <p>{texts.codeText(formatFullTime(expiresAt, language))}</p>
      <div className="fleet-code">
        <strong>{code}</strong>
        <div className="fleet-code-qr"><QrCode data={code} label={texts.codeQr} /></div>
      </div>
      <p className="k-note"><Icon name="lock" /> {texts.compareText}</p>
    </Dialog>
  );
}
