import { afterEach, expect, it } from 'vitest';
import fc from 'fast-check';
import { auditEntrySchema, auditGenesis } from '../../domain/staff/audit.ts';
import { openMemoryStore } from '../core/staff/staff.fixture.ts';
import { createAuditStore } from './audit.ts';

const open: ReturnType<typeof openMemoryStore>['database'][] = [];
afterEach(() => {
  for (const database of open.splice(0)) database.close();
});

function rig(entries: number) {
  const store = openMemoryStore(() => 1_000);
  open.push(store.database);
  for (let index = 0; index < entries; index++) store.audit.write({ staff: '100', act: 'kiosk.pause', outcome: 'done', subject: `s${index}` });
  /** As somebody with the key and a tool. */
  const tamper = (sql: string) => {
    store.database.exec('DROP TRIGGER IF EXISTS staff_audit_stays; DROP TRIGGER IF EXISTS staff_audit_is_kept');
    store.database.exec(sql);
  };
  return { ...store, tamper };
}

it('numbers entries without a gap, chains them from the beginning, and tells each to HQ as it stands', async () => {
  const { audit, told } = rig(3);
  const entries = audit.entries(undefined, 10).toReversed();
  expect(entries.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(entries[0]!.previous).toBe(auditGenesis);
  expect(entries[2]!.previous).toBe(entries[1]!.hash);
  expect(told('staff.acted')).toEqual(entries);
  for (const entry of entries) expect(auditEntrySchema.safeParse(entry).success).toBe(true);
  expect(await audit.check()).toEqual({ whole: true, detail: '' });
});

it.each([
  ['changed', "UPDATE staff_audit SET subject = 'another' WHERE number = 2"],
  ['changed in who did it', "UPDATE staff_audit SET staff = NULL WHERE number = 2"],
  ['taken out of the middle', 'DELETE FROM staff_audit WHERE number = 2'],
  ['cut at the end', 'DELETE FROM staff_audit WHERE number = 4'],
  ['emptied', 'DELETE FROM staff_audit'],
  ['cut at the beginning', 'DELETE FROM staff_audit WHERE number = 1'],
  ['set back at its head', 'UPDATE staff_audit_head SET number = 2, hash = (SELECT hash FROM staff_audit WHERE number = 2)'],
  ['set back and cut', `DELETE FROM staff_audit WHERE number = 4; UPDATE staff_audit_head SET number = 4, hash = '${'3'.repeat(64)}'`],
  ['swapped', 'UPDATE staff_audit SET number = 99 WHERE number = 2; UPDATE staff_audit SET number = 2 WHERE number = 3; UPDATE staff_audit SET number = 3 WHERE number = 99'],
])('a chain that was %s is seen, and goes on all the same', async (_what, sql) => {
  const { audit, tamper } = rig(4);
  tamper(sql);
  expect(await audit.check()).toMatchObject({ whole: false });
  expect(audit.write({ act: 'kiosk.resume', outcome: 'done' }).number).toBe(5);
  expect(await audit.check()).toMatchObject({ whole: false });
});

it('without a tool nothing of it can be changed or taken away', () => {
  const { database } = rig(2);
  expect(() => database.exec("UPDATE staff_audit SET detail = 'x'")).toThrow('not changed');
  expect(() => database.exec('DELETE FROM staff_audit')).toThrow('not taken away');
});

it('any change of one field of one entry is seen', async () => {
  const fields = ['at', 'staff', 'act', 'outcome', 'subject', 'detail', 'previous', 'hash'] as const;
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.constantFrom(...fields), async (number, field) => {
    const { audit, tamper, database } = rig(6);
    const value = { at: 7, staff: "'999'", act: "'kiosk.restart'", outcome: "'refused'", subject: "'else'", detail: "'else'", previous: `'${'1'.repeat(64)}'`, hash: `'${'2'.repeat(64)}'` }[field];
    tamper(`UPDATE staff_audit SET ${field} = ${value} WHERE number = ${number}`);
    expect(await audit.check()).toMatchObject({ whole: false });
    database.close();
    open.pop();
  }), { numRuns: 40 });
});

it('what is undone leaves no entry and no gap', async () => {
  const { audit, emitter } = rig(1);
  expect(() => emitter.transaction(() => {
    audit.write({ act: 'kiosk.pause', outcome: 'done' });
    throw new Error('the disk is full');
  })()).toThrow('full');
  expect(audit.write({ act: 'kiosk.pause', outcome: 'done' }).number).toBe(2);
  expect(await audit.check()).toMatchObject({ whole: true });
});

it('what was begun and never ended is said at the next start, once', async () => {
  const { audit, database, emitter } = rig(0);
  const begun = audit.begin({ staff: '300', act: 'day.close', subject: '' });
  audit.end(audit.begin({ staff: '300', act: 'devices.test_print' }), { staff: '300', act: 'devices.test_print', outcome: 'done' });
  const next = createAuditStore(database, emitter, 'kiosk-1', () => 2_000);
  expect([next.closeCutOff(), next.closeCutOff()]).toEqual([1, 0]);
  expect(next.entries(undefined, 1)[0]).toMatchObject({ staff: '300', act: 'day.close', outcome: 'failed', detail: `core ended while it was at it (entry ${begun})` });
  expect(await next.check()).toMatchObject({ whole: true });
});

it.each([['half a character', 'B2\ud83d'], ['the other half', '\ude00B2'], ['a NUL', 'B2\0x'], ['a character at the cut', `${'x'.repeat(199)}😀`]])('%s in what a page says breaks no chain, and HQ can keep the entry', async (_what, subject) => {
  const { audit, told } = rig(1);
  audit.write({ staff: '100', act: 'devices.reconnect', outcome: 'refused', subject, detail: subject.repeat(3) });
  audit.end(audit.begin({ staff: '100', act: 'devices.reconnect', subject }), { staff: '100', act: 'devices.reconnect', outcome: 'failed', subject });
  expect(await audit.check()).toEqual({ whole: true, detail: '' });
  for (const entry of told('staff.acted')) {
    expect(JSON.stringify(entry)).not.toMatch(/\\u0000|\\ud[89a-f]/);
    expect(auditEntrySchema.safeParse(entry).success).toBe(true);
  }
});

it('what a run has begun itself is not cut off, where it looks late', () => {
  const { audit, database, emitter } = rig(0);
  audit.begin({ staff: '100', act: 'day.close' });
  const next = createAuditStore(database, emitter, 'kiosk-1', () => 2_000);
  const own = next.begin({ staff: '200', act: 'devices.test_print' });
  expect(next.closeCutOff(true)).toBe(1);
  next.end(own, { staff: '200', act: 'devices.test_print', outcome: 'done' });
  expect(next.entries(undefined, 9).toReversed().map(({ act, outcome }) => [act, outcome])).toEqual([['day.close', 'begun'], ['devices.test_print', 'begun'], ['day.close', 'failed'], ['devices.test_print', 'done']]);
});
