import { useState } from 'react';
import { formatLocalTime } from '../../../domain/time.ts';
import { staffManageWords } from '../../i18n/areas/staff-manage.ts';
import { CheckIcon, ClockIcon, CrossIcon, NoticeIcon } from '../../ui/icons.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Button } from '../button.tsx';
import { useAsk, useStaff } from '../staff-context.tsx';
import { Await, StaffPage } from '../staff-page.tsx';
import { aboutOf } from './audit-about.ts';
import '../orders/orders.css';
import './manage.css';

const pageSize = 50;
const icons = { begun: ClockIcon, done: CheckIcon, refused: CrossIcon, failed: NoticeIcon } as const;
const tones = { begun: 'quiet', done: 'good', refused: 'bad', failed: 'warn' } as const;

/** What staff did at this kiosk, newest first, and whether the chain of it holds. */
export function AuditArea() {
  const { language, timeZone } = useStaff();
  const words = staffManageWords[language].audit;
  const [before, setBefore] = useState<number | undefined>(undefined);
  const { asked, again } = useAsk('audit.see', { limit: pageSize, ...(before === undefined ? {} : { before }) });
  const last = asked.kind === 'there' ? asked.value.entries.at(-1)?.number : undefined;
  return (
    <StaffPage
      isReadOnly
      title={words.title}
      actions={
        <>
          {before === undefined ? null : <Button onPress={() => setBefore(undefined)}>{words.newest}</Button>}
          {last !== undefined && last > 1 ? <Button onPress={() => setBefore(last)}>{words.older}</Button> : null}
        </>
      }
    >
      <Await asked={asked} again={again}>
        {({ entries, whole }) => (
          <>
            <Notice tone={whole ? 'good' : 'bad'}>{whole ? words.whole : words.broken}</Notice>
            {entries.length === 0 ? (
              <p className="stock-none">{words.none}</p>
            ) : (
              <table className="audit">
                <thead>
                  <tr>
                    {(['number', 'at', 'who', 'act', 'subject', 'outcome'] as const).map((column) => (
                      <th key={column} scope="col">
                        {words.columns[column]}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {entries.map((entry) => {
                    const { number, at, staff, act, outcome, names } = entry;
                    const Icon = icons[outcome];
                    return (
                      <tr key={number}>
                        <td>{number}</td>
                        <td>
                          <time>{formatLocalTime(at, timeZone).slice(5)}</time>
                        </td>
                        <td>{[names.staff ?? '', staff ?? words.nobody].join(' ').trim()}</td>
                        <th scope="row">{words.acts[act] ?? act}</th>
                        <td className="audit__subject">{aboutOf(entry, language)}</td>
                        <td>
                          <span className={`state-mark state-mark--${tones[outcome]}`}>
                            <Icon />
                            {words.outcomes[outcome]}
                          </span>
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            )}
          </>
        )}
      </Await>
    </StaffPage>
  );
}
