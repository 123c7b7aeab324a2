import { afterEach, describe, expect, test } from 'vitest';
import { money } from '../../../domain/money.ts';
import type { ZvtTerminalSimOptions } from '../../sim/zvt-terminal/sim.ts';
import type { CardDetails, LastTransaction } from './port.ts';
import { specification } from './profiles.ts';
import type { CardTerminalTrace } from './trace.ts';
import { createZvtTerminal } from './zvt-terminal.ts';
import { bench, expectAgreement, letRun, pass, price, purchase, until } from './zvt-terminal.fixture.ts';
import type { BenchOptions } from './zvt-terminal.fixture.ts';

let open: Awaited<ReturnType<typeof bench>> | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function start(options: BenchOptions = {}) {
  const started = await bench(options);
  open = started;
  await started.ready();
  return started;
}

const approving = { sim: { autoApproveAfterMs: 1_000 } } as const;

describe('a purchase that ends', () => {
  test('approved: the customer is told each step, the approval is committed once, and the terminal has booked it', async () => {
    const { terminal, sim } = await start(approving);
    const { authorisation, messages, approvals } = purchase();
    const outcome = await letRun(terminal.authorise(authorisation));
    expect(outcome).toEqual({
      kind: 'approved',
      card: {
        receiptNumber: '0001',
        traceNumber: '000001',
        terminalId: '24000001',
        date: expect.stringMatching(/^11\d\d$/),
        time: expect.stringMatching(/^\d{6}$/),
        maskedPan: '622202******1234',
        cardName: 'UnionPay',
      },
    });
    expect(messages).toEqual(['present_card', 'please_wait']);
    expect(approvals).toHaveLength(1);
    expectAgreement(outcome, sim.book());
  });

  test('the approval is committed before the terminal hears that we heard', async () => {
    const { terminal, sim } = await start(approving);
    let stateAtCommit: string | undefined;
    const { authorisation } = purchase({
      onApproved: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        stateAtCommit = sim.book()[0]?.state;
      },
    });
    await letRun(terminal.authorise(authorisation));
    expect(stateAtCommit).toBe('authorised');
    expect(sim.book()[0]?.state).toBe('approved');
  });

  test('declined: with the result code, and no approval was ever committed', async () => {
    const { terminal, sim } = await start(approving);
    sim.decline(0x51);
    const { authorisation, messages, approvals } = purchase();
    const outcome = await letRun(terminal.authorise(authorisation));
    expect(outcome).toMatchObject({ kind: 'declined', resultCode: '51', card: { receiptNumber: '0001' } });
    expect(messages).toContain('declined');
    expect(approvals).toEqual([]);
    expectAgreement(outcome, sim.book());
  });

  test('cancelled by the red key', async () => {
    const { terminal, sim } = await start();
    const { authorisation } = purchase();
    const running = terminal.authorise(authorisation);
    await until(() => sim.display().phase === 'present_card');
    sim.cancel();
    const outcome = await letRun(running);
    expect(outcome).toEqual({ kind: 'cancelled', resultCode: '6c' });
    expectAgreement(outcome, sim.book());
  });

  test('cancelled by the kiosk while the terminal waits for a card', async () => {
    const { terminal, sim } = await start();
    const running = terminal.authorise(purchase().authorisation);
    await until(() => sim.display().phase === 'present_card');
    terminal.abort();
    const outcome = await letRun(running);
    expect(outcome).toEqual({ kind: 'cancelled', resultCode: '6c' });
    expectAgreement(outcome, sim.book());
  });

  test('an abort right after the start, before the terminal has answered, still reaches it', async () => {
    const { terminal } = await start();
    const running = terminal.authorise(purchase().authorisation);
    await new Promise((resolve) => setImmediate(resolve));
    terminal.abort();
    expect(await letRun(running)).toEqual({ kind: 'cancelled', resultCode: '6c' });
  });

  test('an abort before the line is free sends nothing at all', async () => {
    const { terminal, sim } = await start();
    const running = terminal.authorise(purchase().authorisation);
    terminal.abort();
    expect(await letRun(running)).toMatchObject({ kind: 'not_sent' });
    expect(sim.display().phase).toBe('idle');
  });

  test('cancelled by the terminal when no card comes', async () => {
    const { terminal, sim } = await start({ sim: { cardTimeoutMs: 60_000 } });
    const outcome = await letRun(terminal.authorise(purchase().authorisation));
    expect(outcome).toEqual({ kind: 'cancelled', resultCode: '6c' });
    expectAgreement(outcome, sim.book());
  });

  test('a terminal that does not do our currency refuses, and that is an answer', async () => {
    const { terminal } = await start();
    expect(await letRun(terminal.authorise(purchase({ amount: money(100, 'EUR') }).authorisation))).toEqual({ kind: 'declined', resultCode: '6f' });
  });

  test('two purchases at once are a bug and throw', async () => {
    const { terminal } = await start(approving);
    const running = terminal.authorise(purchase().authorisation);
    expect(() => terminal.authorise(purchase().authorisation)).toThrow(/under way/);
    await letRun(running);
  });

  test('a second purchase after the first books a second time', async () => {
    const { terminal, sim } = await start(approving);
    await letRun(terminal.authorise(purchase().authorisation));
    await letRun(terminal.authorise(purchase().authorisation));
    expect(sim.book().map((entry) => entry.state)).toEqual(['approved', 'approved']);
  });
});

describe('money is never guessed', () => {
  test('an approval that cannot be committed is refused: the terminal reverses, and the outcome is unknown until asked', async () => {
    const { terminal, sim } = await start(approving);
    const { authorisation } = purchase({ onApproved: () => Promise.reject(new Error('disk full')) });
    const outcome = await letRun(terminal.authorise(authorisation));
    expect(outcome).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('disk full'), refused: { receiptNumber: '0001' } });
    expect(sim.book()).toMatchObject([{ state: 'reversed', reason: 'answered 84 66' }]);
    expect(await letRun(terminal.lastTransaction())).toMatchObject({ ok: true, value: { kind: 'transaction', resultCode: '6c', amount: price } });
  });

  test('an approval whose commit hangs is refused while the terminal still listens', async () => {
    const { terminal, sim } = await start(approving);
    const outcome = await letRun(terminal.authorise(purchase({ onApproved: () => new Promise(() => {}) }).authorisation));
    expect(outcome.kind).toBe('unknown');
    expect(sim.book()).toMatchObject([{ state: 'reversed', reason: 'answered 84 66' }]);
  });

  test('a listener that throws in mid-purchase leaves an unknown, not a rejection', async () => {
    const { terminal } = await start(approving);
    const { authorisation } = purchase({
      onMessage: () => {
        throw new Error('bug in a listener');
      },
    });
    expect(await letRun(terminal.authorise(authorisation))).toMatchObject({ kind: 'unknown', detail: 'bug in a listener' });
  });

  test('silence after the card was asked for: T4, then unknown, and the question says that nothing was booked', async () => {
    const { terminal, sim } = await start();
    const running = terminal.authorise(purchase().authorisation);
    await until(() => sim.display().phase === 'present_card');
    sim.setSilent(true);
    expect(await letRun(running)).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('T4') });
    sim.reboot();
    expect(await letRun(terminal.lastTransaction())).toEqual({ ok: true, value: { kind: 'none' } });
    expect(sim.book()).toEqual([]);
  });

  test.each([
    ['before it has told us', 'before_status', 'reversed', '6c'],
    ['before it hears our answer', 'after_status', 'reversed', '6c'],
    ['after our acknowledgement', 'after_acknowledgement', 'approved', '00'],
  ] as const)('approved and fallen silent %s: unknown, and the question tells what is booked', async (_when, script, state, resultCode) => {
    const { terminal, sim } = await start(approving);
    sim.script.approveAndFallSilent = script;
    expect(await letRun(terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'unknown' });
    sim.reboot();
    expect(sim.book()).toMatchObject([{ state, amount: price.amount }]);
    const last = await letRun(terminal.lastTransaction());
    expect(last).toMatchObject({ ok: true, value: { kind: 'transaction', resultCode, amount: price, card: { receiptNumber: '0001' } } });
  });

  test('a deviating terminal that keeps an unacknowledged approval is found out by the question', async () => {
    const { terminal, sim } = await start({ sim: { autoApproveAfterMs: 1_000, reversesUnacknowledged: false } });
    sim.script.approveAndFallSilent = 'after_status';
    expect(await letRun(terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'unknown' });
    sim.reboot();
    expect(await letRun(terminal.lastTransaction())).toMatchObject({ ok: true, value: { kind: 'transaction', resultCode: '00' } });
    expect(sim.book()).toMatchObject([{ state: 'approved' }]);
  });

  test('the terminal is asked only when it is ready: while it is busy the question waits', async () => {
    const { terminal, sim, line, mend } = await start({ sim: { cardTimeoutMs: 20_000 }, profile: { abortSupported: false } });
    const running = terminal.authorise(purchase().authorisation);
    await until(() => sim.display().phase === 'present_card');
    line.cut();
    expect(await letRun(running)).toMatchObject({ kind: 'unknown' });
    await mend();
    expect(await letRun(terminal.lastTransaction())).toEqual({ ok: true, value: { kind: 'none' } });
    expect(sim.display().phase).not.toBe('present_card');
  });

  test('a purchase is never sent again by itself', async () => {
    const { terminal, sim, line, mend, trace } = await start();
    const running = terminal.authorise(purchase().authorisation);
    await until(() => sim.display().phase === 'present_card');
    line.cut();
    await letRun(running);
    await mend();
    await until(() => terminal.state().kind === 'ready');
    expect(trace.filter((event) => event.kind === 'sent' && event.message.startsWith('06 01'))).toHaveLength(1);
  });

  test('an approval that comes after we gave up is refused, so that the terminal reverses it', async () => {
    const { terminal, sim, line, mend, refusals } = await start({ sim: { processingMs: 30_000 }, profile: { abortSupported: false } });
    const running = terminal.authorise(purchase().authorisation);
    await until(() => sim.display().phase === 'present_card');
    sim.tapCard();
    await until(() => sim.display().phase === 'please_wait');
    // Let the terminal hear our answer, so that it is the bank it waits for.
    await until(() => true);
    line.cut();
    await mend();
    expect(await letRun(running)).toMatchObject({ kind: 'unknown' });
    await until(() => sim.book()[0]?.state === 'reversed');
    expect(sim.book()).toMatchObject([{ reason: 'answered 84 66' }]);
    expect(refusals).toMatchObject([{ receiptNumber: '0001', traceNumber: '000001' }]);
    expect(await letRun(terminal.lastTransaction())).toMatchObject({ ok: true, value: { kind: 'transaction', resultCode: '6c' } });
  });

  test('a purchase that a process before us began is called off when we start', async () => {
    const { terminal, sim, line, mend } = await start();
    const running = terminal.authorise(purchase().authorisation);
    await until(() => sim.display().phase === 'present_card');
    line.cut();
    await letRun(running);
    await mend();
    await until(() => terminal.state().kind === 'ready');
    expect(sim.display().phase).toBe('cancelled');
  });
});

describe('the kiosk aborts and the terminal has fallen silent', () => {
  async function abortedInSilence(options: BenchOptions = {}) {
    const started = await start(options);
    const { authorisation, approvals } = purchase();
    const running = started.terminal.authorise(authorisation);
    await until(() => started.sim.display().phase === 'present_card');
    // The terminal has heard our answer to it.
    await until(() => true);
    started.sim.setSilent(true);
    started.terminal.abort();
    return { ...started, running, approvals };
  }

  test('the outcome is unknown after three T3, and a card tapped afterwards is not charged', async () => {
    const { terminal, sim, running, approvals } = await abortedInSilence({ sim: { cardTimeoutMs: 300_000, processingMs: 1 } });
    expect(await letRun(running)).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('06 B0') });
    sim.setSilent(false);
    sim.tapCard();
    const last = await letRun(terminal.lastTransaction());
    expect(last.ok && last.value.kind === 'transaction' ? last.value.resultCode : 'none').not.toBe('00');
    expect(approvals).toEqual([]);
    expect(sim.book().filter(({ state }) => state === 'approved')).toEqual([]);
  });

  test.each(Array.from({ length: 40 }, (_, at) => at * 500))('a card tapped when it speaks again after %i ms is charged only where the outcome says so', async (ms) => {
    const { terminal, sim, running } = await abortedInSilence({ sim: { cardTimeoutMs: 300_000, processingMs: 1 } });
    await pass(ms);
    sim.setSilent(false);
    sim.tapCard();
    const outcome = await letRun(running);
    if (ms > 5_000) expect(outcome.kind).not.toBe('approved');
    if (outcome.kind === 'unknown') await letRun(terminal.lastTransaction());
    expect(sim.book().filter(({ state }) => state === 'approved')).toHaveLength(outcome.kind === 'approved' ? 1 : 0);
  });

  test('speaking again in time it hears the next 06 B0', async () => {
    const { sim, running } = await abortedInSilence();
    await pass(2_000);
    sim.setSilent(false);
    const outcome = await letRun(running);
    expect(outcome).toEqual({ kind: 'cancelled', resultCode: '6c' });
    expectAgreement(outcome, sim.book());
  });
});

describe('an approval that was refused', () => {
  test('is told with the outcome and to the listener, before the terminal can reverse it', async () => {
    const { terminal, sim, refusals } = await start(approving);
    let stateWhenTold: string | undefined;
    terminal.onRefusedApproval(() => (stateWhenTold = sim.book()[0]?.state));
    const outcome = await letRun(terminal.authorise(purchase({ onApproved: () => Promise.reject(new Error('disk full')) }).authorisation));
    expect(stateWhenTold).toBe('authorised');
    expect(outcome).toMatchObject({ kind: 'unknown', refused: refusals[0] });
  });

  test('a reversal that is a transaction of its own is refused too, and the outcome names the refused one', async () => {
    const { terminal, sim, refusals } = await start({ sim: { autoApproveAfterMs: 1_000, reportsReversalAsTransaction: true, namesReversed: false } });
    const { authorisation, approvals } = purchase({ onApproved: () => Promise.reject(new Error('disk full')) });
    const outcome = await letRun(terminal.authorise(authorisation));
    expect(outcome).toMatchObject({ kind: 'unknown', refused: { receiptNumber: '0001', traceNumber: '000001' } });
    expect(approvals).toEqual([]);
    expect(refusals.map(({ receiptNumber }) => receiptNumber)).toEqual(['0001', '0002']);
    expect(sim.book()).toMatchObject([{ state: 'reversed' }, { state: 'reversal' }]);
    // What the caller has to tell apart: approved, our amount, and another number than the refused one.
    expect(await letRun(terminal.lastTransaction())).toMatchObject({ ok: true, value: { resultCode: '00', amount: price, card: { receiptNumber: '0002' } } });
  });

  test('whose reversal is a transaction that names it (BMP 37) is told as taken back, and that reversal is refused by nobody', async () => {
    const { terminal, sim, refusals } = await start({ sim: { autoApproveAfterMs: 1_000, reportsReversalAsTransaction: true } });
    const outcome = await letRun(terminal.authorise(purchase({ onApproved: () => Promise.reject(new Error('disk full')) }).authorisation));
    expect(outcome).toMatchObject({ kind: 'unknown', refused: { receiptNumber: '0001' } });
    expect(refusals.map(({ receiptNumber }) => receiptNumber)).toEqual(['0001']);
    expect(sim.book()).toMatchObject([{ state: 'reversed' }, { state: 'reversal' }]);
    expect(await letRun(terminal.lastTransaction())).toMatchObject({ ok: true, value: { resultCode: 'b4', amount: price, card: { traceNumber: '000001' } } });
  });

  test('before there is a listener is told to the first one', async () => {
    const { sim, kioskEnd } = await terminalOfBefore({ processingMs: 30_000 });
    const second = createZvtTerminal({ transport: kioskEnd, profile: { ...specification, abortSupported: false } });
    await until(() => sim.book()[0]?.state === 'reversed');
    const refusals: CardDetails[] = [];
    second.onRefusedApproval((card) => refusals.push(card));
    expect(refusals).toMatchObject([{ receiptNumber: '0001' }]);
    second.onRefusedApproval(() => expect.unreachable());
    await letRun(second.close());
  });

  test('is refused although its listener throws', async () => {
    const { terminal, sim } = await start(approving);
    terminal.onRefusedApproval(() => {
      throw new Error('disk full');
    });
    const outcome = await letRun(terminal.authorise(purchase({ onApproved: () => Promise.reject(new Error('disk full')) }).authorisation));
    expect(outcome).toMatchObject({ kind: 'unknown', refused: { receiptNumber: '0001' } });
    expect(sim.book()).toMatchObject([{ reason: 'answered 84 66' }]);
  });
});

describe('the baseline', () => {
  const asked = (trace: readonly CardTerminalTrace[]) => trace.filter((event) => event.kind === 'sent' && event.message.startsWith('06 20')).length;

  test('is asked once with each registration, before the terminal is ready: nothing yet', async () => {
    const { terminal, trace } = await start();
    expect(terminal.baseline()).toEqual({ kind: 'none' });
    expect(asked(trace)).toBe(1);
  });

  test('names what the terminal did before, so that it is never taken for a purchase of ours', async () => {
    const { terminal, sim, line, mend, trace } = await start(approving);
    await letRun(terminal.authorise(purchase().authorisation));
    line.cut();
    await until(() => terminal.state().kind === 'unplugged');
    let known: LastTransaction | undefined;
    terminal.onState((state) => {
      if (state.kind === 'ready') known = terminal.baseline();
    });
    await mend();
    await until(() => terminal.state().kind === 'ready');
    expect(known).toMatchObject({ kind: 'transaction', resultCode: '00', amount: price, card: { receiptNumber: '0001' } });
    expect(asked(trace)).toBe(2);
    expect(sim.book()).toHaveLength(1);
  });

  test('is left out while an outcome is unknown: it might be that very purchase', async () => {
    const { terminal, sim, trace } = await start(approving);
    sim.script.approveAndFallSilent = 'after_acknowledgement';
    expect(await letRun(terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'unknown' });
    sim.reboot();
    await until(() => terminal.state().kind === 'ready');
    expect(terminal.baseline()).toBeUndefined();
    expect(asked(trace)).toBe(1);
    expect(await letRun(terminal.lastTransaction())).toMatchObject({ ok: true, value: { resultCode: '00' } });
    sim.reboot();
    await letRun(terminal.authorise(purchase().authorisation));
    await until(() => terminal.state().kind === 'ready');
    expect(terminal.baseline()).toMatchObject({ kind: 'transaction', card: { receiptNumber: '0001' } });
  });

  test.each(['refused', 'unanswered'] as const)('06 20 %s: none, and the terminal is used all the same', async (repeatReceipt) => {
    const { terminal, sim } = await start({ sim: { autoApproveAfterMs: 1_000, repeatReceipt } });
    expect(terminal.baseline()).toBeUndefined();
    const outcome = await letRun(terminal.authorise(purchase().authorisation));
    expect(outcome).toMatchObject({ kind: 'approved' });
    expectAgreement(outcome, sim.book());
  });
});

/** A terminal at work on the purchase of a process that is no more: the card has been read, and the bank takes its time. */
async function terminalOfBefore(sim: ZvtTerminalSimOptions) {
  const first = await start({ sim, profile: { abortSupported: false } });
  void first.terminal.authorise(purchase().authorisation);
  await until(() => first.sim.display().phase === 'present_card');
  first.sim.tapCard();
  await until(() => first.sim.display().phase === 'please_wait');
  // Let the terminal hear our answer, so that it is the bank it waits for.
  await until(() => true);
  await letRun(first.terminal.close());
  return { ...first, kioskEnd: first.line.ends[0] };
}

describe('the cable', () => {
  test('out before the purchase: not sent, and the state says unplugged', async () => {
    const { terminal, line, sim } = await start(approving);
    line.cut();
    await until(() => terminal.state().kind === 'unplugged');
    const outcome = await letRun(terminal.authorise(purchase().authorisation));
    expect(outcome).toMatchObject({ kind: 'not_sent' });
    expectAgreement(outcome, sim.book());
  });

  test('out in mid-purchase and in again: unknown, then registered anew, and the question tells the truth', async () => {
    const { terminal, sim, line, mend, states } = await start();
    const running = terminal.authorise(purchase().authorisation);
    await until(() => sim.display().phase === 'present_card');
    line.cut();
    expect(await letRun(running)).toMatchObject({ kind: 'unknown' });
    await mend();
    expect(await letRun(terminal.lastTransaction())).toEqual({ ok: true, value: { kind: 'none' } });
    expect(states).toContain('unplugged');
    await until(() => terminal.state().kind === 'ready');
  });

  test('out after the approval was told and before our answer: reversed, and the question says so', async () => {
    const { terminal, sim, line, mend } = await start(approving);
    const { authorisation } = purchase({ onApproved: async () => line.cut() });
    expect(await letRun(terminal.authorise(authorisation))).toMatchObject({ kind: 'unknown' });
    await mend();
    expect(await letRun(terminal.lastTransaction())).toMatchObject({ ok: true, value: { kind: 'transaction', resultCode: '6c' } });
    expect(sim.book()).toMatchObject([{ state: 'reversed' }]);
  });

  test('out and in a hundred times: registered again each time, without a restart', async () => {
    const { terminal, line, mend } = await start(approving);
    for (let round = 0; round < 100; round += 1) {
      line.cut();
      await until(() => terminal.state().kind === 'unplugged');
      await mend();
      await until(() => terminal.state().kind === 'ready');
    }
    expect(await letRun(terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'approved' });
  });

  test('out for good: the question gives up in time and says unplugged', async () => {
    const { terminal, line } = await start();
    line.cut();
    expect(await letRun(terminal.lastTransaction())).toMatchObject({ ok: false, error: { kind: 'unplugged' } });
  });

  test('a terminal that hangs is noticed by the heartbeat, and comes back by itself', async () => {
    const { terminal, sim } = await start();
    sim.setSilent(true);
    await until(() => terminal.state().kind === 'no_answer');
    expect(await letRun(terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'not_sent' });
    sim.setSilent(false);
    await until(() => terminal.state().kind === 'ready');
  });

  test('a terminal that has been restarted is registered again', async () => {
    const { terminal, sim } = await start(approving);
    sim.reboot();
    expect(await letRun(terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'declined', resultCode: '6b' });
    await until(() => terminal.state().kind === 'ready');
    expect(await letRun(terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'approved' });
  });
});

describe('bytes that go wrong', () => {
  const faults = ['drop', 'garble', 'double', 'cut', 'lose_ack', 'nak'] as const;

  test.each(faults)('one "%s" at any moment of a purchase: approved once, booked once', async (fault) => {
    for (let moment = 0; moment < 5; moment += 1) {
      const started = await start(approving);
      const { terminal, sim } = started;
      const { authorisation, approvals, messages } = purchase();
      if (moment === 0) sim.failNext(fault);
      const running = terminal.authorise({
        ...authorisation,
        onMessage: (message) => {
          messages.push(message);
          if (messages.length === moment) sim.failNext(fault);
        },
        onApproved: async (card) => {
          approvals.push(card);
          if (moment === 3) sim.failNext(fault);
        },
      });
      if (moment === 4) void until(() => sim.display().phase === 'approved').then(() => sim.failNext(fault));
      const outcome = await letRun(running);
      // Dropping the answer to 06 01 itself lasts longer than T3 allows: then the purchase is called off.
      if (outcome.kind === 'cancelled') expect(moment).toBe(0);
      else expect(outcome.kind).toBe('approved');
      expectAgreement(outcome, sim.book());
      expect(approvals.length).toBe(outcome.kind === 'approved' ? 1 : 0);
      await started.close();
    }
    open = undefined;
  });

  test('an ACK that is lost makes the frame come again, and nothing is booked twice', async () => {
    const { terminal, sim } = await start(approving);
    sim.failNext('lose_ack');
    sim.failNext('lose_ack');
    const outcome = await letRun(terminal.authorise(purchase().authorisation));
    expectAgreement(outcome, sim.book());
    expect(sim.book()).toHaveLength(1);
  });

  test('NAK three times: the frame was handed to the line, so that the outcome is unknown and not "not sent"', async () => {
    const { terminal, sim } = await start(approving);
    for (let count = 0; count < 4; count += 1) sim.failNext('nak');
    expect(await letRun(terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('NAK') });
    expect(sim.book()).toEqual([]);
    expect(await letRun(terminal.lastTransaction())).toEqual({ ok: true, value: { kind: 'none' } });
  });

  test.each([1, 2, 3, 7])('bytes that arrive %i at a time make no difference', async (size) => {
    const split = (bytes: Uint8Array) => Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.slice(index * size, (index + 1) * size));
    const { terminal, sim } = await start({ ...approving, line: { split } });
    expectAgreement(await letRun(terminal.authorise(purchase().authorisation)), sim.book());
    expect(sim.book()).toMatchObject([{ state: 'approved' }]);
  });

  test('rubbish on an idle line disturbs nothing', async () => {
    const { terminal, line, sim } = await start(approving);
    const [, terminalEnd] = line.ends;
    for (let round = 0; round < 50; round += 1) {
      await terminalEnd.write(Uint8Array.from({ length: 40 }, (_, index) => (index * 31 + round * 17) % 256), 100);
    }
    await until(() => terminal.state().kind === 'ready');
    expect(await letRun(terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'approved' });
    expect(sim.book()).toHaveLength(1);
  });
});

test('the trace names messages and never holds card data', async () => {
  const { terminal, trace } = await start(approving);
  await letRun(terminal.authorise(purchase().authorisation));
  expect(trace).toContainEqual({ kind: 'sent', message: '06 01 authorisation, 13 bytes', repeat: 0 });
  expect(JSON.stringify(trace)).not.toMatch(/622202|1234\b/);
});

test('registration says config byte 3E and the currency', async () => {
  const { received } = await start();
  expect(Buffer.from(received()).toString('hex')).toContain('0600060000003e0156');
});

test('closing in mid-purchase ends it as unknown and leaves nothing running', async () => {
  const { terminal, sim } = await start();
  const running = terminal.authorise(purchase().authorisation);
  await until(() => sim.display().phase === 'present_card');
  await letRun(terminal.close());
  expect(await letRun(running)).toMatchObject({ kind: 'unknown' });
});
