import { describe, expect, test } from 'vitest';
import { slipText } from '../../hardware/sim/escpos-printer/paper.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

describe.concurrent('the paper receipt', () => {
  test('paper out before the order: it is paid, its receipt waits, and after refilling it prints once', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    stage.printer.setPaper('out');
    await stage.untilStatus(({ paper }) => paper === 'unavailable');
    const order = await stage.place('cola');
    await stage.pay(order.id);
    const paid = await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'paid');
    expect(paid).toMatchObject({ state: 'paid', receipt: { kind: 'waiting' } });
    expect(paid.receiptUrl).toContain('/r/');
    stage.printer.setPaper('ok');
    await stage.untilOrder(order.id, ({ state, receipt }) => state === 'fulfilled' && receipt.kind === 'printed');
    expect(stage.slipsOf(order.id)).toHaveLength(1);
    await stage.expectAgreement();
  });

  test('several receipts that wait print in their order, each once', async (context) => {
    const stage = await openStage(context);
    stage.printer.setPaper('out');
    await stage.untilStatus(({ paper }) => paper === 'unavailable');
    const orders = [await stage.place('city-map'), await stage.place('city-map'), await stage.place('city-map')];
    stage.printer.setPaper('ok');
    await stage.untilOrder(orders[2]!.id, ({ state }) => state === 'fulfilled');
    await stage.untilPaper((slips) => orders.every(({ number }, index) => slips[index]?.includes(number)));
    expect(stage.printer.slips()).toHaveLength(3);
    await stage.expectAgreement();
  });

  test('paper out in mid-receipt: nobody knows, so that nothing prints it again, and the next one prints', async (context) => {
    const stage = await openStage(context);
    stage.printer.paperOutAfter(6);
    const order = await stage.place('city-map');
    await stage.untilOrder(order.id, ({ receipt }) => receipt.kind === 'on_screen_only');
    stage.printer.setPaper('ok');
    const next = await stage.place('city-map');
    await stage.untilOrder(next.id, ({ state }) => state === 'fulfilled');
    expect(stage.store.jobStates(order.id)).toEqual({ print_receipt: 'uncertain' });
    expect(stage.slipsOf(next.id)[0]).not.toContain(order.number);
    await stage.expectAgreement();
  });

  test('the printer unplugged while it prints: uncertain; plugged in again, the next one prints', async (context) => {
    const stage = await openStage(context, { printer: { lineMs: 5 } });
    const order = await stage.place('city-map');
    await stage.untilPaper((_, current) => current.includes(order.number));
    await stage.printerLine.unplug();
    await stage.untilOrder(order.id, ({ receipt }) => receipt.kind === 'on_screen_only');
    await stage.printerLine.plug();
    const next = await stage.place('city-map');
    await stage.untilOrder(next.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });

  test('a receipt whose customer has left lapses instead of printing: the code was their receipt', async (context) => {
    const stage = await openStage(context, { times: { receiptMs: 1000 }, isQuick: true });
    stage.printer.setPaper('out');
    await stage.untilStatus(({ paper }) => paper === 'unavailable');
    const order = await stage.place('city-map');
    const lapsed = await stage.untilOrder(order.id, ({ receipt }) => receipt.kind === 'on_screen_only');
    expect(lapsed.id).toBe(order.id);
    stage.printer.setPaper('ok');
    await stage.untilStatus(({ paper }) => paper === 'ready');
    const next = await stage.place('city-map');
    await stage.untilOrder(next.id, ({ state }) => state === 'fulfilled');
    expect(stage.slipsOf(order.id)).toEqual([]);
    expect(stage.store.jobStates(order.id)).toEqual({ print_receipt: 'lapsed' });
    expect(stage.store.reader.order(order.id)?.state).toBe('fulfilled');
    await stage.expectAgreement();
  });
});

test("staff with a printer get a kitchen ticket and a counted slip there, and the customer's receipt stays the customer's", async (context) => {
  const stage = await openStage(context, { terminal: approving, hasStaffPrinter: true });
  const order = await stage.place({ offerId: 'beef-noodles', choices: { size: ['small'] } }, 'cola');
  await stage.pay(order.id);
  await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'fulfilled');
  const staff = stage.staffPrinter.slips().map(slipText);
  expect(staff).toHaveLength(2);
  expect(staff[0]).toContain(order.number);
  expect(staff.join('\n')).toMatch(/No\. 00000\d/);
  // Neither prices nor the token that opens the e-receipt are theirs.
  const { receiptToken } = stage.store.reader.order(order.id)!.order;
  for (const slip of staff) expect(slip.includes('￥') || slip.includes(receiptToken)).toBe(false);
  expect(stage.printer.slips()).toHaveLength(1);
  await stage.expectAgreement();
});

test('a roll that cannot finish the next receipts is low, whatever the sensor says, and a new one is not', async (context) => {
  const stage = await openStage(context, { rollMetres: 1.5 });
  await stage.untilStatus(({ paper }) => paper === 'ready');
  await stage.place('city-map');
  await stage.untilStatus(({ paper }) => paper === 'low');
  stage.printer.setPaper('out');
  await stage.untilStatus(({ paper }) => paper === 'unavailable');
  stage.printer.setPaper('ok');
  await stage.untilStatus(({ paper }) => paper === 'ready');
  expect(stage.store.reader.paperUse().usedMm).toBe(0);
});

test('half a receipt that hung out of the printer over a restart is cut off before the next one', async (context) => {
  const stage = await openStage(context, { printer: { lineMs: 5 } });
  const first = await stage.place('city-map');
  await stage.untilPaper((_, current) => current.includes(first.number));
  stage.printer.setPaper('out');
  await stage.untilOrder(first.id, ({ receipt }) => receipt.kind === 'on_screen_only');
  await stage.kiosk.kill();
  await stage.restart();
  stage.printer.setPaper('ok');
  await stage.open();
  await stage.untilStatus(({ paper }) => paper === 'ready');
  const next = await stage.place('city-map');
  await stage.untilOrder(next.id, ({ receipt }) => receipt.kind === 'printed');
  const [own] = stage.slipsOf(next.id);
  expect(own).not.toContain(first.number);
  await stage.expectAgreement();
});
