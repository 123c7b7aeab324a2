import { afterEach, describe, expect, test, vi } from 'vitest';
import { createMemoryLine } from '../../transport/memory.ts';
import { bcd, packed, takeBareApdu, unpackNext } from './bytes.ts';
import { createZvtTerminalSim } from './sim.ts';
import type { ZvtTerminalSimOptions } from './sim.ts';

// The simulator spoken to in bytes written by hand, so that it is held to the specification and not to our driver.

afterEach(() => {
  vi.useRealTimers();
});

const ok = '800000';
const pay = '06010a04000000001250490156';

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A kiosk that takes whatever the terminal says, unless a test tells it otherwise. */
async function kiosk(options: ZvtTerminalSimOptions = {}) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const isTcp = options.framing === 'tcp';
  const line = createMemoryLine();
  const [near, far] = line.ends;
  await Promise.all([near.open(), far.open()]);
  const sim = createZvtTerminalSim({ autoApproveAfterMs: 100, processingMs: 100, now: () => new Date(2026, 10, 22, 11, 24, 19).getTime(), ...options });
  sim.connect(far);
  const buffer: number[] = [];
  const heard: string[] = [];
  const answers: Record<string, string> = {};
  const put = (apdu: string) => void near.write(isTcp ? Uint8Array.from(bcd(apdu)) : packed(bcd(apdu)), 100);
  function hear(apdu: string): void {
    heard.push(apdu);
    if (apdu.startsWith('80') || apdu.startsWith('84')) return;
    put(answers[apdu.slice(0, 4)] ?? ok);
  }
  near.onData((bytes) => {
    buffer.push(...bytes);
    if (isTcp) {
      for (let apdu = takeBareApdu(buffer); apdu; apdu = takeBareApdu(buffer)) hear(Buffer.from(apdu).toString('hex'));
      return;
    }
    for (let item = unpackNext(buffer); item.kind !== 'more'; item = unpackNext(buffer)) {
      if (item.kind !== 'apdu') continue;
      void near.write(Uint8Array.of(0x06), 100);
      hear(Buffer.from(item.apdu).toString('hex'));
    }
  });
  /** A command, and everything that the terminal says until it says nothing more. */
  async function ask(apdu: string, ms = 2_000): Promise<readonly string[]> {
    put(apdu);
    for (let passed = 0; passed < ms; passed += 100) {
      await settle();
      vi.advanceTimersByTime(100);
    }
    await settle();
    return heard.splice(0);
  }
  return { sim, ask, answers, register: (config = '3e', tlv = '') => ask(`0600${(6 + tlv.length / 2).toString(16).padStart(2, '0')}000000${config}0156${tlv}`, 100) };
}

const controls = (apdus: readonly string[]) => apdus.map((apdu) => apdu.slice(0, 4));

test('06 30 takes back a purchase, and a second time says B4', async () => {
  const { sim, ask, register } = await kiosk();
  await register();
  await ask(pay);
  expect(controls(await ask('063010000000870001040000000012504901' + '56'))).toEqual(['8000', '04ff', '040f', '060f']);
  expect(sim.book()).toMatchObject([{ state: 'reversed', reason: 'reversed by the kiosk' }, { state: 'reversal', originalTraceNumber: '000001' }]);
  expect((await ask('063006000000870001')).at(-1)).toBe('061e01b4');
});

test.each([
  ['of a purchase that there is not', '063006000000870009', []],
  ['of another amount', '06300d000000870001040000000099' + '99', []],
  ['of a day that is closed', '063006000000870001', ['065003000000']],
])('06 30 %s says B5', async (_what, command, before) => {
  const { ask, register } = await kiosk();
  await register();
  await ask(pay);
  for (const apdu of before) await ask(apdu);
  expect((await ask(command)).at(-1)).toBe('061e01b5');
});

test('06 31 gives money to a card, and its 06 20 is not that of a purchase', async () => {
  const { sim, ask, register } = await kiosk();
  await register();
  expect(controls(await ask('06310d00000004000000000500490156'))).toEqual(['8000', '04ff', '04ff', '040f', '060f']);
  expect(sim.book()).toMatchObject([{ state: 'refund', amount: 500 }]);
});

test('06 50 tells totals less refunds, and closes the day', async () => {
  const { ask, register } = await kiosk();
  await register();
  await ask(pay);
  await ask('06310d00000004000000000500490156');
  const [, , totals] = await ask('065003000000');
  expect(totals).toMatch(/^040f..270004000000000750490156.*60f0f5f300010002(00){42}02000000000750$/);
  expect((await ask('065003000000'))[2]).toMatch(/04000000000000/);
});

test('06 70 tells its clock, which 06 91 sets', async () => {
  const { ask } = await kiosk();
  expect(await ask('067000')).toEqual([ok, '040108aa2611220c112419', '060f00']);
  expect(await ask('069108aa2701020c030405')).toEqual([ok, '060f00']);
  expect((await ask('067000'))[1]).toBe('040108aa2701020c030405');
});

test('a terminal that wants 06 93 says so and sells only after it', async () => {
  const { ask, register } = await kiosk({ wantsInitialisation: true });
  expect((await register())[1]).toMatch(/^060f0a1901/);
  expect(await ask(pay)).toEqual(['84a000']);
  expect((await ask('069303000000')).at(-1)).toBe('060f00');
  expect((await register())[1]).toMatch(/^060f0a1900/);
  expect((await ask(pay)).at(-1)).toBe('060f00');
});

test('06 18 is a restart, 06 02 only a log-off', async () => {
  const { ask, register, sim } = await kiosk();
  await register();
  expect(await ask('060200')).toEqual([ok]);
  expect(await ask(pay)).toEqual(['846b00']);
  await register();
  expect(await ask('061803000000')).toEqual([ok]);
  expect(sim.display().phase).toBe('not_registered');
});

describe('slips', () => {
  test('are lines of which the last says so, where the kiosk prints', async () => {
    const { ask, register } = await kiosk();
    await register('be');
    const messages = await ask(pay, 4_000);
    const lines = messages.filter((apdu) => apdu.startsWith('06d1'));
    expect(lines).toHaveLength(16);
    expect(lines[0]).toBe('06d10d60' + '48' + '8e' + '4e444c455242454c4547');
    expect(lines.filter((apdu) => apdu === '06d10181')).toHaveLength(2);
    expect(messages.at(-1)).toBe('060f00');
  });

  test('are text blocks where the kiosk has permitted 06 D3', async () => {
    const { ask, register } = await kiosk();
    await register('be', '060626040a0206d3');
    expect(controls(await ask(pay))).toEqual(['8000', '04ff', '04ff', '040f', '06d3', '06d3', '060f']);
  });

  test('that the kiosk cannot print (84 CC) reverse the purchase, though it was acknowledged', async () => {
    const { sim, ask, register, answers } = await kiosk();
    await register('be', '060626040a0206d3');
    answers['06d3'] = '84cc00';
    expect(controls(await ask(pay))).toEqual(['8000', '04ff', '04ff', '040f', '06d3', '04ff', '040f', '061e']);
    expect(sim.book()).toMatchObject([{ state: 'reversed', reason: 'not printed' }]);
  });
});

test('over TCP it says and hears bare APDUs, without ACK', async () => {
  const { sim, ask, register } = await kiosk({ framing: 'tcp' });
  await register();
  expect(controls(await ask(pay))).toEqual(['8000', '04ff', '04ff', '040f', '060f']);
  expect(sim.book()).toMatchObject([{ state: 'approved' }]);
});

test('a late 84 9C ends where BMP 02 says, with a reversal that it says itself', async () => {
  const { sim, ask, register, answers } = await kiosk();
  await register();
  answers['040f'] = '849c00';
  const messages = await ask('06010c040000000012504901560202', 10_000);
  expect(messages.filter((apdu) => /^040f..2700/.test(apdu))).toHaveLength(3);
  expect(messages.slice(-2)).toEqual(['040f02276c', '061e016c']);
  expect(sim.book()).toMatchObject([{ state: 'reversed' }]);
});

describe('a script', () => {
  test.each([
    ['drop', 0],
    ['cut', 0],
    ['garble', 0],
  ])('"%s" at a message is that message: it comes again after T2 or NAK', async (action) => {
    const { sim, ask, register } = await kiosk({ t2Ms: 1_000 });
    await register();
    expect(sim.script([{ at: 'sending 04 0f', do: action }])).toEqual({ ok: true, value: undefined });
    await ask(pay, 4_000);
    expect(sim.scriptLeft()).toEqual([]);
    expect(sim.book()).toMatchObject([{ state: 'approved' }]);
  });

  test('delays a message by its value', async () => {
    const { sim, ask, register } = await kiosk();
    await register();
    sim.script([{ at: 'sending 04 0f', do: 'delay', value: 3_000 }]);
    expect(controls(await ask(pay, 2_500))).not.toContain('040f');
    expect(sim.book()).toMatchObject([{ state: 'authorised' }]);
  });

  test('declines the next card, taps one, presses the red key', async () => {
    const { sim, ask, register } = await kiosk({ autoApproveAfterMs: undefined as never });
    await register();
    sim.script([{ at: 'card asked for', do: 'decline', value: 0x51 }]);
    expect((await ask(pay)).at(-1)).toBe('061e0151');
    sim.script([{ at: 'card asked for', do: 'tap_card' }]);
    expect((await ask(pay)).at(-1)).toBe('060f00');
    sim.script([{ at: 'card asked for', do: 'cancel', afterMs: 500 }]);
    expect((await ask(pay)).at(-1)).toBe('061e016c');
  });

  test('books a sale of somebody else, an end of day, and a reversal of its own', async () => {
    const { sim, ask, register } = await kiosk();
    await register();
    sim.script([{ at: 'authorised', do: 'foreign_sale', value: 700 }, { at: 'answered 06 0f', do: 'end_of_day' }]);
    await ask(pay);
    expect(sim.book()).toMatchObject([{ state: 'approved', amount: 1250 }, { state: 'approved', amount: 700, reason: 'of somebody else' }]);
    expect((await ask('063006000000870001')).at(-1)).toBe('061e01b5');
    sim.script([{ at: 'sent 04 0f', do: 'reverse' }]);
    expect((await ask(pay)).at(-1)).toBe('061e016c');
    expect(sim.book().at(-1)).toMatchObject({ state: 'reversed', reason: 'by itself' });
  });

  test('pulls the cable at one byte and puts it in later', async () => {
    const cable: boolean[] = [];
    const { sim, ask, register } = await kiosk({ onCable: (plugged) => cable.push(plugged) });
    await register();
    sim.script([{ at: 'byte in 4', do: 'unplug' }, { at: 'byte in 4', do: 'plug', afterMs: 1_000 }]);
    await ask(pay);
    expect(cable).toEqual([false, true]);
  });

  test('in words that it does not know is refused whole', async () => {
    const { sim } = await kiosk();
    expect(sim.script([{ at: 'sending 04 0f', do: 'explode' }])).toMatchObject({ ok: false });
    expect(sim.script([{ at: 'on fire', do: 'drop' }])).toMatchObject({ ok: false });
  });
});
