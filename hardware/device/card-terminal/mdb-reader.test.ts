import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { money } from '../../../domain/money.ts';
import { createMdbReaderSim } from '../../sim/mdb-reader/sim.ts';
import type { MdbReaderSimOptions } from '../../sim/mdb-reader/sim.ts';
import type { Script } from '../../sim/script/script.ts';
import { createMemoryLine } from '../../transport/memory.ts';
import { documented, mdbProfiles } from './mdb-profiles.ts';
import type { MdbProfile } from './mdb-profiles.ts';
import { createMdbReader } from './mdb-reader.ts';
import type { Authorisation, TerminalMessage } from './port.ts';
import { letRun, pass, price, settle, until } from './port-suite.fixture.ts';
import type { CardTerminalTrace } from './trace.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface BenchOptions {
  readonly profile?: Partial<MdbProfile>;
  readonly sim?: MdbReaderSimOptions;
  /** A process before this one left the reader in the middle of this. */
  readonly leftover?: 'vend' | 'approved' | 'denied' | 'idle';
}

async function bench({ profile = {}, sim: simOptions = {}, leftover }: BenchOptions = {}) {
  const line = createMemoryLine();
  const [kioskEnd, readerEnd] = line.ends;
  await readerEnd.open();
  const onCable = (plugged: boolean) => {
    if (!plugged) return line.cut();
    line.mend();
    void readerEnd.open();
  };
  const sim = createMdbReaderSim({ autoApproveAfterMs: 1_000, onCable, ...simOptions });
  sim.connect(readerEnd);
  let said = '';
  readerEnd.onData((bytes) => (said += new TextDecoder('latin1').decode(bytes)));
  if (leftover) {
    await kioskEnd.open();
    const say = (text: string) => kioskEnd.write(new TextEncoder().encode(`${text}\r\n`), 1_000);
    await say('D,2');
    await pass(500);
    await say('D,READER,1');
    if (leftover !== 'idle') await say('D,REQ,9.99,1');
    await settle();
    if (leftover === 'denied') sim.walkAway();
    if (leftover === 'approved') await pass(2_000);
    await kioskEnd.close();
    said = '';
  }
  const trace: CardTerminalTrace[] = [];
  const terminal = createMdbReader({ transport: kioskEnd, profile: { ...documented, ...profile }, trace: (event) => trace.push(event) });
  const refusals: string[] = [];
  terminal.onRefusedApproval(() => refusals.push(`told, with the book at ${sim.book().at(-1)?.state}`));
  return {
    line, sim, terminal, trace, refusals,
    /** What the kiosk said since the last look, command by command. */
    said() {
      const lines = said.split('\r\n').slice(0, -1);
      said = '';
      return lines;
    },
    ready: () => until(() => terminal.state().kind === 'ready', 'ready'),
    script(steps: Script) {
      expect(sim.script(steps)).toEqual({ ok: true });
    },
    /** A line that the reader never meant to say. */
    whisper: (text: string) => readerEnd.write(new TextEncoder().encode(`${text}\r\n`), 1_000),
    async [Symbol.asyncDispose]() {
      sim.close();
      await letRun(terminal.close());
    },
  };
}

function purchase(overrides: Partial<Authorisation> = {}) {
  const messages: TerminalMessage[] = [];
  const authorisation: Authorisation = { amount: price, onMessage: (message) => messages.push(message), onApproved: async () => {}, ...overrides };
  return { authorisation, messages };
}

const states = (sim: { book(): readonly { readonly state: string }[] }) => sim.book().map((entry) => entry.state);

describe('starting', () => {
  it("goes the way of the maker's pages", async () => {
    await using it = await bench();
    await it.ready();
    expect(it.said()).toEqual(['V', 'D,STATUS', 'D,2', 'D,STATUS', 'D,READER,1']);
    expect(it.terminal.baseline()).toBeUndefined();
    expect(it.terminal.service).toBeUndefined();
    expect(it.terminal.needsPrinter).toBe(false);
  });

  it('leaves an interface that runs as it is: a reset would be a success to an open vend', async () => {
    await using it = await bench({ leftover: 'idle' });
    await it.ready();
    expect(it.said()).toEqual(['V', 'D,STATUS', 'D,STATUS']);
  });

  it('gives an approval back that nobody waits for any more, and says so first', async () => {
    await using it = await bench({ leftover: 'approved' });
    await it.ready();
    expect(it.said().filter((line) => line !== 'D,STATUS')).toEqual(['V', 'D,END,-1']);
    expect(it.refusals).toEqual(['told, with the book at held']);
    expect(states(it.sim)).toEqual(['given_back']);
    expect(await letRun(it.terminal.lastTransaction())).toEqual({ ok: true, value: { kind: 'forgotten', unendedAreRefunded: true } });
  });

  it('tells a refusal of before there was a listener to the first one', async () => {
    const line = createMemoryLine();
    const [kioskEnd, readerEnd] = line.ends;
    await readerEnd.open();
    const terminal = createMdbReader({ transport: kioskEnd, profile: documented });
    readerEnd.onData((bytes) => {
      const text = new TextDecoder().decode(bytes);
      const answers: Record<string, string> = { 'V\r\n': 'v,4,0', 'D,STATUS\r\n': 'd,STATUS,RESULT,1,1.00,#', 'D,END,-1\r\n': 'd,STATUS,IDLE' };
      void readerEnd.write(new TextEncoder().encode(`${answers[text] ?? 'd,STATUS,IDLE'}\r\n`), 100);
    });
    await until(() => terminal.state().kind !== 'starting');
    const told: unknown[] = [];
    terminal.onRefusedApproval((card) => told.push(card));
    expect(told.length).toBeGreaterThan(0);
    await letRun(terminal.close());
  });

  it('calls a purchase off that waits for a card for nobody', async () => {
    await using it = await bench({ leftover: 'vend', sim: { autoApproveAfterMs: 30_000 } });
    await it.ready();
    expect(it.said().filter((line) => line !== 'D,STATUS')).toEqual(['V', 'D,REQ,-1']);
    expect(states(it.sim)).toEqual(['denied']);
    expect(it.refusals).toEqual([]);
    expect(await letRun(it.terminal.lastTransaction())).toEqual({ ok: true, value: { kind: 'forgotten', unendedAreRefunded: true } });
  });

  it('brings a reader back that stays at its denial', async () => {
    await using it = await bench({ leftover: 'denied', sim: { idleAfterDenial: false, autoApproveAfterMs: 30_000 } });
    await it.ready();
    expect(it.said().filter((line) => line !== 'D,STATUS')).toEqual(['V', 'D,REQ,-1']);
  });

  it.each<[string, MdbReaderSimOptions, RegExp]>([
    ['another currency', { currencyCode: '1978' }, /another currency/],
    ['other decimals', { decimals: 1 }, /1 decimals/],
    ['other steps', { scaleFactor: 5 }, /steps of 5/],
    ['the card first', { alwaysIdle: false }, /cannot be asked first/],
  ])('does not sell at a reader with %s', async (_, sim, reason) => {
    await using it = await bench({ sim });
    await until(() => it.terminal.state().kind === 'no_answer');
    expect(it.terminal.state()).toMatchObject({ detail: expect.stringMatching(reason) });
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'not_sent' });
    expect(it.sim.book()).toEqual([]);
  });

  it('takes a country code for no currency, since it says none for certain', async () => {
    await using it = await bench({ sim: { currencyCode: '0086' } });
    await it.ready();
  });

  it('waits for a reader that does not answer, and finds it by itself', async () => {
    await using it = await bench();
    it.sim.setSilent(true);
    await until(() => it.terminal.state().kind === 'no_answer');
    it.sim.setSilent(false);
    await it.ready();
  });
});

describe('an idle reader', () => {
  it('that starts anew by itself is armed again', async () => {
    await using it = await bench({ profile: { heartbeatMs: 5_000 } });
    await it.ready();
    it.sim.reboot();
    await until(() => it.terminal.state().kind !== 'ready', 'noticed');
    await it.ready();
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'approved' });
  });

  it('that says it was reset is looked after at once, without a heartbeat', async () => {
    await using it = await bench({ profile: { heartbeatMs: 0 } });
    await it.ready();
    const seen: string[] = [];
    it.terminal.onState((state) => seen.push(state.kind));
    await it.whisper('d,STATUS,RESET');
    await settle();
    expect(seen).toEqual(['starting', 'ready']);
  });

  it('that hangs is noticed by the heartbeat', async () => {
    await using it = await bench();
    await it.ready();
    it.sim.setSilent(true);
    await until(() => it.terminal.state().kind === 'no_answer');
    it.sim.setSilent(false);
    await it.ready();
  });

  it('may babble without end', async () => {
    await using it = await bench();
    await it.ready();
    const noise = 'x'.repeat(200_000);
    for (let turn = 0; turn < 20; turn += 1) await it.whisper(noise);
    await settle();
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'approved' });
    expect(JSON.stringify(it.trace)).not.toContain('xx');
  });
});

describe('a purchase', () => {
  it('tells the customer what to do, and ends with D,END', async () => {
    await using it = await bench();
    await it.ready();
    it.said();
    const { authorisation, messages } = purchase();
    expect(await letRun(it.terminal.authorise(authorisation))).toEqual({ kind: 'approved', card: {} });
    expect(it.said()).toEqual(['D,REQ,12.50,1', 'D,STATUS', 'D,END', 'D,STATUS']);
    expect(messages).toEqual(['present_card', 'please_wait']);
    expect(it.sim.book()).toMatchObject([{ amount: 1250, product: 1, state: 'paid' }]);
  });

  it('is never sent twice, whatever is lost', async () => {
    for (const at of ['received D,REQ', 'sending d,STATUS,VEND', 'sending d,STATUS,RESULT', 'sending d,STATUS,IDLE']) {
      await using it = await bench();
      await it.ready();
      it.script([{ at, do: 'drop' }]);
      await letRun(it.terminal.authorise(purchase().authorisation));
      expect(it.said().filter((line) => line.startsWith('D,REQ,12'))).toHaveLength(1);
    }
  });

  it.each(['sending d,STATUS,VEND', 'sending d,STATUS,RESULT', 'received D,END', 'sending d,STATUS,IDLE', 'sending d,STATUS,#'])('is approved all the same where one line is lost (%s)', async (at) => {
    await using it = await bench();
    await it.ready();
    it.script([{ at, do: 'drop' }]);
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'approved' });
    expect(states(it.sim)).toEqual(['paid']);
  });

  it('of which the reader never heard was not sold', async () => {
    await using it = await bench();
    await it.ready();
    it.script([{ at: 'received D,REQ', do: 'drop' }]);
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toEqual({ kind: 'cancelled', resultCode: '6c' });
    expect(it.sim.book()).toEqual([]);
  });

  it('approved for another amount is given back', async () => {
    await using it = await bench({ sim: { autoApproveAfterMs: 60_000 } });
    await it.ready();
    let commits = 0;
    const sale = it.terminal.authorise(purchase({ onApproved: async () => void (commits += 1) }).authorisation);
    await pass(500);
    it.sim.tapCard();
    it.script([{ at: 'sending d,STATUS,RESULT', do: 'drop' }]);
    await pass(1_000);
    await it.whisper('d,STATUS,RESULT,1,12.51');
    expect(await letRun(sale)).toEqual({ kind: 'cancelled', resultCode: '6c' });
    expect(commits).toBe(0);
    expect(it.refusals).toEqual(['told, with the book at held']);
    expect(states(it.sim)).toEqual(['given_back']);
    expect(await letRun(it.terminal.lastTransaction())).toMatchObject({ value: { unendedAreRefunded: true } });
  });

  it('in another currency, or one that the reader cannot say, is not sent', async () => {
    await using it = await bench();
    await it.ready();
    for (const amount of [money(100, 'EUR'), money(0, 'CNY'), money(70_000, 'CNY')]) {
      expect(await letRun(it.terminal.authorise(purchase({ amount }).authorisation))).toMatchObject({ kind: 'not_sent' });
    }
    expect(it.said().some((line) => line.startsWith('D,REQ'))).toBe(false);
    expect(it.terminal.state().kind).toBe('ready');
  });

  it('that the interface does not take is declined', async () => {
    await using it = await bench();
    await it.ready();
    it.script([{ at: 'received D,REQ', do: 'garble', value: 2 }]);
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toEqual({ kind: 'declined', resultCode: 'ff' });
    expect(it.sim.book()).toEqual([]);
  });

  it('with a card that comes long after the abort is given back', async () => {
    await using it = await bench({ sim: { cancelWhileProcessing: 'ignored', processingMs: 5_000 } });
    await it.ready();
    const sale = it.terminal.authorise(purchase().authorisation);
    await pass(2_000);
    it.terminal.abort();
    expect(await letRun(sale)).toEqual({ kind: 'cancelled', resultCode: '6c' });
    expect(it.refusals).toHaveLength(1);
    expect(states(it.sim)).toEqual(['given_back']);
  });

  it('with a card that was quicker than the abort is paid', async () => {
    await using it = await bench({ sim: { cancelWhileProcessing: 'ignored', processingMs: 1_500 } });
    await it.ready();
    const sale = it.terminal.authorise(purchase().authorisation);
    await pass(1_500);
    it.terminal.abort();
    expect(await letRun(sale)).toMatchObject({ kind: 'approved' });
    expect(states(it.sim)).toEqual(['paid']);
  });

  it('without a card is called off in the end', async () => {
    await using it = await bench({ sim: { autoApproveAfterMs: 600_000, cardTimeoutMs: 600_000 } });
    await it.ready();
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toEqual({ kind: 'cancelled', resultCode: '6c' });
    expect(it.said().filter((line) => line === 'D,REQ,-1')).toHaveLength(1);
  });

  it('that the reader does not stop is unknown, and undone before anything else is sold', async () => {
    await using it = await bench({ sim: { autoApproveAfterMs: 600_000 } });
    await it.ready();
    it.script([{ at: 'received D,REQ,-1', times: 3, do: 'drop' }]);
    const sale = it.terminal.authorise(purchase().authorisation);
    await pass(2_000);
    it.terminal.abort();
    expect(await letRun(sale)).toMatchObject({ kind: 'unknown' });
    expect(await letRun(it.terminal.lastTransaction())).toEqual({ ok: true, value: { kind: 'forgotten', unendedAreRefunded: true } });
    expect(states(it.sim)).toEqual(['denied']);
  });

  it('that is lost after D,END left is unknown, and stays so', async () => {
    await using it = await bench();
    await it.ready();
    it.script([{ at: 'received D,END', do: 'unplug' }, { at: 'received D,END', afterMs: 100, do: 'plug' }]);
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'unknown' });
    expect(await letRun(it.terminal.lastTransaction())).toEqual({ ok: true, value: { kind: 'forgotten', unendedAreRefunded: false } });
  });

  it('that is lost before D,END left is cancelled where the profile knows that the reader gives back', async () => {
    for (const unendedAreRefunded of [true, false]) {
      await using it = await bench({ profile: { unendedAreRefunded }, sim: { unended: 'refunded' } });
      await it.ready();
      const onApproved = async () => it.line.cut();
      expect(await letRun(it.terminal.authorise(purchase({ onApproved }).authorisation))).toMatchObject({ kind: unendedAreRefunded ? 'cancelled' : 'unknown' });
      expect(it.refusals).toEqual([]);
      await pass(70_000);
      expect(states(it.sim)).toEqual(['given_back']);
    }
  });

  it('that ended unknown is looked into before anything else is sold', async () => {
    await using it = await bench();
    await it.ready();
    it.script([{ at: 'received D,END', do: 'silent' }]);
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'unknown' });
    expect(it.terminal.state().kind).not.toBe('ready');
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'not_sent' });
    it.sim.setSilent(false);
    expect(await letRun(it.terminal.lastTransaction())).toEqual({ ok: true, value: { kind: 'forgotten', unendedAreRefunded: true } });
    expect(it.refusals).toEqual(['told, with the book at held']);
    expect(states(it.sim)).toEqual(['given_back']);
  });

  it('that the reader gave up is unknown, even where both lines that say so are lost', async () => {
    await using it = await bench({ sim: { holdMs: 500 } });
    await it.ready();
    it.script([{ at: 'sending d,STATUS,IDLE', do: 'drop' }, { at: 'sending d,ERR', do: 'drop' }]);
    const onApproved = () => new Promise<void>((resolve) => setTimeout(resolve, 1_000));
    expect(await letRun(it.terminal.authorise(purchase({ onApproved }).authorisation))).toMatchObject({ kind: 'unknown' });
    expect(it.said()).not.toContain('D,END');
  });

  it('whose reader has given up meanwhile is never taken for paid, however slow the line', async () => {
    const step = fc.record({ at: fc.constantFrom('sending d,STATUS,RESULT', 'sending d,STATUS,IDLE', 'sending d,STATUS,#'), do: fc.constantFrom('delay', 'drop'), skip: fc.integer({ min: 0, max: 2 }), value: fc.integer({ min: 0, max: 9_000 }) });
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 4 }), fc.constantFrom(500, 1_500, 3_000), fc.integer({ min: 0, max: 2_500 }), async (script, holdMs, commitMs) => {
      await using it = await bench({ sim: { unended: 'refunded', holdMs } });
      await it.ready();
      it.script(script);
      const onApproved = () => new Promise<void>((resolve) => setTimeout(resolve, commitMs));
      const outcome = await letRun(it.terminal.authorise(purchase({ onApproved }).authorisation));
      if (outcome.kind === 'approved') expect(states(it.sim)).toEqual(['paid']);
      if (outcome.kind === 'declined' || outcome.kind === 'cancelled') expect(states(it.sim)).not.toContain('paid');
    }), { numRuns: 200 });
  });

  it('ends when the reader is closed in the middle of it, and leaves no timer', async () => {
    const it = await bench({ sim: { autoApproveAfterMs: 60_000 } });
    await it.ready();
    const sale = it.terminal.authorise(purchase().authorisation);
    await pass(1_000);
    it.sim.close();
    await letRun(it.terminal.close());
    expect(await letRun(sale)).toMatchObject({ kind: 'unknown' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('survives a listener that throws: the outcome is unknown, and undone', async () => {
    await using it = await bench();
    await it.ready();
    const onMessage = () => {
      throw new Error('a bug');
    };
    expect(await letRun(it.terminal.authorise(purchase({ onMessage }).authorisation))).toMatchObject({ kind: 'unknown', detail: 'a bug' });
    await it.ready();
    expect(states(it.sim)).not.toContain('paid');
  });
});

it('cannot take back what was paid: a person has to', async () => {
  await using it = await bench();
  await it.ready();
  const sale = it.terminal.authorise(purchase().authorisation);
  await expect(Promise.resolve().then(() => it.terminal.reverse({ amount: price, card: {} }))).rejects.toThrow();
  await letRun(sale);
  it.said();
  expect(await it.terminal.reverse({ amount: price, card: {} })).toMatchObject({ kind: 'refused' });
  expect(it.said()).toEqual([]);
});

describe('profiles', () => {
  it('arm the reader for a purchase only', async () => {
    await using it = await bench({ profile: mdbProfiles.armed_for_purchase });
    await it.ready();
    expect(it.sim.display().phase).toBe('not_in_service');
    it.said();
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'approved' });
    expect(it.said()).toEqual(['D,READER,1', 'D,REQ,12.50,1', 'D,STATUS', 'D,END', 'D,STATUS', 'D,READER,0', 'D,STATUS']);
    expect(it.sim.display().phase).toBe('not_in_service');
    expect(it.terminal.state().kind).toBe('ready');
    const early = it.terminal.authorise(purchase().authorisation);
    await settle();
    it.terminal.abort();
    await letRun(early);
    expect(states(it.sim)).not.toContain('held');
  });

  it('sell at firmware that does not know D,STATUS, and guess nothing there', async () => {
    await using it = await bench({ profile: mdbProfiles.no_status, sim: { answersStatus: false } });
    await it.ready();
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'approved' });
    expect(it.said()).not.toContain('D,STATUS');
    it.script([{ at: 'sending d,STATUS,IDLE', do: 'drop' }]);
    expect(await letRun(it.terminal.authorise(purchase().authorisation))).toMatchObject({ kind: 'unknown' });
    expect(states(it.sim)).toEqual(['paid', 'paid']);
  });
});
