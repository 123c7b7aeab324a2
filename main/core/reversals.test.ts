import { describe, expect, test } from 'vitest';
import type { OrderId } from '../../domain/ids.ts';
import type { Stage } from './testing/kiosk-stage-rig.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

const anHour = 3_600_000;

/** Approved and acknowledged, core killed before it could know, and started again when the customer has long gone. */
async function foundPaidAfterAnHour(stage: Stage, meanwhile: (stage: Stage) => unknown = () => undefined): Promise<OrderId> {
  const order = await stage.place('umbrella');
  stage.terminal.script.approveAndFallSilent = 'after_acknowledgement';
  await stage.pay(order.id);
  await stage.untilPhase('hung');
  await stage.kiosk.kill();
  stage.store.agePayments(anHour);
  stage.terminal.setSilent(false);
  await meanwhile(stage);
  await stage.restart();
  return order.id;
}

const untilOrderIs = (stage: Stage, state: string) => stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === state);

describe.concurrent('a payment found when nobody stands there any more', () => {
  test('is sent back: the money is back, the goods are free, nothing is printed, and the next customer can pay', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const orderId = await foundPaidAfterAnHour(stage);
    await untilOrderIs(stage, 'refunded');
    expect(stage.terminal.book().map(({ state }) => state)).toContain('reversed');
    expect(stage.store.attemptStates(orderId)).toEqual(['reversed']);
    expect(stage.store.reader.available().get('umbrella')).toBe(1);
    await stage.open();
    await stage.untilStatus(({ card }) => card === 'ready');
    const next = await stage.place('umbrella');
    await stage.pay(next.id);
    await stage.untilOrder(next.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
    expect(stage.slipsOf(orderId)).toEqual([]);
  });

  test('is kept where its customer still looks at it', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('umbrella');
    stage.terminal.script.approveAndFallSilent = 'after_acknowledgement';
    await stage.pay(order.id);
    await stage.untilPhase('hung');
    await stage.kiosk.kill();
    stage.terminal.setSilent(false);
    await stage.restart();
    await stage.open(order.id);
    await untilOrderIs(stage, 'fulfilled');
    await stage.expectAgreement();
  });

  test('and that the terminal will not give back: the order stays paid, and a person hears of it', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const orderId = await foundPaidAfterAnHour(stage, ({ terminal }) => terminal.script([{ at: 'received 06 30', do: 'end_of_day' }]));
    await stage.hq.until(({ kind }) => kind === 'attention.raised');
    expect(stage.store.reader.attention()).toMatchObject([{ kind: 'reversal_refused', orderId, amount: { amount: 3900 } }]);
    expect(stage.store.attemptStates(orderId)).toEqual(['approved']);
    await stage.expectAgreement();
  });

  test('is sent back once, though core is killed while it asks for it', async (context) => {
    const stage = await openStage(context, { terminal: { ...approving, reportsReversalAsTransaction: true } });
    await foundPaidAfterAnHour(stage);
    await stage.hq.until(({ kind, payload }) => kind === 'payment.attempt' && payload.state === 'reversing');
    await stage.kiosk.kill();
    await stage.restart();
    await untilOrderIs(stage, 'refunded');
    expect(stage.terminal.book().filter(({ state }) => state === 'reversed')).toHaveLength(1);
    expect(stage.terminal.book().filter(({ state }) => state === 'reversal')).toHaveLength(1);
    // The reversal is a transaction of our amount that we have not sent: it must not pass for the next purchase.
    await stage.open();
    await stage.untilStatus(({ card }) => card === 'ready');
    const next = await stage.place('umbrella');
    await stage.kiosk.request('pay', { orderId: next.id });
    await stage.kiosk.kill();
    await stage.restart();
    await stage.open(next.id);
    await stage.untilStatus(({ card }) => card === 'ready');
    const isTaken = stage.terminal.book().some(({ state }) => state === 'approved');
    expect(stage.store.reader.order(next.id)?.state).toMatch(isTaken ? /^(paid|fulfilled)$/ : /^awaiting_payment$/);
  });
});
