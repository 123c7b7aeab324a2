import type { PlannedCase } from './plan.ts';
import type { CaseResult } from './worker.ts';

interface Judged {
  readonly one: PlannedCase;
  readonly result: CaseResult;
}

/** What came out, in Markdown. */
export function walletTable(judged: readonly Judged[], minutes: number): string {
  const row = (name: string, all: readonly Judged[]) => {
    const count = (fits: (one: Judged) => boolean) => all.filter(fits).length;
    const cpu = all.reduce((sum, { result }) => sum + result.cpuMs, 0) / Math.max(1, all.length);
    return `| ${name} | ${all.length} | ${count(({ one }) => one.wallet === 'wechat')} | ${count(({ one }) => one.wallet === 'alipay')} | ${count(({ result }) => result.wasReached)} | ${count(({ result }) => result.listed > 0)} | ${count(({ result }) => result.faults.length === 0)} | ${Math.round(cpu)} |`;
  };
  const groups = [...Map.groupBy(judged, ({ one }) => one.group)];
  return [
    '| group | cases | WeChat Pay | Alipay | a process was killed | something stands on a list | all books agree | ms of a processor a case |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...groups.map(([group, all]) => row(group, all)),
    row('**all**', judged),
    '',
    `${judged.length} cases in ${minutes.toFixed(1)} minutes.`,
    '',
  ].join('\n');
}
