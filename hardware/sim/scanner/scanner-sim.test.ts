import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryLine } from '../../transport/memory.ts';
import { takeCommand } from './bytes.ts';
import { createScannerSim } from './scanner-sim.ts';
import type { ScannerSim, ScannerSimOptions } from './scanner-sim.ts';

const bytesOf = (hex: string) => Uint8Array.from(hex.split(' ').map((byte) => Number.parseInt(byte, 16)));
const hexOf = (bytes: Iterable<number>) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
const sims: ScannerSim[] = [];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const sim of sims.splice(0)) sim.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A host that sends what the manuals print, and sees what comes back. */
async function host(options: ScannerSimOptions) {
  const { ends: [near, far] } = createMemoryLine();
  const sim = createScannerSim(options);
  sims.push(sim);
  sim.connect(far);
  await Promise.all([near.open(), far.open()]);
  const seen: Uint8Array[] = [];
  near.onData((bytes) => seen.push(bytes));
  const pass = async (ms: number) => void (await vi.advanceTimersByTimeAsync(ms));
  return {
    sim, pass,
    async send(hex: string, ms = 50) {
      await near.write(bytesOf(hex), 100);
      await pass(ms);
    },
    seen: () => hexOf(seen.splice(0).flatMap((bytes) => [...bytes])),
    text: () => new TextDecoder().decode(Uint8Array.from(seen.splice(0).flatMap((bytes) => [...bytes]))),
  };
}

describe('a GM65', () => {
  test('is triggered, answers, reads one code and is dark', async () => {
    const { sim, send, seen, text, pass } = await host({ family: 'gm65' });
    expect(sim.show('96385074')).toBe(false);
    await send('7E 00 08 01 00 02 01 AB CD');
    expect([seen(), sim.isLit()]).toEqual(['02 00 00 01 00 33 31', true]);
    expect(sim.show('96385074')).toBe(true);
    await pass(10);
    expect([text(), sim.isLit()]).toEqual(['96385074\r', false]);
    expect(sim.book().map((beep) => beep.text)).toEqual(['96385074']);
  });

  test('goes dark after its time, and at once when it is told', async () => {
    const { sim, send, pass } = await host({ family: 'gm65', sessionMs: 5000 });
    await send('7E 00 08 01 00 02 01 AB CD');
    await pass(4900);
    expect(sim.isLit()).toBe(true);
    await pass(100);
    expect(sim.isLit()).toBe(false);
    await send('7E 00 08 01 00 02 01 AB CD');
    await send('7E 00 08 01 00 02 00 AB CD');
    expect(sim.isLit()).toBe(false);
  });

  test('checks the CRC, answers the heartbeat, and saves', async () => {
    const { sim, send, seen } = await host({ family: 'gm65' });
    await send('7E 00 0A 01 00 00 00 30 1A');
    expect(seen()).toBe('03 00 00 01 00 33 31');
    await send('7E 00 09 01 00 00 00 DE C8');
    expect(seen()).toBe('02 00 00 01 00 33 31');
    await send('7E 00 09 01 00 00 00 DE C9');
    expect(seen()).toBe('');
    expect(sim.faults()).toEqual(['no command of this scanner: 7e 00 09 01 00 00 00 de c9']);
  });

  test('reads what is left before it again each time it is lit', async () => {
    const { sim, send, pass } = await host({ family: 'gm65', readMs: 100 });
    sim.leave('96385074');
    await pass(1000);
    expect(sim.book()).toEqual([]);
    for (let times = 0; times < 3; times += 1) await send('7E 00 08 01 00 02 01 AB CD', 500);
    expect(sim.book()).toHaveLength(3);
  });
});

test('a Honeywell is triggered and stopped without a word', async () => {
  const { sim, send, seen } = await host({ family: 'serial_trigger' });
  await send('16 54 0D');
  expect([sim.isLit(), seen()]).toEqual([true, '']);
  await send('16 55 0D');
  expect([sim.isLit(), seen()]).toEqual([false, '']);
});

describe('a Zebra', () => {
  test('acknowledges, sends its code as a packet, and again until it is acknowledged, three times in all', async () => {
    const { sim, send, seen, pass } = await host({ family: 'ssi_packets', resendMs: 1000 });
    await send('04 E4 04 00 FF 14');
    expect(seen()).toBe('04 D0 00 00 FF 2C');
    sim.show('A');
    await pass(10);
    expect(seen()).toBe('06 F3 00 00 F1 41 FD D5');
    await pass(1000);
    expect(seen()).toBe('06 F3 00 01 F1 41 FD D4');
    await send('04 D0 04 00 FF 28', 5000);
    expect(seen()).toBe('');
    await send('04 E4 04 00 FF 14');
    seen();
    sim.show('A');
    await pass(10_000);
    expect(seen().match(/06 F3/g)).toHaveLength(3);
    expect(sim.faults()).toEqual([]);
  });

  test('sends again at once when it is asked to', async () => {
    const { sim, send, seen } = await host({ family: 'ssi_packets' });
    await send('04 E4 04 00 FF 14');
    sim.show('A');
    await send('05 D1 04 00 01 FF 25');
    expect(seen()).toContain('06 F3 00 01 F1 41 FD D4');
  });

  test('that sleeps hears only who has woken it', async () => {
    const { sim, send } = await host({ family: 'ssi_packets', sleeps: true });
    await send('04 E4 04 00 FF 14');
    expect([sim.isLit(), sim.faults().length]).toEqual([false, 1]);
    await send('00', 60);
    await send('04 E4 04 00 FF 14');
    expect([sim.isLit(), sim.faults().length]).toEqual([true, 1]);
  });
});

describe('a script', () => {
  test.each([
    ['drop', {}, ''],
    ['double', {}, '96385074\r96385074\r'],
    ['cut', { value: 3 }, '963'],
    ['no suffix', {}, '96385074'],
    ['split', { value: 30 }, '96385074\r'],
    ['glue before', {}, '\u0002\u0000\u0000\u0001\u000031' + '96385074\r'],
    ['glue behind', {}, '96385074\r' + '\u0002\u0000\u0000\u0001\u000031'],
    ['glue within', {}, '9638' + '\u0002\u0000\u0000\u0001\u000031' + '5074\r'],
  ])('does %s to one code, which it has beeped all the same', async (action, more, arrives) => {
    const { sim, send, text, pass } = await host({ family: 'gm65' });
    expect(sim.script([{ at: 'sending code', do: action, ...more }]).ok).toBe(true);
    await send('7E 00 08 01 00 02 01 AB CD');
    text();
    sim.show('96385074');
    await pass(100);
    expect(text()).toBe(arrives);
    expect(sim.book()).toHaveLength(1);
  });

  test('lets it fall silent, reboot and lose an answer', async () => {
    const { sim, send, seen, pass } = await host({ family: 'gm65' });
    sim.script([{ at: 'sending answer', do: 'drop' }, { at: 'stopped', do: 'fall silent' }, { at: 'timed out', do: 'reboot', value: 100 }]);
    await send('7E 00 08 01 00 02 01 AB CD');
    expect([seen(), sim.isLit()]).toEqual(['', true]);
    await send('7E 00 08 01 00 02 00 AB CD');
    await send('7E 00 08 01 00 02 01 AB CD');
    expect([seen(), sim.isLit()]).toEqual(['', false]);
    sim.setPower(false);
    sim.setPower(true);
    await send('7E 00 08 01 00 02 01 AB CD');
    expect(seen()).toBe('02 00 00 01 00 33 31');
    await pass(5000);
    expect(sim.isLit()).toBe(false);
    await pass(200);
    await send('7E 00 08 01 00 02 01 AB CD');
    expect(sim.isLit()).toBe(true);
  });

  test('with a word that it does not know is refused', async () => {
    const { sim } = await host({ family: 'gm65' });
    expect(sim.script([{ at: 'sending code', do: 'explode' }]).ok).toBe(false);
  });
});

test('commands in any split are the same, and rubbish between them is one fault a byte', () => {
  const line = [...bytesOf('FF 7E 00 08 01')];
  expect(takeCommand('gm65', line)?.kind).toBe('wrong');
  expect(takeCommand('gm65', line)).toBeUndefined();
  line.push(...bytesOf('00 02 01 AB CD'));
  expect(takeCommand('gm65', line)?.kind).toBe('trigger');
  expect(line).toEqual([]);
});
