import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lanes } from '../../domain/contract/hq.ts';
import type { HqRig } from '../core/testing/hq-rig.ts';
import { startHqRig } from '../core/testing/hq-rig.ts';
import { createCircuit } from './circuit.ts';
import { createSyncClock } from './clock.ts';
import type { KioskRig } from './testing/kiosk-rig.ts';
import { openKiosk, quickRuntime, rigCode } from './testing/kiosk-rig.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openBoth() {
  const [kiosk, hq] = [openKiosk(), await startHqRig(rigCode, { now: quickRuntime.now })];
  closers.push(kiosk.close, hq.close);
  return { kiosk, hq };
}

/** Sync runs until HQ has acknowledged everything, and ends. */
async function runDry(kiosk: KioskRig, hq: HqRig, changes: Parameters<KioskRig['sync']>[1] = {}) {
  const sync = kiosk.sync(hq.url, changes);
  closers.push(sync.stop);
  await sync.untilDry();
  await sync.stop();
  expect(sync.codes()).not.toContain('INTERNAL');
  return sync;
}

/** Every event of the store was taken by HQ once, whatever epochs it has travelled in. */
function expectAll(kiosk: KioskRig, hq: HqRig, besides: readonly string[] = []): void {
  const ids = lanes.flatMap((lane) => kiosk.outbox.events(lane, 0, 10_000).map(({ id }) => id as string));
  expect(hq.complaints()).toEqual([]);
  const theirs = hq.events().map(({ id }) => id as string);
  expect(new Set(theirs).size).toBe(theirs.length);
  for (const id of [...ids, ...besides]) expect(theirs).toContain(id);
}

describe('the traps of sync', () => {
  it('an acknowledgement was lost: hello tells how far HQ is, and nothing is sent twice', async () => {
    const { kiosk, hq } = await openBoth();
    kiosk.sell();
    hq.loseNextAnswer();
    await runDry(kiosk, hq);
    expectAll(kiosk, hq);
    expect(kiosk.outbox.position('orders')).toMatchObject({ epoch: 1, last: 3, acknowledged: 3 });
  });

  it('HQ was restored from a backup: the kiosk goes back to where HQ stands, in the same epoch', async () => {
    const { kiosk, hq } = await openBoth();
    for (let count = 0; count < 4; count++) kiosk.sell();
    await runDry(kiosk, hq);
    hq.restore('orders', 5);
    kiosk.sell();
    const sync = await runDry(kiosk, hq);
    expect(sync.codes()).toEqual(['HQ_REWOUND']);
    expectAll(kiosk, hq);
    expect(kiosk.outbox.position('orders')).toMatchObject({ epoch: 1, last: 15, acknowledged: 15 });
  });

  it('HQ was restored from a copy that knows the session, and the kiosk has nothing to tell: the next sign of life shows it', async () => {
    const { kiosk, hq } = await openBoth();
    for (let count = 0; count < 4; count++) kiosk.sell();
    const sync = kiosk.sync(hq.url);
    closers.push(sync.stop);
    await sync.untilDry();
    hq.restore('orders', 5, 'in_the_copy');
    await sync.until(() => hq.events().length === 12);
    await sync.untilDry();
    expectAll(kiosk, hq);
    expect(sync.codes()).toEqual(['HQ_REWOUND']);
    // Once more would be a greeting that believes nothing.
    const hellos = () => hq.asked().filter((path) => path.endsWith('/hello')).length;
    const before = hellos();
    const greets = hq.asked().filter((path) => path.endsWith('/greet')).length;
    await sync.until(() => hq.asked().filter((path) => path.endsWith('/greet')).length > greets + 1);
    expect(hellos()).toBe(before);
  });

  it('HQ was restored while the kiosk is at it: the session is over, hello tells, and it goes on', async () => {
    const { kiosk, hq } = await openBoth();
    for (let count = 0; count < 4; count++) kiosk.sell();
    const sync = kiosk.sync(hq.url);
    closers.push(sync.stop);
    await sync.untilDry();
    hq.restore('orders', 0);
    kiosk.sell();
    await sync.until(() => hq.events().length === 15);
    await sync.untilDry();
    expectAll(kiosk, hq);
  });

  it('the kiosk was restored from an image: a next epoch, the same event ids, and HQ tells what the store lacks', async () => {
    const { kiosk, hq } = await openBoth();
    kiosk.sell();
    const image = kiosk.image();
    // The guard's file is on another disk, or was in the image as well: here it is of the same age as the store.
    kiosk.sell();
    await runDry(kiosk, hq);
    const lost = kiosk.outbox.events('orders', 3, 100).map(({ id }) => id as string);
    const restored = openKiosk(image);
    closers.push(restored.close);
    restored.sell();
    const sync = restored.sync(hq.url);
    closers.push(sync.stop);
    await sync.untilDry();
    await sync.until(() => sync.notes.some((note) => note.includes('has told all')));
    // The image is from before the enrolment: the same key is brought to HQ once more.
    expect(sync.opened).toMatchObject([{ lane: 'orders', reason: 'store_restored', from: 1, to: 2, fork: { epoch: 1, sequence: 0 } }]);
    expectAll(restored, hq, lost);
    expect(restored.outbox.position('orders')).toMatchObject({ epoch: 2, acknowledged: 6 });
    expect(sync.history.flatMap(({ events }) => events.map(({ event }) => event.id))).toEqual(expect.arrayContaining(lost));
    expect(sync.history.flatMap(({ events }) => events.map(({ epoch }) => epoch))).not.toContain(2);
  });

  it('the tail of the store was lost, and of HQ as well: only the guard file knows, and no number is used twice', async () => {
    const { kiosk, hq } = await openBoth();
    kiosk.sell();
    await runDry(kiosk, hq);
    const image = kiosk.image();
    kiosk.sell();
    await runDry(kiosk, hq);
    const behind = openKiosk(image);
    closers.push(behind.close);
    fs.copyFileSync(path.join(kiosk.folder, 'guard.json'), path.join(behind.folder, 'guard.json'));
    hq.restore('orders', 3);
    behind.sell();
    const sync = await runDry(behind, hq);
    expect(sync.opened).toMatchObject([{ lane: 'orders', reason: 'store_restored', from: 1, to: 2, fork: { epoch: 1, sequence: 3 }, again: 3 }]);
    expect(behind.outbox.position('orders')).toMatchObject({ epoch: 2, last: 3, acknowledged: 3 });
    // Uploads of the new epoch are guarded in their turn, and the next run finds nothing wrong.
    expect((await runDry(behind, hq)).opened).toEqual([]);
    expectAll(behind, hq);
  });

  it('a guard file that says nothing is told, and stops nothing', async () => {
    const { kiosk, hq } = await openBoth();
    fs.writeFileSync(path.join(kiosk.folder, 'guard.json'), '{"orders":{"epoch":1');
    kiosk.sell();
    const sync = await runDry(kiosk, hq);
    expect(sync.codes()).toEqual(['STORE_FAILED']);
    expectAll(kiosk, hq);
    expect(JSON.parse(fs.readFileSync(path.join(kiosk.folder, 'guard.json'), 'utf8'))).toMatchObject({ orders: { epoch: 1, sequence: 3 } });
  });

  it('two clones: the one that HQ believed gone proves that it is alive, stops sending, says so, and goes on once a person has decided', async () => {
    const { kiosk, hq } = await openBoth();
    kiosk.sell();
    await runDry(kiosk, hq);
    kiosk.sell();
    let isFlagged = false;
    let isReinstated = false;
    const challenges: (string | undefined)[] = [];
    const asked = hq.asked().length;
    hq.setRefusal((hello) => {
      if (isReinstated) return undefined;
      challenges.push(hello.challenge);
      isFlagged ||= hello.challenge === 'are-you-there';
      return isFlagged ? { code: 'HQ_KIOSK_CLONED', message: 'two' } : { code: 'HQ_INSTANCE_SUPERSEDED', message: 'another', challenge: 'are-you-there' };
    });
    const sync = kiosk.sync(hq.url);
    closers.push(sync.stop);
    await sync.until(() => sync.status()?.refusedAs === 'HQ_KIOSK_CLONED');
    expect(challenges.slice(0, 2)).toEqual([undefined, 'are-you-there']);
    expect(hq.asked().slice(asked)).not.toContain('/api/kiosk/events');
    expect(sync.codes()).toEqual(['HQ_KIOSK_CLONED']);
    isReinstated = true;
    await sync.untilDry();
    await sync.until(() => sync.status()?.refusedAs === undefined);
    expectAll(kiosk, hq);
  });

  it('a kiosk whose key was revoked sends nothing, asks slowly, and says so once', async () => {
    const { kiosk, hq } = await openBoth();
    await runDry(kiosk, hq);
    kiosk.sell();
    let helloes = 0;
    hq.setRefusal(() => {
      helloes += 1;
      return { code: 'HQ_KIOSK_REVOKED', message: 'no' };
    });
    const began = quickRuntime.monotonicMs();
    const sync = kiosk.sync(hq.url, { retryMaxMs: 10_000 });
    closers.push(sync.stop);
    await sync.until(() => sync.status()?.refusedAs === 'HQ_KIOSK_REVOKED');
    while (helloes < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(quickRuntime.monotonicMs() - began).toBeGreaterThanOrEqual(10_000);
    expect(sync.codes()).toEqual(['HQ_KIOSK_REVOKED']);
    expect(kiosk.outbox.position('orders').acknowledged).toBe(0);
  });

  it('the clock jumps: the difference is stored, told in an event, alarmed, and decides nothing', async () => {
    const { kiosk, hq } = await openBoth();
    let jumpMs = 0;
    const sync = kiosk.sync(hq.url, { now: () => quickRuntime.now() + jumpMs });
    closers.push(sync.stop);
    const skews = () => hq.events().flatMap((event) => (event.kind === 'clock.skewed' ? [event.payload.skewMs] : []));
    await sync.until(() => sync.status()?.online === true);
    for (const jump of [-86_400_000, 86_400_000, 0]) {
      jumpMs = jump;
      kiosk.sell();
      await sync.until(() => Math.abs((skews().at(-1) ?? 0) + jump) < 5_000);
      await sync.untilDry();
    }
    expectAll(kiosk, hq);
    expect(skews()).toHaveLength(3);
    expect(sync.codes().filter((code) => code === 'CLOCK_SKEWED').length).toBeGreaterThan(0);
    expect(sync.notes.some((note) => note.startsWith('the clock is right again'))).toBe(true);
  });

  it('a retry storm: kiosks whose HQ went away together come back spread over the whole wait, one small question each', () => {
    let clockMs = 0;
    const random = pseudoRandom(7);
    const fleet = Array.from({ length: 2_000 }, () => createCircuit({ monotonicMs: () => clockMs, random, retryMaxMs: 300_000 }));
    for (let round = 0; round < 12; round++) {
      for (const circuit of fleet) circuit.failed(clockMs);
      clockMs += 300_000;
    }
    for (const circuit of fleet) circuit.failed(clockMs);
    const slots = Array.from({ length: 30 }, () => 0);
    for (const circuit of fleet) slots[Math.min(29, Math.floor(circuit.waitMs() / 10_000))]! += 1;
    // 2,000 over 30 slots: about 67 in each, and never a crowd.
    expect(Math.max(...slots)).toBeLessThan(110);
    expect(fleet.every((circuit) => circuit.isOpen())).toBe(true);
  });

  it('a circuit that is open lets one greeting through and no batch, and closes by itself', async () => {
    const { kiosk, hq } = await openBoth();
    const sync = kiosk.sync(hq.url);
    closers.push(sync.stop);
    kiosk.sell();
    await sync.untilDry();
    hq.setAway(true);
    kiosk.sell();
    await sync.until(() => sync.status()?.online === false);
    const asked = hq.asked().length;
    hq.setAway(false);
    await sync.untilDry();
    expect(hq.asked()[asked]).toBe('/api/kiosk/greet');
    expectAll(kiosk, hq);
  });
});

describe('the circuit', () => {
  it('waits as HQ asks, and no less; one outage that several questions meet counts once', () => {
    let clockMs = 0;
    const circuit = createCircuit({ monotonicMs: () => clockMs, random: () => 0, retryMaxMs: 60_000 });
    const asOf = circuit.now();
    clockMs = 10;
    for (let lane = 0; lane < 3; lane++) circuit.failed(asOf, 20_000);
    expect([circuit.waitMs(), circuit.isOpen()]).toEqual([20_000, false]);
    clockMs = 20_010;
    expect(circuit.waitMs()).toBe(0);
    circuit.failed(circuit.now());
    clockMs += 1;
    circuit.failed(circuit.now());
    expect(circuit.isOpen()).toBe(true);
    circuit.succeeded();
    expect([circuit.waitMs(), circuit.isOpen()]).toEqual([0, false]);
  });
});

describe('the clock', () => {
  it('takes half of the way there and back, leaves vague answers out, and tells a change of some seconds once', () => {
    const [told, alarms]: [number[], boolean[]] = [[], []];
    const kept = new Map<string, string>();
    let nowMs = 1_000_000;
    const state = { get: (name: string) => kept.get(name), set: (name: string, value: string | undefined) => void (value === undefined ? kept.delete(name) : kept.set(name, value)) };
    const open = () => createSyncClock({ now: () => nowMs, monotonicMs: () => nowMs, state, onSkewed: (skewMs) => told.push(skewMs), onAlarm: (isWrong) => alarms.push(isWrong) });
    const clock = open();
    clock.heard(nowMs - 200, nowMs - 400, nowMs);
    expect([clock.skewMs(), told]).toEqual([0, []]);
    clock.heard(nowMs + 4_000, nowMs, nowMs);
    expect([clock.skewMs(), told]).toEqual([4_000, []]);
    clock.heard(nowMs + 130_000, nowMs, nowMs);
    clock.heard(nowMs + 130_000, nowMs, nowMs);
    clock.heard(nowMs + 900_000, nowMs - 20_000, nowMs);
    expect([clock.skewMs(), told, alarms, kept.get('skew_ms')]).toEqual([130_000, [130_000], [true], '130000']);
    clock.heard(nowMs + 100_000, nowMs, nowMs);
    expect(alarms).toEqual([true]);
    clock.heard(nowMs, nowMs, nowMs);
    expect([told, alarms]).toEqual([[130_000, 100_000, 0], [true, false]]);
    nowMs += 1_000;
    // The next start knows what was told.
    open().heard(nowMs + 1_000, nowMs, nowMs);
    expect(told).toHaveLength(3);
  });
});

function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
