import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command, CommandKind } from '../../domain/contract/hq-down.ts';
import type { EventKind } from '../../domain/contract/hq.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { CartId, JobId, OrderId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { money } from '../../domain/money.ts';
import type { OrderLine } from '../../domain/order/order.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import { ok, err } from '../../domain/result.ts';
import type { CardTerminal, ReversalOutcome } from '../../hardware/device/card-terminal/port.ts';
import { createCommandInbox, createCommandStore } from '../store/commands.ts';
import { createEmitter } from '../store/emitter.ts';
import { createHelpStore } from '../store/help.ts';
import { migrations } from '../store/migrations/all.ts';
import { createStoreReader } from '../store/reader.ts';
import { createStoreWriter } from '../store/writer.ts';
import type { Commands, CommandsDeps } from './commands.ts';
import { createCommands } from './commands.ts';
import { createFaults } from './faults.ts';
import type { Payments } from './payments.ts';
import { createPayments } from './payments.ts';

const shop = { name: { zh: '店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '021', timeZone: 'Asia/Shanghai' };
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const minutes = 60_000;

let database: Database.Database;
let ids: number;
let purchases: number;
let lastCard: CardDetails;
let monotonicMs: number;
/** What the far ends have done, over all runs. */
let done: string[];
let reversals: ReversalOutcome[];
let isSomebodyThere: boolean;
let cleanUp: (() => void)[];

beforeEach(() => {
  vi.useFakeTimers();
  begin();
});
afterEach(() => {
  for (const end of cleanUp.splice(0)) end();
  database.close();
  vi.useRealTimers();
});

function begin(): void {
  database = new Database(':memory:');
  for (const { sql, finish } of migrations) {
    database.exec(sql);
    finish?.(database);
  }
  [ids, purchases, monotonicMs, done, reversals, isSomebodyThere, cleanUp] = [0, 0, 0, [], [], false, []];
}

const newId = () => uuidV7From(1_700_000_000_000 + ++ids, new Uint8Array(10));

/** The terminal's own book: a purchase goes back once, whatever comes how often. */
function terminalPort(): CardTerminal {
  return {
    state: () => ({ kind: 'ready' }), onState: () => () => {}, onRefusedApproval: () => () => {}, onSlip: () => () => {}, baseline: () => undefined, needsPrinter: false,
    authorise: async () => ({ kind: 'not_sent', detail: 'not in these tests' }), abort: () => {}, close: async () => {},
    lastTransaction: async () => ok({ kind: 'transaction', resultCode: '00', amount: money(350, 'CNY'), card: lastCard }),
    reverse: async () => {
      const outcome = reversals.shift() ?? { kind: 'reversed' };
      done.push(`terminal ${outcome.kind}`);
      return outcome;
    },
  } as unknown as CardTerminal;
}

/** Called before and after each step; throws where the process ends. */
type Probe = (step: string) => void;

function probed<T extends object>(part: T, names: readonly (keyof T & string)[], probe: Probe): T {
  const changed = Object.fromEntries(names.map((name) => [name, (...given: unknown[]) => {
    probe(`before ${name}`);
    const result = (part[name] as (...all: unknown[]) => unknown)(...given);
    probe(`after ${name}`);
    return result;
  }]));
  return { ...part, ...changed };
}

interface Run {
  readonly commands: Commands;
  readonly payments: Payments;
  readonly take: (...commands: Command[]) => void;
  /** Everything that can happen without anybody's doing has happened. */
  readonly settle: () => Promise<void>;
}

function run(probe: Probe = () => {}, change: Partial<CommandsDeps> = {}): Run {
  const boot = randomUUID();
  const reader = createStoreReader(database);
  const emitter = createEmitter({ database, now: () => 5, newId });
  const transaction: typeof emitter.transaction = (body) => {
    const whole = emitter.transaction(body);
    return (...given) => {
      const result = whole(...given);
      probe('after a commit');
      return result;
    };
  };
  const writer = probed(createStoreWriter({ database, reader, now: () => 5, newId, emitter }), ['startReversal', 'settleReversal', 'askRefund', 'queueDocument', 'settleService'], probe);
  const store = probed(createCommandStore(database, emitter, boot), ['begin', 'beginAgain', 'answer', 'setPaused'], probe);
  const faults = createFaults(silent);
  const payments = createPayments({ reader, writer, terminal: terminalPort(), log: silent, faults, monotonicNow: () => monotonicMs, canPrint: () => true, isTooLate: () => false, onChange: () => {} });
  const acted = (what: string) => {
    probe(`before ${what}`);
    done.push(what);
    probe(`after ${what}`);
  };
  const commands = createCommands({
    store, transaction, afterCommit: emitter.afterCommit, reader, writer, payments, walletRefunds: { look: () => {} }, boot: { id: boot, monotonicMs: () => monotonicMs }, isNobodyThere: () => !isSomebodyThere && !payments.running(),
    restart: () => acted('restart'),
    sendLogs: async (given) => {
      await Promise.resolve();
      acted(`logs of ${given} minutes`);
      return ok('7 lines');
    },
    backUp: async () => {
      acted('copy');
      return ok('copy-1');
    },
    followLogs: (given) => void done.push(`followed ${given}`), takePicture: async () => ok('cGljdHVyZQ=='), visits: () => 0, emitPicture: (commandId, picture) => void emitter.emit('screenshot.taken', { commandId, picture }),
    testPage: () => ({ lines: [], columns: 32 }) as never, onPrintQueued: () => {}, onPause: () => {}, onOrderChange: () => {}, help: createHelpStore(database, emitter, () => 5, newId), onHelpAnswered: () => {}, isHistoryKnown: () => true, log: silent, faults, ...change,
  });
  // A run that came up again finds its unsettled payment, as selling does.
  payments.settleOpenAttempt();
  const inbox = createCommandInbox(database, boot);
  cleanUp.push(() => {
    commands.stop();
    payments.stop();
  });
  return {
    commands,
    payments,
    take: (...given) => void inbox.take(given, inbox.cursor(), monotonicMs, true),
    async settle() {
      for (let time = 0; time < 6; time++) {
        commands.work();
        await vi.advanceTimersByTimeAsync(3_100);
        printQueued();
      }
      commands.work();
    },
  };
}

/** The printer, which prints what is queued. */
function printQueued(): void {
  for (const job of createStoreReader(database).unfinishedPrintJobs()) {
    const writer = createStoreWriter({ database, reader: createStoreReader(database), now: () => 5, newId });
    writer.setJobState(job.id, 'doing');
    writer.setJobState(job.id, 'done');
    if (job.kind === 'print_document') done.push('test page');
  }
}

/** A top-up and nothing else, paid by card: its order and the job that asks for it. */
function paidTopUp(): { readonly orderId: OrderId; readonly jobId: JobId } {
  const orderId = paidOrder({ fulfilment: { kind: 'telecom', service: 'top_up' }, offerId: 'top-up' });
  return { orderId, jobId: createStoreReader(database).services(orderId)[0]!.jobId };
}

function paidOrder(change: Partial<OrderLine> = {}, more: readonly Partial<OrderLine>[] = [], tender: 'card' | 'wechat' = 'card'): OrderId {
  const tea: OrderLine = { offerId: 'tea', name: { zh: '茶', en: 'Tea' }, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 350, total: 350, tax: { basisPoints: 600, included: true, amount: 20 }, form: {}, fields: [] };
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now: () => 5, newId });
  const orderId = newId() as OrderId;
  const receiptToken = `${ids}`.padStart(22, '0');
  writer.placeOrder({
    id: orderId, cartId: newId() as CartId, number: 'A001', placedAt: 1, language: 'zh', catalogueRevision: 1, total: money(350, 'CNY'), taxes: [], receiptToken,
    lines: [change, ...more].map((line) => ({ ...tea, ...line })),
  }, shop, `http://shop.example/r/${receiptToken}`);
  if (tender !== 'card') {
    const { id } = writer.startAttempt(orderId, money(350, 'CNY'), { tender, mode: 'shown' });
    writer.settleAttempt(id, { state: 'approved', wallet: { transactionId: 'T-1' } });
    return orderId;
  }
  purchases += 1;
  const card: CardDetails = { receiptNumber: `${purchases}`.padStart(4, '0'), traceNumber: `${purchases}`.padStart(6, '0') };
  lastCard = card;
  const attempt = writer.startAttempt(orderId, money(350, 'CNY'));
  writer.recordAuthorised(attempt.id, card);
  writer.settleAttempt(attempt.id, { state: 'approved', card });
  return orderId;
}

let given = 0;
function command(kind: CommandKind | 'self_destruct', params: unknown = {}, rest: Partial<Command> = {}): Command {
  given += 1;
  return { id: randomUUID(), sequence: given, kind, params, expiresInMs: 10 * minutes, ...rest };
}

const payloadsOf = (kind: EventKind) => (database.prepare('SELECT payload FROM outbox WHERE kind = ? ORDER BY position').pluck().all(kind) as string[]).map((payload) => JSON.parse(payload) as unknown);
const answered = () => payloadsOf('command.answered').map((payload) => eventPayloads['command.answered'].parse(payload));
const answers = () => answered().map(({ command: kind, outcome }) => `${kind} ${outcome}`);
const attemptStates = () => payloadsOf('payment.attempt').map((payload) => eventPayloads['payment.attempt'].parse(payload).state);

describe('a command of HQ', () => {
  it('that this kiosk does not know, or cannot read, is refused', async () => {
    const { take, settle } = run();
    take(command('self_destruct'), command('send_logs', { minutes: 0 }));
    await settle();
    expect(answers()).toEqual(['self_destruct refused', 'send_logs refused']);
  });

  it('that was not begun in its time is expired, by the clock that nobody sets', async () => {
    isSomebodyThere = true;
    const { take, settle } = run();
    take(command('back_up', {}, { expiresInMs: minutes }), command('test_print', {}, { expiresInMs: 10 * minutes }));
    vi.setSystemTime(Date.now() + 1e12);
    monotonicMs = minutes;
    await settle();
    expect(answers()).toEqual([]);
    monotonicMs = minutes + 1;
    await settle();
    expect(answers()).toEqual(['back_up expired']);
    isSomebodyThere = false;
    await settle();
    expect([answers(), done]).toEqual([['back_up expired', 'test_print done'], ['test page']]);
  });

  it('waits while somebody is there, unless it disturbs nobody', async () => {
    isSomebodyThere = true;
    const orderId = paidOrder();
    const { take, settle, commands } = run();
    take(command('refund', { orderId, reason: 'sour milk' }), command('restart'), command('back_up'), command('pause', { notice: { zh: '补货', en: 'Restocking' } }), command('send_logs', { minutes: 5 }));
    await settle();
    expect(answers()).toEqual(['pause done', 'send_logs done']);
    expect(commands.paused()).toEqual({ notice: { zh: '补货', en: 'Restocking' } });
    isSomebodyThere = false;
    await settle();
    expect(answers().slice(2)).toEqual([]);
    expect(done.toSorted()).toEqual(['logs of 5 minutes', 'restart', 'terminal reversed']);
    const next = run();
    next.take();
    await next.settle();
    expect(answers().slice(2)).toEqual(['refund done', 'restart done', 'back_up expired']);
  });

  it('of an earlier run is begun only when HQ has said anew how long it may be', async () => {
    isSomebodyThere = true;
    const first = run();
    const late = command('back_up', {}, { expiresInMs: minutes });
    first.take(late);
    await first.settle();
    isSomebodyThere = false;
    const second = run();
    await second.settle();
    expect(answers()).toEqual([]);
    second.take({ ...late, expiresInMs: 5 });
    await second.settle();
    expect(answers()).toEqual(['back_up done']);
  });

  it('a log is followed at once, whoever is there; a picture waits until nobody is, and one on which somebody came is taken anew', async () => {
    let visits = 0;
    const asked: number[] = [];
    const { take, settle } = run(undefined, { visits: () => visits, takePicture: async () => {
      asked.push(visits);
      if (asked.length === 1) visits += 1;
      return ok('cGljdHVyZQ==');
    } });
    isSomebodyThere = true;
    const [follow, picture] = [command('follow_logs', { minutes: 5 }), command('screenshot')];
    take(follow, picture);
    await settle();
    expect([done, asked, answers()]).toEqual([['followed 5'], [], ['follow_logs done']]);
    isSomebodyThere = false;
    await settle();
    expect([asked, answers()]).toEqual([[0, 1], ['follow_logs done', 'screenshot done']]);
    expect(database.prepare("SELECT payload ->> '$.commandId' FROM outbox WHERE kind = 'screenshot.taken'").pluck().all()).toEqual([picture.id]);
  });

  it('a pause and its end follow each other as HQ gave them, and a pause holds over a restart', async () => {
    const { take, settle, commands } = run();
    take(command('pause'), command('resume'), command('pause'));
    await settle();
    expect([commands.paused(), run().commands.paused(), answers()]).toEqual([{}, {}, ['pause done', 'resume done', 'pause done']]);
  });

  it('whose work fails, or throws, is answered as failed', async () => {
    const { take, settle } = run(() => {}, { backUp: async () => err('the second disk is away'), sendLogs: () => { throw new Error('a bug'); } });
    take(command('back_up'), command('send_logs', { minutes: 1 }));
    await settle();
    expect(answered().map(({ command: kind, outcome, detail }) => [kind, outcome, detail]).toSorted()).toEqual([['back_up', 'failed', 'the second disk is away'], ['send_logs', 'failed', 'a bug']]);
  });

  it('whose answer cannot be written is not done again, and answered when it can be', async () => {
    let isFull = true;
    const { take, settle } = run((step) => {
      if (isFull && step === 'before answer') throw new Error('the disk is full');
    });
    take(command('back_up'));
    await settle();
    expect([done, answers()]).toEqual([['copy'], []]);
    isFull = false;
    await settle();
    expect([done, answers()]).toEqual([['copy'], ['back_up done']]);
  });

  it('a restart waits for what is under way, and nothing is begun behind it', async () => {
    let finish: (() => void) | undefined;
    const { take, commands } = run(() => {}, { backUp: () => new Promise((resolve) => (finish = () => resolve(ok('copy-1')))) });
    take(command('back_up'), command('restart'), command('test_print'), command('back_up'));
    commands.work();
    await vi.advanceTimersByTimeAsync(10);
    expect(done).toEqual([]);
    expect(answers()).toEqual([]);
    finish!();
    finish = undefined;
    await vi.advanceTimersByTimeAsync(10);
    for (let time = 0; time < 3; time++) commands.work();
    expect([done, answers(), finish]).toEqual([['restart'], ['back_up done'], undefined]);
  });

  it('a test page that does not come out is told after a minute, and printed once when it can be', async () => {
    const { take, commands } = run();
    take(command('test_print'));
    commands.work();
    commands.work();
    monotonicMs += minutes;
    commands.work();
    expect(answers()).toEqual(['test_print failed']);
    printQueued();
    commands.work();
    expect(done).toEqual(['test page']);
  });
});

describe('a refund that HQ asks for', () => {
  const refund = (orderId: OrderId) => command('refund', { orderId, reason: 'sour milk' });

  it('gives the money back once, whatever else asks for the same', async () => {
    const orderId = paidOrder();
    const { take, settle } = run();
    const first = refund(orderId);
    take(first, refund(orderId));
    take(first);
    await settle();
    take(first, refund(orderId));
    await settle();
    expect(attemptStates()).toEqual(['started', 'authorised', 'approved', 'reversing', 'reversed']);
    expect(answers()).toEqual(['refund done', 'refund done', 'refund refused']);
    expect(createStoreReader(database).order(orderId)?.state).toBe('refunded');
  });

  it('that the terminal will not do has failed, and stands on the list of staff', async () => {
    const orderId = paidOrder();
    reversals = [{ kind: 'not_sent', detail: 'busy' }, { kind: 'unknown', detail: 'no answer' }, { kind: 'refused', detail: 'B5' }];
    const { take, settle } = run();
    take(refund(orderId));
    await settle();
    expect(answers()).toEqual(['refund failed']);
    expect(createStoreReader(database).attention()).toMatchObject([{ kind: 'reversal_refused', orderId }]);
    // Nothing is tried again by itself.
    await run().settle();
    expect(attemptStates().filter((state) => state === 'reversing')).toHaveLength(1);
  });

  it('of what was never paid, or is no order, is refused', async () => {
    const { take, settle } = run();
    take(refund(newId() as OrderId));
    await settle();
    expect(answers()).toEqual(['refund refused']);
  });

  it('of an order of which a part was given back by hand is refused: the terminal would give that part back again', async () => {
    const reader = createStoreReader(database);
    const writer = createStoreWriter({ database, reader, now: () => 5, newId });
    const orderId = paidOrder({ fulfilment: { kind: 'telecom', service: 'top_up' }, offerId: 'top-up', total: 300 }, [{ offerId: 'tea', total: 50 }]);
    writer.settleService(reader.services(orderId)[0]!.jobId, 'refused', undefined);
    writer.settleAttention(reader.attention()[0]!.id, 'part_given_back');
    const { take, settle, payments } = run();
    take(refund(orderId));
    await settle();
    // Nor by the technician's own command.
    expect(payments.reverse(orderId)).toMatchObject({ ok: false, error: { code: 'ORDER_NOT_CANCELLABLE', detail: expect.stringContaining('given back by hand') } });
    expect(answered()).toMatchObject([{ command: 'refund', outcome: 'refused', detail: expect.stringContaining('given back by hand') }]);
    expect([reader.attempts(orderId)[0]!.state, done]).toEqual(['approved', []]);
  });

  it('waits while a restored store may still hear of what was given back', async () => {
    const orderId = paidOrder();
    const { take, settle } = run(() => {}, { isHistoryKnown: () => false });
    take(refund(orderId));
    await settle();
    expect([answers(), createStoreReader(database).attempts(orderId)[0]!.state]).toEqual([[], 'approved']);
  });

  it('waits until the terminal has settled what is unsettled', async () => {
    const orderId = paidOrder();
    const other = paidOrder();
    const reader = createStoreReader(database);
    createStoreWriter({ database, reader, now: () => 5, newId }).startReversal(reader.attempts(other)[0]!.id);
    reversals = Array.from({ length: 3 }, () => ({ kind: 'not_sent', detail: 'unplugged' }) as const);
    const { take, commands, settle } = run();
    take(refund(orderId));
    commands.work();
    expect(reader.attempts(orderId)[0]!.state).toBe('approved');
    await settle();
    expect([reader.attempts(orderId)[0]!.state, answers()]).toEqual(['reversed', ['refund done']]);
  });
});

describe('a refund of a wallet that HQ asks for', () => {
  const reader = () => createStoreReader(database);
  const wish = (orderId: OrderId, amount?: number) => command('refund', { orderId, reason: 'sour milk', by: 'Zhao', ...(amount === undefined ? {} : { amount }) });

  const paidByWallet = () => paidOrder({}, [], 'wechat');

  /** HQ, which gives back what it is asked for. */
  function giveBack(): void {
    const writer = createStoreWriter({ database, reader: reader(), now: () => 5, newId });
    for (const { id, state } of reader().unsettledWallets()) if (state === 'reversing') writer.settleReversal(id, { kind: 'reversed' });
    for (const { id } of reader().openRefunds()) writer.settleRefund(id, { state: 'done' });
  }

  it('is begun while somebody is there, whole or in part, and never more than is left', async () => {
    const orderId = paidByWallet();
    isSomebodyThere = true;
    const { take, settle } = run(() => {}, { walletRefunds: { look: giveBack } });
    for (const amount of [100, 300, undefined, undefined]) {
      take(wish(orderId, amount));
      await settle();
    }
    expect(answered().map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['done', 'order A001: 100 CNY in minor units'], ['refused', expect.stringContaining('no more than 250')], ['done', 'order A001: 250 CNY in minor units'], ['refused', 'the money is back already'],
    ]);
    expect([reader().order(orderId)?.state, reader().refundsOf(orderId).map(({ amount, by }) => [amount.amount, by])]).toEqual(['refunded', [[100, 'HQ, Zhao'], [250, 'HQ, Zhao']]]);
  });

  it('of which the process ends at each step is done once, and answered', async () => {
    for (const amount of [undefined, 100]) {
      for (let cutAt = 1; ; cutAt += 1) {
        const orderId = paidByWallet();
        let steps = 0;
        const first = run(() => {
          steps += 1;
          if (steps >= cutAt) throw new Error('ended');
        }, { walletRefunds: { look: () => {} } });
        const wanted = wish(orderId, amount);
        first.take(wanted);
        await first.settle();
        const next = run(() => {}, { walletRefunds: { look: giveBack } });
        next.take(wanted);
        await next.settle();
        await next.settle();
        const told = `cut at ${cutAt}, ${String(amount)}`;
        const gone = reader().order(orderId)!.state === 'refunded' ? 350 : reader().refundsOf(orderId).reduce((sum, refund) => sum + refund.amount.amount, 0);
        expect(gone, told).toBe(amount ?? 350);
        if (steps < cutAt) break;
      }
    }
  });

  it('of a part of a card payment is refused with words: the terminal gives back whole purchases', async () => {
    const orderId = paidOrder();
    const { take, settle } = run();
    take(wish(orderId, 100), wish(orderId, 350));
    await settle();
    expect(answered().map(({ outcome }) => outcome)).toEqual(['refused', 'done']);
    expect(answered()[0]?.detail).toContain('by hand');
  });
});

describe('what HQ says of a service', () => {
  const result = (jobId: JobId, outcome: 'pending' | 'done' | 'refused', reference?: string) => command('service_result', { jobId, outcome, ...(reference ? { reference } : {}) });
  const serviceOf = (orderId: OrderId) => createStoreReader(database).services(orderId)[0];

  it('is taken in at once, whoever is there, and its customer’s screen is told', async () => {
    isSomebodyThere = true;
    const { orderId, jobId } = paidTopUp();
    const changed: OrderId[] = [];
    const { take, settle } = run(() => {}, { onOrderChange: (id) => void changed.push(id) });
    take(result(jobId, 'pending'), result(jobId, 'done', 'CM-9'), result(jobId, 'done', 'CM-9'));
    await settle();
    expect([answers(), serviceOf(orderId), changed]).toMatchObject([Array(3).fill('service_result done'), { state: 'done', reference: 'CM-9' }, [orderId, orderId]]);
  });

  it('is refused where it contradicts what is final, or is of no service', async () => {
    const { orderId, jobId } = paidTopUp();
    const { take, settle } = run();
    take(result(jobId, 'done'), result(jobId, 'refused'), result(newId() as JobId, 'done'));
    await settle();
    expect([answers(), serviceOf(orderId)?.state, createStoreReader(database).ordersWithRefused('owed')]).toEqual([['service_result done', 'service_result refused', 'service_result refused'], 'done', []]);
  });

  it('waits while a restored store may still hear of the service, or of its refund', async () => {
    const { orderId, jobId } = paidTopUp();
    let isHistoryKnown = false;
    const { take, settle } = run(() => {}, { isHistoryKnown: () => isHistoryKnown });
    take(result(newId() as JobId, 'done'), result(jobId, 'refused'));
    await settle();
    expect([answers(), serviceOf(orderId)?.state]).toEqual([[], 'asked']);
    const reader = createStoreReader(database);
    const writer = createStoreWriter({ database, reader, now: () => 5, newId });
    const { id } = reader.attempts(orderId)[0]!;
    writer.startReversal(id);
    writer.settleReversal(id, { kind: 'reversed' });
    isHistoryKnown = true;
    await settle();
    expect([answers(), reader.ordersWithRefused('open'), reader.ordersWithRefused('owed'), reader.attention()]).toEqual([['service_result refused', 'service_result done'], [], [], []]);
  });
});

describe('an answer to a call for a person', () => {
  it('is kept for its customer while the call is open, and refused when it is over', async () => {
    const help = createHelpStore(database, createEmitter({ database, now: () => 5, newId }), () => 5, newId);
    const { id } = help.call('cart', undefined);
    let told = 0;
    const { take, settle } = run(() => {}, { onHelpAnswered: () => (told += 1) });
    take(command('answer_help', { callId: id, words: { zh: '马上来', en: 'Coming' } }));
    await settle();
    expect([help.open(), told, answers()]).toMatchObject([[{ id, isAnswered: true, words: { en: 'Coming' } }], 1, ['answer_help done']]);
    help.end(id, 'customer');
    take(command('answer_help', { callId: id }));
    await settle();
    expect([told, answers()]).toEqual([1, ['answer_help done', 'answer_help refused']]);
  });
});

describe('a process that ends at any step of a command', () => {
  const kinds = [
    ['pause', { notice: { zh: '补货', en: 'Restocking' } }], ['resume', {}], ['restart', {}], ['send_logs', { minutes: 5 }], ['refund', {}], ['back_up', {}], ['test_print', {}], ['service_result', {}], ['answer_help', {}],
    ['screenshot', {}],
  ] as const;

  it.each(kinds)('%s is answered once, and nothing of it is lost or doubled that must not be', async (kind, params) => {
    /** How many steps there are to end at: found by going on until a run comes through. */
    let stepsSeen = 0;
    for (let endAt = 1; ; endAt++) {
      for (const end of cleanUp.splice(0)) end();
      database.close();
      begin();
      given = 0;
      const orderId = paidOrder();
      const topUp = paidTopUp();
      const help = createHelpStore(database, createEmitter({ database, now: () => 5, newId }), () => 5, newId);
      const { id: callId } = help.call('home', undefined);
      const made = { refund: { orderId, reason: 'sour milk' }, service_result: { jobId: topUp.jobId, outcome: 'refused' }, answer_help: { callId } } as const;
      const one = command(kind, kind in made ? made[kind as keyof typeof made] : params);
      let steps = 0;
      let isDead = false;
      const first = run(() => {
        if (isDead || ++steps === endAt) {
          isDead = true;
          throw new Error('the process has ended');
        }
      });
      first.take(one);
      await first.settle();
      first.commands.stop();
      const ended = isDead;
      // Whatever was begun, HQ sends it again as long as it has not heard of an answer.
      for (let again = 0; again < 2; again++) {
        const next = run();
        next.take(one);
        await next.settle();
      }
      const where = `${kind}, ended at step ${endAt}`;
      expect(answers(), where).toEqual([`${kind} done`]);
      const times = done.filter((what) => !what.startsWith('terminal')).length;
      const approved = ['started', 'authorised', 'approved'];
      if (kind === 'refund') expect(attemptStates(), where).toEqual([...approved, ...approved, 'reversing', 'reversed']);
      // The wish to give the money back is written once with the answer; the terminal is asked by selling.
      else if (kind === 'service_result') expect([payloadsOf('service.settled').length, createStoreReader(database).ordersWithRefused('owed')], where).toEqual([1, [topUp.orderId]]);
      else if (kind === 'answer_help') expect(help.open(), where).toMatchObject([{ id: callId, isAnswered: true }]);
      else if (kind === 'test_print') expect(done, where).toEqual(['test page']);
      else if (kind === 'pause' || kind === 'resume') expect(createCommandStore(database, createEmitter({ database, now: () => 1, newId }), 'x').paused() !== undefined, where).toBe(kind === 'pause');
      else if (kind === 'screenshot') expect(payloadsOf('screenshot.taken'), where).toHaveLength(1);
      else if (kind === 'restart') expect(times, where).toBeLessThanOrEqual(1);
      // Logs and copies: the second time only where the first may not have been whole.
      else expect([1, 2], where).toContain(times);
      if (!ended) break;
      stepsSeen = endAt;
    }
    expect(stepsSeen).toBeGreaterThanOrEqual(kind === 'restart' || kind === 'answer_help' ? 3 : 5);
  });

  it('a copy in which the process ends each time is not tried without end', async () => {
    const one = command('back_up');
    for (let time = 0; time < 5; time++) {
      const dying = run(() => {}, { backUp: () => { done.push('copy'); return new Promise(() => {}); } });
      dying.take(one);
      await dying.settle();
      dying.commands.stop();
    }
    expect([done, answers()]).toEqual([['copy', 'copy'], ['back_up failed']]);
  });
});
