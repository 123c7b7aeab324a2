import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { OrderId } from '../../domain/ids.ts';
import { referenceOf } from '../../domain/order/reference.ts';
import type { Stage } from './testing/kiosk-stage-rig.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

const phone = '13912345678';
const topUp = { offerId: 'top-up-30', form: { phone } } as const;
const broadband = { offerId: 'broadband', form: { applicant: '张种下', phone, agreed: '2026-1' } } as const;
const address = { 'contact-name': '李种下', 'contact-phone': phone, district: '310115', street: '种下路 24 号' };
const jobOf = (stage: Stage, orderId: OrderId) => stage.store.reader.services(orderId)[0]!.jobId;
const changeConfig = (file: string, change: object) => fs.writeFileSync(file, JSON.stringify({ ...(JSON.parse(fs.readFileSync(file, 'utf8')) as object), ...change }));
const hqReady = (stage: Stage) => stage.untilStatus(({ hq }) => hq === 'ready');

async function paidTopUp(stage: Stage): Promise<OrderId> {
  await hqReady(stage);
  const { id } = await stage.place(topUp);
  await stage.pay(id);
  await stage.untilOrder(id, ({ payment, receipt }) => payment.kind === 'paid' && receipt.kind === 'printed');
  return id;
}

test.concurrent('a top-up is credited while its customer watches', async (context) => {
  const stage = await openStage(context, { terminal: approving });
  const id = await paidTopUp(stage);
  stage.store.give('service_result', { jobId: jobOf(stage, id), outcome: 'pending' });
  await stage.untilOrder(id, ({ services }) => services[0]?.state === 'pending');
  stage.store.give('service_result', { jobId: jobOf(stage, id), outcome: 'done', reference: 'CM-77' });
  const done = await stage.untilOrder(id, ({ services, state }) => services[0]?.state === 'done' && state === 'fulfilled');
  expect(done.services).toEqual([{ offerId: 'top-up-30', name: { zh: 'top-up-30', en: 'top-up-30' }, state: 'done', reference: 'CM-77' }]);
  await stage.expectAgreement();
});

test.concurrent('one that is refused is given back through the terminal, before its customer’s eyes, once', async (context) => {
  const stage = await openStage(context, { terminal: approving });
  const id = await paidTopUp(stage);
  stage.store.give('service_result', { jobId: jobOf(stage, id), outcome: 'refused' });
  const returned = await stage.untilOrder(id, ({ payment }) => payment.kind === 'returned');
  expect(returned).toMatchObject({ state: 'refunded', services: [{ state: 'refused' }] });
  expect(stage.terminal.book().filter(({ state }) => state === 'reversed')).toHaveLength(1);
  await stage.expectAgreement();
  expect(stage.hq.eventsOf(id).filter(({ kind }) => kind === 'service.settled')).toMatchObject([{ payload: { outcome: 'refused' } }]);
});

test.concurrent('one that is refused when its customer has left is given back when nobody is there; killed in between, once all the same', async (context) => {
  const stage = await openStage(context, { terminal: approving });
  const id = await paidTopUp(stage);
  await stage.kiosk.request('leave', {});
  await stage.kiosk.request('visit', { active: true });
  stage.store.give('service_result', { jobId: jobOf(stage, id), outcome: 'refused' });
  await context.expect.poll(() => stage.store.reader.ordersWithRefused('owed')).toEqual([id]);
  expect(stage.store.attemptStates(id)).toEqual(['approved']);
  await stage.kiosk.kill();
  await stage.restart();
  await context.expect.poll(() => stage.store.reader.order(id)?.state).toBe('refunded');
  expect(stage.terminal.book().filter(({ state }) => state === 'reversed')).toHaveLength(1);
  await stage.open();
  await stage.expectAgreement();
});

test.concurrent('an application is free, bears the number that it is found by, and waits for HQ alone', async (context) => {
  const stage = await openStage(context);
  stage.hq.setAway(true);
  await stage.untilStatus(({ hq }) => hq === 'away');
  const away = await stage.kiosk.request('place', stage.placing(broadband));
  expect(away).toMatchObject({ ok: true, value: { kind: 'refused', refusals: [{ code: 'online_only' }] } });
  stage.hq.setAway(false);
  await hqReady(stage);
  const { id } = await stage.place(broadband);
  const reference = referenceOf(id, 0);
  await stage.untilOrder(id, ({ services }) => services[0]?.reference === reference);
  stage.store.give('service_result', { jobId: jobOf(stage, id), outcome: 'refused' });
  await stage.untilOrder(id, ({ services, payment }) => services[0]?.state === 'refused' && payment.kind === 'free');
  await stage.expectAgreement();
});

test.concurrent('what is brought home takes nothing from the shelf, needs no slip of staff, and HQ has its address, sealed', async (context) => {
  const stage = await openStage(context, { terminal: approving, hasStaffPrinter: true });
  await hqReady(stage);
  const wrong = await stage.kiosk.request('place', stage.placing({ offerId: 'rice', form: { ...address, district: '310199' } }));
  expect(wrong).toMatchObject({ ok: true, value: { kind: 'refused', refusals: [{ code: 'address_invalid' }] } });
  const { id } = await stage.place({ offerId: 'rice', form: address });
  await stage.pay(id);
  await stage.untilOrder(id, ({ state }) => state === 'fulfilled');
  expect(stage.store.jobStates(id)).toEqual({ print_receipt: 'done' });
  await stage.expectAgreement();
  const told = JSON.stringify(stage.hq.eventsOf(id));
  expect(stage.hq.eventsOf(id).filter(({ kind }) => kind === 'stock.moved')).toEqual([]);
  expect(told).toContain('sealed:');
  for (const word of Object.values(address)) expect(told).not.toContain(word);
  expect(stage.hq.keys().get(id)?.length).toBe(32);
});

test.concurrent('a call for a person is answered on its screen, and is over with the visit', async (context) => {
  const stage = await openStage(context, { before: ({ configFile }) => changeConfig(configFile, { help: { onDuty: [] } }) });
  await hqReady(stage);
  await stage.kiosk.request('visit', { active: true });
  expect(await stage.kiosk.request('callHelp', { screen: 'home' })).toEqual({ ok: true, value: { kind: 'calling' } });
  const called = await stage.hq.until(({ kind }) => kind === 'help.called');
  if (called.kind !== 'help.called') throw new Error('another event');
  stage.store.give('answer_help', { callId: called.payload.callId, words: { zh: '马上来', en: 'Coming' } });
  await stage.kiosk.until('help', (view) => view.kind === 'answered' && view.words?.en === 'Coming');
  await stage.kiosk.request('visit', { active: false });
  expect(await stage.hq.until(({ kind }) => kind === 'help.ended')).toMatchObject({ payload: { callId: called.payload.callId, by: 'idle' } });
  await stage.kiosk.request('visit', { active: true });
  expect(await stage.kiosk.request('endHelp', {})).toEqual({ ok: true, value: { kind: 'none' } });
  await stage.expectAgreement();
});

test.concurrent('without a card terminal what is free can be had, and nothing else', async (context) => {
  const stage = await openStage(context);
  await stage.terminalLine.close();
  await stage.untilStatus(({ card }) => card === 'unavailable');
  expect(await stage.kiosk.request('place', stage.placing('cola', 'city-map'))).toMatchObject({ ok: true, value: { kind: 'refused', refusals: [{ code: 'payment_unavailable', suggestion: { kind: 'keep_free' } }] } });
  const { id } = await stage.place('city-map');
  await stage.untilOrder(id, ({ state }) => state === 'fulfilled');
});

test.concurrent('nothing that a customer said of themselves is in any line of the log, here or at HQ', async (context) => {
  const stage = await openStage(context, { terminal: approving });
  await hqReady(stage);
  const { kiosk } = stage;
  await kiosk.request('visit', { active: true });
  const { id } = await stage.place({ ...broadband, form: { ...broadband.form, applicant: '张种下' } }, { offerId: 'rice', form: address }, topUp);
  await stage.pay(id);
  await stage.untilOrder(id, ({ payment }) => payment.kind === 'paid');
  expect(await kiosk.request('feedback', { orderId: id, stars: 2, chips: ['hard_to_read'], words: '种下的话 planted words' })).toEqual({ ok: true, value: {} });
  await kiosk.request('callHelp', { screen: 'result' });
  await kiosk.request('speak', { id: 7, text: '种下的声音 planted speech', language: 'zh', wordsPerMinute: 200 });
  await kiosk.until('speech', ({ id: spoken }) => spoken === 7);
  // Also what breaks the contract is named without being repeated.
  const broken = stage.placing('cola');
  for (const value of [7, '种下路'.repeat(80), ['张种下']]) {
    await kiosk.request('place', { ...broken, cart: { ...broken.cart, lines: [{ ...broken.cart.lines[0]!, form: { street: value as string } }] } });
  }
  await kiosk.request('place', stage.placing({ offerId: 'rice', form: { ...address, street: '', 'contact-phone': '1391234' } }));
  await kiosk.request('feedback', { orderId: id, stars: 9, chips: ['planted chip' as never], words: 'planted words'.repeat(40) });
  await kiosk.request('speak', { id: 8, text: 'planted speech'.repeat(100), language: 'planted speech' as never, wordsPerMinute: 1 });
  const job = stage.store.reader.services(id).find(({ nth }) => nth === 1)!.jobId;
  stage.store.give('service_result', { jobId: job, outcome: 'refused', reference: 'CM-1' });
  await stage.untilOrder(id, ({ services }) => services.some(({ state }) => state === 'refused'));
  stage.store.give('send_logs', { minutes: 60 });
  await stage.hq.until((event) => event.kind === 'command.answered' && event.payload.command === 'send_logs');
  await stage.errors();
  await stage.expectAgreement();
  const logged = JSON.stringify([kiosk.log(), stage.hq.events()]);
  expect(logged.length).toBeGreaterThan(1000);
  for (const word of ['种下', 'planted', phone, '1391234', '310115']) expect(logged, word).not.toContain(word);
  // A part of an order is a person's to give back; the rest of it stays sold.
  expect(stage.store.reader.attention()).toMatchObject([{ kind: 'service_refused', orderId: id, amount: { amount: 3000 } }]);
});

test.concurrent('only of the order that is or was on the screen anything can be said', async (context) => {
  const stage = await openStage(context);
  await stage.kiosk.request('visit', { active: true });
  const { id } = await stage.place('city-map');
  await stage.untilOrder(id, ({ state }) => state === 'fulfilled');
  await stage.kiosk.request('leave', {});
  expect(await stage.kiosk.request('feedback', { orderId: id, stars: 5, chips: [] })).toEqual({ ok: true, value: {} });
  expect(await stage.kiosk.request('feedback', { orderId: id, stars: 1, chips: [] })).toEqual({ ok: true, value: {} });
  await stage.kiosk.request('visit', { active: false });
  expect(await stage.kiosk.request('feedback', { orderId: id, stars: 1, chips: [] })).toMatchObject({ ok: false, error: { code: 'ORDER_UNKNOWN' } });
  expect(await stage.hq.until(({ kind }) => kind === 'feedback.given')).toMatchObject({ payload: { orderId: id, stars: 5 } });
  await stage.expectAgreement();
  expect(stage.hq.events().filter(({ kind }) => kind === 'feedback.given')).toHaveLength(1);
});
