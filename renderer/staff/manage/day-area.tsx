import { useState } from 'react';
import type { DayReport } from '../../../domain/contract/staff.ts';
import { formatMoney, money } from '../../../domain/money.ts';
import { formatLocalTime } from '../../../domain/time.ts';
import { staffManageWords } from '../../i18n/areas/staff-manage.ts';
import { Money } from '../../ui/money.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Button } from '../button.tsx';
import { useAsk, useStaff } from '../staff-context.tsx';
import { Await, StaffPage } from '../staff-page.tsx';
import { StaffSheet } from '../staff-sheet.tsx';
import './manage.css';

/** How the terminal's total compares with ours, in words. */
export type Agreement = 'agrees' | 'more' | 'less' | 'unknown';

export function agreementOf({ difference }: Pick<DayReport, 'difference'>): Agreement {
  if (difference === undefined) return 'unknown';
  return difference === 0 ? 'agrees' : difference > 0 ? 'more' : 'less';
}

const unprinted = new Set(['failed', 'uncertain', 'lapsed']);

/** The end of the day: the terminal's totals against ours, and the Z report, now and for the days before. */
export function DayArea() {
  const { language, call, say } = useStaff();
  const words = staffManageWords[language].day;
  const { asked, again } = useAsk('day.reports', {});
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [printing, setPrinting] = useState<number | undefined>(undefined);

  async function close(): Promise<void> {
    setBusy(true);
    const result = await call('day.close', { language });
    setBusy(false);
    setAsking(false);
    if (!result.ok) say(result.error.text, 'bad');
    else if (unprinted.has(result.value.printed)) say(words.notPrinted, 'bad');
    else say(words.closed(result.value.report.number));
    again();
  }
  async function reprint(number: number): Promise<void> {
    setPrinting(number);
    const result = await call('day.reprint', { number, language });
    setPrinting(undefined);
    if (!result.ok) say(result.error.text, 'bad');
    else if (unprinted.has(result.value.state)) say(words.notPrinted, 'bad');
    else say(words.reprinted);
  }

  return (
    <StaffPage
      title={words.title}
      actions={
        <Button look="main" onPress={() => setAsking(true)}>
          {words.close}
        </Button>
      }
    >
      <Await asked={asked} again={again}>
        {({ reports }) => (reports.length === 0 ? <p className="stock-none">{words.none}</p> : reports.map((report) => <Report key={report.number} report={report} isPrinting={printing === report.number} onPrint={() => void reprint(report.number)} />))}
      </Await>
      {isAsking ? (
        <StaffSheet
          title={words.sureTitle}
          onClose={() => setAsking(false)}
          isBusy={isBusy}
          actions={
            <Button look="main" busy={isBusy} onPress={() => void close()}>
              {isBusy ? words.running : words.sureYes}
            </Button>
          }
        >
          <Notice tone={isBusy ? 'wait' : 'warn'}>{isBusy ? words.running : words.sureText}</Notice>
        </StaffSheet>
      ) : null}
    </StaffPage>
  );
}

function Report({ report, isPrinting, onPrint }: { readonly report: DayReport; readonly isPrinting: boolean; readonly onPrint: () => void }) {
  const { language, timeZone, currency } = useStaff();
  const words = staffManageWords[language].day;
  const agreement = agreementOf(report);
  const gap = formatMoney(money(Math.abs(report.difference ?? 0), currency));
  const rows = [
    [words.orders, report.orders],
    [words.refunded, report.refunded],
    [words.ours, report.cardsOurs],
    [words.terminal, report.cardsTerminal],
  ] as const;
  return (
    <section className="report" aria-label={words.report(report.number)}>
      <div className="report__head">
        <h2>{words.report(report.number)}</h2>
        <span>{words.period(formatLocalTime(report.from, timeZone).slice(5), formatLocalTime(report.to, timeZone).slice(5))}</span>
        <Button busy={isPrinting} label={words.reprintName(report.number)} onPress={onPrint}>
          {words.reprint}
        </Button>
      </div>
      <table className="report__table">
        <tbody>
          {rows.map(([name, tally]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {tally ? (
                <>
                  <td>{words.count(tally.count)}</td>
                  <td>
                    <Money value={money(tally.amount, currency)} />
                  </td>
                </>
              ) : (
                <td colSpan={2}>{words.noTerminal}</td>
              )}
            </tr>
          ))}
          <tr>
            <th scope="row">{words.free}</th>
            <td>{words.count(report.freeOrders)}</td>
            <td aria-hidden="true" />
          </tr>
        </tbody>
      </table>
      <Notice tone={agreement === 'agrees' ? 'good' : agreement === 'unknown' ? 'info' : 'bad'}>{agreement === 'more' ? words.more(gap) : agreement === 'less' ? words.less(gap) : words[agreement]}</Notice>
      {report.unsettled > 0 ? <Notice tone="warn">{words.unsettled(report.unsettled)}</Notice> : null}
    </section>
  );
}
