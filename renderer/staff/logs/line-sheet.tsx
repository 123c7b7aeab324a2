import type { LogEntry } from '../../../domain/contract/staff.ts';
import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { Button } from '../button.tsx';
import { useStaff } from '../staff-context.tsx';
import type { LogChoice } from './log-filter.ts';
import { logTime } from './log-filter.ts';

export interface LineSheetProps {
  readonly entry: LogEntry;
  readonly onClose: () => void;
  readonly onTrail: (orderId: string) => void;
  readonly onFilter: (part: Partial<LogChoice>) => void;
}

/** One line with everything that it says, and the ways on from it: its order's story, others like it. */
export function LineSheet({ entry, onClose, onTrail, onFilter }: LineSheetProps) {
  const { language, timeZone, words } = useStaff();
  const text = staffLogsWords[language];
  const { at, level, source, event, code, orderId, message, fields = {} } = entry;
  const facts: readonly (readonly [string, string])[] = [
    [text.fields.time, logTime(at, timeZone, true)],
    [text.fields.level, text.levels[level]],
    [text.fields.source, text.sourceName(source)],
    ...(event === undefined ? [] : [[text.fields.event, event] as const]),
    ...(code === undefined ? [] : [[text.fields.code, code] as const]),
    ...(orderId === undefined ? [] : [[text.fields.order, orderId] as const]),
    [text.fields.message, message],
    ...Object.entries(fields).map(([name, value]) => [name, String(value)] as const),
  ];
  return (
    <Sheet label={text.line} onClose={onClose} size="tall">
      <h2 className="log-sheet__title">{text.line}</h2>
      <div className="log-sheet__content scrolls" tabIndex={0} role="group" aria-label={text.line}>
        <dl className="log-facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <div className="log-sheet__actions">
        <Button onPress={onClose}>{words.common.close}</Button>
        <Button onPress={() => onFilter({ source })}>{text.filterBy(text.sourceName(source))}</Button>
        {event === undefined ? null : <Button onPress={() => onFilter({ event })}>{text.filterBy(text.ofEvent(event))}</Button>}
        {code === undefined ? null : <Button onPress={() => onFilter({ code })}>{text.filterBy(text.ofCode(code))}</Button>}
        {orderId === undefined ? null : (
          <Button look="main" onPress={() => onTrail(orderId)}>
            {text.trail}
          </Button>
        )}
      </div>
    </Sheet>
  );
}
