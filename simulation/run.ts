import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { KioskId } from '../domain/ids.ts';
import type { Sql } from '../hq/server/database.ts';
import { createFaults } from './faults.ts';
import type { SimPostgres } from './hq.ts';
import { createSimHq, simSigningKey } from './hq.ts';
import { judge, readHq, readKiosk } from './judge.ts';
import { createLedger, createTerminals } from './ledger.ts';
import type { Machine } from './machines.ts';
import { createMachine } from './machines.ts';
import { createNetwork } from './network.ts';
import { createRandom } from './random.ts';
import type { Setting } from './setting.ts';
import { createStory } from './story.ts';
import { createWorld } from './world.ts';

export interface RunOptions {
  readonly seed: number;
  /** Of the world's time, with faults in them; what follows until all is at rest comes on top. */
  readonly hours: number;
  readonly postgres: SimPostgres;
  readonly onLine?: ((line: string) => void) | undefined;
  /** For tests of the judge: spoils HQ's books, just before they are looked at. */
  readonly spoil?: ((sql: Sql, kioskId: string) => Promise<void>) | undefined;
}

export interface Outcome {
  readonly seed: number;
  readonly wrongs: readonly string[];
  readonly faults: readonly string[];
  readonly last: readonly string[];
  readonly digest: string;
  readonly figures: { readonly orders: number; readonly events: number; readonly requests: number; readonly faults: number; readonly hours: number };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** In the afternoon, so that short runs meet a midnight. */
const epochMs = Date.UTC(2026, 2, 2, 17);

/** Lives one seed's days, lets everything come to rest, and holds both ends against each other. */
export async function runSeed({ seed, hours, postgres, onLine, spoil }: RunOptions): Promise<Outcome> {
  const world = createWorld();
  const random = createRandom(seed).fork('world');
  const story = createStory(world, onLine);
  const folder = fs.mkdtempSync(path.join(fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'counter24-sim-'));
  const hqClock = { offsetMs: 0 };
  const hq = await createSimHq({
    database: await postgres.createDatabase(), now: () => epochMs + world.nowMs() + hqClock.offsetMs,
    onDied() {
      story.happens('HQ', 'died before its commit');
      world.after(0, hq.stop);
      world.after(random.int(10 * minuteMs), hq.start);
    },
  });
  const network = createNetwork({ world, random: random.fork('network'), server: () => hq.server });
  const setting: Setting = {
    world, random, story, network, hq, folder, epochMs, hqClock, hqPublicKey: simSigningKey.publicKey, codes: new Map(), ledger: createLedger(), terminals: createTerminals(), isCalm: false,
  };
  const machines: Machine[] = [];
  try {
    for (const kioskId of ['kiosk-001', 'kiosk-002'] as KioskId[]) {
      setting.codes.set(kioskId, await hq.code(kioskId));
      machines.push(createMachine(setting, kioskId, kioskId, path.join(folder, kioskId)));
    }
    const faults = createFaults(setting, machines);
    const endMs = hours * hourMs;
    const comings = random.fork('comings');
    const customerComes = () => {
      if (world.nowMs() > endMs) return;
      const there = machines.filter(({ isGone }) => !isGone);
      comings.pick(there).customers.comes();
      world.after(comings.int(hours * hourMs / (2 + hours / 2)), customerComes);
    };
    const often = (mostMs: number, act: () => Promise<void>) => {
      const again = async () => {
        if (world.nowMs() > endMs) return;
        await act();
        world.after(random.int(mostMs), again);
      };
      world.after(random.int(mostMs), again);
    };
    world.after(5 * minuteMs, customerComes);
    world.after(8 * minuteMs, customerComes);
    const person = async () => {
      await faults.person();
      world.after(15 * minuteMs, person);
    };
    world.after(2 * minuteMs, person);
    world.after(20 * minuteMs, () => {
      often(hours * hourMs / (5 + hours / 6), faults.strike);
      often(hours * hourMs / (2 + hours / 8), faults.giveDown);
    });
    await world.liveUntil(endMs);

    story.happens('world', 'the faults are over');
    setting.isCalm = true;
    await faults.cease();
    const rest = () => machines.filter(({ isGone }) => !isGone);
    const isAtRest = () => rest().every(({ kiosk, customers, clone }) => {
      const running = kiosk.running();
      if (!running || customers.isBusy() || clone) return false;
      const { waiting, unsettled } = readKiosk(running.database);
      return waiting === 0 && unsettled.length === 0 && running.reader.unpaidOrders().length === 0 && running.reader.unfinishedPrintJobs().length === 0;
    });
    const comeToRest = async (mostMs: number) => {
      const untilMs = world.nowMs() + mostMs;
      let quiet = 0;
      while (world.nowMs() < untilMs && quiet < 2) {
        await world.liveUntil(world.nowMs() + 10 * minuteMs);
        quiet = isAtRest() ? quiet + 1 : 0;
      }
    };
    await comeToRest(10 * hourMs);
    // Midnight comes, so that every day is closed and proven.
    for (const { kiosk } of rest()) {
      const now = kiosk.running()?.now() ?? 0;
      kiosk.jumpClock(dayMs - (now % dayMs) + minuteMs);
    }
    await comeToRest(6 * hourMs);
    await hq.work();
    await comeToRest(3 * hourMs);
    await hq.checkAll();

    const figures = { orders: 0, events: 0, requests: network.delivered(), faults: story.faults.length, hours: Math.round(world.nowMs() / hourMs) };
    for (const { kiosk, clone } of rest()) {
      if (clone) story.wrong(`${kiosk.name} and ${clone.kiosk.name} were never noticed as clones`);
      const running = kiosk.running();
      if (!running) {
        story.wrong(`${kiosk.name} does not run`);
        continue;
      }
      await spoil?.(hq.sql(), kiosk.kioskId);
      const here = readKiosk(running.database);
      const there = await readHq(hq.sql(), kiosk.kioskId, epochMs + world.nowMs() + hqClock.offsetMs);
      figures.orders += here.orders.length;
      figures.events += there.events.size;
      for (const difference of judge(here, there, { facts: setting.ledger.of(kiosk.kioskId), strange: faults.strange, wasCloned: faults.cloned.has(kiosk.kioskId), wasLiedTo: faults.liedTo.has(kiosk.kioskId) })) story.wrong(`${kiosk.name}: ${difference}`);
    }
    return { seed, wrongs: story.wrongs, faults: story.faults, last: story.last(40), digest: story.digest(), figures };
  } catch (cause) {
    story.wrong(`the run ended: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    return { seed, wrongs: story.wrongs, faults: story.faults, last: story.last(40), digest: story.digest(), figures: { orders: 0, events: 0, requests: network.delivered(), faults: story.faults.length, hours: 0 } };
  } finally {
    for (const { kiosk } of machines) kiosk.kill();
    await hq.close().catch(() => undefined);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
