import type { OrderId } from '../../../domain/ids.ts';
import { staffLogsWords } from '../../i18n/areas/staff-logs.ts';
import { Button } from '../button.tsx';
import { useAsk, useStaff } from '../staff-context.tsx';
import { Await, StaffPage } from '../staff-page.tsx';
import { LevelMark } from './line-row.tsx';
import { logTime } from './log-filter.ts';

/** Everything that happened to one order, from its placing to HQ's acknowledgement. */
export function TrailPage({ orderId, onBack }: { readonly orderId: string; readonly onBack: () => void }) {
  const { language, timeZone, member, go } = useStaff();
  const text = staffLogsWords[language];
  const { asked, again } = useAsk('logs.trail', { orderId: orderId as OrderId });
  const number = asked.kind === 'there' ? asked.value.number : undefined;
  return (
    <StaffPage
      title={number === undefined ? text.trailOf : text.trailTitle(number)}
      beside={asked.kind === 'there' ? <p className="log-count">{text.trailSum(asked.value.steps.length)}</p> : null}
      back={{ onPress: onBack }}
      actions={
        <>
          <Button onPress={() => void again()}>{text.refresh}</Button>
          {member.acts.includes('orders.see') ? <Button onPress={() => go('orders', orderId)}>{text.toOrder}</Button> : null}
        </>
      }
    >
      <p className="trail__id">
        <code>{orderId}</code>
      </p>
      <Await asked={asked} again={() => void again()}>
        {({ steps }) =>
          steps.length === 0 ? (
            <p className="log-none">{text.trailNone}</p>
          ) : (
            <ol className="trail" aria-label={text.trailOf} tabIndex={0}>
              {steps.map((step, index) => (
                <li key={index} className={`trail__step trail__step--${step.kind}`}>
                  <span className="trail__time">{logTime(step.at, timeZone, true)}</span>
                  <span className="trail__kind">{text.kinds[step.kind]}</span>
                  <span className="trail__words">
                    <strong>{text.titles[step.title] ?? step.title}</strong>
                    {step.level === 'info' ? null : <LevelMark level={step.level} />}
                    <span className="trail__detail" lang="en">
                      {step.detail}
                    </span>
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Await>
    </StaffPage>
  );
}
