import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryLine } from '../../transport/memory.ts';
import { createMdbReaderSim } from './sim.ts';
import type { MdbReaderSimOptions } from './sim.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function bench(options: MdbReaderSimOptions = {}) {
  const line = createMemoryLine();
  const [kiosk, device] = line.ends;
  await kiosk.open();
  await device.open();
  const sim = createMdbReaderSim({ now: () => 0, onCable: (plugged) => (plugged ? line.mend() : line.cut()), ...options });
  sim.connect(device);
  let heard = '';
  kiosk.onData((bytes) => (heard += new TextDecoder('latin1').decode(bytes)));

  async function settle() {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  /** What is answered within the time, line by line. */
  async function say(text: string, ms = 0) {
    heard = '';
    if (text) await kiosk.write(new TextEncoder().encode(`${text}\r\n`), 1_000);
    await settle();
    vi.advanceTimersByTime(ms);
    await settle();
    return heard.split('\r\n').slice(0, -1);
  }
  async function ready() {
    await say('D,2', 300);
    await say('D,READER,1');
  }
  return { line, sim, say, ready };
}

describe('the simulated cashless reader', () => {
  it("goes the way of the maker's example, and books the vend when it is ended", async () => {
    const { sim, say } = await bench();
    expect(await say('V')).toEqual([expect.stringMatching(/^v,\d/)]);
    expect(await say('D,2', 300)).toEqual(['d,STATUS,RESET', 'd,STATUS,INIT,1']);
    expect(await say('D,READER,1')).toEqual(['d,STATUS,IDLE']);
    expect(await say('D,REQ,1.20,10')).toEqual(['d,STATUS,VEND']);
    expect(sim.display()).toEqual({ phase: 'present_card', price: '1.20' });
    expect(sim.tapCard()).toBe(true);
    expect(await say('', 800)).toEqual(['d,STATUS,RESULT,1,1.20']);
    expect(sim.book()).toMatchObject([{ amount: 120, product: 10, state: 'held' }]);
    expect(await say('D,STATUS')).toEqual(['d,STATUS,RESULT,1,1.20,#,3,1156,1,2,30,8,2']);
    expect(await say('D,END')).toEqual(['d,STATUS,IDLE']);
    expect(sim.book()).toMatchObject([{ state: 'paid', reason: 'D,END' }]);
    expect(sim.display()).toEqual({ phase: 'welcome' });
  });

  it('gives back with D,END,-1, and takes neither end twice', async () => {
    const { sim, say, ready } = await bench();
    await ready();
    await say('D,REQ,1.20,10');
    sim.tapCard();
    await say('', 800);
    expect(await say('D,END,-1')).toEqual(['d,STATUS,IDLE']);
    expect(sim.book()).toMatchObject([{ state: 'given_back' }]);
    expect(await say('D,END')).toEqual(['d,ERR,"-1"']);
    expect(sim.book()).toMatchObject([{ state: 'given_back' }]);
  });

  it('denies a declined card, a customer who walks away, a request that is called off and a card that never comes', async () => {
    const { sim, say, ready } = await bench();
    await ready();
    const denied = ['d,STATUS,RESULT,-1', 'd,STATUS,IDLE'];
    await say('D,REQ,1.20,10');
    sim.decline();
    expect(await say('', 800)).toEqual(denied);
    await say('D,REQ,1.20,10');
    expect(sim.walkAway()).toBe(true);
    expect(await say('')).toEqual(denied);
    await say('D,REQ,1.20,10');
    expect(await say('D,REQ,-1')).toEqual(denied);
    await say('D,REQ,1.20,10');
    expect(await say('', 60_000)).toEqual(denied);
    expect(sim.book().map(({ state }) => state)).toEqual(['denied', 'denied', 'denied', 'denied']);
  });

  it('takes no request that does not fit', async () => {
    const { say, ready, sim } = await bench();
    expect(await say('D,REQ,1.20,10')).toEqual(['d,ERR,"-1"']);
    await ready();
    for (const price of ['0', '0.00', '-2', '1.234', 'x', '']) expect(await say(`D,REQ,${price},1`)).toEqual(['d,ERR,"-1"']);
    expect(await say('D,2')).toEqual(['D,ERR,"cashless master is on"']);
    expect(await say('D,NONSENSE')).toEqual(['d,ERR,"-1"']);
    expect(sim.tapCard()).toBe(false);
    expect(sim.book()).toEqual([]);
  });

  it.each([['kept', 'paid'], ['refunded', 'given_back']] as const)('lets an unended vend be %s, by a reset and by time', async (unended, state) => {
    const { sim, say, ready } = await bench({ unended, holdMs: 5_000 });
    await ready();
    await say('D,REQ,1.20,10');
    sim.tapCard();
    await say('', 800);
    expect(await say('', 5_000)).toEqual(['d,STATUS,IDLE']);
    await say('D,REQ,2.00,10');
    sim.tapCard();
    await say('', 800);
    sim.reboot();
    expect(sim.book().map((entry) => entry.state)).toEqual([state, state]);
    expect(await say('D,STATUS')).toEqual(['d,STATUS,OFF,#']);
  });

  it('keeps a vend open while its cable is out, unless the cable is its power', async () => {
    for (const powerFromCable of [false, true]) {
      const { line, sim, say, ready } = await bench({ powerFromCable });
      await ready();
      await say('D,REQ,1.20,10');
      sim.tapCard();
      await say('', 800);
      line.cut();
      await new Promise((resolve) => setImmediate(resolve));
      expect(sim.book()[0]?.state).toBe(powerFromCable ? 'paid' : 'held');
    }
  });

  it('spoils lines as a script says, and keeps their order', async () => {
    const { sim, say, ready } = await bench();
    await ready();
    expect(sim.script([{ at: 'sending d,STATUS,VEND', do: 'drop' }, { at: 'card asked for', afterMs: 200, do: 'tap_card' }, { at: 'sending d,STATUS,RESULT', do: 'delay', value: 2_000 }])).toEqual({ ok: true });
    expect(await say('D,REQ,1.20,10')).toEqual([]);
    expect(await say('', 200)).toEqual([]);
    expect(await say('', 800)).toEqual([]);
    expect(await say('D,STATUS', 1_999)).toEqual([]);
    expect(await say('', 1)).toEqual(['d,STATUS,RESULT,1,1.20', expect.stringMatching(/^d,STATUS,RESULT,1,1.20,#/)]);
    expect(sim.scriptLeft()).toEqual([]);
    sim.script([{ at: 'sending d,STATUS,IDLE', do: 'double' }, { at: 'received D,END', do: 'drop' }]);
    expect(await say('D,END')).toEqual([]);
    expect(await say('D,END')).toEqual(['d,STATUS,IDLE', 'd,STATUS,IDLE']);
    sim.script([{ at: 'sending v', do: 'garble', value: 2 }, { at: 'sending v', skip: 1, do: 'cut' }, { at: 'sending v', skip: 2, do: 'noise', value: 2 }]);
    expect((await say('V'))[0]).toMatch(/^v,5/);
    expect(await say('V')).toEqual([]);
    expect((await say('V'))[0]).not.toMatch(/^v,/);
    expect(sim.script([{ at: 'sending v', do: 'explode' }])).toMatchObject({ ok: false });
  });

  it('falls silent, restarts and loses its cable where a script says so', async () => {
    const { sim, say, ready, line } = await bench({ rebootMs: 1_000 });
    await ready();
    sim.script([{ at: 'received D,STATUS', do: 'silent' }]);
    expect(await say('D,STATUS')).toEqual([]);
    expect(sim.display().phase).toBe('hung');
    sim.script([{ at: 'received V', do: 'reboot' }]);
    sim.setSilent(false);
    expect(await say('V')).toEqual([]);
    expect(sim.display().phase).toBe('off');
    expect(await say('V', 1_000)).toEqual([]);
    expect(await say('D,STATUS')).toEqual(['d,STATUS,OFF,#']);
    sim.script([{ at: 'received V', do: 'unplug' }]);
    await say('V');
    expect(line.ends[0].isOpen()).toBe(false);
    sim.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
