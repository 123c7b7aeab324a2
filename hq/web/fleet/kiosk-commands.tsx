import type { CommandRowOut } from '../../contract/api/fleet.ts';
import { cancelCommand, listCommandsRoute, readKioskRoute, readScreenshot } from '../../contract/api/fleet.ts';
import { addressOf } from '../../contract/api/route.ts';
import { useMe } from '../api/me.tsx';
import { useAct, useApi } from '../api/use-api.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { formatFullTime } from '../i18n/times.ts';
import { useAreaTexts, useLanguage } from '../i18n/use-texts.tsx';
import type { Tone } from '../ui/badge.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import type { Column } from '../ui/data-table.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Loading, Trouble } from '../ui/trouble.tsx';
import type { KioskInFull } from './kiosk-page.tsx';

export function KioskCommands({ kiosk: { row: { kioskId }, screenshots } }: { readonly kiosk: KioskInFull }) {
  const texts = useAreaTexts(fleetTexts);
  const { language } = useLanguage();
  const { may } = useMe();
  const { data, error, refetch } = useApi(listCommandsRoute, { params: { kiosk: kioskId } }, { everyMs: 5000 });
  const cancel = useAct(cancelCommand, { done: texts.cancelled, invalidates: [listCommandsRoute, readKioskRoute] });
  const columns: readonly Column<CommandRowOut>[] = [
    { id: 'kind', name: texts.what, isRowHeader: true, cell: ({ kind }) => <CommandName kind={kind} /> },
    { id: 'state', name: texts.state, cell: (command) => <CommandState command={command} /> },
    { id: 'detail', name: texts.result, cell: ({ detail, answeredAt }) => <>{detail ? <span className="k-mono">{detail.slice(0, 400)}</span> : '–'}{answeredAt !== null && <span className="k-other"><Time at={answeredAt} /></span>}</> },
    { id: 'given', name: texts.given, cell: ({ createdAt }) => <Time at={createdAt} />, hideBelow: 'narrow' },
    { id: 'by', name: texts.by, cell: ({ createdBy }) => createdBy, hideBelow: 'medium' },
    { id: 'act', name: '', cell: ({ kind, state, commandId }) => (state === 'waiting' && kind !== 'service_result' && may('fleet.steer') ? <Button onPress={() => void cancel.act({ params: { kiosk: kioskId, command: commandId } })}>{texts.cancelCommand}</Button> : null) },
  ];
  return (
    <>
      <Trouble failure={cancel.failure ?? error} onAgain={() => void refetch()} />
      <Section title={texts.commands}>
        {data ? <DataTable label={texts.commands} rows={data.commands} columns={columns} rowKey={({ commandId }) => commandId} empty={<p className="k-note">{texts.noCommands}</p>} /> : !error && <Loading />}
      </Section>
      {may('fleet.steer') && (
        <Section title={texts.screenshot}>
          {screenshots.length === 0 ? <p className="k-note">{texts.noScreenshots}</p> : (
            <ul className="fleet-pictures">
              {screenshots.map(({ commandId, takenAt }) => {
                const href = addressOf(readScreenshot.path, { kiosk: kioskId, command: commandId });
                return <li key={commandId}><a href={href} target="_blank" rel="noreferrer"><img src={href} alt={texts.screenshotOf(formatFullTime(takenAt, language))} loading="lazy" /></a><Time at={takenAt} /></li>;
              })}
            </ul>
          )}
        </Section>
      )}
    </>
  );
}

export function CommandName({ kind }: { readonly kind: string }) {
  const texts = useAreaTexts(fleetTexts);
  return (texts.command as Readonly<Record<string, string>>)[kind] ?? texts.otherCommands[kind] ?? kind;
}

const tones: Readonly<Record<string, Tone>> = { waiting: 'warn', delivered: 'warn', done: 'good', failed: 'bad', refused: 'bad', expired: 'quiet', cancelled: 'quiet' };

export function CommandState({ command: { state, outcome, deliveredAt } }: { readonly command: CommandRowOut }) {
  const texts = useAreaTexts(fleetTexts);
  const name = state === 'answered' ? (outcome ?? 'done') : state === 'waiting' && deliveredAt !== null ? 'delivered' : state;
  return <Badge tone={tones[name] ?? 'quiet'}>{(texts.commandState as Readonly<Record<string, string>>)[name] ?? name}</Badge>;
}
