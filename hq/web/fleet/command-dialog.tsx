import { useState } from 'react';
import type { SteerKind } from '../../contract/api/fleet.ts';
import { giveCommand, giveManyCommands, listCommandsRoute, readKioskRoute, steerKinds } from '../../contract/api/fleet.ts';
import { useAct } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { NumberField, SelectField, TextField } from '../ui/field.tsx';
import { Trouble } from '../ui/trouble.tsx';

interface CommandDialogProps {
  /** One kiosk; without it, a group or all. */
  readonly kioskId?: string;
  readonly kind?: SteerKind;
  readonly groups?: readonly { readonly groupId: string; readonly name: string }[];
  readonly onClose: () => void;
  readonly onBatch?: (batchId: string) => void;
}

export function CommandDialog({ kioskId, kind: firstKind = 'pause', groups = [], onClose, onBatch }: CommandDialogProps) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const [kind, setKind] = useState<SteerKind>(firstKind);
  const [to, setTo] = useState(groups[0]?.groupId ?? 'all');
  const [valid, setValid] = useState('15');
  const [minutes, setMinutes] = useState<number | null>(10);
  const [notice, setNotice] = useState({ zh: '', en: '' });
  const one = useAct(giveCommand, { done: texts.commandGiven, invalidates: [listCommandsRoute, readKioskRoute] });
  const many = useAct(giveManyCommands, { done: texts.commandGiven });
  const isNoticeHalf = (notice.zh.trim() === '') !== (notice.en.trim() === '');

  const command = () => {
    if (kind === 'pause') return { kind, params: notice.zh.trim() === '' ? {} : { notice: { zh: notice.zh.trim(), en: notice.en.trim() } } } as const;
    if (kind === 'send_logs') return { kind, params: { minutes: minutes ?? 10 } } as const;
    if (kind === 'follow_logs') return { kind, params: { minutes: Math.min(30, minutes ?? 10) } } as const;
    return { kind, params: {} } as const;
  };
  const send = async () => {
    const body = { command: command(), validMinutes: Number(valid) };
    if (kioskId !== undefined) {
      if (await one.act({ params: { kiosk: kioskId as never }, body })) onClose();
      return;
    }
    const given = await many.act({ body: { to: to === 'all' ? 'all' : { group: to }, ...body } });
    if (given) onBatch?.(given.batchId);
  };
  return (
    <Dialog
      title={texts.give} isOpen onClose={onClose}
      actions={<><Button onPress={onClose}>{ui.cancel}</Button><Button look="main" isBusy={one.isBusy || many.isBusy} isDisabled={kind === 'pause' && isNoticeHalf} onPress={() => void send()}>{texts.command[kind]}</Button></>}
    >
      {kioskId === undefined && <SelectField label={texts.toWhom} items={[...groups.map(({ groupId, name }) => ({ id: groupId, name })), { id: 'all', name: texts.allKiosks }]} value={to} onChange={setTo} />}
      <SelectField label={texts.what} items={steerKinds.map((id) => ({ id, name: texts.command[id] }))} value={kind} onChange={(id) => setKind(id as SteerKind)} hint={texts.commandHelp[kind]} />
      {kind === 'pause' && (
        <div className="k-form-row">
          <TextField label={texts.noticeZh} value={notice.zh} onChange={(zh) => setNotice({ ...notice, zh })} maxLength={200} hint={texts.noticeHint} />
          <TextField label={texts.noticeEn} value={notice.en} onChange={(en) => setNotice({ ...notice, en })} maxLength={200} />
        </div>
      )}
      {(kind === 'send_logs' || kind === 'follow_logs') && <NumberField label={texts.minutes} value={minutes} onChange={setMinutes} min={1} max={kind === 'follow_logs' ? 30 : 10_080} />}
      <SelectField label={texts.valid} items={texts.validFor.map(([id, name]) => ({ id, name }))} value={valid} onChange={setValid} />
      <Trouble failure={one.failure ?? many.failure} />
    </Dialog>
  );
}
