import { expect, it } from 'vitest';
import type { StaffMember } from '../../../domain/contract/staff.ts';
import { createStaffControl } from './control.ts';
import { openMemoryStore } from './staff.fixture.ts';

const manager: StaffMember = { number: '300', name: 'M', role: 'manager', acts: [], idleMs: 60_000 };

it('the chain is reckoned as the list is opened, not for each of its pages, and again when it is opened again', async () => {
  const { audit, database } = openMemoryStore(() => 1_000);
  for (let number = 1; number <= 30; number++) audit.write({ staff: '300', act: 'kiosk.pause', outcome: 'done' });
  let checks = 0;
  const broken: unknown[] = [];
  const { 'audit.see': see } = createStaffControl({
    commands: { pauseHere: () => {} }, afterCommit: () => {}, auditNames: () => [], isPaying: () => false, restart: () => {}, onBroken: (error) => broken.push(error),
    audit: { ...audit, check: () => { checks += 1; return audit.check(); } },
  });
  const page = async (before?: number) => {
    const answer = await see({ limit: 10, ...(before === undefined ? {} : { before }) } as never, manager);
    return answer.ok ? [answer.value.entries.map(({ number }) => number).at(-1), answer.value.whole] : answer;
  };
  expect([await page(), await page(21), await page(11), checks]).toEqual([[21, true], [11, true], [1, true], 1]);
  database.exec("UPDATE staff_audit_head SET hash = 'another'");
  expect([await page(), await page(21), checks, broken.length]).toEqual([[21, false], [11, false], 2, 1]);
  database.close();
});
