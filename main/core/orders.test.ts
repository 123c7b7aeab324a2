import { describe, expect, test } from 'vitest';
import type { ReceivedEvent } from './testing/hq-rig.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

describe.concurrent('the way of an order', () => {
  test('an approved order travels once through store, terminal, paper and HQ, each step committed before the next', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('cola', { offerId: 'cola', quantity: 2 });
    expect(order).toMatchObject({ state: 'placed', total: { amount: 1050, currency: 'CNY' }, payment: { kind: 'due', last: 'none' } });
    const committed: string[] = [];
    stage.terminal.onChange(() => committed.push(`${stage.terminal.display().phase}: ${stage.store.attemptStates(order.id).join()}`));
    await stage.pay(order.id);
    const done = await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(done).toMatchObject({ payment: { kind: 'paid', maskedPan: '622202******1234' }, receipt: { kind: 'printed' } });
    // The terminal shows "approved" when it has our acknowledgement.
    expect([...new Set(committed)].slice(0, 3)).toEqual(['present_card: started', 'please_wait: started', 'approved: authorised']);
    await stage.expectAgreement();
    // A printer that answers late puts its job back before a byte was sent, as often as it likes: that is no second print.
    const putBack = /(job\.state doing job\.state queued )+(?=job\.state doing)/;
    expect(stage.hq.eventsOf(order.id).filter(({ lane }) => lane === 'orders').map(said).join(' ').replace(putBack, '')).toBe([
      'order.placed', 'order.state awaiting_payment', 'payment.attempt started', 'payment.attempt authorised', 'payment.attempt approved',
      'order.state paid', 'job.state queued', 'job.state doing', 'job.state done', 'order.state fulfilled',
    ].join(' '));
    expect(stage.slipsOf(order.id)[0]).toContain('￥10.50');
    expect(stage.store.reader.available().get('cola')).toBe(37);
  });

  test('a free order asks no terminal, and gets its number and its receipt', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('city-map');
    expect(order).toMatchObject({ state: 'paid', payment: { kind: 'free' } });
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(stage.terminal.book()).toEqual([]);
    expect(await stage.kiosk.request('pay', { orderId: order.id })).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_PAYABLE' } });
    await stage.expectAgreement();
    expect(stage.slipsOf(order.id)[0]).toContain(order.number);
  });

  test('a telecom order is fulfilled only when HQ has acknowledged the request for its service', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    await stage.untilStatus(({ hq }) => hq === 'ready');
    const order = await stage.place({ offerId: 'top-up-30', form: { phone: '13912345678' } });
    stage.hq.setAway(true);
    await stage.pay(order.id);
    const printed = await stage.untilOrder(order.id, ({ receipt }) => receipt.kind === 'printed');
    expect(printed.state).toBe('paid');
    expect(stage.store.jobStates(order.id)).toEqual({ print_receipt: 'done', request_service: 'queued' });
    // It is taken, and the answer is lost: it comes again, and is taken once.
    stage.hq.loseNextAnswer();
    stage.hq.setAway(false);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
    const asked = stage.hq.eventsOf(order.id).filter(({ kind }) => kind === 'service.requested');
    expect(asked).toMatchObject([{ payload: { service: 'top_up', quantity: 1, amount: 3000, form: { phone: expect.stringMatching(/^sealed:/) as string } } }]);
    // HQ can open it, by the key that came beside the chain.
    expect(stage.hq.keys().get(order.id)?.length).toBe(32);
    expect(stage.slipsOf(order.id)[0]).not.toContain('13912345678');
  });

  test('food with options costs what its options cost', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place({ offerId: 'beef-noodles', quantity: 2, choices: { size: ['large'], extras: ['egg', 'greens'] } });
    expect(order.total.amount).toBe(2 * (2600 + 600 + 300 + 200));
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
    expect(stage.terminal.book()).toMatchObject([{ amount: 7400, state: 'approved' }]);
  });
});

describe.concurrent('placing', () => {
  test('the same cart is one order, one after the other and at once', async (context) => {
    const stage = await openStage(context);
    const twice = stage.placing('cola', 'umbrella');
    const answers = await Promise.all(Array.from({ length: 10 }, () => stage.kiosk.request('place', twice)));
    answers.push(await stage.kiosk.request('place', twice));
    const ids = answers.map((answer) => (answer.ok && answer.value.kind === 'placed' ? answer.value.order.id : undefined));
    expect(ids[0]).toBeDefined();
    expect(new Set(ids)).toEqual(new Set([ids[0]]));
    expect(stage.store.orderIds()).toEqual([ids[0]]);
    expect(stage.store.reader.available().get('umbrella')).toBe(0);
    await stage.expectAgreement();
  });

  test('a total other than ours is refused with the right one, and nothing is written', async (context) => {
    const stage = await openStage(context);
    const before = stage.store.eventIdsOfWork();
    const cheap = { ...stage.placing('umbrella'), shownTotal: { amount: 1, currency: 'CNY' as const } };
    expect(await stage.kiosk.request('place', cheap)).toMatchObject({
      ok: true, value: { kind: 'refused', refusals: [{ code: 'total_changed', suggestion: { kind: 'accept_total', total: { amount: 3900, currency: 'CNY' } } }] },
    });
    const foreign = { ...stage.placing('umbrella'), shownTotal: { amount: 3900, currency: 'EUR' as const } };
    expect(await stage.kiosk.request('place', foreign)).toMatchObject({ ok: true, value: { kind: 'refused' } });
    expect(stage.store.orderIds()).toEqual([]);
    expect(stage.store.eventIdsOfWork()).toEqual(before);
    expect(stage.store.reader.available().get('umbrella')).toBe(1);
  });

  test('of two carts with the last piece one becomes an order; when it is given up, the other may', async (context) => {
    const stage = await openStage(context);
    const [first, second] = [stage.placing('umbrella'), stage.placing('umbrella')];
    const [placed, refused] = await Promise.all([stage.kiosk.request('place', first), stage.kiosk.request('place', second)]);
    expect(placed).toMatchObject({ ok: true, value: { kind: 'placed' } });
    expect(refused).toMatchObject({ ok: true, value: { kind: 'refused', refusals: [{ code: 'sold_out' }], available: { umbrella: 0 } } });
    await stage.kiosk.request('leave', {});
    await stage.kiosk.until('stock', ({ available }) => available['umbrella'] === 1);
    expect(await stage.kiosk.request('place', second)).toMatchObject({ ok: true, value: { kind: 'placed' } });
    await stage.expectAgreement();
  });
});

function said({ kind, payload }: ReceivedEvent): string {
  if ('to' in payload) return `${kind} ${payload.to}`;
  return 'state' in payload ? `${kind} ${payload.state}` : kind;
}
