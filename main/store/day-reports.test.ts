import { afterEach, beforeEach, expect, it } from 'vitest';
import { money } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { createDayStore } from './day-reports.ts';
import { createEmitter } from './emitter.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig } from './testing/replay-rig.ts';

let rig: ReplayRig;
beforeEach(() => {
  rig = createReplayRig();
});
afterEach(() => rig.dispose());

function paid(wish: Readonly<Record<string, number>>, by: 'alipay' | 'wechat' | 'card'): Order {
  const order = rig.place(wish, 300);
  if (by === 'card') rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total).id, { state: 'approved', card: { receiptNumber: order.number } });
  else rig.writer.settleAttempt(rig.writer.startAttempt(order.id, order.total, { tender: by, mode: 'read' }).id, { state: 'approved', wallet: { transactionId: '1' } });
  return order;
}
const give = (order: Order, amount: number) => void rig.writer.askRefund({ orderId: order.id, amount: money(amount, 'CNY'), way: 'by_hand', reason: 'cold' });

function closed() {
  const day = createDayStore(rig.database, createEmitter({ database: rig.database, now: rig.now, newId: rig.newId }), rig.now);
  day.ask('1001');
  day.answered(undefined);
  const report = day.report('CNY');
  return { ...report, wallets: day.facts(report.number)?.wallets };
}

it('the terminal’s book is compared with payments by card alone; what was given back by hand stands in it still', () => {
  paid({ noodles: 1 }, 'alipay');
  const [part, whole] = [paid({ noodles: 2 }, 'card'), paid({ noodles: 3 }, 'card')];
  give(part, 100);
  give(whole, 900);
  expect(rig.reader.order(whole.id)?.state).toBe('refunded');
  expect(closed()).toMatchObject({ orders: { count: 3, amount: 1800 }, cardsOurs: { count: 2, amount: 1500 }, refunded: { count: 2, amount: 1000 } });
});

it('what wallets took stands by wallet, without what went back as a whole, and is counted once', () => {
  paid({ noodles: 1 }, 'alipay');
  paid({ noodles: 2 }, 'alipay');
  const back = paid({ noodles: 3 }, 'wechat');
  const attempt = rig.reader.attempts(back.id)[0]!;
  rig.writer.startReversal(attempt.id);
  rig.writer.settleReversal(attempt.id, { kind: 'reversed' });
  paid({ noodles: 4 }, 'card');
  expect(closed()).toMatchObject({ cardsOurs: { count: 1, amount: 1200 }, wallets: [{ tender: 'alipay', count: 2, amount: 900 }] });
  expect(closed()).toMatchObject({ wallets: [] });
});

it('each part that went back is counted in one report, and with the last part only the rest of the order is', () => {
  const order = paid({ noodles: 3 }, 'alipay');
  give(order, 200);
  expect(closed()).toMatchObject({ orders: { count: 1, amount: 900 }, refunded: { count: 1, amount: 200 }, cardsOurs: { count: 0 } });
  expect(closed()).toMatchObject({ orders: { count: 0 }, refunded: { count: 0, amount: 0 } });
  give(order, 300);
  give(order, 400);
  expect(closed()).toMatchObject({ orders: { count: 0 }, refunded: { count: 1, amount: 700 } });
  expect(closed()).toMatchObject({ refunded: { count: 0, amount: 0 } });
});
