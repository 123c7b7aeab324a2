import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import type { KioskConfig } from '../../../domain/contract/config.ts';
import type { StaffMethod } from '../../../domain/contract/staff.ts';
import { staffMethods, staffRequests } from '../../../domain/contract/staff.ts';
import type { OrderId } from '../../../domain/ids.ts';
import type { StaffRole } from '../../../domain/staff/role.ts';
import { mayDo, staffRoles } from '../../../domain/staff/role.ts';
import { wasteReasonSchema } from '../../../domain/stock/stock.ts';
import type { Stage, StageOptions } from '../testing/kiosk-stage-rig.ts';
import { approving, openStage } from '../testing/kiosk-stage-rig.ts';
import type { Person } from './staff.fixture.ts';
import { makePerson } from './staff.fixture.ts';

type People = { readonly [R in StaffRole]: Person };

async function openStaffed(context: Pick<TestContext, 'onTestFinished' | 'onTestFailed'>, options: StageOptions = {}, idleMs = 120_000): Promise<{ stage: Stage; people: People }> {
  const [restocker, technician, manager] = await Promise.all([makePerson('100', 'restocker'), makePerson('200', 'technician'), makePerson('300', 'manager')]);
  const people = { restocker, technician, manager };
  const stage = await openStage(context, {
    ...options,
    before: ({ configFile }) => {
      const config = JSON.parse(fs.readFileSync(configFile, 'utf8')) as KioskConfig;
      fs.writeFileSync(configFile, JSON.stringify({ ...config, staff: { ...config.staff, idleMs } }));
    },
  });
  publish(stage, Object.values(people));
  await stage.hq.until(({ kind, payload }) => kind === 'document.applied' && payload.document === 'staff');
  return { stage, people };
}

function publish(stage: Stage, people: readonly Person[]): void {
  stage.store.publish('staff', { members: people.map(({ entry }) => entry) });
}

async function logIn({ kiosk }: Stage, { number, pin, code }: Person) {
  const answer = await kiosk.request('staff.login', { number, pin, code: code(Date.now()) });
  expect(answer).toMatchObject({ ok: true, value: { kind: 'in', member: { number } } });
}

async function sold(stage: Stage, ...wishes: string[]): Promise<OrderId> {
  const order = await stage.place(...wishes);
  await stage.pay(order.id);
  await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
  await stage.kiosk.request('leave', {});
  return order.id;
}

/** Parameters that the contract takes, for each request: nothing of them exists. */
const id = '01900000-0000-7000-8000-000000000001';
const paramsOf: { readonly [M in StaffMethod]?: unknown } = {
  'stock.bring_print': { language: 'en' }, 'stock.fill': { moveId: id, slot: 'A1', quantity: 1 }, 'stock.count': { moveId: id, slot: 'A1', counted: 1 },
  'stock.waste': { moveId: id, slot: 'A1', quantity: 1, reason: wasteReasonSchema.options[0] }, 'stock.finish': { print: false, language: 'en' },
  'logs.find': { filter: {}, limit: 5 }, 'logs.since': { filter: {}, after: 0, limit: 5 }, 'logs.trail': { orderId: id }, 'logs.export': { filter: {}, targetId: 'none' },
  'devices.test_print': { language: 'en' }, 'devices.reconnect': { name: 'nothing' }, 'devices.scan_test': { on: false },
  'day.close': { language: 'en' }, 'day.reprint': { number: 9, language: 'en' },
  'orders.find': { limit: 5 }, 'orders.see': { orderId: id }, 'orders.reprint': { orderId: id }, 'orders.refund': { orderId: id, reason: 'broken' },
  'attention.decide': { id, decision: 'leave' }, 'audit.see': { limit: 50 },
};
const asked = staffMethods.filter((method) => !method.startsWith('staff.'));
const ask = async (stage: Stage, method: StaffMethod) => {
  const params = paramsOf[method] ?? {};
  expect(staffRequests[method].params.safeParse(params).success, method).toBe(true);
  return (await stage.kiosk.request(method, params as never)) as { ok: boolean; error?: { code: string } };
};

describe.concurrent('staff at the kiosk', () => {
  test('a page that nobody is in at gets nothing from any of their requests', async (context) => {
    const { stage } = await openStaffed(context);
    for (const method of asked) expect(await ask(stage, method), method).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_IN' } });
    expect(stage.printer.slips()).toEqual([]);
  });

  test('each role gets what it may, and nothing else, whatever the page asks for', async (context) => {
    const { stage, people } = await openStaffed(context, { terminal: approving });
    for (const role of staffRoles) {
      await logIn(stage, people[role]);
      // What ends the stay is tried elsewhere.
      for (const method of asked.filter((candidate) => candidate !== 'kiosk.restart' || !mayDo(role, 'kiosk.restart'))) {
        const answer = await ask(stage, method);
        const { act } = staffRequests[method] as { act: Parameters<typeof mayDo>[1] };
        if (mayDo(role, act)) expect(answer.error?.code ?? '', `${role}: ${method}`).not.toMatch(/^STAFF_NOT|^INTERNAL|^OUT_OF/);
        else expect(answer, `${role}: ${method}`).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_ALLOWED' } });
      }
      await stage.kiosk.request('staff.logout', {});
    }
    const { events } = stage.hq;
    const chain = events().flatMap((event) => (event.kind === 'staff.acted' ? [event.payload] : []));
    expect(chain.map(({ number }) => number)).toEqual(chain.map((_, index) => index + 1));
    await stage.expectAgreement();
  });

  test('a manager finds an order, prints its copy, sends it back once, closes the day, and sees all of it in the audit', async (context) => {
    const { stage, people } = await openStaffed(context, { terminal: approving });
    const { kiosk } = stage;
    const [first, second] = [await sold(stage, 'cola'), await sold(stage, 'umbrella')];
    await logIn(stage, people.manager);
    expect(await kiosk.request('place', stage.placing('cola'))).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_ALLOWED' } });
    expect(await kiosk.request('orders.find', { limit: 1 })).toMatchObject({ ok: true, value: { orders: [{ orderId: second, state: 'fulfilled', payment: 'approved', receipt: 'done' }], more: true } });
    expect(await kiosk.request('orders.find', { limit: 1, before: second })).toMatchObject({ ok: true, value: { orders: [{ orderId: first }], more: false } });
    expect(await kiosk.request('orders.find', { limit: 9, text: second.slice(-6) })).toMatchObject({ ok: true, value: { orders: [{ orderId: second }] } });
    const seen = await kiosk.request('orders.see', { orderId: first });
    expect(seen).toMatchObject({ ok: true, value: { attempts: [{ state: 'approved' }] } });
    expect(seen.ok && seen.value.refundBlocked).toBeUndefined();
    expect(await kiosk.request('orders.reprint', { orderId: second })).toEqual({ ok: true, value: { printerReady: true } });
    await stage.untilPaper((slips) => slips.some((slip) => slip.includes('COPY')));

    const refunds = await Promise.all([1, 2, 3].map(() => kiosk.request('orders.refund', { orderId: first, reason: 'the can was open' })));
    expect(refunds.every(({ ok }) => ok)).toBe(true);
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'refunded');
    expect(stage.terminal.book().filter(({ state }) => state === 'reversed')).toHaveLength(1);
    expect(await kiosk.request('orders.refund', { orderId: first, reason: 'again' })).toEqual({ ok: true, value: { state: 'refunded' } });

    const closed = await kiosk.request('day.close', { language: 'en' });
    expect(closed).toMatchObject({ ok: true, value: { printed: 'done', report: { number: 1, orders: { count: 2 }, refunded: { count: 1 }, cardsOurs: { count: 1 }, cardsTerminal: { count: 1 }, difference: 0 } } });
    await stage.untilPaper((slips) => slips.some((slip) => slip.includes('No. 0001')));
    expect(await kiosk.request('orders.see', { orderId: second })).toMatchObject({ ok: true, value: { refundBlocked: 'day_closed' } });
    expect(await kiosk.request('orders.refund', { orderId: second, reason: 'late' })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE' } });

    const audit = await kiosk.request('audit.see', { limit: 50 });
    if (!audit.ok) throw new Error(audit.error.detail);
    expect(audit.value.whole).toBe(true);
    expect(audit.value.entries.toReversed().map(({ act, outcome }) => `${act} ${outcome}`)).toEqual([
      'staff.login done', 'orders.reprint done', ...Array.from({ length: 4 }, () => 'orders.refund done'), 'day.close begun', 'day.close done', 'orders.refund refused',
    ]);
    const number = seen.ok ? seen.value.number : '';
    expect(audit.value.entries.findLast(({ act }) => act === 'orders.refund')).toMatchObject({ staff: '300', subject: first, names: { staff: 'Person 300', order: number } });
    expect(JSON.stringify(kiosk.log())).not.toContain(people.manager.pin);
  });

  test('a pause by staff is the same as one by HQ: whoever speaks last is right, and HQ is told how the kiosk is', async (context) => {
    const { stage, people } = await openStaffed(context);
    await logIn(stage, people.technician);
    await stage.kiosk.request('kiosk.pause', { notice: { zh: '马上回来', en: 'Back soon' } });
    await stage.untilStatus(({ service }) => service.kind === 'paused' && service.notice?.en === 'Back soon');
    stage.store.give('resume', {});
    await stage.untilStatus(({ service }) => service.kind === 'in_service');
    await stage.kiosk.request('kiosk.pause', {});
    await stage.kiosk.request('kiosk.resume', {});
    await stage.untilStatus(({ service }) => service.kind === 'in_service');
    expect(await stage.hq.until(({ kind }) => kind === 'kiosk.state')).toMatchObject({ payload: { service: expect.stringMatching(/selling|limited/) as unknown } });
  });

  test('who does nothing is out, who loses the page is out, who is taken out of the list is out, and a core that is started again knows nobody', async (context) => {
    const { stage, people } = await openStaffed(context, {}, 5_000);
    const see = async () => (await stage.kiosk.request('devices.see', {})).ok;
    await logIn(stage, people.restocker);
    expect(await see()).toBe(true);
    await stage.kiosk.until('staff_out', ({ reason }) => reason === 'idle');
    expect(await see()).toBe(false);

    await logIn(stage, people.technician);
    stage.kiosk.losePage();
    stage.kiosk.connectPage();
    await stage.open();
    expect(await see()).toBe(false);

    await logIn(stage, people.manager);
    publish(stage, [people.restocker]);
    await stage.kiosk.until('staff_out', ({ reason }) => reason === 'revoked');
    expect(await see()).toBe(false);
    expect((await stage.kiosk.request('staff.login', { number: '300', pin: people.manager.pin, code: '123456' }))).toMatchObject({ ok: true, value: { kind: 'wrong' } });
  });

  test('a restart by staff ends core in good order, and the next one knows nobody', async (context) => {
    const { stage, people } = await openStaffed(context);
    await logIn(stage, people.technician);
    expect(await stage.kiosk.request('kiosk.restart', {})).toEqual({ ok: true, value: {} });
    expect(await stage.kiosk.ended).toBe(0);
    await stage.restart();
    await stage.open();
    await stage.untilStatus(({ service }) => service.kind === 'in_service');
    expect(await stage.kiosk.request('devices.see', {})).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_IN' } });
  });

  test('an audit that somebody has cut is seen at the start and by whoever looks, and the kiosk sells on', async (context) => {
    const { stage, people } = await openStaffed(context, { terminal: approving });
    await logIn(stage, people.technician);
    await stage.kiosk.request('kiosk.pause', {});
    await stage.kiosk.request('kiosk.resume', {});
    await stage.kiosk.request('staff.logout', {});
    await stage.kiosk.stop();
    stage.store.tamper('DROP TRIGGER staff_audit_is_kept; DELETE FROM staff_audit WHERE number = 2');
    await stage.restart();
    await stage.open();
    await stage.kiosk.untilLog(({ code }) => code === 'AUDIT_BROKEN');
    await stage.untilStatus(({ service, card }) => service.kind === 'in_service' && card === 'ready');
    await sold(stage, 'cola');
    await logIn(stage, people.manager);
    expect(await stage.kiosk.request('audit.see', { limit: 10 })).toMatchObject({ ok: true, value: { whole: false } });
  });

  test('nobody comes in while a customer has an order on the screen', async (context) => {
    const { stage, people } = await openStaffed(context);
    await stage.place('cola');
    const { number, pin, code } = people.manager;
    expect(await stage.kiosk.request('staff.login', { number, pin, code: code(Date.now()) })).toMatchObject({ ok: false, error: { code: 'STAFF_NOT_ALLOWED' } });
    await stage.kiosk.request('leave', {});
    await logIn(stage, people.manager);
  });

  test('a device is connected anew when a technician asks for it, and works', async (context) => {
    const { stage, people } = await openStaffed(context);
    await logIn(stage, people.technician);
    for (const name of ['receipt printer', 'card terminal']) {
      expect(await stage.kiosk.request('devices.reconnect', { name })).toEqual({ ok: true, value: {} });
      await stage.untilStatus(({ card, paper }) => card === 'ready' && paper === 'ready');
    }
    expect(await stage.kiosk.request('devices.test_print', { language: 'en' })).toEqual({ ok: true, value: { state: 'done' } });
    expect(await stage.kiosk.request('devices.diagnose_terminal', {})).toMatchObject({ ok: true });
    expect(await stage.kiosk.request('devices.reconnect', { name: 'coffee machine' })).toMatchObject({ ok: false, error: { code: 'STAFF_UNKNOWN' } });
  });

  test('HQ gets a picture of the screen only when nobody is there, staff neither, and none on which somebody came', async (context) => {
    const { stage, people } = await openStaffed(context);
    const { kiosk } = stage;
    const taken: string[] = [];
    let whileTaking: (() => void) | undefined;
    kiosk.onPictureWanted(() => {
      taken.push(`picture ${taken.length + 1}`);
      whileTaking?.();
      return Buffer.from(taken.at(-1)!).toString('base64');
    });
    await kiosk.request('visit', { active: true });
    const command = stage.store.give('screenshot', {});
    await new Promise((resolve) => void setTimeout(resolve, 2_500));
    await logIn(stage, people.technician);
    await kiosk.request('visit', { active: false });
    await new Promise((resolve) => void setTimeout(resolve, 2_500));
    expect(taken).toEqual([]);
    // Somebody touches the screen while the first is taken, and is gone again.
    whileTaking = () => {
      whileTaking = undefined;
      void kiosk.request('visit', { active: true });
      void kiosk.request('visit', { active: false });
    };
    await kiosk.request('staff.logout', {});
    const sent = await stage.hq.until(({ kind }) => kind === 'screenshot.taken');
    expect(sent.payload).toEqual({ commandId: command, picture: Buffer.from('picture 2').toString('base64') });
    await stage.hq.until(({ kind, payload }) => kind === 'command.answered' && payload.commandId === command && payload.outcome === 'done');
    expect(stage.hq.events().filter(({ kind }) => kind === 'screenshot.taken')).toHaveLength(1);
  });
});
