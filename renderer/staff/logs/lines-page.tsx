import { useState } from 'react';
import type { LogEntry } from '../../../domain/contract/staff.ts';
import type { LogSpan, LogWeight } from '../../i18n/areas/staff-logs.ts';
import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { ChoiceGroup } from '../../ui/choice-group.tsx';
import { CrossIcon, SearchIcon } from '../../ui/icons.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { Button } from '../button.tsx';
import { useStaff } from '../staff-context.tsx';
import { StaffPage } from '../staff-page.tsx';
import { ExportSheet } from './export-sheet.tsx';
import type { LogChoice } from './log-filter.ts';
import { logTime } from './log-filter.ts';
import { LineRow } from './line-row.tsx';
import { LineSheet } from './line-sheet.tsx';
import { SearchSheet } from './search-sheet.tsx';
import { SourceSheet } from './source-sheet.tsx';
import { useLog } from './use-log.ts';
import { ViewChoice } from './view-choice.tsx';

export interface LinesPageProps {
  readonly choice: LogChoice;
  readonly onChoice: (choice: LogChoice) => void;
  readonly open: LogEntry | undefined;
  readonly onOpen: (entry: LogEntry | undefined) => void;
  readonly onView: (view: 'lines' | 'faults') => void;
  readonly onTrail: (orderId: string) => void;
}

const weights: readonly LogWeight[] = ['all', 'warn', 'error'];
const spans: readonly LogSpan[] = ['hour', 'day', 'week', 'all'];

/** Lines, newest first, under filters that stay; followed live where it is wanted. */
export function LinesPage({ choice, onChoice, open, onOpen, onView, onTrail }: LinesPageProps) {
  const { language, member, timeZone, words } = useStaff();
  const text = staffLogsWords[language];
  const [isFollowing, setFollowing] = useState(false);
  const [sheet, setSheet] = useState<'search' | 'source' | 'export' | undefined>(undefined);
  const log = useLog(choice, isFollowing);
  const change = (part: Partial<LogChoice>) => onChoice({ ...choice, ...part });
  const chips: readonly (readonly [string, Partial<LogChoice>])[] = [
    ...(choice.text === '' ? [] : [[text.searching(choice.text), { text: '' }] as const]),
    ...(choice.orderId === undefined ? [] : [[text.ofOrder, { orderId: undefined }] as const]),
    ...(choice.code === undefined ? [] : [[text.ofCode(choice.code), { code: undefined }] as const]),
    ...(choice.event === undefined ? [] : [[text.ofEvent(choice.event), { event: undefined }] as const]),
  ];
  const oldest = log.entries.at(-1);

  return (
    <StaffPage
      title={text.title}
      beside={<p className="log-count">{text.count(log.entries.length, Math.ceil(log.tookMs))}</p>}
      actions={
        <>
          <Toggle className="log-follow" on={isFollowing} onChange={setFollowing} onWord={text.following} offWord={text.notFollowing}>
            {text.follow}
          </Toggle>
          {member.acts.includes('logs.export') ? (
            <Button look="main" onPress={() => setSheet('export')}>
              {text.export}
            </Button>
          ) : null}
        </>
      }
    >
      <ViewChoice view="lines" onView={onView} />
      <div className="log-filters">
        <ChoiceGroup className="log-choice" label={text.weight} value={choice.weight} onChange={(weight) => change({ weight })} items={weights.map((id) => ({ id, content: text.weights[id] }))} />
        <ChoiceGroup className="log-choice" label={text.span} value={choice.span} onChange={(span) => change({ span })} items={spans.map((id) => ({ id, content: text.spans[id] }))} />
        <div className="log-filters__row">
          <Button onPress={() => setSheet('source')}>
            {text.source}: {choice.source === undefined ? text.allSources : text.sourceName(choice.source)}
          </Button>
          <Button onPress={() => setSheet('search')}>
            <SearchIcon />
            <span>{text.search}</span>
          </Button>
          {chips.map(([name, without]) => (
            <Button key={name} className="log-chip" label={text.drop(name)} onPress={() => change(without)}>
              <span>{name}</span>
              <CrossIcon />
            </Button>
          ))}
        </div>
      </div>
      {log.trouble ? (
        <div className="staff-page__trouble">
          <Notice tone="bad">{log.trouble.text}</Notice>
          <Button onPress={log.again}>{words.common.again}</Button>
        </div>
      ) : null}
      {log.entries.length === 0 && !log.isLoading && log.next === undefined && !log.trouble ? <p className="log-none">{text.none}</p> : null}
      <ol className="log-lines" aria-label={text.title}>
        {log.entries.map((entry) => (
          <li key={entry.id}>
            <LineRow entry={entry} onOpen={onOpen} />
          </li>
        ))}
      </ol>
      {log.next === undefined || log.trouble ? null : (
        <div className="log-more">
          {oldest ? <p>{text.lookedBack(logTime(oldest.at, timeZone))}</p> : null}
          <Button onPress={log.more} busy={log.isLoading}>
            {log.entries.length === 0 ? text.goOn : text.older}
          </Button>
        </div>
      )}
      {open ? <LineSheet entry={open} onClose={() => onOpen(undefined)} onTrail={onTrail} onFilter={(part) => (onOpen(undefined), change(part))} /> : null}
      {sheet === 'search' ? <SearchSheet value={choice.text} onClose={() => setSheet(undefined)} onText={(value) => (setSheet(undefined), change({ text: value }))} /> : null}
      {sheet === 'source' ? <SourceSheet value={choice.source} sources={log.sources} onClose={() => setSheet(undefined)} onSource={(source) => (setSheet(undefined), change({ source }))} /> : null}
      {sheet === 'export' ? <ExportSheet choice={choice} onClose={() => setSheet(undefined)} /> : null}
    </StaffPage>
  );
}
