import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DayReport } from '../../../domain/contract/staff.ts';
import type { StaffMember } from '../../../domain/contract/staff.ts';
import { codedError } from '../../../domain/contract/errors.ts';
import { money } from '../../../domain/money.ts';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { CardTerminal, ServiceReport, TerminalFailure } from '../../../hardware/device/card-terminal/port.ts';
import type { DayStore } from '../../store/day-reports.ts';
import { createDayStore } from '../../store/day-reports.ts';
import type { StaffDayDeps } from './day.ts';
import { createStaffDay } from './day.ts';
import { openMemoryStore } from './staff.fixture.ts';

const shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '021', timeZone: 'Asia/Shanghai' };
const manager: StaffMember = { number: '300', name: 'M', role: 'manager', acts: [], idleMs: 60_000 };
const silent = { info: () => {}, warn: () => {}, error: () => {} };

let store: ReturnType<typeof openMemoryStore>;
let clock: number;
let sold: number;
/** The terminal's own book of the day that it has not closed. */
let book: number[];
let printed: Receipt[];
let isHistoryKnown: boolean;

beforeEach(() => {
  clock = 1_000_000;
  store = openMemoryStore(() => clock);
  [sold, book, printed, isHistoryKnown] = [0, [], [], true];
});
afterEach(() => void store.database.close());

/** A paid order, as the store has it: of the terminal's book, too, unless it was free. */
function sell(amount: number, state = 'fulfilled', attempt = 'approved'): string {
  const id = `01900000-0000-7000-8000-${String(++sold).padStart(12, '0')}`;
  clock += 1_000;
  const order = {
    id, cartId: id, number: `A${String(sold).padStart(3, '0')}`, placedAt: clock, language: 'en', catalogueRevision: 1,
    lines: [{ offerId: 'cola', name: { zh: '可', en: 'Cola' }, fulfilment: { kind: 'goods', initialStock: 5 }, choices: [], quantity: 2, unitPrice: amount / 2, total: amount, tax: { basisPoints: 600, included: true, amount: 6 }, form: {}, fields: [] }],
    total: money(amount, 'CNY'), taxes: [{ basisPoints: 600, included: true, gross: amount, tax: 6 }], receiptToken: 'AbC-_0123456789abcdefG',
  };
  store.database.prepare("INSERT INTO orders (id, cart_id, number, state, total, currency, placed_at, document, shop, receipt_url) VALUES (?, ?, ?, ?, ?, 'CNY', ?, ?, '{}', '')")
    .run(id, id, order.number, state, amount, clock, JSON.stringify(order));
  store.database.prepare("INSERT INTO jobs (id, order_id, kind, state, created_at) VALUES (?, ?, 'print_receipt', 'done', ?)").run(`job-${id}`, id, clock);
  if (amount > 0) {
    store.database.prepare("INSERT INTO payment_attempts (id, order_id, amount, currency, started_at, state) VALUES (?, ?, ?, 'CNY', ?, ?)").run(`attempt-${id}`, id, amount, clock, attempt);
    if (attempt === 'approved') book.push(amount);
  }
  return id;
}

const terminal = (endOfDay: () => Promise<Result<ServiceReport, TerminalFailure>> = closing): Pick<CardTerminal, 'service' | 'state'> =>
  ({ state: () => ({ kind: 'ready' }), service: { endOfDay } as unknown as NonNullable<CardTerminal['service']> });
async function closing(): Promise<Result<ServiceReport, TerminalFailure>> {
  const [count, total] = [book.length, book.reduce((sum, amount) => sum + amount, 0)];
  book = [];
  return ok({ slips: [], totals: { total: money(total, 'CNY'), count } });
}

function run(change: Partial<StaffDayDeps> = {}, days: DayStore = createDayStore(store.database, store.emitter, () => clock)) {
  return createStaffDay({
    days, isHistoryKnown: () => isHistoryKnown, terminal: terminal(), shop, currency: () => 'CNY', log: silent,
    acts: { print: async (receipt) => (printed.push(receipt), 'done'), terminalHindrance: () => undefined }, ...change,
  }).handlers;
}
async function close(change: Partial<StaffDayDeps> = {}, days?: DayStore) {
  clock += 1_000;
  return run(change, days)['day.close']({ language: 'en' }, manager);
}
async function closed(change: Partial<StaffDayDeps> = {}): Promise<DayReport> {
  const answer = await close(change);
  if (!answer.ok) throw new Error(`${answer.error.code} ${answer.error.detail}`);
  return answer.value.report;
}
const reports = () => store.told('day.reported');

it('the report has what was sold, beside the terminal it agrees with, is told to HQ, stored and printed', async () => {
  sell(700);
  sell(300);
  sell(0);
  const report = await closed();
  expect(report).toMatchObject({ number: 1, orders: { count: 3, amount: 1000 }, freeOrders: 1, refunded: { count: 0 }, cardsOurs: { count: 2, amount: 1000 }, cardsTerminal: { count: 2, amount: 1000 }, difference: 0, unsettled: 0 });
  expect(reports()).toEqual([expect.objectContaining({ number: 1, staff: '300', currency: 'CNY', cardsTerminal: { count: 2, amount: 1000 } })]);
  expect(printed).toHaveLength(1);
  expect(JSON.stringify(printed[0])).toContain('A001');
  expect(await run()['day.reports']({}, manager)).toEqual({ ok: true, value: { reports: [report] } });
});

it('an order that cannot be read any more is counted by what it cost, and the day can be closed', async () => {
  const first = sell(700);
  sell(300);
  store.database.prepare("UPDATE orders SET document = '{}' WHERE id = ?").run(first);
  expect(await closed()).toMatchObject({ orders: { count: 2, amount: 1000 }, cardsOurs: { count: 2, amount: 1000 }, difference: 0 });
});

it('each order is in one report, whatever the clock does in between', async () => {
  sell(700);
  await closed();
  clock -= 500_000;
  sell(200);
  expect(await closed()).toMatchObject({ number: 2, orders: { count: 1, amount: 200 }, difference: 0 });
  expect(await closed()).toMatchObject({ number: 3, orders: { count: 0, amount: 0 }, cardsOurs: { count: 0 } });
});

it('what was sold in another currency stays for the report of that one, its refunds and payments too', async () => {
  sell(700);
  const other = sell(500);
  for (const table of ['orders', 'payment_attempts']) store.database.exec(`UPDATE ${table} SET currency = 'EUR' WHERE ${table === 'orders' ? 'id' : 'order_id'} = '${other}'`);
  book = [700];
  expect(await closed()).toMatchObject({ orders: { count: 1, amount: 700 }, cardsOurs: { count: 1, amount: 700 } });
  book = [500];
  expect(await closed({ currency: () => 'EUR', terminal: terminal(async () => ok({ slips: [], totals: { total: money(500, 'EUR'), count: 1 } })) })).toMatchObject({ orders: { count: 1, amount: 500 }, cardsOurs: { count: 1, amount: 500 } });
});

it('a refund counts on the day on which it is made, and once; what was sent back before it was sold is no order', async () => {
  const first = sell(700);
  await closed();
  store.database.prepare("UPDATE orders SET state = 'refunded' WHERE id = ?").run(first);
  const never = sell(400, 'refunded', 'reversed');
  store.database.prepare('DELETE FROM jobs WHERE order_id = ?').run(never);
  expect(await closed()).toMatchObject({ orders: { count: 0 }, refunded: { count: 1, amount: 700 } });
  expect(await closed()).toMatchObject({ refunded: { count: 0, amount: 0 } });
});

it('what was not paid stays for the day on which it is', async () => {
  const open = sell(500, 'awaiting_payment', 'declined');
  expect(await closed()).toMatchObject({ orders: { count: 0 } });
  store.database.prepare("UPDATE orders SET state = 'paid' WHERE id = ?").run(open);
  expect(await closed()).toMatchObject({ orders: { count: 1, amount: 500 } });
});

it('while a payment is unsettled, or the terminal is away, nothing is asked and nothing is written', async () => {
  sell(700);
  const asked: string[] = [];
  const listening = terminal(async () => (asked.push('asked'), closing()));
  expect(await close({ terminal: listening, acts: { print: async () => 'done', terminalHindrance: () => codedError('PAYMENT_UNSETTLED') } })).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNSETTLED' } });
  expect(await close({ terminal: { ...listening, state: () => ({ kind: 'unplugged', detail: '' }) } })).toMatchObject({ ok: false, error: { code: 'DEVICE_CANNOT' } });
  expect([asked, reports(), store.database.prepare('SELECT * FROM day_open').all()]).toEqual([[], [], []]);
});

it('a terminal that refuses leaves everything as it was, unless there was nothing to close', async () => {
  const refusing = terminal(async () => err({ kind: 'refused', detail: 'no turnover' }));
  expect(await closed({ terminal: refusing })).toMatchObject({ number: 1, cardsOurs: { count: 0 } });
  sell(700);
  expect(await close({ terminal: refusing })).toMatchObject({ ok: false, error: { code: 'DEVICE_CANNOT' } });
  expect(await closed()).toMatchObject({ number: 2, difference: 0, orders: { count: 1 } });
});

it('two at once are one end of day', async () => {
  sell(700);
  const day = run();
  const answers = await Promise.all([day['day.close']({ language: 'en' }, manager), day['day.close']({ language: 'en' }, manager)]);
  expect(answers.map((answer) => answer.ok)).toEqual([true, false]);
  expect(reports()).toHaveLength(1);
});

it('a copy says so; of a report that only HQ told of there is none', async () => {
  sell(700);
  await closed();
  expect(await run()['day.reprint']({ number: 1, language: 'en' }, manager)).toEqual({ ok: true, value: { state: 'done' } });
  expect(JSON.stringify(printed[1])).toContain('COPY');
  expect(await run()['day.reprint']({ number: 9, language: 'en' }, manager)).toMatchObject({ ok: false, error: { code: 'STAFF_UNKNOWN' } });
});

describe('killed', () => {
  class Killed extends Error {}
  const steps = ['ask', 'answered', 'report'] as const;

  /** Throws before or after one of the steps, as a process that ends there. */
  function dying(step: (typeof steps)[number], when: 'before' | 'after'): DayStore {
    const days = createDayStore(store.database, store.emitter, () => clock);
    return { ...days, [step]: (...given: never[]) => {
      if (when === 'before') throw new Killed();
      (days[step] as (...all: never[]) => unknown)(...given);
      throw new Killed();
    } };
  }

  it.each(steps.flatMap((step) => [[step, 'before'], [step, 'after']] as const))('at %s, %s: no total of the terminal is counted twice, none is made up, and none that was told is lost', async (step, when) => {
    sell(700);
    sell(300);
    await expect(close({}, dying(step, when))).rejects.toThrow(Killed);
    const wasTold = book.length === 0;
    const isWritten = step === 'report' || (step === 'answered' && when === 'after');
    // The next start.
    run();
    sell(50);
    const next = await closed();
    const all = reports() as unknown as (DayReport & { cardsTerminal?: { count: number; amount: number } })[];
    expect(all.reduce((sum, { orders }) => sum + orders.count, 0)).toBe(3);
    expect(all.reduce((sum, { orders }) => sum + orders.amount, 0)).toBe(1050);
    expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1));
    if (isWritten) {
      expect(all.map(({ cardsTerminal }) => cardsTerminal?.amount)).toEqual([1000, 50]);
    } else {
      expect(all).toHaveLength(1);
      // Told and not written: the report leaves it out rather than call 50 the whole day's.
      expect(next.cardsTerminal).toEqual(wasTold ? undefined : { count: 3, amount: 1050 });
    }
    expect(store.database.prepare('SELECT * FROM day_open').all()).toEqual([]);
    expect(await closed()).toMatchObject({ orders: { count: 0 }, cardsTerminal: { count: 0, amount: 0 } });
  });

  it('while the terminal closes, and it did or did not: it is asked again', async () => {
    sell(700);
    await expect(close({ terminal: terminal(async () => { throw new Killed(); }) })).rejects.toThrow(Killed);
    expect(await closed()).toMatchObject({ number: 1, cardsTerminal: { count: 1, amount: 700 }, difference: 0 });
    sell(200);
    await expect(close({ terminal: terminal(async () => { await closing(); throw new Killed(); }) })).rejects.toThrow(Killed);
    const after = await closed({ terminal: terminal(async () => err({ kind: 'refused', detail: 'no turnover' })) });
    expect([after.number, after.orders.amount, after.cardsTerminal]).toEqual([2, 200, undefined]);
  });

  it('a report that cannot be made for a while loses no total of the terminal: nothing is asked anew before it is made', async () => {
    sell(700);
    const days = createDayStore(store.database, store.emitter, () => clock);
    let isFull = true;
    const full: DayStore = { ...days, report: (currency) => {
      if (isFull) throw new Error('the disk is full');
      return days.report(currency);
    } };
    const day = run({}, full);
    await expect(day['day.close']({ language: 'en' }, manager)).rejects.toThrow('full');
    expect(await day['day.close']({ language: 'en' }, manager)).toMatchObject({ ok: false });
    isFull = false;
    expect(await day['day.close']({ language: 'en' }, manager)).toMatchObject({ ok: true });
    expect(reports()[0]).toMatchObject({ number: 1, cardsTerminal: { count: 1, amount: 700 }, cardsOurs: { count: 1, amount: 700 } });
  });
});

it('a day that a restored copy finds being closed waits until HQ has told: the report may have been made long ago', async () => {
  sell(700);
  const days = createDayStore(store.database, store.emitter, () => clock);
  days.ask('300');
  days.answered({ count: 1, amount: 700 });
  isHistoryKnown = false;
  expect(await close()).toMatchObject({ ok: false, error: { code: 'HQ_UNAVAILABLE' } });
  expect([reports(), days.open()?.state, book]).toEqual([[], 'answered', [700]]);
  isHistoryKnown = true;
  run();
  expect([reports().length, days.open()]).toEqual([1, undefined]);
});
