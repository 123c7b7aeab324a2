import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { OrderLine } from '../../domain/order/order.ts';
import { orderViewSchema } from '../../domain/order/view.ts';
import { openWalletRig } from './testing/wallet-rig.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const topUp: Partial<OrderLine> = { offerId: 'top-up', fulfilment: { kind: 'telecom', service: 'top_up' }, total: 300 };

/** A tea and a top-up, paid with a wallet, and the carrier refuses the top-up. */
async function refusedPart() {
  const rig = openWalletRig();
  const run = rig.run();
  const orderId = rig.place([{ total: 50 }, topUp]);
  run.wallets.show(orderId, 'wechat');
  await rig.pass(1_000);
  rig.desk.pay(rig.attemptOf(orderId));
  await rig.pass(1_000);
  const moneyOf = () => orderViewSchema.parse(run.view(orderId)).services.map(({ state, money }) => [state, money]);
  const refuse = () => rig.writer.settleService(rig.reader.services(orderId)[0]!.jobId, 'refused', undefined);
  return { rig, ...run, orderId, moneyOf, refuse };
}

it('the money of a refused part goes back to the wallet by itself, and its customer reads where it is', async () => {
  const { rig, refunds, orderId, moneyOf, refuse } = await refusedPart();
  expect(moneyOf()).toEqual([['asked', undefined]]);
  refuse();
  expect(moneyOf()).toEqual([['refused', 'returning']]);
  refunds.look();
  await rig.pass(2_000);
  expect([moneyOf(), rig.desk.balance(rig.attemptOf(orderId))]).toEqual([[['refused', 'returned']], 50]);
});

it('a part that the gateway will not give back is on a person’s list', async () => {
  const { rig, refunds, orderId, moneyOf, refuse } = await refusedPart();
  rig.desk.refundsAs('refused');
  refuse();
  refunds.look();
  await rig.pass(2_000);
  expect([moneyOf(), rig.reader.attention().map(({ orderId: about }) => about)]).toEqual([[['refused', 'by_person']], [orderId]]);
});

it('where all of it is refused, the whole goes back, and a free service has no money to go back', async () => {
  const rig = openWalletRig();
  const { wallets, refunds, view } = rig.run();
  const orderId = rig.place([topUp, { ...topUp, offerId: 'application', fulfilment: { kind: 'telecom', service: 'application' }, total: 0 }]);
  wallets.show(orderId, 'wechat');
  await rig.pass(1_000);
  rig.desk.pay(rig.attemptOf(orderId));
  await rig.pass(1_000);
  for (const { jobId } of rig.reader.services(orderId)) rig.writer.settleService(jobId, 'refused', undefined);
  expect(view(orderId).services.map(({ money }) => money)).toEqual(['returning', undefined]);
  refunds.reverse(orderId, 'service refused');
  expect(view(orderId).payment).toEqual({ kind: 'returning' });
  await rig.pass(2_000);
  expect(view(orderId)).toMatchObject({ state: 'refunded', payment: { kind: 'returned' } });
  expect(view(orderId).services[0]?.money).toBe('returned');
});
