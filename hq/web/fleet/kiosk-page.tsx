import './fleet.css';
import { useState } from 'react';
import { useParams } from 'wouter';
import type { SteerKind } from '../../contract/api/fleet.ts';
import { giveCommand, listCommandsRoute, readKioskRoute } from '../../contract/api/fleet.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { useFilters } from '../ui/use-filters.ts';
import { CommandDialog } from './command-dialog.tsx';
import { KioskCommands } from './kiosk-commands.tsx';
import { KioskDevices } from './kiosk-devices.tsx';
import { KioskDocuments } from './kiosk-documents.tsx';
import { EditKioskDialog } from './kiosk-edit.tsx';
import { KioskHistory } from './kiosk-history.tsx';
import { CloneNotice, KioskIdentity } from './kiosk-identity.tsx';
import { KioskLog } from './kiosk-log.tsx';
import { KioskNow } from './kiosk-now.tsx';
import { KioskStaffActs } from './kiosk-staff-acts.tsx';
import { StateBadge } from './state-badge.tsx';

export type KioskInFull = ApiAnswer<typeof readKioskRoute>;

const refreshMs = 15_000;
const tabIds = ['now', 'devices', 'log', 'commands', 'documents', 'staff', 'history', 'identity'] as const;
const tabSchema = {
  shape: { tab: true },
  safeParse: (value: unknown) => {
    const { tab } = value as { tab?: unknown };
    return { success: true, data: { tab: tabIds.find((id) => id === tab) ?? 'now' } } as const;
  },
};

/** One kiosk in full. */
export function KioskPage() {
  const { kiosk: kioskId } = useParams<{ kiosk: string }>();
  return <OneKiosk key={kioskId} kioskId={kioskId} />;
}

function OneKiosk({ kioskId }: { readonly kioskId: string }) {
  const texts = useAreaTexts(fleetTexts);
  const { may } = useMe();
  const { data, error, refetch } = useApi(readKioskRoute, { params: { kiosk: kioskId as never } }, { everyMs: refreshMs });
  const [{ tab }, setTab] = useFilters<{ readonly tab: string }>(tabSchema);
  const [open, setOpen] = useState<SteerKind | 'edit'>();
  if (!data) {
    return (
      <Page title={kioskId}>
        {error?.kind === 'not_found' || error?.kind === 'invalid' ? <Empty title={texts.unknownKiosk} text={kioskId} action={<ButtonLink to="/fleet">{texts.title}</ButtonLink>} /> : error ? <Trouble failure={error} onAgain={() => void refetch()} /> : <Loading />}
      </Page>
    );
  }
  const { row } = data;
  const paused = row.state === 'paused';
  const items = [
    { id: 'now', name: texts.now, content: <KioskNow kiosk={data} /> },
    { id: 'devices', name: texts.devices, content: <KioskDevices kiosk={data} /> },
    ...(may('logs.see') ? [{ id: 'log', name: texts.log, content: <KioskLog kioskId={kioskId} /> }] : []),
    { id: 'commands', name: texts.commands, content: <KioskCommands kiosk={data} /> },
    { id: 'documents', name: texts.documents, content: <KioskDocuments kiosk={data} /> },
    ...(may('acts.see') ? [{ id: 'staff', name: texts.staffActs, content: <KioskStaffActs kioskId={kioskId} /> }] : []),
    { id: 'history', name: texts.history, content: <KioskHistory kioskId={kioskId} /> },
    { id: 'identity', name: texts.identity, content: <KioskIdentity kiosk={data} /> },
  ];
  return (
    <Page
      title={row.name}
      lead={<span className="k-marks"><StateBadge state={row.state} /><span>{[row.name === kioskId ? '' : kioskId, row.place, ...row.groups.map(({ name }) => name)].filter(Boolean).join(', ')}</span></span>}
      actions={(
        <>
          <ButtonLink to={`/orders?kiosk=${kioskId}`}>{texts.orders}</ButtonLink>
          <ButtonLink to={`/stock?kiosk=${kioskId}`}>{texts.stock}</ButtonLink>
          {may('fleet.enrol') && <Button onPress={() => setOpen('edit')}>{texts.edit}</Button>}
          {may('fleet.steer') && (paused ? <ResumeButton kioskId={kioskId} /> : <Button onPress={() => setOpen('pause')}>{texts.command.pause}</Button>)}
          {may('fleet.steer') && <Button look="main" onPress={() => setOpen('send_logs')}>{texts.give}</Button>}
        </>
      )}
    >
      <Trouble failure={error} />
      {row.isCloned && <CloneNotice kioskId={kioskId} />}
      <Tabs label={texts.tabs} items={items} selected={items.some(({ id }) => id === tab) ? tab : 'now'} onSelect={(id) => setTab({ tab: id === 'now' ? '' : id }, { replace: true })} />
      {open === 'edit' && <EditKioskDialog kiosk={data} onClose={() => setOpen(undefined)} />}
      {open !== undefined && open !== 'edit' && <CommandDialog kioskId={kioskId} kind={open} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}

function ResumeButton({ kioskId }: { readonly kioskId: string }) {
  const texts = useAreaTexts(fleetTexts);
  const give = useAct(giveCommand, { done: texts.commandGiven, invalidates: [listCommandsRoute] });
  return <Button isBusy={give.isBusy} onPress={() => void give.act({ params: { kiosk: kioskId as never }, body: { command: { kind: 'resume', params: {} }, validMinutes: 60 } })}>{texts.command.resume}</Button>;
}
