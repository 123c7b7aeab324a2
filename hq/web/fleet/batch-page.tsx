import './fleet.css';
import { useParams } from 'wouter';
import { readBatch } from '../../contract/api/fleet.ts';
import { useApi } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { kioskPath } from './paths.ts';
import { CommandName, CommandState } from './kiosk-commands.tsx';

/** What came of a command to many, a result a kiosk. */
export function BatchPage() {
  const texts = useAreaTexts(fleetTexts);
  const { batch } = useParams<{ batch: string }>();
  const { data, error, refetch } = useApi(readBatch, { params: { batch } }, { everyMs: 3000 });
  const rows = data?.commands ?? [];
  const done = rows.filter(({ outcome }) => outcome === 'done').length;
  const waiting = rows.filter(({ state }) => state === 'waiting').length;
  return (
    <Page title={texts.batchTitle} lead={<span role="status">{texts.batchSummary(done, waiting, rows.length - done - waiting)}</span>} actions={<ButtonLink to="/fleet">{texts.title}</ButtonLink>}>
      <Trouble failure={error} onAgain={() => void refetch()} />
      {!data ? !error && <Loading /> : (
        <DataTable
          label={texts.batchTitle} rows={rows} rowKey={({ commandId }) => commandId} href={({ kioskId }) => kioskPath(kioskId, 'commands')}
          columns={[
            { id: 'kiosk', name: texts.kiosk, isRowHeader: true, cell: ({ kioskName, kioskId }) => <>{kioskName}{kioskName !== kioskId && <span className="k-other">{kioskId}</span>}</> },
            { id: 'kind', name: texts.what, cell: ({ kind }) => <CommandName kind={kind} /> },
            { id: 'state', name: texts.state, cell: (command) => <CommandState command={command} /> },
            { id: 'detail', name: texts.result, cell: ({ detail }) => detail ? <span className="k-mono">{detail.slice(0, 200)}</span> : '–' },
            { id: 'at', name: texts.time, cell: ({ answeredAt, createdAt }) => <Time at={answeredAt ?? createdAt} />, hideBelow: 'narrow' },
          ]}
        />
      )}
    </Page>
  );
}
