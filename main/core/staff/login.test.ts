import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { StaffCardId } from '../../../domain/scan/scanned-code.ts';
import { lockMs } from '../../../domain/staff/lockout.ts';
import { createStaffStore } from '../../store/staff.ts';
import type { LoginDeps } from './login.ts';
import { createLogin } from './login.ts';
import { createStaffSession } from './session.ts';
import type { Person } from './staff.fixture.ts';
import { makePerson, openMemoryStore } from './staff.fixture.ts';

const start = 1_790_000_000_000;
let people: readonly Person[];
let store: ReturnType<typeof openMemoryStore>;

beforeEach(async () => {
  people = await Promise.all([makePerson('100', 'restocker'), makePerson('200', 'technician'), makePerson('300', 'manager')]);
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  vi.setSystemTime(start);
  store = openMemoryStore(Date.now);
});
afterEach(() => {
  store.database.close();
  vi.useRealTimers();
});

/** One run of core on the same store. */
function run(change: Partial<LoginDeps> = {}) {
  const outs: string[] = [];
  const session = createStaffSession({ onOut: (reason) => outs.push(reason) });
  let members = people.map(({ entry }) => entry);
  const login = createLogin({
    store: createStaffStore(store.database, store.emitter, Date.now), audit: store.audit, transaction: store.emitter.transaction, session,
    members: () => members, isCustomerThere: () => false, idleMs: 60_000, now: Date.now, monotonicNow: Date.now, skewMs: () => undefined, ...change,
  });
  return { login, session, outs, setMembers: (next: typeof members) => (members = next) };
}
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const right = (person: Person) => ({ number: person.number, pin: person.pin, code: person.code(Date.now()) });
const [wrongPin, wrongCode] = [{ pin: '000000' }, { code: '000000' }];
const audited = () => store.audit.entries(undefined, 200).map(({ staff, outcome, detail }) => [staff, outcome, detail]);

it('number, PIN and time-based code together let in, with what the role may do, and stand in the audit', async () => {
  const { login, session } = run();
  const [restocker] = people as [Person];
  expect(await login.enter(right(restocker))).toEqual({ ok: true, value: { kind: 'in', member: expect.objectContaining({ number: '100', role: 'restocker', acts: ['stock.see', 'stock.move', 'devices.see', 'devices.paper'] }) as unknown } });
  expect(session.member()?.number).toBe('100');
  expect(audited()).toEqual([['100', 'done', expect.stringMatching(/^step \d+$/)]]);
});

it('one of them wrong is "wrong", never which', async () => {
  const { login, session } = run();
  const person = people[1]!;
  for (const [index, change] of [wrongPin, wrongCode, { code: '12' }, { code: people[0]!.recoveryCode }].entries()) {
    expect(await login.enter({ ...right(person), ...change })).toEqual({ ok: true, value: { kind: 'wrong', triesLeft: 4 - index } });
  }
  expect(session.member()).toBeUndefined();
});

it('a code is good once, and so is every one before it; the next step lets in again', async () => {
  const { login, session } = run();
  const person = people[0]!;
  const given = right(person);
  await login.enter(given);
  session.leave('asked');
  expect(await login.enter(given)).toMatchObject({ value: { kind: 'wrong' } });
  // Neither the one of the step before, which is still within the window.
  expect(await login.enter({ ...given, code: person.code(Date.now() - 30_000) })).toMatchObject({ value: { kind: 'wrong' } });
  later(30_000);
  expect(await login.enter(right(person))).toMatchObject({ value: { kind: 'in' } });
});

it('a code is not good again after core was started anew, nor twice at once', async () => {
  const person = people[0]!;
  const both = run();
  const answers = await Promise.all([both.login.enter(right(person)), both.login.enter(right(person))]);
  expect(answers.map((answer) => answer.ok && answer.value.kind)).toEqual(['in', 'wrong']);
  expect(await run().login.enter(right(person))).toMatchObject({ value: { kind: 'wrong' } });
});

it("one step before and after is taken, two are not, and HQ's time counts where the kiosk's clock is wrong", async () => {
  const person = people[0]!;
  for (const [offMs, kind] of [[-60_000, 'wrong'], [-30_000, 'in'], [30_000, 'in'], [90_000, 'wrong']] as const) {
    expect(await run().login.enter({ ...right(person), code: person.code(Date.now() + offMs) }), String(offMs)).toMatchObject({ value: { kind } });
  }
  later(600_000);
  const skewed = run({ skewMs: () => 3_600_000 });
  expect(await skewed.login.enter(right(person))).toMatchObject({ value: { kind: 'wrong' } });
  expect(await skewed.login.enter({ ...right(person), code: person.code(Date.now() + 3_600_000) })).toMatchObject({ value: { kind: 'in' } });
});

it('a recovery code lets in once, however it is written, and HQ hears which', async () => {
  const { login } = run();
  const person = people[2]!;
  const typed = ` ${person.recoveryCode.toLowerCase().replaceAll(/(.{4})/g, '$1-')} `;
  expect(await login.enter({ ...right(person), code: typed })).toMatchObject({ value: { kind: 'in' } });
  expect(store.told('staff.code_used')).toEqual([{ number: '300', codeHash: createHash('sha256').update(person.recoveryCode).digest('hex') }]);
  expect(await run().login.enter({ ...right(person), code: typed })).toMatchObject({ value: { kind: 'wrong' } });
});

it('five wrong tries lock the number, each time for longer, also over a restart, and HQ hears of each lock', async () => {
  const person = people[0]!;
  const wrong = { ...right(person), ...wrongPin };
  for (let times = 1; times <= 6; times++) {
    const { login } = run();
    for (let tries = 1; tries <= 4; tries++) expect(await login.enter(wrong)).toMatchObject({ value: { kind: 'wrong', triesLeft: 5 - tries } });
    expect(await login.enter(wrong)).toEqual({ ok: true, value: { kind: 'locked', forMs: lockMs(times) } });
    later(lockMs(times) - 1);
    // Also with everything right.
    expect(await run().login.enter(right(person))).toEqual({ ok: true, value: { kind: 'locked', forMs: 1 } });
    later(1);
  }
  expect(store.told('staff.locked').map(({ forMs }) => Number(forMs) / 60_000)).toEqual([1, 5, 15, 60, 240, 240]);
  expect(await run().login.enter(right(person))).toMatchObject({ value: { kind: 'in' } });
  // And then from the beginning.
  expect(await run().login.enter(wrong)).toMatchObject({ value: { triesLeft: 4 } });
  expect(await run().login.enter({ ...right(people[1]!) })).toMatchObject({ value: { kind: 'in' } });
});

it('a core that ends in the middle of a try gives none for nothing', async () => {
  const person = people[0]!;
  for (let tries = 0; tries < 5; tries++) {
    const dying = createStaffStore(store.database, store.emitter, Date.now);
    const { login } = run({ store: { ...dying, cameIn: () => { throw new Error('killed'); }, tryFailed: () => { throw new Error('killed'); } } });
    await expect(login.enter(right(person))).rejects.toThrow('killed');
  }
  expect(await run().login.enter(right(person))).toMatchObject({ value: { kind: 'locked' } });
});

it('a number that nobody has is answered as one that somebody has, tells HQ nothing, and what was typed is not kept', async () => {
  const { login } = run();
  const stranger = { number: '987654', pin: '4711', code: '123456' };
  for (let tries = 1; tries <= 4; tries++) expect(await login.enter(stranger)).toEqual({ ok: true, value: { kind: 'wrong', triesLeft: 5 - tries } });
  expect(await login.enter(stranger)).toEqual({ ok: true, value: { kind: 'locked', forMs: lockMs(1) } });
  expect(await login.enter(stranger)).toMatchObject({ value: { kind: 'locked' } });
  expect(store.told('staff.locked')).toEqual([]);
  expect(audited().every(([staff]) => staff === undefined)).toBe(true);
  expect(JSON.stringify(audited())).not.toMatch(/987654|4711|123456/);
});

it('a page that tries numbers for ever writes ten entries in an hour', async () => {
  const { login } = run();
  for (let number = 1000; number < 1040; number++) await login.enter({ number: String(number), pin: '1', code: '1' });
  expect(store.audit.entries(undefined, 200)).toHaveLength(10);
});

it('a card stands for its number, for a minute, with PIN and code', async () => {
  const person = people[0]!;
  const { pin } = person;
  const { login } = run();
  expect(await login.enter({ pin, code: person.code(Date.now()) })).toMatchObject({ ok: false, error: { code: 'STAFF_UNKNOWN' } });
  login.cardScanned(person.cardId as StaffCardId);
  later(60_001);
  expect(await login.enter({ pin, code: person.code(Date.now()) })).toMatchObject({ ok: false });
  login.cardScanned(person.cardId as StaffCardId);
  expect(await login.enter({ pin: 'no', code: person.code(Date.now()) })).toMatchObject({ value: { kind: 'wrong' } });
  expect(await login.enter({ pin, code: person.code(Date.now()) })).toMatchObject({ value: { kind: 'in', member: { number: '100' } } });
  // It is good for one coming in.
  later(30_000);
  expect(await login.enter({ pin, code: person.code(Date.now()) })).toMatchObject({ ok: false });
  login.cardScanned('card-of-nobody' as StaffCardId);
  expect(await login.enter({ pin, code: person.code(Date.now()) })).toMatchObject({ value: { kind: 'wrong' } });
  expect(JSON.stringify(audited())).not.toContain('card-');
});

it('whoever knows a number locks it for those who type it, and never for whoever has its card; a found card is locked for itself', async () => {
  const person = people[0]!;
  const { number: _, ...wrongByCard } = { ...right(person), ...wrongPin };
  const byCard = async (tried: { pin: string; code: string }) => {
    const { login } = run();
    login.cardScanned(person.cardId as StaffCardId);
    return login.enter(tried);
  };
  // As long as they come again whenever it opens: it is locked for them each time.
  for (let times = 1; times <= 5; times++) {
    for (let tries = 1; tries <= 5; tries++) await run().login.enter({ ...right(person), ...wrongPin });
    expect(await run().login.enter(right(person))).toMatchObject({ value: { kind: 'locked' } });
    if (times < 5) later(lockMs(times));
  }
  expect(await byCard({ pin: person.pin, code: person.code(Date.now()) })).toMatchObject({ value: { kind: 'in' } });
  later(30_000);
  for (let tries = 1; tries <= 4; tries++) expect(await byCard(wrongByCard)).toMatchObject({ value: { kind: 'wrong', triesLeft: 5 - tries } });
  expect(await byCard(wrongByCard)).toEqual({ ok: true, value: { kind: 'locked', forMs: lockMs(1) } });
  expect(await byCard({ pin: person.pin, code: person.code(Date.now()) })).toMatchObject({ value: { kind: 'locked' } });
  // HQ hears whose it is; the number alone still lets them in.
  expect(store.told('staff.locked').at(-1)).toEqual({ number: '100', forMs: lockMs(1), times: 1 });
  expect(await run().login.enter(right(person))).toMatchObject({ value: { kind: 'in' } });
});

it('a day after a lock was over the next one is a first one again, also with a few wrong tries in between', async () => {
  const wrong = { ...right(people[0]!), ...wrongPin };
  const lock = async () => {
    let last;
    for (let tries = 1; tries <= 5; tries++) last = await run().login.enter(wrong);
    return last;
  };
  expect(await lock()).toEqual({ ok: true, value: { kind: 'locked', forMs: lockMs(1) } });
  later(lockMs(1));
  expect(await lock()).toEqual({ ok: true, value: { kind: 'locked', forMs: lockMs(2) } });
  later(lockMs(2) + 3_600_000);
  await run().login.enter(wrong);
  later(23 * 3_600_000 - 1);
  expect(await lock()).toEqual({ ok: true, value: { kind: 'locked', forMs: lockMs(3) } });
  later(lockMs(3) + 24 * 3_600_000);
  expect(await lock()).toEqual({ ok: true, value: { kind: 'locked', forMs: lockMs(1) } });
});

it('a member without a time-based code cannot come in, not by a recovery code either', async () => {
  const { totpSecret: _, ...entry } = people[0]!.entry;
  const { login } = run({ members: () => [entry] });
  expect(await login.enter(right(people[0]!))).toMatchObject({ value: { kind: 'wrong' } });
  expect(await login.enter({ ...right(people[0]!), code: people[0]!.recoveryCode })).toMatchObject({ value: { kind: 'wrong' } });
});

it('where HQ has sent nobody, it says so; while a customer is served nobody comes in, also where one came in the middle', async () => {
  expect(await run({ members: () => [] }).login.enter(right(people[0]!))).toEqual({ ok: true, value: { kind: 'nobody_known' } });
  expect(await run({ isCustomerThere: () => true }).login.enter(right(people[0]!))).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_ALLOWED' } });
  let asked = 0;
  expect(await run({ isCustomerThere: () => ++asked > 1 }).login.enter(right(people[0]!))).toMatchObject({ ok: false });
});

it('whoever is gone from the document, or is another there, is out; a used recovery code that HQ takes out of it changes nothing', async () => {
  const person = people[0]!;
  const { login, session, outs, setMembers } = run();
  await login.enter(right(person));
  setMembers([{ ...person.entry, recoveryHashes: [] }, people[1]!.entry]);
  login.membersChanged();
  expect(session.member()).toBeDefined();
  setMembers([{ ...person.entry, role: 'manager' }]);
  login.membersChanged();
  expect([session.member(), outs]).toEqual([undefined, ['revoked']]);
  later(30_000);
  await login.enter(right(person));
  setMembers([]);
  login.membersChanged();
  expect(outs).toEqual(['revoked', 'revoked']);
});

it('who does not touch it is out when the time is over, not while something of theirs is under way', async () => {
  const { login, session, outs } = run();
  await login.enter(right(people[0]!));
  await vi.advanceTimersByTimeAsync(59_000);
  session.touch();
  await vi.advanceTimersByTimeAsync(59_000);
  const release = session.hold();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(outs).toEqual([]);
  release();
  release();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(outs).toEqual(['idle']);
  expect(vi.getTimerCount()).toBe(0);
});

it('a page that is lost while the PIN is looked at lets nobody in at the next page, and uses up no code', async () => {
  const { login, session } = run();
  const person = people[2]!;
  const entering = login.enter(right(person));
  await Promise.resolve();
  session.leave('lost');
  expect(await entering).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_IN' } });
  expect(session.member()).toBeUndefined();
  expect(await login.enter(right(person))).toMatchObject({ value: { kind: 'in' } });
});

it('whoever is taken out of the document while the PIN is looked at does not come in', async () => {
  const { login, session, setMembers } = run();
  const person = people[2]!;
  const entering = login.enter(right(person));
  await Promise.resolve();
  setMembers([people[0]!.entry]);
  login.membersChanged();
  expect(await entering).toMatchObject({ value: { kind: 'wrong' } });
  expect(session.member()).toBeUndefined();
});

it('a clock that was wrong while a number was locked locks it for no longer than was meant', async () => {
  const person = people[0]!;
  later(365 * 86_400_000);
  for (let tries = 0; tries < 5; tries++) await run().login.enter({ ...right(person), ...wrongPin });
  later(-365 * 86_400_000);
  expect(await run().login.enter(right(person))).toEqual({ ok: true, value: { kind: 'locked', forMs: lockMs(1) } });
  later(lockMs(1));
  expect(await run().login.enter(right(person))).toMatchObject({ value: { kind: 'in' } });
});

it('a number that somebody has locked is open again as soon as HQ gives it another PIN or secret, and by nothing else that HQ says', async () => {
  const person = people[0]!;
  const { login, setMembers } = run();
  for (let tries = 0; tries < 5; tries++) await login.enter({ ...right(person), ...wrongPin });
  setMembers([{ ...person.entry, name: 'Another Name', role: 'manager' }]);
  login.membersChanged();
  expect(await login.enter(right(person))).toMatchObject({ value: { kind: 'locked' } });
  const anew = await makePerson('100', 'restocker');
  setMembers([anew.entry]);
  login.membersChanged();
  expect(await login.enter(right(anew))).toMatchObject({ value: { kind: 'in' } });
});

it('each who comes in counts, so that nobody who was there for a moment only is on a picture for HQ', async () => {
  const { login, session } = run();
  await login.enter({ ...right(people[0]!), ...wrongPin });
  expect(session.stays()).toBe(0);
  await login.enter(right(people[0]!));
  session.leave('asked');
  expect(session.stays()).toBe(1);
});
