import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Decision } from '../../domain/attention/attention.ts';
import { isRefundUnheard, waitsForHistory } from '../../domain/attention/unheard.ts';
import { money } from '../../domain/money.ts';
import type { DeskFault } from './testing/wallet-desk.ts';
import type { WalletRig, WalletRun } from './testing/wallet-rig.ts';
import { openWalletRig } from './testing/wallet-rig.ts';
import { createWalletsWaiting } from './wallets-waiting.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const hourMs = 3_600_000;
const kinds = ['whole', 'part'] as const;
type Kind = (typeof kinds)[number];

/** 350 paid, and all of it, or 100, is to go back. */
async function asked(kind: Kind, prepare: (rig: WalletRig, attemptId: string) => void = () => {}) {
  const rig = openWalletRig();
  const run = rig.run();
  const orderId = rig.place([{ total: 300 }, { total: 50 }]);
  run.wallets.show(orderId, 'wechat');
  await rig.pass(1_000);
  const attemptId = rig.attemptOf(orderId);
  rig.desk.pay(attemptId);
  await rig.pass(1_000);
  rig.screen = undefined;
  prepare(rig, attemptId);
  if (kind === 'whole') run.refunds.reverse(orderId, 'sour milk', '2000');
  else rig.writer.askRefund({ orderId, amount: money(100, 'CNY'), way: 'tender', reason: 'sour milk', by: '2000' });
  run.refunds.look();
  const stands = () => (kind === 'whole' ? rig.states(orderId).at(-1) : rig.reader.refundsOf(orderId)[0]?.state);
  const list = () => rig.reader.attention().filter(isRefundUnheard);
  const asks = () => rig.desk.asked().filter(({ act }) => act === 'refund').length;
  return { rig, run, orderId, attemptId, stands, list, asks, back: kind === 'whole' ? 350 : 100, given: kind === 'whole' ? 'reversed' : 'done', owed: kind === 'whole' ? 'reversing' : 'asked', balance: () => rig.desk.balance(attemptId) };
}

/** Here as in the kiosk: what is open is looked after now and then. */
async function pass({ rig, run }: { readonly rig: WalletRig; readonly run: WalletRun }, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 600_000) {
    await rig.pass(Math.min(left, 600_000));
    run.refunds.look();
  }
}

const refusing = (fault: DeskFault) => (rig: WalletRig) => rig.desk.setFaults(({ act }) => (act === 'refund' ? fault : undefined));
const held = (rig: WalletRig, attemptId: string) => rig.desk.put(attemptId, 'held');

it('the whole is asked for no more once a part of it was given by hand: HQ does not know of that, and would give it once more', async () => {
  const story = await asked('part', refusing('refused'));
  await pass(story, 2.1 * hourMs);
  story.run.refunds.reverse(story.orderId, 'all of it', '2000');
  await pass(story, 2.1 * hourMs);
  expect(story.list()).toHaveLength(2);
  story.rig.writer.settleAttention(story.list().find(({ attemptId }) => attemptId === undefined)!.id, 'part_given_back', '2000');
  story.rig.desk.setFaults(() => undefined);
  const before = story.asks();
  story.run.refunds.hqChanged();
  await pass(story, 5 * hourMs);
  // One that had begun to ask may end its turn; nobody asks for the whole any more.
  expect([story.balance(), story.asks() - before, story.list().length]).toEqual([350, 0, 1]);
});

describe.each(kinds)('the %s of a wallet payment that is to go back', (kind) => {
  it.each([['answers with an error', refusing('refused')], ['holds the payment', held]] as const)('and that HQ %s is on the list after two hours, asked for once an hour, and ended by HQ’s answer, once', async (_what, prepare) => {
    const story = await asked(kind, prepare);
    await pass(story, 1.9 * hourMs);
    expect([story.stands(), story.list()]).toEqual([story.owed, []]);
    await pass(story, 0.2 * hourMs);
    expect(story.list()).toMatchObject([{ orderId: story.orderId, amount: money(story.back, 'CNY'), detail: expect.stringContaining('HQ has not said whether it has gone back') }]);
    const before = story.asks();
    await pass(story, 6 * hourMs);
    expect(story.asks() - before).toBeGreaterThanOrEqual(5);
    expect(story.asks() - before).toBeLessThanOrEqual(7);
    expect(story.list()).toHaveLength(1);
    story.rig.desk.setFaults(() => undefined);
    story.rig.desk.put(story.attemptId, 'paid');
    await pass(story, 1.1 * hourMs);
    expect([story.stands(), story.rig.reader.attention(), story.balance()]).toEqual([story.given, [], 350 - story.back]);
    const after = story.asks();
    await pass(story, 5 * hourMs);
    expect(story.asks()).toBe(after);
  });

  it('of which HQ says nothing at all is on no list for a day, since it is normal that HQ is away, and then it is', async () => {
    const story = await asked(kind, refusing('not_asked'));
    await pass(story, 23.5 * hourMs);
    expect([story.stands(), story.list()]).toEqual([story.owed, []]);
    await pass(story, hourMs);
    expect(story.list()).toHaveLength(1);
    // HQ comes back: nobody waits an hour for that.
    story.rig.desk.setFaults(() => undefined);
    story.run.refunds.hqChanged();
    await story.rig.pass(1_000);
    expect([story.stands(), story.rig.reader.attention(), story.balance()]).toEqual([story.given, [], 350 - story.back]);
  });

  it('and that HQ has taken stands on HQ’s list, where it hangs at the gateway, and not on this one', async () => {
    const story = await asked(kind, (rig) => rig.desk.refundsAs('asked'));
    await pass(story, 30 * hourMs);
    expect([story.stands(), story.rig.reader.attention()]).toEqual([story.owed, []]);
  });

  it('and that a person has given in another way is asked for no more', async () => {
    const story = await asked(kind, refusing('refused'));
    await pass(story, 2.1 * hourMs);
    story.rig.writer.settleAttention(story.list()[0]!.id, kind === 'whole' ? 'given_back' : 'part_given_back', '2000');
    story.rig.desk.setFaults(() => undefined);
    const before = story.asks();
    story.run.refunds.look();
    story.run.refunds.hqChanged();
    await pass(story, 3 * hourMs);
    expect([story.asks() - before, story.balance(), story.rig.reader.attention()]).toEqual([0, 350, []]);
    const next = story.rig.run();
    await pass({ rig: story.rig, run: next }, 3 * hourMs);
    expect(story.asks()).toBe(before);
  });

  it('and goes after all while a person says that it was given: both are told, and neither counts twice at the kiosk', async () => {
    const story = await asked(kind, refusing('refused'));
    await pass(story, 2.1 * hourMs);
    story.rig.desk.setFaults(() => undefined);
    story.run.refunds.hqChanged();
    await story.rig.pass(10);
    // It is on its way to HQ.
    story.rig.writer.settleAttention(story.list()[0]!.id, kind === 'whole' ? 'given_back' : 'part_given_back', '2000');
    await pass(story, hourMs);
    expect(story.rig.states(story.orderId)).toEqual([kind === 'whole' ? 'reversed' : 'approved']);
    const told = story.rig.reader.refundsOf(story.orderId).filter(({ state }) => state !== 'refused').reduce((sum, { amount }) => sum + amount.amount, 0);
    // 100 by hand and 100 by HQ of 350 is what has happened; 350 twice is not for a journal to hold, and is told.
    expect(told).toBe(kind === 'whole' ? 0 : 200);
    expect(story.rig.logged.filter((line) => line.includes('refund.too_much'))).toHaveLength(1);
    expect(story.rig.reader.attention()).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6])('is ended once, wherever the kiosk is killed while HQ’s answer comes to what is listed (%i)', async (cutAt) => {
    const story = await asked(kind, refusing('refused'));
    await pass(story, 2.1 * hourMs);
    expect(story.list()).toHaveLength(1);
    story.run.kill();
    story.rig.desk.setFaults(() => undefined);
    let step = 0;
    const cut = story.rig.run(() => {
      if (++step === cutAt) throw new Error('killed');
    });
    await story.rig.pass(1_000);
    cut.kill();
    const next = story.rig.run();
    await pass({ rig: story.rig, run: next }, 1.2 * hourMs);
    expect([story.stands(), story.rig.reader.attention(), story.balance()]).toEqual([story.given, [], 350 - story.back]);
  });

  it('is refused by HQ in the end: it stays on the list, and is not asked for again and again', async () => {
    const story = await asked(kind, refusing('refused'));
    await pass(story, 2.1 * hourMs);
    story.rig.desk.setFaults(() => undefined);
    story.rig.desk.refundsAs('refused');
    const before = story.asks();
    await pass(story, 1.5 * hourMs);
    expect([story.list().length, story.rig.reader.attention().length, story.balance()]).toEqual([1, 1, 350]);
    expect(story.asks() - before).toBe(1);
  });
});

describe('a whole payment', () => {
  it('that a manager sends back again while it is on the list is asked for at once, and is the same refund', async () => {
    const story = await asked('whole', refusing('refused'));
    await pass(story, 2.1 * hourMs);
    story.rig.desk.setFaults(() => undefined);
    expect(story.run.refunds.reverse(story.orderId, 'once more', '2000').ok).toBe(true);
    await story.rig.pass(2_000);
    expect([story.stands(), story.rig.reader.attention(), story.balance()]).toEqual(['reversed', [], 0]);
  });

  it('of which a person said that it stays paid, and HQ that it went, is back: the money tells', async () => {
    const story = await asked('whole', refusing('refused'));
    await pass(story, 2.1 * hourMs);
    story.rig.desk.setFaults(() => undefined);
    story.run.refunds.hqChanged();
    await story.rig.pass(10);
    story.rig.writer.settleAttention(story.list()[0]!.id, 'stays_paid' satisfies Decision, '2000');
    await story.rig.pass(2_000);
    expect([story.stands(), story.balance()]).toEqual(['reversed', 0]);
  });
});

describe('a store that was brought back, and whose HQ never returns', () => {
  async function copy() {
    const rig = openWalletRig();
    const first = rig.run();
    const unknown = rig.place();
    first.wallets.show(unknown, 'wechat');
    await rig.pass(1_000);
    const [reversing, part] = [rig.place(), rig.place([{ total: 300 }])];
    for (const orderId of [reversing, part]) {
      rig.screen = orderId;
      first.wallets.show(orderId, 'wechat');
      await rig.pass(1_000);
      rig.desk.pay(rig.attemptOf(orderId));
      await rig.pass(1_000);
    }
    rig.writer.startReversal(rig.attemptOf(reversing));
    const { id } = rig.writer.askRefund({ orderId: part, amount: money(100, 'CNY'), way: 'tender', reason: 'cold' });
    first.kill();
    rig.screen = undefined;
    rig.isHistoryKnown = false;
    const now = () => Date.now();
    const next = rig.run();
    const waiting = createWalletsWaiting({ reader: rig.reader, monotonicNow: now, ageMs: (_id, at) => now() - at, isHistoryKnown: () => rig.isHistoryKnown });
    return { rig, next, waiting, unknown, reversing, part, refundId: id };
  }

  it('shows what waits after two hours, where it is a day old, and writes nothing: HQ may know its end', async () => {
    const { rig, next, waiting, unknown, reversing, part, refundId } = await copy();
    const events = () => rig.database.prepare('SELECT count(*) FROM outbox').pluck().get();
    const before = events();
    const asks = rig.desk.asked().length;
    await rig.pass(23 * hourMs);
    expect(waiting()).toEqual([]);
    await rig.pass(2 * hourMs);
    next.wallets.settleOpen();
    next.refunds.look();
    expect(waiting()).toMatchObject([
      { kind: 'payment_unclear', orderId: unknown, orderNumber: 'A042', attemptId: rig.attemptOf(unknown), detail: expect.stringContaining('the store was brought back') },
      { kind: 'reversal_refused', orderId: reversing }, { kind: 'refund_refused', orderId: part, refundId, amount: money(100, 'CNY') },
    ]);
    expect(waiting().every(waitsForHistory)).toBe(true);
    expect([events(), rig.desk.asked().length, rig.reader.attention()]).toEqual([before, asks, []]);
  });

  it('of a day before, shows nothing in its first two hours; and nothing any more when HQ has told, who is asked then', async () => {
    const { rig, unknown, reversing, part } = await copy();
    await rig.pass(48 * hourMs);
    const now = () => Date.now();
    const waiting = createWalletsWaiting({ reader: rig.reader, monotonicNow: now, ageMs: (_id, at) => now() - at, isHistoryKnown: () => rig.isHistoryKnown });
    const next = rig.run();
    await rig.pass(1.9 * hourMs);
    expect(waiting()).toEqual([]);
    await rig.pass(0.2 * hourMs);
    expect(waiting()).toHaveLength(3);
    rig.isHistoryKnown = true;
    next.wallets.settleOpen();
    next.refunds.look();
    expect(waiting()).toEqual([]);
    await rig.pass(5_000);
    expect([rig.states(unknown), rig.states(reversing), rig.reader.refundsOf(part)[0]?.state]).toEqual([['not_paid'], ['reversed'], 'done']);
  });
});
