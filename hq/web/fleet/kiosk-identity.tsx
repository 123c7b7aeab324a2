import { useState } from 'react';
import { shownFingerprint } from '../../../domain/sync/fingerprint.ts';
import { approveKiosk, listFleet, makeKioskCode, readKioskRoute, reinstateKiosk, revokeKiosk } from '../../contract/api/fleet.ts';
import { useMe } from '../api/me.tsx';
import { useAct } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { uiTexts } from '../i18n/areas/ui.ts';
import { formatFullTime } from '../i18n/times.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox } from '../ui/field.tsx';
import { Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Trouble } from '../ui/trouble.tsx';
import type { EnrolmentCode } from './add-kiosk.tsx';
import { CodeDialog } from './add-kiosk.tsx';
import type { KioskInFull } from './kiosk-page.tsx';

const tones = { waiting: 'warn', approved: 'good', revoked: 'quiet' } as const;

/** By which key the machine is known, and who let it in. */
export function KioskIdentity({ kiosk: { row: { kioskId, name }, keys, codeExpiresAt } }: { readonly kiosk: KioskInFull }) {
  const texts = useAreaTexts(fleetTexts);
  const { language } = useLanguage();
  const { may } = useMe();
  const [compared, setCompared] = useState<string>();
  const [made, setMade] = useState<EnrolmentCode>();
  const [isRevoking, setRevoking] = useState(false);
  const params = { kiosk: kioskId };
  const invalidates = [readKioskRoute, listFleet];
  const code = useAct(makeKioskCode, { invalidates, done: (answer) => setMade(answer) });
  const reinstated = useAct(reinstateKiosk, { invalidates, done: texts.reinstated });
  const canReinstate = !keys.some(({ state }) => state === 'approved') && keys.some(({ state, approvedAt }) => state === 'revoked' && approvedAt !== null);
  return (
    <Section
      title={texts.keys}
      actions={may('fleet.enrol') && (
        <>
          <Button isBusy={code.isBusy} onPress={() => void code.act({ params, body: { minutes: 60 } })}>{texts.newCode}</Button>
          {canReinstate && <Button isBusy={reinstated.isBusy} onPress={() => void reinstated.act({ params, body: {} })}>{texts.reinstate}</Button>}
          {(keys.some(({ state }) => state !== 'revoked') || codeExpiresAt !== null) && <Button look="danger" onPress={() => setRevoking(true)}>{texts.revoke}</Button>}
        </>
      )}
    >
      <Trouble failure={code.failure ?? reinstated.failure} />
      {codeExpiresAt !== null && <p className="k-note">{texts.codeGood(formatFullTime(codeExpiresAt, language))}</p>}
      <DataTable
        label={texts.keys} rows={keys} rowKey={({ fingerprint }) => fingerprint} empty={<p className="k-note">{texts.noKeys}</p>}
        columns={[
          { id: 'fingerprint', name: texts.fingerprint, isRowHeader: true, cell: ({ fingerprint }) => <span className="k-mono">{shownFingerprint(fingerprint)}</span> },
          { id: 'state', name: texts.state, cell: ({ state }) => <Badge tone={tones[state]}>{texts.keyState[state]}</Badge> },
          { id: 'app', name: texts.version, cell: ({ app }) => app, hideBelow: 'narrow' },
          { id: 'at', name: texts.time, cell: ({ enrolledAt }) => <Time at={enrolledAt} /> },
          { id: 'act', name: '', cell: ({ state, fingerprint }) => (state === 'waiting' && may('fleet.enrol') ? <Button onPress={() => setCompared(fingerprint)}>{texts.compare}</Button> : null) },
        ]}
      />
      {made && <CodeDialog made={made} onClose={() => setMade(undefined)} />}
      {compared !== undefined && <CompareDialog kioskId={kioskId} fingerprint={compared} onClose={() => setCompared(undefined)} />}
      {isRevoking && <RevokeDialog kioskId={kioskId} name={name} onClose={() => setRevoking(false)} />}
    </Section>
  );
}

function CompareDialog({ kioskId, fingerprint, onClose }: { readonly kioskId: string; readonly fingerprint: string; readonly onClose: () => void }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const [isSame, setSame] = useState(false);
  const approve = useAct(approveKiosk, { invalidates: [readKioskRoute, listFleet], done: texts.approved });
  const go = async () => {
    if (await approve.act({ params: { kiosk: kioskId as never }, body: { fingerprint } })) onClose();
  };
  return (
    <Dialog title={texts.compare} isOpen onClose={onClose} actions={<><Button onPress={onClose}>{ui.cancel}</Button><Button look="main" isDisabled={!isSame} isBusy={approve.isBusy} onPress={() => void go()}>{texts.approve}</Button></>}>
      <p>{texts.compareText}</p>
      <p className="fleet-fingerprint">{shownFingerprint(fingerprint)}</p>
      <Checkbox value={isSame} onChange={setSame}>{texts.isSame}</Checkbox>
      <Trouble failure={approve.failure} />
    </Dialog>
  );
}

function RevokeDialog({ kioskId, name, onClose }: { readonly kioskId: string; readonly name: string; readonly onClose: () => void }) {
  const texts = useAreaTexts(fleetTexts);
  const ui = useAreaTexts(uiTexts);
  const revoke = useAct(revokeKiosk, { invalidates: [readKioskRoute, listFleet], done: texts.revoked });
  const go = async () => {
    if (await revoke.act({ params: { kiosk: kioskId as never } })) onClose();
  };
  return (
    <Dialog title={texts.revokeTitle(name)} isOpen onClose={onClose} actions={<><Button onPress={onClose}>{ui.cancel}</Button><Button look="danger" isBusy={revoke.isBusy} onPress={() => void go()}>{texts.revoke}</Button></>}>
      <p>{texts.revokeText}</p>
      <Trouble failure={revoke.failure} />
    </Dialog>
  );
}

/** Nothing is taken from the kiosk until a person has decided. */
export function CloneNotice({ kioskId }: { readonly kioskId: string }) {
  const texts = useAreaTexts(fleetTexts);
  const { may } = useMe();
  const reinstate = useAct(reinstateKiosk, { invalidates: [readKioskRoute, listFleet], done: texts.reinstated });
  return (
    <div className="k-trouble" role="alert">
      <p><strong>{texts.cloneTitle}</strong> {texts.cloneText}</p>
      {may('fleet.enrol') && <Button isBusy={reinstate.isBusy} onPress={() => void reinstate.act({ params: { kiosk: kioskId as never }, body: {} })}>{texts.cloneDone}</Button>}
      <Trouble failure={reinstate.failure} />
    </div>
  );
}
