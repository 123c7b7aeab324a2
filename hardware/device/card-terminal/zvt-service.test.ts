import { afterEach, describe, expect, test } from 'vitest';
import { money } from '../../../domain/money.ts';
import type { CardDetails } from './port.ts';
import { terminalProfiles } from './profiles.ts';
import { bench, expectAgreement, letRun, pass, price, purchase, until } from './zvt-terminal.fixture.ts';
import type { BenchOptions } from './zvt-terminal.fixture.ts';

let open: Awaited<ReturnType<typeof bench>> | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function start(options: BenchOptions = {}) {
  const started = await bench({ ...options, sim: { autoApproveAfterMs: 1_000, ...options.sim } });
  open = started;
  await started.ready();
  return { ...started, service: started.terminal.service! };
}

async function sold(started: Awaited<ReturnType<typeof start>>): Promise<CardDetails> {
  const outcome = await letRun(started.terminal.authorise(purchase().authorisation));
  if (outcome.kind !== 'approved') throw new Error(outcome.kind);
  return outcome.card;
}

const sentMessages = ({ trace }: Awaited<ReturnType<typeof bench>>, control: string) =>
  trace.filter((event) => event.kind === 'sent' && event.message.startsWith(control) && event.repeat === 0).length;

describe('a reversal', () => {
  test('takes the purchase back, by its receipt number', async () => {
    const started = await start();
    const card = await sold(started);
    expect(await letRun(started.terminal.reverse({ amount: price, card }))).toMatchObject({ kind: 'reversed', card: { receiptNumber: '0002' } });
    expect(started.sim.book()).toMatchObject([{ state: 'reversed' }, { state: 'reversal', originalTraceNumber: '000001' }]);
    expect(Buffer.from(started.received()).toString('hex')).toContain('06301010' + '000000' + '870001' + '04000000001250' + '490156');
  });

  test('asked for twice takes it back once (B4)', async () => {
    const started = await start();
    const card = await sold(started);
    await letRun(started.terminal.reverse({ amount: price, card }));
    expect(await letRun(started.terminal.reverse({ amount: price, card }))).toEqual({ kind: 'reversed' });
    expect(started.sim.book().filter(({ state }) => state === 'reversal')).toHaveLength(1);
  });

  test('after the day was closed is refused: a person must give the money back (B5)', async () => {
    const started = await start();
    const card = await sold(started);
    await letRun(started.service.endOfDay());
    expect(await letRun(started.terminal.reverse({ amount: price, card }))).toMatchObject({ kind: 'refused', detail: expect.stringContaining('b5') });
    expect(started.sim.book()).toMatchObject([{ state: 'approved' }]);
  });

  test('of another amount than the terminal has booked is refused', async () => {
    const started = await start();
    const card = await sold(started);
    expect(await letRun(started.terminal.reverse({ amount: money(1, 'CNY'), card }))).toMatchObject({ kind: 'refused' });
    expect(started.sim.book()).toMatchObject([{ state: 'approved' }]);
  });

  test('of a purchase without a receipt number sends nothing', async () => {
    const started = await start();
    expect(await letRun(started.terminal.reverse({ amount: price, card: { traceNumber: '000001' } }))).toMatchObject({ kind: 'refused' });
    expect(sentMessages(started, '06 30')).toBe(0);
  });

  test('without a terminal was not sent', async () => {
    const started = await start();
    const card = await sold(started);
    started.line.cut();
    await until(() => started.terminal.state().kind === 'unplugged');
    expect(await letRun(started.terminal.reverse({ amount: price, card }))).toMatchObject({ kind: 'not_sent' });
  });

  const moments = ['received 06 30', 'sending 80 00', 'sent 80 00', 'sending 04 ff', 'sending 04 0f', 'sent 04 0f', 'acknowledged 04 0f', 'sending 06 0f', 'sent 06 0f'];
  test.each(moments)('with the terminal restarted, silent or a message lost at "%s" is asked for again by itself, and takes back once', async (at) => {
    for (const action of ['reboot', 'drop', 'garble', 'silent']) {
      const started = await start();
      const card = await sold(started);
      expect(started.sim.script([{ at, do: action }, { at, do: 'speak', afterMs: 20_000 }]).ok).toBe(true);
      let outcome = await letRun(started.terminal.reverse({ amount: price, card }));
      if (outcome.kind === 'unknown' || outcome.kind === 'not_sent') {
        started.sim.setSilent(false);
        await started.ready();
        outcome = await letRun(started.terminal.reverse({ amount: price, card }));
      }
      expect(outcome.kind).toBe('reversed');
      expect(started.sim.book().map(({ state }) => state)).toEqual(['reversed', 'reversal']);
      await started.close();
    }
    open = undefined;
  });

  test('with the line lost is unknown or done, and asked for again when it is back', async () => {
    const started = await start();
    const card = await sold(started);
    expect(started.sim.script([{ at: 'reversed', do: 'reboot' }]).ok).toBe(true);
    expect(await letRun(started.terminal.reverse({ amount: price, card }))).toEqual({ kind: 'reversed' });
    expect(sentMessages(started, '06 30')).toBe(2);
  });

  test('that nobody ever answers ends as unknown, and leaves the terminal usable', async () => {
    const started = await start();
    const card = await sold(started);
    started.sim.script([{ at: 'received 06 30', do: 'drop', times: 100 }]);
    expect(await letRun(started.terminal.reverse({ amount: price, card }))).toMatchObject({ kind: 'unknown' });
    started.sim.script([]);
    await started.ready();
    expect(await letRun(started.terminal.reverse({ amount: price, card }))).toMatchObject({ kind: 'reversed' });
  });

  test('while a purchase is under way, or twice at once, is a bug and throws', async () => {
    const started = await start();
    const running = started.terminal.authorise(purchase().authorisation);
    expect(() => started.terminal.reverse({ amount: price, card: {} })).toThrow(/under way/);
    await letRun(running);
    const reversing = started.terminal.reverse({ amount: price, card: { receiptNumber: '0001' } });
    expect(() => started.terminal.reverse({ amount: price, card: {} })).toThrow(/under way/);
    await letRun(reversing);
  });
});

describe('a refund', () => {
  test('gives money to the card that is presented, and the next question does not take it for a purchase', async () => {
    const started = await start();
    expect(await letRun(started.service.refund(price))).toMatchObject({ kind: 'reversed', card: { receiptNumber: '0001' } });
    expect(started.sim.book()).toMatchObject([{ state: 'refund', amount: price.amount }]);
  });

  test('declined, or without a card, is refused', async () => {
    const started = await start({ sim: { cardTimeoutMs: 500 } });
    expect(await letRun(started.service.refund(price))).toMatchObject({ kind: 'refused', detail: expect.stringContaining('6c') });
    expect(started.sim.book()).toEqual([]);
  });

  test.each(['sent 80 00', 'sending 04 0f', 'sent 04 0f', 'answered 04 0f', 'sending 06 0f'])('is never begun a second time: with the terminal gone at "%s" it is unknown', async (at) => {
    const started = await start();
    started.sim.script([{ at, do: 'reboot' }]);
    expect(await letRun(started.service.refund(price))).toMatchObject({ kind: 'unknown' });
    expect(sentMessages(started, '06 31')).toBe(1);
    expect(started.sim.book().filter(({ state }) => state === 'refund').length).toBeLessThanOrEqual(1);
  });
});

describe('service', () => {
  test('an end of day tells the totals, and its slip where the kiosk prints', async () => {
    const started = await start({ profile: terminalProfiles.kiosk_prints });
    await sold(started);
    await sold(started);
    const report = await letRun(started.service.endOfDay());
    expect(report).toMatchObject({
      ok: true,
      value: { totals: { total: money(2 * price.amount, 'CNY'), count: 2, fromReceipt: '0001', toReceipt: '0002' }, slips: [{ kind: 'administration', lines: [{ text: '** KASSENSCHNITT **', align: 'center' }, {}, {}] }] },
    });
    expect(started.slips.at(-1)).toMatchObject({ kind: 'administration' });
  });

  test('a diagnosis tells the clock of the terminal, and setting the time changes it', async () => {
    const started = await start();
    expect(await letRun(started.service.setTime('270102', '030405'))).toEqual({ ok: true, value: undefined });
    expect(await letRun(started.service.diagnose())).toEqual({ ok: true, value: { slips: [], clock: { date: '0102', time: '030405' } } });
    expect(await letRun(started.service.setTime('27', '030405'))).toMatchObject({ ok: false, error: { kind: 'refused' } });
  });

  test('an initialisation, and a purchase after it', async () => {
    const started = await start();
    expect(await letRun(started.service.initialise())).toEqual({ ok: true, value: { slips: [] } });
    expectAgreement(await letRun(started.terminal.authorise(purchase().authorisation)), started.sim.book());
  });

  test('the last receipt once more comes as a slip', async () => {
    const started = await start({ profile: terminalProfiles.kiosk_prints });
    await sold(started);
    expect(await letRun(started.service.repeatReceipt())).toMatchObject({ ok: true, value: { slips: [{ kind: 'customer', lines: [{ text: 'Belegkopie 0001' }] }] } });
  });

  test('waits until a purchase is over', async () => {
    const started = await start();
    const order: string[] = [];
    const selling = started.terminal.authorise(purchase().authorisation).then(() => order.push('sold'));
    const closing = started.service.endOfDay().then(() => order.push('closed'));
    await letRun(Promise.all([selling, closing]));
    expect(order).toEqual(['sold', 'closed']);
    expect(started.sim.book()).toMatchObject([{ state: 'approved' }]);
  });

  test('after a log-off the terminal is left alone, and registered again for the next payment', async () => {
    const started = await start();
    expect(await letRun(started.service.logOff())).toEqual({ ok: true, value: undefined });
    expect(started.sim.display().phase).toBe('not_registered');
    await pass(60_000);
    expect(started.sim.display().phase).toBe('not_registered');
    started.sim.script([{ at: 'registered', do: 'foreign_sale', value: price.amount }]);
    const outcome = await letRun(started.terminal.authorise(purchase().authorisation));
    expect(outcome).toMatchObject({ kind: 'approved', card: { receiptNumber: '0002' } });
    // What a technician sold meanwhile is known, and is never taken for a purchase of ours.
    expect(started.terminal.baseline()).toMatchObject({ card: { receiptNumber: '0001' } });
  });

  test('of a terminal that is unplugged or silent says so, and never rejects', async () => {
    const started = await start();
    started.sim.setSilent(true);
    expect(await letRun(started.service.diagnose())).toMatchObject({ ok: false, error: { kind: 'no_answer' } });
    started.line.cut();
    await until(() => started.terminal.state().kind === 'unplugged');
    const { endOfDay, logOff, initialise, repeatReceipt } = started.service;
    for (const call of [endOfDay, logOff, initialise, repeatReceipt]) {
      expect(await letRun<unknown>(call())).toMatchObject({ ok: false, error: { kind: 'unplugged' } });
    }
    expect(await letRun(started.service.refund(price))).toMatchObject({ kind: 'not_sent' });
  });

  test.each(['received 06 50', 'sending 80 00', 'sending 04 0f', 'sending 06 0f'])('an end of day with the terminal restarted at "%s" is a failure, and the terminal comes back', async (at) => {
    const started = await start();
    await sold(started);
    started.sim.script([{ at, do: 'reboot' }]);
    expect(await letRun(started.service.endOfDay())).toMatchObject({ ok: false });
    await started.ready();
    expect(await letRun(started.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'approved' });
  });
});

describe('profiles', () => {
  test.each(['utf_8', 'one_stop_bit', 'usb', 'no_abort', 'slow', 'kiosk_prints', 'kiosk_prints_lines', 'plain_repeat', 'network', 'wants_initialisation'] as const)('a purchase with "%s" is approved and booked once', async (name) => {
    const profile = terminalProfiles[name];
    const started = await start({ profile, sim: { tellsTexts: true, charset: profile.charset === 'utf-8' ? 'utf-8' : 'cp437', wantsInitialisation: profile.wantsInitialisation, tlvBehindPrintLine: true } });
    const texts: (string | undefined)[] = [];
    const outcome = await letRun(started.terminal.authorise(purchase({ onMessage: (_message, text) => texts.push(text) }).authorisation));
    expectAgreement(outcome, started.sim.book());
    expect(outcome.kind).toBe('approved');
    expect(texts).toContain('Bitte Karte einstecken');
    expect(started.slips.map(({ lines }) => lines[0]?.text)).toEqual(name.startsWith('kiosk_prints') ? ['HÄNDLERBELEG', 'KUNDENBELEG'] : []);
    expect(JSON.stringify([started.trace, started.slips])).not.toMatch(/\d{11}/);
  });

  test('a terminal that cannot tell what it did last is for a person, and its receipt is not printed again and again', async () => {
    const started = await start({ profile: terminalProfiles.plain_repeat });
    expect(await letRun(started.terminal.lastTransaction())).toMatchObject({ ok: false, error: { kind: 'refused' } });
    expect(sentMessages(started, '06 20')).toBe(0);
  });

  test('registration says what the profile says: BE and text blocks, in the currency', async () => {
    const started = await start({ profile: { ...terminalProfiles.kiosk_prints, registration: { serviceByte: 0x02, permittedCommands: [0x06d3], lineWidth: 32, charset: 0xfe } } });
    expect(Buffer.from(started.received()).toString('hex')).toContain('060016000000be01560302060c120120140' + '1fe26040a0206d3');
  });
});

test('a card number that the terminal sends in full is nowhere: not in what is told, printed, traced or remembered', async () => {
  const number = '6222021234567890128';
  for (const profile of [terminalProfiles.kiosk_prints, terminalProfiles.kiosk_prints_lines]) {
    const told: unknown[] = [];
    const started = await start({ profile, sim: { maskedPan: number, cardName: number, tellsTexts: true } });
    const outcome = await letRun(
      started.terminal.authorise(purchase({ onMessage: (...message) => told.push(message), onApproved: async (card) => void told.push(card) }).authorisation),
    );
    told.push(outcome, await letRun(started.terminal.lastTransaction()), await letRun(started.service.repeatReceipt()), started.slips, started.trace, started.states);
    expect(outcome).toMatchObject({ kind: 'approved', card: { maskedPan: '622202*********0128' } });
    expect(JSON.stringify(told)).toContain('622202*********0128');
    expect(JSON.stringify(told)).not.toContain(number.slice(0, 7));
    // The terminal did send it.
    expect(Buffer.from(started.sent()).toString('latin1')).toContain(number);
    await started.close();
  }
  open = undefined;
});

describe('the printer', () => {
  test('that cannot print lets no purchase begin where the kiosk prints', async () => {
    const started = await start({ profile: terminalProfiles.kiosk_prints, canPrint: () => false });
    expect(started.terminal.needsPrinter).toBe(true);
    expect(await letRun(started.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'not_sent' });
    expect(started.sim.book()).toEqual([]);
  });

  test('whose paper ends in mid-purchase makes the terminal reverse, and the question says so', async () => {
    let paper = true;
    const started = await start({ profile: terminalProfiles.kiosk_prints, canPrint: () => paper });
    const outcome = await letRun(started.terminal.authorise(purchase({ onApproved: async () => void (paper = false) }).authorisation));
    expect(outcome).toMatchObject({ kind: 'unknown', refused: { receiptNumber: '0001' } });
    expect(started.sim.book()).toMatchObject([{ state: 'reversed', reason: 'not printed' }]);
    expect(await letRun(started.terminal.lastTransaction())).toMatchObject({ ok: true, value: { resultCode: '6c' } });
  });

  test('a slip that its listener cannot take down is refused as if there was no paper', async () => {
    const started = await start({ profile: terminalProfiles.kiosk_prints });
    started.terminal.onSlip(() => {
      throw new Error('disk full');
    });
    expect(await letRun(started.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'unknown' });
    expect(started.sim.book()).toMatchObject([{ state: 'reversed' }]);
  });

  test('is not needed where the terminal prints nothing by us', async () => {
    const started = await start({ canPrint: () => false });
    expect(started.terminal.needsPrinter).toBe(false);
    expectAgreement(await letRun(started.terminal.authorise(purchase().authorisation)), started.sim.book());
  });
});

describe('goods', () => {
  test('released while the terminal waits: booked once, and final only when they are out', async () => {
    const started = await start();
    const seen: (string | undefined)[] = [];
    const outcome = await letRun(
      started.terminal.authorise(
        purchase({
          release: async (withinMs) => {
            expect(withinMs).toBe(20_000);
            await new Promise((resolve) => setTimeout(resolve, 12_000));
            seen.push(started.sim.book()[0]?.state);
            return 'released';
          },
        }).authorisation,
      ),
    );
    expect(seen).toEqual(['authorised']);
    expectAgreement(outcome, started.sim.book());
  });

  test.each([['failed', 1_000], ['late', 60_000]])('%s: the terminal gives the money back', async (_how, ms) => {
    const started = await start();
    const outcome = await letRun(
      started.terminal.authorise(
        purchase({
          release: async () => {
            await new Promise((resolve) => setTimeout(resolve, ms));
            return ms > 20_000 ? 'released' : 'failed';
          },
        }).authorisation,
      ),
    );
    expect(outcome).toMatchObject({ kind: 'unknown', refused: { receiptNumber: '0001' } });
    expect(started.sim.book()).toMatchObject([{ state: 'reversed', reason: 'answered 84 66' }]);
  });
});
