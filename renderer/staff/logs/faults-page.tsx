import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { CheckIcon, NoticeIcon } from '../../ui/icons.tsx';
import { Button } from '../button.tsx';
import { useAsk, useStaff } from '../staff-context.tsx';
import { Await, StaffPage } from '../staff-page.tsx';
import { logTime } from './log-filter.ts';
import { ViewChoice } from './view-choice.tsx';

/** What is or was broken: since when, how often, and what to do about it. The open ones first. */
export function FaultsPage({ onView, onLines }: { readonly onView: (view: 'lines' | 'faults') => void; readonly onLines: (code: string) => void }) {
  const { language, timeZone } = useStaff();
  const text = staffLogsWords[language];
  const { asked, again } = useAsk('logs.faults', {});
  return (
    <StaffPage title={text.views.faults} actions={<Button onPress={() => void again()}>{text.refresh}</Button>}>
      <ViewChoice view="faults" onView={onView} />
      <Await asked={asked} again={() => void again()}>
        {({ faults }) =>
          faults.length === 0 ? (
            <p className="log-none">{text.faultsNone}</p>
          ) : (
            <ul className="faults" aria-label={text.views.faults}>
              {faults.map((fault) => (
                <li key={`${fault.code} ${fault.source}`} className={fault.open ? 'fault fault--open' : 'fault'}>
                  <div className="fault__head">
                    <strong>{fault.text[language]}</strong>
                    <span className={fault.open ? 'fault__state fault__state--open' : 'fault__state'}>
                      {fault.open ? <NoticeIcon /> : <CheckIcon />}
                      {fault.open ? text.faultOpen : text.faultOver}
                    </span>
                  </div>
                  {fault.open ? (
                    <p className="fault__advice">
                      <b>{text.toDo}:</b> {fault.advice[language]}
                    </p>
                  ) : null}
                  <div className="fault__foot">
                    <span>
                      <code>{fault.code}</code> {text.sourceName(fault.source)}: {text.faultTimes(fault.times, logTime(fault.since, timeZone), logTime(fault.lastAt, timeZone))}
                    </span>
                    <Button label={`${text.faultLines}: ${fault.text[language]}`} onPress={() => onLines(fault.code)}>
                      {text.faultLines}
                    </Button>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Await>
    </StaffPage>
  );
}
