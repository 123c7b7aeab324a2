import { describe, expect, test } from 'vitest';
import type { OrderId } from '../../domain/ids.ts';
import type { Stage, StageOptions } from './testing/kiosk-stage-rig.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

/** When core is killed, with a purchase of the umbrella (there is one) on its way. */
interface Moment {
  readonly at: string;
  readonly options?: StageOptions;
  /** Resolves at the moment. */
  readonly reach: (stage: Stage, orderId: OrderId) => Promise<unknown>;
}

/** What the terminal does while core is down, or as soon as it is back. */
interface Truth {
  readonly then: string;
  readonly options?: StageOptions['terminal'];
  readonly whileDown?: (stage: Stage) => Promise<unknown> | void;
  readonly afterwards?: (stage: Stage) => Promise<unknown> | void;
}

/** The terminal notices soon that nobody is there. */
const soon = { t2Ms: 1000, t3Ms: 500 };
const settled = (stage: Stage) => stage.untilBook((book) => book.length > 0 && book.every(({ state }) => state !== 'authorised'));
const silentWhenApproved = (when: NonNullable<Stage['terminal']['script']['approveAndFallSilent']>) => async (stage: Stage, orderId: OrderId) => {
  stage.terminal.script.approveAndFallSilent = when;
  await stage.pay(orderId);
  await stage.untilPhase('hung');
};

const waiting: Truth = { then: 'still waits for a card' };
const unheard: Truth = { then: 'it is approved, and unheard it is reversed', whileDown: settled };
const unheardAndKept: Truth = { ...unheard, then: 'it is approved, and unheard it is kept', options: { reversesUnacknowledged: false } };
const approvedLate: Truth = { then: 'it is approved when core is back' };
const tappedLate: Truth = { then: 'a card is tapped when core is back', afterwards: (stage) => void stage.terminal.tapCard() };
const rebooted: Truth = { then: 'the terminal starts anew', whileDown: (stage) => stage.terminal.reboot() };
const speaks: Truth = { then: 'the terminal speaks again, and reverses', whileDown: (stage) => (stage.terminal.setSilent(false), settled(stage)) };
const speaksAndKept: Truth = { ...speaks, then: 'the terminal speaks again, and keeps it', options: { reversesUnacknowledged: false } };
const speaksLate: Truth = { then: 'the terminal speaks when core is back', afterwards: (stage) => stage.terminal.setSilent(false) };

const cases: readonly (readonly [Moment, readonly Truth[]])[] = [
  [{ at: 'the terminal has the purchase', reach: (stage, orderId) => (void stage.kiosk.request('pay', { orderId }), stage.untilPhase('present_card')) }, [waiting, rebooted]],
  [{
    at: 'a card is asked for',
    reach: async (stage, orderId) => {
      await stage.pay(orderId);
      await stage.untilOrder(orderId, ({ payment }) => payment.kind === 'running' && payment.message === 'present_card');
    },
  }, [waiting, tappedLate, rebooted]],
  [{
    at: 'the card is read',
    options: { terminal: { autoApproveAfterMs: 0, processingMs: 100 } },
    reach: async (stage, orderId) => {
      await stage.pay(orderId);
      await stage.untilPhase('please_wait');
    },
  }, [unheard, unheardAndKept, approvedLate, rebooted]],
  [{ at: 'the bank has approved, and core has not heard of it', options: { terminal: approving }, reach: silentWhenApproved('before_status') }, [speaks, speaksAndKept, speaksLate, rebooted]],
  [{
    at: 'the approval is committed, and the terminal has not heard of that',
    options: { terminal: approving },
    reach: async (stage, orderId) => {
      await silentWhenApproved('after_status')(stage, orderId);
      await stage.hq.until(({ kind, payload }) => kind === 'payment.attempt' && payload.orderId === orderId && payload.state === 'authorised');
    },
  }, [speaks, speaksAndKept, rebooted]],
  [{ at: 'the approval is acknowledged, and not completed', options: { terminal: approving }, reach: silentWhenApproved('after_acknowledgement') }, [speaks, speaksLate, rebooted]],
];

describe.concurrent('core is killed in mid-payment, and started again', () => {
  for (const [moment, truths] of cases) {
    test.for(truths)(`when ${moment.at}; $then: the four books agree, and the order is paid at most once`, async (truth, context) => {
      const stage = await openStage(context, { terminal: { ...soon, ...moment.options?.terminal, ...truth.options } });
      const order = await stage.place('umbrella');
      await moment.reach(stage, order.id);
      await stage.kiosk.kill();
      await truth.whileDown?.(stage);
      await stage.restart();
      await truth.afterwards?.(stage);
      await stage.open(order.id);
      await stage.untilStatus(({ card, paper }) => card === 'ready' && paper === 'ready');

      const state = stage.store.reader.order(order.id)?.state;
      const isTaken = stage.terminal.book().some((entry) => entry.state === 'approved');
      if (isTaken) expect(state).toMatch(/^(paid|fulfilled)$/);
      else {
        expect(state).toBe('awaiting_payment');
        await stage.pay(order.id);
        await stage.untilPhase('present_card');
        stage.terminal.tapCard();
      }
      await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'fulfilled');
      await stage.expectAgreement();
      expect(stage.slipsOf(order.id)).toHaveLength(1);
    });
  }
});

describe.concurrent('core is killed, and started again', () => {
  test('after an order was placed: it is given up, and its stock is free', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('umbrella');
    await stage.kiosk.kill();
    await stage.restart();
    expect((await stage.open(order.id)).order).toMatchObject({ state: 'cancelled' });
    await stage.expectAgreement();
    expect(stage.store.reader.available().get('umbrella')).toBe(1);
  });

  test('after an order was paid and before its receipt: it prints once', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    stage.printer.setPaper('out');
    await stage.untilStatus(({ paper }) => paper === 'unavailable');
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ payment, receipt }) => payment.kind === 'paid' && receipt.kind === 'waiting');
    await stage.kiosk.kill();
    stage.printer.setPaper('ok');
    await stage.restart();
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'fulfilled');
    await stage.expectAgreement();
  });

  test('in mid-receipt: nothing prints it again, and the next receipt does not hang on its half', async (context) => {
    const stage = await openStage(context, { printer: { lineMs: 5 } });
    const order = await stage.place('city-map');
    await stage.untilPaper((_, current) => current.includes(order.number));
    expect(stage.printer.slips()).toEqual([]);
    await stage.kiosk.kill();
    await stage.restart();
    // The customer has the e-receipt; what nobody knows of the paper holds up nothing else.
    expect((await stage.open(order.id)).order).toMatchObject({ state: 'fulfilled', receipt: { kind: 'on_screen_only' } });
    const next = await stage.place('city-map');
    await stage.untilOrder(next.id, ({ state }) => state === 'fulfilled');
    expect(stage.store.jobStates(order.id)).toEqual({ print_receipt: 'uncertain' });
    const [own] = stage.slipsOf(next.id);
    expect(own).not.toContain(order.number);
    await stage.expectAgreement();
  });

  test('when the slip is out and core does not know it yet: at most one slip', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('city-map');
    await stage.untilPaper((slips) => slips.length === 1);
    await stage.kiosk.kill();
    await stage.restart();
    const next = await stage.place('city-map');
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.orderId === next.id && payload.to === 'fulfilled');
    expect(stage.slipsOf(order.id)).toHaveLength(1);
    expect(['done', 'uncertain']).toContain(stage.store.jobStates(order.id)['print_receipt']);
    await stage.expectAgreement();
  });

  test('after everything was done: nothing is done again', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    const before = stage.store.eventIdsOfWork();
    await stage.kiosk.kill();
    await stage.restart();
    await stage.open();
    await stage.untilStatus(({ card, paper }) => card === 'ready' && paper === 'ready');
    expect(stage.store.eventIdsOfWork()).toEqual(before);
    await stage.expectAgreement();
  });

  test('again and again at other moments of buying: the books agree', async (context) => {
    const stage = await openStage(context, { terminal: { ...approving, ...soon } });
    for (let round = 0; round < 3; round += 1) {
      const order = await stage.place('cola');
      void stage.kiosk.request('pay', { orderId: order.id });
      const printed = stage.printer.slips().length;
      const moments = [
        () => stage.untilPhase('approved'), () => stage.untilPhase('present_card'), () => stage.untilPaper((slips) => slips.length > printed),
      ];
      await moments[round]!();
      await stage.kiosk.kill();
      await stage.restart();
      await stage.open(order.id);
      await stage.untilStatus(({ card, paper }) => card === 'ready' && paper === 'ready');
    }
    const last = await stage.place('city-map');
    await stage.untilOrder(last.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });
});
