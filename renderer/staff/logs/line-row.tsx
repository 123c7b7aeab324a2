import type { LogEntry } from '../../../domain/contract/staff.ts';
import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { memo } from 'react';
import { CrossIcon, NoticeIcon } from '../../ui/icons.tsx';
import { Tile } from '../../ui/tile.tsx';
import { useStaff } from '../staff-context.tsx';
import { logTime } from './log-filter.ts';

/** One line: when, how grave (by sign, word and colour), who says it, and what. */
export const LineRow = memo(function LineRow({ entry, onOpen }: { readonly entry: LogEntry; readonly onOpen: (entry: LogEntry) => void }) {
  const { language, timeZone } = useStaff();
  const text = staffLogsWords[language];
  const { at, level, source, message, event, fields } = entry;
  const time = logTime(at, timeZone);
  return (
    <Tile className={`log-line log-line--${level}`} onPress={() => onOpen(entry)}>
      <span className="log-line__time">{time}</span>
      <LevelMark level={level} />
      <span className="log-line__source">{text.sourceName(source)}</span>
      <span className="log-line__message" lang="en">
        {message}
        {event === 'device' && fields ? ` ${String(fields['device'] ?? '')}: ${entry.code ?? ''}` : ''}
      </span>
    </Tile>
  );
});

export function LevelMark({ level }: { readonly level: LogEntry['level'] }) {
  const { language } = useStaff();
  return (
    <span className={`log-level log-level--${level}`}>
      {level === 'error' ? <CrossIcon /> : level === 'warn' ? <NoticeIcon /> : null}
      {staffLogsWords[language].levels[level]}
    </span>
  );
}
