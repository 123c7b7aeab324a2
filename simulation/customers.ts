import { isPaid } from '../domain/order/order.ts';
import type { AttemptId, OrderId } from '../domain/ids.ts';
import { eventVersions } from '../domain/contract/hq.ts';
import { dayAt } from '../domain/sync/day-closing.ts';
import { decisionsFor } from '../domain/attention/attention.ts';
import type { SimKiosk, Process } from './kiosk.ts';
import type { Ledger, Terminals } from './ledger.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import { catalogueOf, drawOrder, shop } from './wares.ts';
import type { World } from './world.ts';

export interface CustomersDeps {
  readonly kiosk: SimKiosk;
  readonly world: World;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly terminals: Terminals;
  readonly story: Story;
  readonly isCalm: () => boolean;
}

/** Who stands at one machine, and what core does for them and after them, step by step with time between, each through the real writer. */
export interface Customers {
  comes(): void;
  /** What core does at each start, and every few seconds: settles, gives up, prints, applies, closes. */
  keepHouse(): void;
  isBusy(): boolean;
}

const secondMs = 1_000;

export function createCustomers({ kiosk, world, random, ledger, terminals, story, isCalm }: CustomersDeps): Customers {
  let busyWith: number | undefined;
  let atStart = 0;
  const seen = new Map<OrderId, number>();
  const hands = random.fork('restocker');
  const after = (mostMs: number, run: () => void) => void world.after(200 + random.int(mostMs), run);

  function comes(): void {
    if (busyWith === kiosk.starts() || !kiosk.running() || kiosk.isFull()) return;
    const start = kiosk.starts();
    const isHere = () => busyWith === start && kiosk.starts() === start && kiosk.running() !== undefined;
    const goes = () => {
      if (busyWith === start) busyWith = undefined;
      kiosk.setCustomerPresent(false);
      after(5 * secondMs, keepHouse);
    };
    /** A step that is taken again while there is no room for it; the customer waits, the journal knows. */
    const step = (what: string, act: (process: Process) => void, then: () => void, tries = 40): void => {
      if (!isHere()) return;
      if (kiosk.act(what, act)) return then();
      if (!isHere() || tries === 0) return goes();
      world.after(20 * secondMs, () => step(what, act, then, tries - 1));
    };
    busyWith = start;
    kiosk.setCustomerPresent(true);
    if (random.chance(0.6)) kiosk.running()?.sync.kick();
    let orderId: OrderId | undefined;
    let total = 0;
    const isPlaced = kiosk.act('placing', ({ reader, writer, now, newId }) => {
      const order = drawOrder({ catalogue: reader.lastCatalogue() ?? catalogueOf(1), available: reader.available(undefined, dayAt(now(), shop.timeZone)), number: writer.takePickupNumber(), at: now(), newId, random });
      if (!order) return;
      // What an older version of this kiosk would have written: without a phone, the two are alike.
      const isOld = random.chance(0.1) && order.lines.every(({ form }) => form.phone === undefined);
      withVersion('order.placed', isOld ? 1 : 2, () => writer.placeOrder(order, shop, `https://hq.example/r/${order.receiptToken}`));
      orderId = order.id;
      total = order.total.amount;
    });
    const id = orderId;
    if (!isPlaced || !id) return goes();
    story.happens(kiosk.name, `order ${short(id)} placed, ${total}`);
    ledger.note(kiosk.kioskId, { kind: 'placed', orderId: id });
    if (total === 0) {
      ledger.note(kiosk.kioskId, { kind: 'paid', orderId: id });
      return after(20 * secondMs, goes);
    }
    after(40 * secondMs, () => pay(2));

    function pay(triesLeft: number): void {
      if (!isHere()) return;
      const leaves = random.chance(0.12);
      if (leaves) return step('giving up', ({ writer }) => writer.endOrder(id!, 'cancel'), goes);
      let attemptId: AttemptId | undefined;
      step('starting a payment', ({ reader, writer }) => {
        if (reader.unsettledAttempt()) return;
        attemptId = writer.startAttempt(id!, { amount: total, currency: 'CNY' }).id;
      }, () => {
        if (!attemptId) return step('giving up', ({ writer }) => writer.endOrder(id!, 'cancel'), goes);
        const attempt = attemptId;
        after(30 * secondMs, () => answer(attempt, triesLeft));
      });
    }

    function answer(attemptId: AttemptId, triesLeft: number): void {
      if (!isHere()) return;
      const isApproved = random.chance(0.8);
      terminals.authorise(attemptId, isApproved);
      const card = { receiptNumber: String(random.int(10_000)).padStart(4, '0') };
      if (isApproved) ledger.note(kiosk.kioskId, { kind: 'charged', orderId: id!, attemptId });
      if (random.chance(0.2)) {
        // The line to the terminal broke: nobody knows yet.
        return step('losing sight of a payment', ({ writer }) => writer.settleAttempt(attemptId, { state: 'unknown' }), () => after(600 * secondMs, () => {
          if (isHere()) settleOpen();
          goes();
        }));
      }
      if (!isApproved) {
        return step('a declined payment', ({ writer }) => writer.settleAttempt(attemptId, { state: 'declined', resultCode: '05' }), () => after(20 * secondMs, () => {
          if (triesLeft > 0 && random.chance(0.5)) pay(triesLeft - 1);
          else step('giving up', ({ writer }) => writer.endOrder(id!, 'cancel'), goes);
        }));
      }
      const settle = () => step('an approved payment', ({ writer }) => writer.settleAttempt(attemptId, { state: 'approved', card }), () => {
        ledger.note(kiosk.kioskId, { kind: 'paid', orderId: id! });
        after(10 * secondMs, goes);
      });
      if (random.chance(0.5)) step('an authorised payment', ({ writer }) => writer.recordAuthorised(attemptId, card), () => after(3 * secondMs, settle));
      else settle();
    }
  }

  function settleOpen(): void {
    kiosk.act('settling', ({ reader, writer }) => {
      const attempt = reader.unsettledAttempt();
      if (!attempt || attempt.state === 'unclear') return;
      if (attempt.state === 'reversing') return writer.settleReversal(attempt.id, { kind: 'reversed' });
      const outcome = terminals.outcomeOf(attempt.id);
      if (outcome === 'approved') {
        writer.settleAttempt(attempt.id, { state: 'approved', card: attempt.card ?? {} });
        ledger.note(kiosk.kioskId, { kind: 'paid', orderId: attempt.orderId });
      } else writer.settleAttempt(attempt.id, { state: 'not_paid' });
    });
  }

  function keepHouse(): void {
    if (!kiosk.running()) return;
    const isFirst = atStart !== kiosk.starts();
    const isHere = busyWith === kiosk.starts();
    if (isFirst) {
      atStart = kiosk.starts();
      seen.clear();
      // Begun by a process that is no more: nobody knows whether it came out.
      each(({ reader }) => reader.unfinishedPrintJobs().filter(({ state }) => state === 'doing'), ({ writer }, { id }) => writer.setJobState(id, 'uncertain'));
    }
    if (!isHere) {
      settleOpen();
      each(({ reader }) => reader.unpaidOrders(), ({ reader, writer }, { id }) => {
        if (!seen.has(id)) seen.set(id, world.nowMs());
        const isOld = world.nowMs() - seen.get(id)! > 600 * secondMs;
        if ((isFirst || isOld) && reader.unsettledAttempt()?.orderId !== id) writer.endOrder(id, isFirst ? 'cancel' : 'expire');
      });
      each(({ reader }) => reader.unfinishedPrintJobs().filter(({ state }) => state === 'queued'), ({ writer }, { id }) => writer.setJobState(id, 'doing'));
      each(({ reader }) => reader.unfinishedPrintJobs().filter(({ state }) => state === 'doing'), ({ writer }, { id }) => writer.setJobState(id, 'done', 80 + random.int(60)));
    }
    if (random.chance(0.2)) decide();
    if (!isHere && !isCalm() && hands.chance(0.25)) restock();
    kiosk.act('housekeeping', ({ writer, commands, documents, lookAtDay, emitter, now }) => {
      writer.finishRequestedServices();
      if (!isHere) documents.applyWaiting();
      commands.work();
      lookAtDay();
      if (!isCalm() && random.chance(0.1)) emitter.transaction(() => emitter.emit('log.lines', { lines: [{ at: now(), level: 'warn', message: 'something to tell' }] }))();
    });
  }

  /** Somebody fills, counts, throws away, and sometimes says that they are done: lots with days and without, also such as are past theirs. */
  function restock(): void {
    const staff = hands.pick(['1001', '1002']);
    for (let acts = 1 + hands.int(3); acts > 0; acts--) {
      const what = hands.int(4);
      const [slot, bestBefore, pieces] = [hands.pick(['', 'A1', 'A2']) || undefined, hands.pick(['', '2001-01-01', '2990-01-01', '2991-01-01']) || undefined, 1 + hands.int(4)];
      const isDone = kiosk.act('restocking', ({ stock, shelves, newId }) => {
        const lots = shelves.lots();
        const lot = lots[hands.int(Math.max(1, lots.length))];
        if (what < 2) stock.move({ moveId: newId(), staff, reason: 'refilled', changes: [{ lot: { offerId: hands.pick(['umbrella', 'battery', 'sample']), slot, bestBefore }, change: pieces }] });
        else if (lot && what === 2) stock.move({ moveId: newId(), staff, reason: 'counted', why: 'missing', changes: [{ lot, change: -Math.min(lot.count, pieces - 1) }] });
        else if (lot && lot.count > 0) stock.move({ moveId: newId(), staff, reason: 'wasted', why: 'damaged', changes: [{ lot, change: -1 }] });
      });
      if (!isDone) return;
    }
    if (hands.chance(0.5)) kiosk.act('ending a visit', ({ stock }) => void stock.finishVisit(staff));
  }

  /** Staff decide about what stands on the list. */
  function decide(): void {
    each(({ reader }) => reader.attention(), ({ reader, writer }, { id, kind, attemptId, orderId }) => {
      if (kind !== 'payment_unclear') return writer.settleAttention(id, kind === 'reversal_refused' ? 'stays_paid' : random.pick(decisionsFor.print_uncertain));
      if (!attemptId || reader.openAttention(id) === undefined) return;
      const outcome = terminals.outcomeOf(attemptId);
      writer.settleAttention(id, outcome === 'approved' ? 'paid' : 'not_paid');
      if (outcome === 'approved' && isPaid(reader.order(orderId)!.state)) ledger.note(kiosk.kioskId, { kind: 'paid', orderId });
    });
  }

  function each<T>(list: (process: Process) => readonly T[], act: (process: Process, item: T) => void): void {
    let items: readonly T[] = [];
    if (!kiosk.act('looking', (process) => void (items = list(process)))) return;
    for (const item of items) if (!kiosk.act('housekeeping', (process) => act(process, item))) return;
  }

  return { comes, keepHouse, isBusy: () => busyWith !== undefined && busyWith === kiosk.starts() && kiosk.running() !== undefined };
}

/** As another version of the kiosk writes a kind. It is set back before anybody else looks. */
export function withVersion<T>(kind: keyof typeof eventVersions, version: number, act: () => T): T {
  const before = eventVersions[kind];
  try {
    eventVersions[kind] = version;
    return act();
  } finally {
    if (before === undefined) delete eventVersions[kind];
    else eventVersions[kind] = before;
  }
}

function short(id: string): string {
  return id.slice(-6);
}
