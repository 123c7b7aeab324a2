import { afterEach, expect, test, vi } from 'vitest';
import { createMemoryLine } from '../../transport/memory.ts';
import { bcd, packed, unpackNext } from './bytes.ts';
import { createZvtTerminalSim } from './sim.ts';
import type { ZvtTerminalSimOptions } from './sim.ts';

// The simulator spoken to in bytes written by hand, so that it is held to the specification and not to our driver.

afterEach(() => {
  vi.useRealTimers();
});

const ok = '800000';
const register = '0600060000003e0156';
const registered = '060f0a1900292400000149' + '0156';
const pay = '06010a04000000001250490156';

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function kiosk(options: ZvtTerminalSimOptions = {}) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const line = createMemoryLine();
  const [near, far] = line.ends;
  await Promise.all([near.open(), far.open()]);
  const sim = createZvtTerminalSim(options);
  sim.connect(far);
  const buffer: number[] = [];
  const heard: string[] = [];
  near.onData((bytes) => {
    buffer.push(...bytes);
    for (let item = unpackNext(buffer); item.kind !== 'more'; item = unpackNext(buffer)) {
      heard.push(item.kind === 'apdu' ? Buffer.from(item.apdu).toString('hex') : item.kind);
    }
  });
  const bytes = async (hex: string) => {
    await near.write(Buffer.from(hex, 'hex'), 100);
    await settle();
  };
  const send = async (apdu: string) => {
    await near.write(packed(bcd(apdu)), 100);
    await settle();
    return heard.splice(0);
  };
  /** ACK to what the terminal said, and the answer to it. */
  const answer = async (apdu = ok) => {
    await bytes('06');
    return send(apdu);
  };
  return {
    sim,
    send,
    answer,
    bytes,
    heard: () => heard.splice(0),
    async pass(ms: number) {
      await settle();
      vi.advanceTimersByTime(ms);
      await settle();
      return heard.splice(0);
    },
    async register() {
      expect(await send(register)).toEqual(['ack', ok]);
      await bytes('06');
      expect(heard.splice(0)).toEqual([registered]);
      expect(await answer()).toEqual(['ack']);
    },
    /** Up to the status information of an approved card, not yet acknowledged. */
    async upToStatus() {
      expect(await send(pay)).toEqual(['ack', ok]);
      await bytes('06');
      expect(heard.splice(0)).toEqual(['04ff010a']);
      await answer();
      sim.tapCard();
      await settle();
      expect(heard.splice(0)).toEqual(['04ff0117']);
      await answer();
      vi.advanceTimersByTime(800);
      await settle();
      const [status] = heard.splice(0);
      expect(status).toMatch(/^040f..2700040000000012504901560b0000010c......0d....197022f0f8622202eeeeee1234292400000187000/);
    },
  };
}

test('nothing is sold before registration: 84 6B', async () => {
  const { send } = await kiosk();
  expect(await send(pay)).toEqual(['ack', '846b00']);
});

test('registration in another currency is refused with 6F', async () => {
  const { send } = await kiosk();
  expect(await send('0600060000003e0978')).toEqual(['ack', '841e016f']);
});

test('a purchase is final only when its status information is acknowledged', async () => {
  const { sim, register, upToStatus, answer, bytes, heard } = await kiosk();
  await register();
  await upToStatus();
  expect(sim.book()).toMatchObject([{ state: 'authorised', amount: 1250 }]);
  await answer();
  expect(sim.book()).toMatchObject([{ state: 'approved' }]);
  await bytes('06');
  expect(heard()).toEqual([]);
  expect(sim.display()).toMatchObject({ phase: 'approved' });
});

test('84 66 reverses it', async () => {
  const { sim, register, upToStatus, answer } = await kiosk();
  await register();
  await upToStatus();
  expect(await answer('846600')).toEqual(['ack', '04ff0105']);
  expect(await answer()).toEqual(['ack', '040f02276c']);
  expect(await answer()).toEqual(['ack', '061e016c']);
  expect(sim.book()).toMatchObject([{ state: 'reversed', reason: 'answered 84 66' }]);
});

test('a reversal may be a transaction of its own: told with result 00, and repeated', async () => {
  const { sim, send, register, upToStatus, answer, bytes, heard } = await kiosk({ reportsReversalAsTransaction: true });
  await register();
  await upToStatus();
  await answer('846600');
  const reversal = /^040f..2700040000000012504901560b000002.*870002/;
  expect((await answer())[1]).toMatch(reversal);
  await answer();
  await answer();
  expect(sim.book()).toMatchObject([
    { state: 'reversed', receiptNumber: '0001', reason: 'answered 84 66' },
    { state: 'reversal', receiptNumber: '0002', amount: 1250, resultCode: '00' },
  ]);
  await send('0620050000000303');
  await bytes('06');
  expect(heard()[0]).toMatch(reversal);
});

test('84 9C makes it ask again after two seconds', async () => {
  const { sim, send, bytes, heard, register, answer, pass } = await kiosk();
  await register();
  expect(await send('06010c04000000001250' + '490156' + '0201')).toEqual(['ack', ok]);
  await bytes('06');
  heard();
  await answer();
  sim.tapCard();
  await settle();
  await answer();
  expect((await pass(800))[0]).toMatch(/^040f/);
  expect(await answer('849c00')).toEqual(['ack']);
  expect(sim.book()).toMatchObject([{ state: 'authorised' }]);
  expect((await pass(2_000))[0]).toMatch(/^040f/);
  await answer();
  expect(sim.book()).toMatchObject([{ state: 'approved' }]);
});

test('an answer that never comes reverses it', async () => {
  const { sim, register, upToStatus, bytes, pass } = await kiosk();
  await register();
  await upToStatus();
  await bytes('06');
  await pass(5_000);
  expect(sim.book()).toMatchObject([{ state: 'reversed', reason: 'not acknowledged' }]);
});

test('a frame without ACK is repeated twice after T2, and then the purchase is reversed', async () => {
  const { sim, register, upToStatus, pass } = await kiosk();
  await register();
  await upToStatus();
  expect(await pass(5_000)).toHaveLength(1);
  expect(await pass(5_000)).toHaveLength(1);
  await pass(5_000);
  expect(sim.book()).toMatchObject([{ state: 'reversed' }]);
});

test('a command that the kiosk repeats because the ACK was lost is worked with once', async () => {
  const { sim, send, register } = await kiosk();
  await register();
  sim.failNext('lose_ack');
  expect(await send(pay)).toEqual([ok]);
  expect(await send(pay)).toEqual(['ack']);
});

test('06 20 tells the last transaction and books nothing', async () => {
  const { sim, send, bytes, heard, register, upToStatus, answer } = await kiosk();
  await register();
  await upToStatus();
  expect(await answer()).toEqual(['ack', '060f00']);
  await answer();
  expect(await send('0620050000000303')).toEqual(['ack', ok]);
  await bytes('06');
  expect(heard()[0]).toMatch(/^040f..270004000000001250/);
  expect(await answer()).toEqual(['ack', '060f00']);
  expect(sim.book()).toHaveLength(1);
});

test('06 20 with an empty book ends with 83', async () => {
  const { send, bytes, heard, register } = await kiosk();
  await register();
  expect(await send('0620050000000303')).toEqual(['ack', ok]);
  await bytes('06');
  expect(heard()).toEqual(['061e0183']);
});

test('06 B0 stops it while it waits for a card, and not once the bank has approved', async () => {
  const { send, bytes, heard, register, answer, upToStatus, sim } = await kiosk();
  await register();
  await send(pay);
  await bytes('06');
  heard();
  await answer();
  expect(await send('06b000')).toEqual(['ack', ok]);
  await bytes('06');
  expect(heard()).toEqual(['061e016c']);
  await answer();
  await upToStatus();
  await bytes('06');
  expect(await send('06b000')).toEqual(['ack', '84a000']);
  expect(sim.book()).toMatchObject([{ state: 'authorised' }]);
});

test('busy with a purchase it refuses everything else', async () => {
  const { send, bytes, heard, register } = await kiosk();
  await register();
  await send(pay);
  await bytes('06');
  heard();
  await bytes('06');
  expect(await send('0501' + '00')).toEqual(['ack', '84a000']);
});

test('silent it takes bytes and says nothing, and its book stays', async () => {
  const { sim, send, register, upToStatus, answer } = await kiosk();
  await register();
  await upToStatus();
  await answer();
  sim.setSilent(true);
  expect(await send('0501' + '00')).toEqual([]);
  expect(sim.display().phase).toBe('hung');
  expect(sim.book()).toMatchObject([{ state: 'approved' }]);
});

test('after a restart it has to be registered again and has reversed what was not acknowledged', async () => {
  const { sim, send, register, upToStatus } = await kiosk();
  await register();
  await upToStatus();
  sim.reboot();
  expect(sim.book()).toMatchObject([{ state: 'reversed', reason: 'reboot' }]);
  expect(sim.display().phase).toBe('not_registered');
  expect(await send('0620050000000303')).toContain('846b00');
});

test('a broken checksum and a frame cut off are answered NAK', async () => {
  const { bytes, heard, pass } = await kiosk();
  await bytes('1002060f001003c634');
  expect(heard()).toEqual(['nak']);
  await bytes('100206');
  expect(await pass(200)).toEqual(['nak']);
});

test('an unknown command is answered 84 83', async () => {
  const { send } = await kiosk();
  expect(await send('069900')).toEqual(['ack', '848300']);
});

test('its display says what is to be done, with the amount, in both languages', async () => {
  const { sim, send, register } = await kiosk();
  await register();
  await send(pay);
  expect(sim.display()).toEqual({ phase: 'present_card', amount: '12.50', zh: ['RMB 12.50', '请刷卡或插卡'], en: ['RMB 12.50', 'Present card'] });
});
